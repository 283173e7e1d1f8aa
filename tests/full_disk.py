"""A disk that is full when a test says so: it stands where the system's calls are."""

import errno
import os
from pathlib import Path

import pytest


class FullDisk:
    """While `error` is set, nothing under a directory is written or synced."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, under: Path, only: str = "") -> None:
        """`only`: how the names of the files begin that are refused."""
        self.error = 0
        self.refused = 0
        """How often something was."""
        write, fsync, fdatasync = os.write, os.fsync, os.fdatasync

        def refuse(descriptor: int) -> None:
            if not self.error:
                return
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if path.is_relative_to(under) and path.name.startswith(only):
                self.refused += 1
                raise OSError(self.error, os.strerror(self.error))

        def guarded_write(descriptor: int, data: bytes) -> int:
            refuse(descriptor)
            return write(descriptor, data)

        def guarded_fsync(descriptor: int) -> None:
            refuse(descriptor)
            fsync(descriptor)

        def guarded_fdatasync(descriptor: int) -> None:
            refuse(descriptor)
            fdatasync(descriptor)

        monkeypatch.setattr(os, "write", guarded_write)
        monkeypatch.setattr(os, "fsync", guarded_fsync)
        monkeypatch.setattr(os, "fdatasync", guarded_fdatasync)

    def fill(self) -> None:
        """From now on there is no room."""
        self.error = errno.ENOSPC

    def free(self) -> None:
        """There is room again."""
        self.error = 0
