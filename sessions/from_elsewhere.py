"""The mark of a session that was imported: which folder its run may read here, no person has said yet."""

import contextlib
from pathlib import Path

from sessions.atomic_file import write_atomic

_MARK = "imported"


def mark(directory: Path) -> None:
    """Marks a session. Raises UnwritableError."""
    write_atomic(directory / _MARK, b"")


def needs_folder(directory: Path) -> bool:
    """Whether a person has to name the folder before the run goes on: the one in its events is the file's word."""
    return (directory / _MARK).exists()


def folder_is_named(directory: Path) -> None:
    """Takes the mark away. Where that cannot be, the folder is asked for again."""
    with contextlib.suppress(OSError):
        (directory / _MARK).unlink(missing_ok=True)
