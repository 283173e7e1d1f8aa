"""Getting to an engine: a new one is started, a live one is found. All of it runs before the first paint."""

import contextlib
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from sessions.errors import BadInputError
from sessions.paths import UnwritableError
from sessions.runtime import new_socket, run_socket, sockets

PATIENCE_S = 10.0
"""A new engine that nobody comes to leaves after so long."""

UNATTENDED_S = 900.0
"""A plan that waits without a window is left waiting, saved, after so long."""

_BACKLOG = 128


class NotRunningError(BadInputError):
    """The run has no engine that could be reached; the message says so."""


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
    """Starts an engine in a process of its own, or in a thread where there are no Unix sockets, and connects.

    Connecting works at once: the socket listens before the process is there.
    """
    if not hasattr(socket, "AF_UNIX"):
        return in_thread(patience_s, unattended_s)
    try:
        sweep()
        listener, path = _listen()
    except OSError:  # UnwritableError is one
        return in_thread(patience_s, unattended_s)
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
    except OSError:  # no more processes, say
        sock.close()
        path.unlink(missing_ok=True)
        return in_thread(patience_s, unattended_s)
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
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(timeout_s)
    try:
        sock.connect(str(run_socket(run)))
    except (OSError, UnwritableError):
        sock.close()
        raise NotRunningError(
            f"The run {run} cannot be attached to: it has no engine, or one without a port (--plain)."
        ) from None
    return Link(sock, run=run)


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
