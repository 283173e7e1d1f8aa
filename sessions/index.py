"""What is known of every saved run without opening it, in one file: rows for the list, words for the search.

It holds nothing that is not in the sessions, and is made of them again whenever it is missing, damaged or of
another version. Where it cannot be kept it is in memory. Several processes may use it at once.
"""

import contextlib
import os
import re
import sqlite3
import threading
import zlib
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from sessions.ids import RUN_ID
from sessions.meta import SessionMeta
from sessions.search import words_of
from sessions.sqlite_file import discard, is_damage

INDEX = "index.sqlite"

_TABLES = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,  -- `number` of the run: what finds words need not be joined with what names runs
    journal TEXT NOT NULL,  -- what journal and labels were like when the row was made
    labels TEXT NOT NULL,
    meta TEXT NOT NULL,
    updated REAL NOT NULL,
    read TEXT  -- what the journal was like when its words were read
);
CREATE INDEX runs_updated ON runs (updated);
CREATE VIRTUAL TABLE texts USING fts5 (
    report, findings, detail = none, prefix = '1 2 3', tokenize = 'ascii'  -- `words_of` has folded them
);
"""
_VERSION = zlib.crc32(f"{_TABLES}{SessionMeta.model_json_schema()}".encode()) & 0x7FFF_FFFF
_WAIT_S = 2.0
"""For so long one process waits for another to finish writing."""


class Stamp(NamedTuple):
    """What a run's files are like: the same as when they were read, or changed since."""

    journal: str
    labels: str


class Row(NamedTuple):
    """A run as the index has it; `meta` is as its journal left it."""

    stamp: Stamp
    meta: SessionMeta


class Texts(NamedTuple):
    """What a run says that can be searched."""

    report: str = ""
    findings: str = ""


class Index:
    """The file. May be used from several threads; but for `__init__`, everything raises sqlite3.Error.

    A row that makes no sense is damage like any other.
    """

    def __init__(self, path: Path | None) -> None:
        """Opens the file, or makes it anew; in memory where that cannot be, or without a path."""
        self._open = (_opened(path) if path else None) or _in_memory()
        self._looking = threading.Lock()
        """Held while rows are read: to close the file meanwhile would be the end of the process."""

    def newest(self, limit: int) -> list[Row]:
        """The runs that were used last, at most so many."""
        return self._rows("ORDER BY updated DESC LIMIT ?", limit)

    def rows(self) -> list[Row]:
        """All runs, in no order."""
        return self._rows()

    def _rows(self, clause: str = "", *values: int) -> list[Row]:
        with self._reading() as read:
            found = read.execute(f"SELECT id, journal, labels, meta FROM runs {clause}", values).fetchall()
        return [Row(Stamp(journal, labels), _meta(id, meta)) for id, journal, labels, meta in found]

    def count(self) -> int:
        """How many runs it has."""
        with self._reading() as read:
            return int(read.execute("SELECT count(*) FROM runs").fetchone()[0])

    def put(self, rows: Iterable[Row], gone: Iterable[str] = ()) -> None:
        """Keeps these rows, and forgets the runs that are gone, with their words."""
        ids = [(number(run),) for run in gone]
        with self._writing() as write:
            write.executemany("DELETE FROM texts WHERE rowid = ?", ids)
            write.executemany("DELETE FROM runs WHERE id = ?", ids)
            if ids:
                # A word stays in its segment until that is written anew.
                write.execute("INSERT INTO texts (texts) VALUES ('optimize')")
            write.executemany(
                "INSERT INTO runs (id, journal, labels, meta, updated) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET journal = excluded.journal, labels = excluded.labels, "
                "meta = excluded.meta, updated = excluded.updated",
                ((number(meta.run), *stamp, meta.model_dump_json(), meta.updated) for stamp, meta in rows),
            )
        if ids:
            # Nor may it stay in the log, as far as nobody reads there.
            self._open.execute("PRAGMA wal_checkpoint (TRUNCATE)")

    def unread(self) -> list[int]:
        """The numbers of the runs whose words are not here, or out of date; those used last first."""
        with self._reading() as read:
            found = read.execute("SELECT id FROM runs WHERE read IS NOT journal ORDER BY updated DESC")
            return [id for (id,) in found.fetchall()]

    def put_texts(self, read: Iterable[tuple[str, str, Texts]]) -> None:
        """Keeps the words of runs: each a run, what its journal was like before it was read, and its texts."""
        with self._writing() as write:
            # Words are written out once for all rows that come in the order of their numbers.
            for id, journal, texts in sorted((number(run), journal, texts) for run, journal, texts in read):
                known = write.execute("SELECT read FROM runs WHERE id = ?", (id,)).fetchone()
                if known is None:
                    continue
                if known[0] is not None:
                    write.execute("DELETE FROM texts WHERE rowid = ?", (id,))
                folded = (" ".join(words_of(text)) for text in texts)
                write.execute("INSERT INTO texts (rowid, report, findings) VALUES (?, ?, ?)", (id, *folded))
                write.execute("UPDATE runs SET read = ? WHERE id = ?", (journal, id))

    def having(self, word: str) -> set[int]:
        """The numbers of the runs whose report or findings have a word that begins so: one of `words_of`."""
        with self._reading() as read:
            found = read.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (f'"{word}"*',))
            return {id for (id,) in found.fetchall()}

    def close(self) -> None:
        """Lets the file go, as soon as nobody reads in it."""
        with self._looking:
            self._open.close()

    @contextlib.contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        with self._looking:
            yield self._open

    @contextlib.contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
        self._open.execute("BEGIN IMMEDIATE")
        with self._open as write:
            yield write


def number(run: str) -> int:
    """A run's id as a number of its own: twelve digits and four of base 36, in 63 bits."""
    day, minute, rest = run.split("-")
    return int(day + minute) * 36**4 + int(rest, 36)


def _meta(id: int, json: str) -> SessionMeta:
    try:
        meta = SessionMeta.model_validate_json(json)
    except ValidationError as error:
        raise sqlite3.DatabaseError("a row that cannot be read") from error
    if not re.fullmatch(RUN_ID, meta.run) or number(meta.run) != id:
        raise sqlite3.DatabaseError("a row of another run")
    return meta


def _opened(path: Path) -> sqlite3.Connection | None:
    """The file, whole and of this version; made anew once if it is not. None where it cannot be had just now."""
    for _ in range(2):
        try:
            return _connected(path)
        except OSError:
            return None
        except sqlite3.Error as error:
            if not is_damage(error):
                return None
            with contextlib.suppress(OSError):
                discard(path)
    return None


def _connected(path: Path) -> sqlite3.Connection:
    # SQLite's own files beside it take their permissions from it.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # A crash may cost the newest rows, which are then made again.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _in_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _prepare(connection)
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Makes the tables in an empty file. Raises sqlite3.DatabaseError for one of another version."""
    # Whoever else opens it at this moment waits here.
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == _VERSION:
            return
        if version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise sqlite3.DatabaseError("another version")
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
