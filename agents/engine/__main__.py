"""`python -m agents.engine FD SOCKET PATIENCE UNATTENDED`: the engine's process, started by `agents.port.link`."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from pathlib import Path

from sessions.run_lock import tell_socket
from sessions.runtime import run_directory, run_socket


class Address:
    """Where the engine is found: renamed when it has a run, and gone when it leaves."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._path = path
        self._own = path.lstat()

    def is_run(self, run: str) -> None:
        """Puts the run's id into the name. Where that cannot be, the run goes on, but nobody else can attach."""
        with contextlib.suppress(OSError):  # UnwritableError is one
            named = run_socket(run)
            self._path.rename(named)
            self._path = named
            tell_socket(run_directory(run), named)

    def remove(self) -> None:
        """Takes the name away, so that nobody knocks in vain."""
        with contextlib.suppress(OSError):
            # Who has taken the run up meanwhile has its own socket there.
            if os.path.samestat(self._path.lstat(), self._own):
                self._path.unlink()


async def _serve(listener: socket.socket, address: Address, patience_s: float, unattended_s: float) -> None:
    # What is imported is there to stay: to look through it for garbage would be a fifth of the start.
    gc.disable()
    from agents.engine.engine import Engine

    gc.freeze()
    gc.enable()
    engine = Engine(outlives=True, patience_s=patience_s, unattended_s=unattended_s, begun=address.is_run)
    loop = asyncio.get_running_loop()
    # A hang-up is somebody's word too: in a session of its own, no terminal that goes away sends one.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, engine.stop, number.name)
    try:
        await engine.serve(listener)
    finally:
        address.remove()


def main() -> None:
    """Serves one run and ends with it."""
    descriptor, path, patience_s, unattended_s = sys.argv[1:]
    listener = socket.socket(fileno=int(descriptor))
    os.set_inheritable(listener.fileno(), False)
    asyncio.run(_serve(listener, Address(Path(path)), float(patience_s), float(unattended_s)))


if __name__ == "__main__":
    main()
