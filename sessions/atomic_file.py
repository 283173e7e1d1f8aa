"""Files that are either whole or not there."""

import contextlib
import os
import tempfile
from pathlib import Path

from sessions.paths import UnwritableError, reason, sync_directory


def write_atomic(path: Path, data: bytes) -> None:
    """Replaces the file's content at once (0600); whoever reads it sees the old or the new, also after a crash.

    Raises UnwritableError.
    """
    try:
        # mkstemp makes a new file (O_EXCL, O_NOFOLLOW, 0600); in the same directory, replacing is a rename.
        descriptor, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
        temporary = Path(name)
        try:
            try:
                _write(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            temporary.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        sync_directory(path.parent)
    except OSError as error:
        raise UnwritableError(f"{path} cannot be written: {reason(error)}.") from error


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
