"""A model of a disk whose power fails: what was done is recorded, and the states it may be left in are made.

A file holds what it held at its last sync, and of what was written since nothing, all, or a part. A name is there
when its directory was synced after it was made or moved; of later ones there may be none, all, or the first few.
That is as little as POSIX promises, and less than ext4 keeps; see Pillai et al., "All File Systems Are Not Created
Equal", OSDI 2014.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import TracebackType

import pytest

_SHARES = (0.0, 0.3, 0.9, 1.0)
"""Of what was not synced, how much is there after all."""


@dataclass
class _File:
    """A file by itself, whatever its name: what it holds, and what of that would outlast a power cut."""

    content: bytes = b""
    durable: bytes = b""

    def after(self, share: float) -> bytes:
        """What a power cut leaves, when so much of what was not synced is there."""
        if not self.content.startswith(self.durable):
            return self.content if share == 1 else self.durable
        more = len(self.content) - len(self.durable)
        return self.content[: len(self.durable) + int(more * share)]


@dataclass
class _Folder:
    """A directory: what happened to its names in order (None: gone), and how much of that was synced."""

    names: list[tuple[str, "_File | _Folder | None"]] = field(
        default_factory=list[tuple[str, "_File | _Folder | None"]]
    )
    durable: int = 0

    def after(self, share: float) -> dict[str, "_File | _Folder"]:
        """The names that a power cut leaves."""
        there: dict[str, _File | _Folder] = {}
        for name, what in self.names[: self.durable + int((len(self.names) - self.durable) * share)]:
            there.pop(name, None)
            if what is not None:
                there[name] = what
        return there


@dataclass(frozen=True)
class State:
    """What a power cut may leave: every path (relative) with its content, None for a directory."""

    acknowledged: int
    paths: tuple[tuple[str, bytes | None], ...]

    def make(self, under: Path) -> None:
        """Makes it real."""
        under.mkdir()
        for path, content in self.paths:
            if content is None:
                (under / path).mkdir(mode=0o700)
            else:
                (under / path).write_bytes(content)


class RecordedDisk:
    """Records what this process does under a directory; `states` are those that it may be left in."""

    def __init__(self, root: Path) -> None:
        self.states: dict[State, None] = {}
        self._root = root
        self._tree = _Folder()
        self._open: dict[int, _File | _Folder] = {}
        self._acknowledged = 0
        self._patch = pytest.MonkeyPatch()

    def acknowledge(self, seq: int) -> None:
        """So many events are promised to be there."""
        self._acknowledged = seq

    def __enter__(self) -> "RecordedDisk":
        """Begins to record."""
        opened, write, ftruncate, replace = os.open, os.write, os.ftruncate, os.replace
        mkdir, unlink = os.mkdir, os.unlink

        def open_(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            descriptor = opened(path, flags, mode, dir_fd=dir_fd)
            self._open.pop(descriptor, None)
            # A file without a name is never found again.
            if Path(path).is_relative_to(self._root) and flags & os.O_TMPFILE != os.O_TMPFILE:
                self._open[descriptor] = self._at(Path(path)) or self._name(Path(path), _File())
            return descriptor

        def write_(descriptor: int, data: bytes) -> int:
            written = write(descriptor, data)
            if isinstance(file := self._open.get(descriptor), _File):
                file.content += bytes(data[:written])
                self._look()
            return written

        def ftruncate_(descriptor: int, length: int) -> None:
            ftruncate(descriptor, length)
            if isinstance(file := self._open.get(descriptor), _File):
                file.content = file.content[:length]
                self._look()

        def replace_(source: Path, target: Path) -> None:
            moved = self._at(Path(source))
            replace(source, target)
            if moved is not None:
                self._name(Path(source), None)
                self._name(Path(target), moved)

        def mkdir_(path: Path, mode: int = 0o777) -> None:
            mkdir(path, mode)
            if Path(path).is_relative_to(self._root):
                self._name(Path(path), _Folder())

        def unlink_(path: Path) -> None:
            unlink(path)
            if self._at(Path(path)) is not None:
                self._name(Path(path), None)

        replacements = (open_, write_, ftruncate_, replace_, mkdir_, unlink_)
        for replacement in replacements:
            self._patch.setattr(os, replacement.__name__.rstrip("_"), replacement)
        for name in ("fsync", "fdatasync"):
            self._patch.setattr(os, name, self._syncing)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Records no more."""
        self._patch.undo()

    def _syncing(self, descriptor: int) -> None:
        """In place of fsync and fdatasync: the model alone says what is durable."""
        match self._open.get(descriptor):
            case _File() as file:
                file.durable = file.content
            case _Folder() as folder:
                folder.durable = len(folder.names)
            case None:
                return
        self._look()

    def _at(self, path: Path) -> _File | _Folder | None:
        """What stands under a path now."""
        if not path.is_relative_to(self._root):
            return None
        found: _File | _Folder | None = self._tree
        for part in path.relative_to(self._root).parts:
            found = found.after(1.0).get(part) if isinstance(found, _Folder) else None
        return found

    def _name(self, path: Path, what: _File | _Folder | None) -> _File | _Folder:
        folder = self._at(path.parent)
        assert isinstance(folder, _Folder), path
        folder.names.append((path.name, what))
        self._look()
        return what or folder

    def _look(self) -> None:
        """Keeps what a power cut at this moment may leave."""
        for names, data in product(_SHARES, _SHARES):
            self.states[State(self._acknowledged, tuple(_paths(self._tree, "", names, data)))] = None


def _paths(folder: _Folder, at: str, names: float, data: float) -> Iterator[tuple[str, bytes | None]]:
    for name, what in folder.after(names).items():
        if isinstance(what, _File):
            yield f"{at}{name}", what.after(data)
        else:
            yield f"{at}{name}", None
            yield from _paths(what, f"{at}{name}/", names, data)
