"""The index of a folder brought up to date: what is new or changed is read, what is gone is forgotten."""

import asyncio
import fcntl
import itertools
import os
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from agents.documents.extract import Kind, extract, extract_from_pdf, kind_of
from agents.documents.folder import FileStamp, Folder, FoundFile, NotReadableError, Skipped
from agents.documents.index import DamagedIndexError, Index
from sessions.redact import environment_secrets
from sessions.sqlite_file import discard, is_damage

READERS = min(4, os.cpu_count() or 1)
"""Documents that are read at once: processes that read PDFs run side by side."""

_WALK_STEP = 2_000
"""Files that are listed before a cancellation can come through."""

_COMMIT_EVERY = 200
"""Documents after which the work so far stays, whatever happens."""

_NEVER = FileStamp(-1, -1)
"""The stamp of a file that is read again the next time: whatever kept it from being read may be over."""


async def fresh_index(root: Path, file: Path) -> tuple[Index, tuple[Skipped, ...]]:
    """The index of a folder, up to date and frozen, and what in the folder could not be read.

    It is kept in `file`; a damaged one is built anew. One process at a time brings it up to date. Raises OSError
    if the folder cannot be read, and sqlite3.Error if the index cannot be used.
    """
    async with _alone(file.with_suffix(".lock")):
        try:
            return await _try_fresh(root, file)
        except DamagedIndexError:
            pass
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        await asyncio.to_thread(discard, file)
        return await _try_fresh(root, file)


async def _try_fresh(root: Path, file: Path) -> tuple[Index, tuple[Skipped, ...]]:
    index = await asyncio.to_thread(Index, file)
    try:
        skipped = await _refresh(index, root)
        await asyncio.to_thread(index.freeze)
    except BaseException:
        index.close()
        raise
    return index, skipped


@asynccontextmanager
async def _alone(lock: Path) -> AsyncGenerator[None]:
    """Waits until no other process has the lock file. The file stays; the lock goes with its descriptor."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    fd = await asyncio.to_thread(os.open, lock, flags, 0o600)
    try:
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.05)
        yield
    finally:
        os.close(fd)


async def _refresh(index: Index, root: Path) -> tuple[Skipped, ...]:
    """Reads what is new or changed in the folder, and says what in it could not be read.

    A file counts as changed if its size or its time of modification did, or if a secret of the environment, which
    was none when the file was read, stands in its stored text.
    """
    known = await asyncio.to_thread(index.known)
    for secret in environment_secrets():
        for path in await asyncio.to_thread(index.holding, secret):
            known[path] = _NEVER
    with Folder(root) as folder:
        found: dict[FoundFile, Kind] = {}
        passed_over: list[Skipped] = []
        others: list[str] = []
        walk = folder.walk()
        while step := await asyncio.to_thread(lambda: list(itertools.islice(walk, _WALK_STEP))):
            for item in step:
                if isinstance(item, Skipped):
                    passed_over.append(item)
                elif kind := kind_of(item.path):
                    found[item] = kind
                else:
                    others.append(item.path)
        passed_over += _others(others)
        await asyncio.to_thread(index.drop, known.keys() - {file.path for file in found})
        changed: list[tuple[FoundFile, Kind]] = [
            (file, kind) for file, kind in found.items() if known.get(file.path) != file.stamp
        ]
        try:
            await _read_all(folder, index, changed)
        finally:
            await asyncio.to_thread(index.commit)
    return (*passed_over, *await asyncio.to_thread(index.skipped))


def _others(paths: list[str]) -> list[Skipped]:
    """The files of no kind that is read, as one: there may be more of them than anybody wants to be told of."""
    if not paths:
        return []
    more = f" and {len(paths) - 1:,} more" if len(paths) > 1 else ""
    return [Skipped(f"{paths[0]}{more}", "no kind of document that is read")]


async def _read_all(folder: Folder, index: Index, files: list[tuple[FoundFile, Kind]]) -> None:
    left = enumerate(files, 1)
    try:
        async with asyncio.TaskGroup() as readers:
            for _ in range(READERS):
                readers.create_task(_read_some(folder, index, left))
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


async def _read_some(folder: Folder, index: Index, files: Iterator[tuple[int, tuple[FoundFile, Kind]]]) -> None:
    for number, (file, kind) in files:
        stamp = file.stamp
        try:
            data, stamp = await asyncio.to_thread(folder.read, file.path)
            if kind == "pdf":
                document = await extract_from_pdf(data, file.path)
                await asyncio.to_thread(index.put, file.path, stamp, document)
            else:
                await asyncio.to_thread(_read_text, index, data, file.path, stamp, kind)
        except NotReadableError as error:
            lasting = stamp if error.lasting else _NEVER
            await asyncio.to_thread(index.put_skipped, file.path, lasting, str(error))
        if number % _COMMIT_EVERY == 0:
            await asyncio.to_thread(index.commit)


def _read_text(index: Index, data: bytes, path: str, stamp: FileStamp, kind: Kind) -> None:
    index.put(path, stamp, extract(data, path, kind))
