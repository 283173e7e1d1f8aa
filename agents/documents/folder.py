"""A confined folder: what lies in it is listed and read, and nothing beyond it.

Every path is opened one component after the other, from a descriptor of the folder, following no link: what is
opened is what was named, however the folder changes meanwhile.
"""

import errno
import os
import stat
import unicodedata
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

MAX_FILE_BYTES = 20_000_000
"""A larger file is not read."""

MAX_DEPTH = 40
"""Folders nested deeper are not entered."""

_PASSED_OVER = frozenset({"__pycache__", "node_modules", "CVS"})
"""Caches and other people's code. Hidden ones, such as .git and .venv, are passed over by their dot."""

# Without O_NONBLOCK, opening a FIFO would wait for ever; without O_NOFOLLOW, a link would lead out of the folder.
_FILE_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_FOLDER_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY


class NotReadableError(Exception):
    """A document that cannot be read; the message says why in a few words.

    `lasting` is true if that will not change unless the file does.
    """

    def __init__(self, why: str, *, lasting: bool = True) -> None:
        super().__init__(why)
        self.lasting = lasting


@dataclass(frozen=True)
class Skipped:
    """What lies in the folder and was not read, and why."""

    path: str
    why: str


@dataclass(frozen=True)
class FileStamp:
    """What tells whether a file has changed: its size in bytes and when it was modified, in nanoseconds."""

    size: int
    mtime_ns: int


@dataclass(frozen=True)
class FoundFile:
    """Anything but a folder, perhaps not to be read; `path` is relative, with forward slashes."""

    path: str
    stamp: FileStamp


class Folder:
    """An open folder. Raises OSError if there is no folder at that path."""

    def __init__(self, root: Path) -> None:
        # The person named this one: it may be a link itself.
        self._fd = os.open(root.resolve(strict=True), _FOLDER_FLAGS)

    def __enter__(self) -> "Folder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._fd)

    def walk(self) -> Generator[FoundFile | Skipped]:
        """All files that are not hidden, sorted by name in each folder; no link is followed."""
        yield from self._walk(self._fd, "", MAX_DEPTH)

    def _walk(self, fd: int, prefix: str, depth: int) -> Generator[FoundFile | Skipped]:
        with os.scandir(fd) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
        for entry in ordered:
            name, path = entry.name, f"{prefix}{entry.name}"
            if name.startswith(".") or name in _PASSED_OVER:
                continue
            if _is_hostile(name):
                yield Skipped(ascii(path)[1:-1], "its name holds control characters")
                continue
            try:
                if not entry.is_dir(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    yield FoundFile(path, FileStamp(status.st_size, status.st_mtime_ns))
                elif depth:
                    yield from self._enter(fd, name, path, depth - 1)
                else:
                    yield Skipped(path, f"nested deeper than {MAX_DEPTH} folders")
            except OSError as error:
                yield Skipped(path, f"not readable: {_reason(error)}")

    def _enter(self, parent: int, name: str, path: str, depth: int) -> Generator[FoundFile | Skipped]:
        fd = os.open(name, _FOLDER_FLAGS, dir_fd=parent)
        try:
            yield from self._walk(fd, f"{path}/", depth)
        finally:
            os.close(fd)

    def read(self, path: str) -> tuple[bytes, FileStamp]:
        """The bytes of a regular file in the folder, and its stamp from before they were read.

        Raises NotReadableError for a path that is absolute, goes up or leads through a link, for anything but a
        regular file, and for one that is larger than MAX_FILE_BYTES.
        """
        *folders, name = path.split("/")
        if "\0" in path or any(part in ("", ".", "..") for part in (*folders, name)):
            raise NotReadableError("not readable: it is not a path inside the folder")
        opened: list[int] = []
        try:
            parent = self._fd
            for folder in folders:
                parent = os.open(folder, _FOLDER_FLAGS, dir_fd=parent)
                opened.append(parent)
            file = os.open(name, _FILE_FLAGS, dir_fd=parent)
            opened.append(file)
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode):
                raise NotReadableError("not readable: it is not a regular file")
            # The size of some files, as in /proc, is not told in advance, and a file may grow while it is read.
            data = b"" if status.st_size > MAX_FILE_BYTES else _read_up_to(file, MAX_FILE_BYTES + 1)
            if max(status.st_size, len(data)) > MAX_FILE_BYTES:
                raise NotReadableError(f"larger than {MAX_FILE_BYTES // 1_000_000} MB")
            return data, FileStamp(status.st_size, status.st_mtime_ns)
        except (OSError, UnicodeEncodeError) as error:
            raise NotReadableError(f"not readable: {_reason(error)}", lasting=False) from error
        finally:
            for fd in opened:
                os.close(fd)


def _read_up_to(fd: int, limit: int) -> bytes:
    with os.fdopen(fd, "rb", closefd=False) as file:
        return file.read(limit)


def _is_hostile(name: str) -> bool:
    """Whether a name holds control characters, line separators, or bytes that are no text."""
    return any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name)


def _reason(error: OSError | UnicodeEncodeError) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "its name is not text"
    if error.errno == errno.ELOOP:
        return "it is a symbolic link"
    return (error.strerror or type(error).__name__).lower()
