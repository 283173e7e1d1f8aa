"""What the runs of one key tell each other of model families that have to wait: a file, read before every call."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from agents.calls.call_errors import LONGEST_RETRY_AFTER_S
from agents.calls.leftovers import clear
from agents.calls.lock_files import LockFile
from sessions.failures import FailureKind
from sessions.model import Record
from sessions.regular_file import read_regular

_MAKING = "told-"
"""How the name of a file begins that is going to replace the old one."""

_MOST_BYTES = 100_000
_TRIES = 50
_PAUSE_S = 0.001
"""A neighbour that stands still in the middle of a word is not waited for any longer."""


class Hold(Record):
    """Why calls of a family wait, told at a time of the wall clock, and for how long from then."""

    why: FailureKind
    at: float = Field(allow_inf_nan=False)
    wait_s: float = Field(ge=0, le=LONGEST_RETRY_AFTER_S, allow_inf_nan=False)

    def left(self) -> float:
        """Seconds of it that are left: a clock that was set back makes it no longer than it was."""
        return min(self.at + self.wait_s - time.time(), self.wait_s)


_FILE: TypeAdapter[dict[str, Hold]] = TypeAdapter(dict[str, Hold])


class ToldHolds:
    """The file of one key: by family, the longest wait that stands."""

    def __init__(self, directory: Path, name: str) -> None:
        """Raises OSError."""
        clear(directory, f"{_MAKING}*")
        self._path = directory / f"{name}.json"
        self._lock = LockFile(directory / f"{name}.lock")
        self._read = b""
        self._known: dict[str, Hold] = {}

    def news(self) -> dict[str, Hold]:
        """What others told since the last look, each once. Takes 10 to 25 µs where nothing did. Raises OSError."""
        try:
            found = read_regular(self._path, _MOST_BYTES)
        except FileNotFoundError:
            return {}
        if found == self._read:
            return {}
        told = self._parsed(found)
        new = {family: hold for family, hold in told.items() if self._known.get(family) != hold}
        self._read, self._known = found, told
        return {family: hold for family, hold in new.items() if hold.left() > 0}

    def tell(self, family: str, why: FailureKind, wait_s: float) -> None:
        """Tells the others; a longer wait that stands is kept. Raises OSError."""
        hold = Hold(why=why, at=time.time(), wait_s=min(wait_s, LONGEST_RETRY_AFTER_S))
        try:
            self._take_lock()
            told: dict[str, Hold] = {}
            with contextlib.suppress(FileNotFoundError):
                standing = self._parsed(read_regular(self._path, _MOST_BYTES))
                told = {name: other for name, other in standing.items() if other.left() > 0}
            if family not in told or told[family].left() < hold.left():
                told[family] = hold
                # What oneself said is no news.
                self._known[family] = hold
                self._replace(_FILE.dump_json(told))
        finally:
            self._lock.release()

    def close(self) -> None:
        """Closes the lock."""
        self._lock.close()

    def _take_lock(self) -> None:
        for _ in range(_TRIES):
            if self._lock.take():
                return
            time.sleep(_PAUSE_S)

    def _replace(self, data: bytes) -> None:
        """Not synced: a wait need not outlast a power cut."""
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=_MAKING)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(name).replace(self._path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    @staticmethod
    def _parsed(data: bytes) -> dict[str, Hold]:
        try:
            return _FILE.validate_json(data)
        except ValidationError:  # of another version, or damaged: it is written anew
            return {}
