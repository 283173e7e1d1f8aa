"""Opening files that may be anything: only a file that lies there is, never a pipe, a device or a link."""

import errno
import os
import stat
from pathlib import Path


class NotAFileError(OSError):
    """Something else lies where a file was expected."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, "It is not a file")


def read_regular(path: Path, most: int = -1) -> bytes:
    """The first `most` bytes of a file, or all of it. Raises OSError, NotAFileError for anything but a file."""
    with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
        return file.read(most)


def open_regular(path: Path, flags: int) -> int:
    """The descriptor of a file, private if it is made. Raises OSError, NotAFileError for anything but a file."""
    # Opening a pipe would wait for a writer; O_NONBLOCK does not.
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotAFileError
    return descriptor
