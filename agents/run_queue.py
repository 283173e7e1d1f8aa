"""The queue of runs: so many are live at once, the others wait their turn, first come, first served."""

import contextlib
import os
import tempfile
from pathlib import Path

from filelock import lock_descriptor

from sessions.events import RunQueued

LOOK_S = 0.25
"""How often a run that waits looks whether its turn has come."""

_TRIES = 100


class RunTicket:
    """A run's number, as a file that it keeps locked; made, it is the last. Who dies leaves the queue.

    A number is higher than any that is there, and whoever has `most` or more live numbers before it waits. A file
    is linked to its number when it is locked already, so that what is not locked is left over, and is removed.
    """

    def __init__(self, directory: Path, most: int) -> None:
        """Raises OSError."""
        self._directory = directory
        self._most = most
        directory.mkdir(mode=0o700, exist_ok=True)
        self._descriptor, making = tempfile.mkstemp(dir=directory, prefix="new-")
        try:
            lock_descriptor(self._descriptor, blocking=False)
            self._number = self._linked(Path(making))
        except OSError:
            os.close(self._descriptor)
            raise
        finally:
            Path(making).unlink()

    def standing(self) -> RunQueued | None:
        """What the run waits for; None when its turn has come. Raises OSError."""
        ahead = sum(number < self._number and self._is_live(number) for number in self._numbers())
        if ahead < self._most:
            return None
        return RunQueued(live=self._most, before=ahead - self._most)

    def close(self) -> None:
        """Leaves the queue."""
        with contextlib.suppress(OSError):  # what is left over is removed by whoever finds it
            self._path(self._number).unlink()
        os.close(self._descriptor)

    def _linked(self, made: Path) -> int:
        for _ in range(_TRIES):
            number = 1 + max(self._numbers(), default=0)
            with contextlib.suppress(FileExistsError):
                self._path(number).hardlink_to(made)
                return number
        raise FileExistsError(f"No number is free in {self._directory}.")

    def _numbers(self) -> list[int]:
        return [int(name) for path in self._directory.iterdir() if (name := path.name).isdecimal()]

    def _path(self, number: int) -> Path:
        return self._directory / f"{number:08}"

    def _is_live(self, number: int) -> bool:
        """Whether the run with that number lives; what a dead one left is removed."""
        path = self._path(number)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            if not lock_descriptor(descriptor, blocking=False):
                return True
            # Another may have removed it meanwhile, and a third have taken the number.
            if os.path.samestat(path.lstat(), os.fstat(descriptor)):
                path.unlink()
        except FileNotFoundError:
            pass
        finally:
            os.close(descriptor)
        return False
