"""A SQLite file of what can be made again: when it is damaged, and how it is removed."""

import sqlite3
from pathlib import Path

_SURROUNDINGS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""Errors that say nothing against the file: another process is at it, the disk is full, it may not be written."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error means that the file itself is not as it should be."""
    if isinstance(error, sqlite3.ProgrammingError):
        return False
    # Without a code it comes from Python, which could not make sense of what it read.
    return (getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF) not in _SURROUNDINGS


def discard(path: Path) -> None:
    """Removes the file and what SQLite keeps beside it; whoever has it open keeps it. Raises OSError."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
