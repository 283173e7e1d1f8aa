"""A disk that a test fills, breaks or holds up: it stands where the system's calls are, and counts them."""

import errno
import os
import threading
from pathlib import Path

import pytest


class Disk:
    """What is written and synced under a directory; what lies elsewhere is left alone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, under: Path, only: str = "") -> None:
        """`only`: how the names of the files begin that this is about."""
        self.error = 0
        """While it is set, nothing is written or synced."""
        self.sync_error = 0
        """While it is set, nothing is synced."""
        self.room: int | None = None
        """How many bytes can still be written; a write that is longer is cut short."""
        self.refused = 0
        """How often a write or a sync was."""
        self.data_syncs = 0
        """How often one was asked for, of a file's data alone."""
        self.synced: list[Path] = []
        """The files and directories that were synced with their names and sizes."""
        self.gate = threading.Event()
        """While it is shut, syncs of a file's data stand still."""
        self.gate.set()
        self.next_file: threading.Event | None = None
        """The next file that is written whole stands still until this is set."""
        self._under = under
        self._only = only
        write, fsync, fdatasync = os.write, os.fsync, os.fdatasync

        def guarded_write(descriptor: int, data: bytes) -> int:
            if self._path(descriptor) is None:
                return write(descriptor, data)
            full = errno.ENOSPC if self.room == 0 and data else 0
            self._refuse(self.error or full)
            written = write(descriptor, data if self.room is None else data[: self.room])
            if self.room is not None:
                self.room -= written
            return written

        def guarded_fsync(descriptor: int) -> None:
            if path := self._path(descriptor):
                self._refuse(self.error or self.sync_error)
                self.synced.append(path)
                gate, self.next_file = self.next_file, None
                if gate is not None:
                    gate.wait()
            fsync(descriptor)

        def guarded_fdatasync(descriptor: int) -> None:
            if self._path(descriptor):
                self.data_syncs += 1
                self.gate.wait()
                self._refuse(self.error or self.sync_error)
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

    def _path(self, descriptor: int) -> Path | None:
        """The file's path, if this is about it."""
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        return path if path.is_relative_to(self._under) and path.name.startswith(self._only) else None

    def _refuse(self, error: int) -> None:
        if error:
            self.refused += 1
            raise OSError(error, os.strerror(error))
