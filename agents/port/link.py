"""Getting to an engine: a new one is started, a live one is found. All of it runs before the first paint."""

import contextlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agents.port.frames import framed
from agents.port.version import PORT
from sessions.errors import BadInputError
from sessions.paths import UnwritableError, reason
from sessions.run_lock import Holder, holder
from sessions.runtime import new_socket, run_directory, run_socket, sockets

PATIENCE_S = 10.0
"""A new engine that nobody comes to leaves after so long."""

UNATTENDED_S = 900.0
"""A plan that waits without a window is left waiting, saved, after so long."""

_BACKLOG = 128


class NotRunningError(BadInputError):
    """The run has no engine that could be reached; the message says so."""


class NoEngineError(BadInputError):
    """No engine can be had that is a process of its own; the message says why."""

    def __init__(self, why: str) -> None:
        super().__init__(f"No engine can be started that goes on without its window: {why}")


@dataclass
class Link:
    """A connected socket to an engine, its process where it was started here, and its run if it has one."""

    sock: socket.socket
    process: "subprocess.Popen[bytes] | None" = None
    run: str = ""

    def close(self) -> None:
        """Closes the socket; the engine's process is none of the connection's."""
        self.sock.close()


def launch(patience_s: float = PATIENCE_S, unattended_s: float = UNATTENDED_S) -> Link:
    """Starts an engine in a process of its own, or in a thread where that cannot be, and connects to it."""
    try:
        return in_process(patience_s, unattended_s)
    except NoEngineError:
        return in_thread(patience_s, unattended_s)


def in_process(patience_s: float = PATIENCE_S, unattended_s: float = UNATTENDED_S) -> Link:
    """Starts an engine in a process of its own and connects to it. Raises NoEngineError.

    Connecting works at once: the socket listens before the process is there.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise NoEngineError("this system has no Unix sockets.")
    try:
        sweep()
        listener, path = _listen()
    except UnwritableError as error:
        raise NoEngineError(str(error)) from None
    except OSError as error:
        raise NoEngineError(f"{reason(error)}.") from error
    sock = socket.socket(socket.AF_UNIX)
    try:
        with listener:
            sock.connect(str(path))
            command = [sys.executable, "-P", "-m", "agents.engine", str(listener.fileno()), str(path)]
            process = subprocess.Popen(
                [*command, str(patience_s), str(unattended_s)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(listener.fileno(),),
                # Neither ctrl+c nor the end of this terminal is for the engine.
                start_new_session=True,
            )
    except OSError as error:  # no more processes, say
        sock.close()
        path.unlink(missing_ok=True)
        raise NoEngineError(f"{reason(error)}.") from error
    # Cleared away when it ends, whenever that is: it may outlive this window, and this window it.
    threading.Thread(target=process.wait, name="engine-process", daemon=True).start()
    return Link(sock, process)


def in_thread(patience_s: float = PATIENCE_S, unattended_s: float = UNATTENDED_S) -> Link:
    """Starts an engine in a thread of this process and connects to it."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        from agents.engine.thread import serve_in_thread  # slow: it brings the SDK

        serve_in_thread(theirs, patience_s, unattended_s)

    threading.Thread(target=serve, name="engine").start()
    return Link(ours)


def connect(run: str, timeout_s: float | None = None) -> Link:
    """Connects to the engine of a live run; `timeout_s` is the socket's from then on. Raises NotRunningError."""
    held = holder(run_directory(run))
    for path in _places(run, held):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(timeout_s)
        try:
            sock.connect(str(path))
        except OSError:
            sock.close()
        else:
            return Link(sock, run=run)
    raise NotRunningError(f"The run {run} cannot be attached to: {_unreachable(held)}")


def _places(run: str, held: Holder | None) -> Iterator[Path]:
    """Where the engine of a run may be found: where it says, and where it would be in this environment."""
    if held is not None and held.socket is not None:
        yield held.socket
    with contextlib.suppress(UnwritableError):
        yield run_socket(run)


def _unreachable(held: Holder | None) -> str:
    """Why nobody answers, and what one can do about it."""
    if held is None:
        return "no engine works on it."
    who, stop = ("another process", "") if held.pid is None else (f"process {held.pid}", f" `kill {held.pid}`")
    instead = f";{stop} stops it, saved." if stop else "."
    if held.socket is None:
        return f"{who} works on it without a port (--plain){instead}"
    return f"it is live in {who}, but nobody answers at {held.socket}{instead}"


def attach(run: str) -> Link:
    """Connects to the engine of a live run, and asks to be told it: so it is told while the window gets ready.

    Raises NotRunningError.
    """
    link = connect(run)
    with contextlib.suppress(OSError):  # it has just ended: whoever reads sees that
        link.sock.sendall(framed(json.dumps({"kind": "watch", "id": 0, "port": PORT}).encode()))
    return link


def sweep() -> None:
    """Removes the sockets of engines that were killed. Raises UnwritableError."""
    for path in sockets():
        with socket.socket(socket.AF_UNIX) as probe:
            probe.setblocking(False)
            try:
                probe.connect(str(path))
            except ConnectionRefusedError:
                with contextlib.suppress(OSError):
                    path.unlink()
            except OSError:
                pass


def _listen() -> tuple[socket.socket, Path]:
    """A listening socket, readable by its owner alone, under a name that others see only when it answers."""
    path = new_socket()
    making = path.with_suffix(".new")
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(making))
        making.chmod(0o600)
        listener.listen(_BACKLOG)
        making.rename(path)
    except OSError:
        listener.close()
        raise
    return listener, path
