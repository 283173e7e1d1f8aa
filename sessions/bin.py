"""The bin beside the sessions: what was deleted, until it is put back or removed for good."""

import contextlib
import os
import re
import shutil
import time
from pathlib import Path

from sessions.ids import RUN_ID
from sessions.paths import UnwritableError, private_directory, reason, sync_directory
from sessions.run_lock import take_lock

_DELETED = re.compile(rf"{RUN_ID.strip('^$')}\.\d{{1,20}}")
"""A run's id and when it was deleted (nanoseconds of the epoch): one id may be imported and deleted again."""

_GOING = ".going-"
"""Begins the name of what is being removed: nobody can put back half of a session."""


class Bin:
    """Deleted sessions, each a directory that was moved here whole."""

    def __init__(self, sessions: Path) -> None:
        """For the directory of all sessions."""
        self._sessions = sessions
        self._path = sessions / ".deleted"

    def put(self, directory: Path) -> None:
        """Moves a session here. Raises SessionBusyError when an engine works on it, UnwritableError."""
        private_directory(self._path)
        with contextlib.ExitStack() as undo:
            # A lock that cannot even be opened is held by nobody: what is that broken may go too.
            with contextlib.suppress(UnwritableError):
                undo.callback(os.close, take_lock(directory))
            _move(directory, self._path / f"{directory.name}.{time.time_ns()}")

    def newest(self, run: str) -> Path | None:
        """Where the session that was last deleted under that id is, if it is here."""
        found = [path for path in self._deleted() if path.name.startswith(f"{run}.")]
        return max(found, key=_deleted_at, default=None)

    def take(self, deleted: Path, run: str) -> None:
        """Moves a session back to the others. Raises UnwritableError, also when its id is taken."""
        directory = self._sessions / run
        # A rename would replace an empty directory without a word.
        if directory.is_symlink() or directory.exists():
            raise UnwritableError(f"A session {run} is there already.")
        _move(deleted, directory)

    def purge(self, before: float) -> int:
        """Removes for good what was deleted before a time (seconds of the epoch); how many there were.

        Only what this class put here is touched and no link is followed. Never raises: what cannot be removed
        now is left for the next time.
        """
        purged = 0
        for path in self._deleted():
            if _deleted_at(path) < before * 1e9:
                with contextlib.suppress(OSError):
                    path.rename(path.with_name(f"{_GOING}{path.name}"))
                    purged += 1
        # Also those that an earlier purge could not finish.
        with contextlib.suppress(OSError, RecursionError):
            for path in self._path.glob(f"{_GOING}*"):
                shutil.rmtree(path, ignore_errors=True)
        return purged

    def _deleted(self) -> list[Path]:
        try:
            with os.scandir(self._path) as entries:
                return [Path(entry) for entry in entries if _is_deleted(entry)]
        except OSError:
            return []


def _is_deleted(entry: "os.DirEntry[str]") -> bool:
    return entry.is_dir(follow_symlinks=False) and _DELETED.fullmatch(entry.name) is not None


def _deleted_at(path: Path) -> int:
    return int(path.suffix[1:])


def _move(directory: Path, target: Path) -> None:
    try:
        directory.rename(target)
    except OSError as error:
        raise UnwritableError(f"{directory} cannot be moved to {target}: {reason(error)}.") from error
    # It has been moved; after a power cut it may be back where it was, which loses nothing.
    with contextlib.suppress(OSError):
        sync_directory(target.parent)
        sync_directory(directory.parent)
