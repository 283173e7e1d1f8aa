"""Lines that processes stand in, numbered files in a directory: first come, first served; who dies leaves it."""

import contextlib
import os
import tempfile
from pathlib import Path

from filelock import lock_descriptor

from agents.calls.leftovers import clear

_MAKING = "new-"
"""How the name of a file begins that has no number yet."""

_TRIES = 100

_LONGEST = 100
"""Bytes of what a ticket says."""


class Ticket:
    """A number in a line, as a file that its holder keeps locked and writes to, for the others to read."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Takes over the open and locked file."""
        self.number = int(path.name)
        self._path = path
        self._descriptor = descriptor

    def say(self, said: bytes) -> None:
        """Says something else, of the same length. Raises OSError."""
        os.pwrite(self._descriptor, said, 0)

    def close(self) -> None:
        """Leaves the line. Where it was cleared away, the number may be another's: that one's file stays."""
        with contextlib.suppress(OSError):  # what is left over is removed by whoever finds it
            if os.path.samestat(self._path.lstat(), os.fstat(self._descriptor)):
                self._path.unlink()
        os.close(self._descriptor)


class Line:
    """A directory of tickets. A number is higher than any that is there.

    A file is linked to its number when it is locked already: what is not locked is left over, and is removed.
    """

    def __init__(self, directory: Path) -> None:
        """Raises OSError."""
        self._directory = directory
        directory.mkdir(mode=0o700, exist_ok=True)
        clear(directory, f"{_MAKING}*")

    def draw(self, said: bytes) -> Ticket:
        """The last number, which says this where the disk has room for it. Raises OSError."""
        descriptor, making = tempfile.mkstemp(dir=self._directory, prefix=_MAKING)
        try:
            lock_descriptor(descriptor, blocking=False)
            with contextlib.suppress(OSError):  # a full disk still takes an empty file
                os.write(descriptor, said)
            return Ticket(self._linked(Path(making)), descriptor)
        except OSError:
            os.close(descriptor)
            raise
        finally:
            Path(making).unlink(missing_ok=True)

    def ahead(self, ticket: Ticket | None = None) -> list[bytes]:
        """What the live tickets before this one say, in their order; without one, all of them. Raises OSError."""
        numbers = sorted(number for number in self._numbers() if ticket is None or number < ticket.number)
        return [said for number in numbers if (said := self._said(number)) is not None]

    def _linked(self, made: Path) -> Path:
        for _ in range(_TRIES):
            path = self._path(1 + max(self._numbers(), default=0))
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(made)
                return path
        raise FileExistsError(f"No number is free in {self._directory}.")

    def _numbers(self) -> list[int]:
        # Half as long as by Path.iterdir, and every call to a model does it.
        with os.scandir(self._directory) as entries:
            return [int(entry.name) for entry in entries if entry.name.isdecimal()]

    def _path(self, number: int) -> Path:
        return self._directory / f"{number:08}"

    def _said(self, number: int) -> bytes | None:
        """What the ticket of that number says; None where its holder is dead: what it left is removed."""
        path = self._path(number)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            if not lock_descriptor(descriptor, blocking=False):
                return os.read(descriptor, _LONGEST)
            # Another may have removed it meanwhile, and a third have taken the number.
            if os.path.samestat(path.lstat(), os.fstat(descriptor)):
                path.unlink()
        except FileNotFoundError:
            pass
        finally:
            os.close(descriptor)
        return None
