"""The index of a folder: its documents' texts, cut into passages, in one SQLite file with full-text search (FTS5).

A document's text is stored as its passages, which follow each other without a gap. The rowid of a passage is its
document's id times PASSAGES plus its number, so that the passages of a document are one range.
"""

import os
import sqlite3
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from agents.documents.extract import Extracted
from agents.documents.folder import FileStamp, Skipped
from agents.documents.passages import cut
from agents.documents.search import Entry, Hit, match_expression, name_of, name_words
from sessions.evidence import text_sha256
from sessions.redact import redact
from sessions.sqlite_file import discard, is_damage

VERSION = 2
"""Of everything that decides what is stored. A file of another version is built anew."""

PASSAGES = 1 << 20
"""More than the passages that a document can have."""

CANDIDATES = 100
"""Passages of the best BM25 that a search looks at."""

_BUSY_TIMEOUT_S = 30.0

_SCHEMA = f"""
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    why TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT NOT NULL,
    length INTEGER NOT NULL
);
CREATE VIRTUAL TABLE passages USING fts5 (
    title, headings, path, body, start UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2'
);
PRAGMA user_version = {VERSION};
"""

_SEARCH = """
SELECT rowid, start, body, -rank FROM passages
WHERE passages MATCH ? AND rank MATCH 'bm25(2.0, 1.0, 1.0, 1.0)'
ORDER BY rank LIMIT ?
"""


class DamagedIndexError(Exception):
    """The file is no index of this version; it can only be built anew."""


class Index:
    """An open index. Calls may come from any thread, one at a time gets through; each is short.

    Every method raises sqlite3.Error if the file cannot be used.
    """

    def __init__(self, file: Path) -> None:
        """Opens the file, or makes it, readable by its owner alone. Raises DamagedIndexError and sqlite3.Error."""
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        self._file = file
        self._lock = threading.Lock()
        self._db = sqlite3.connect(file, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            if not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                self._db.executescript(_SCHEMA)
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            (state,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            self._db.execute("SELECT rowid FROM passages WHERE passages MATCH 'a' LIMIT 1").fetchone()
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise DamagedIndexError(str(error)) from error
            raise
        if version != VERSION or state != "ok":
            raise DamagedIndexError(f"version {version}, {state}")

    def close(self) -> None:
        """Closes the file; what was not committed is lost."""
        with self._lock:
            self._db.close()

    def condemn(self) -> None:
        """Has the index built anew the next time; this one can be read on, as far as it can be."""
        discard(self._file)

    # Building

    def known(self) -> dict[str, FileStamp]:
        """What was read, by path, and its stamp when it was read."""
        rows = self._rows("SELECT path, size, mtime_ns FROM documents")
        return {path: FileStamp(size, mtime_ns) for path, size, mtime_ns in rows}

    def holding(self, words: str) -> set[str]:
        """The paths of the documents in whose stored text these very characters stand."""
        rows = self._rows(
            "SELECT path FROM documents WHERE id IN (SELECT rowid / ? FROM passages WHERE instr(body, ?))",
            (PASSAGES, words),
        )
        return {path for (path,) in rows}

    def put(self, path: str, stamp: FileStamp, document: Extracted) -> None:
        """Stores a document, redacted, in place of what was stored under its path."""
        text, title = redact(document.text), redact(document.title)
        name = name_of(path)
        searched = (_with_parts(title), _with_parts(name))
        with self._writing():
            key = self._replace(path, stamp, "", text_sha256(text), title, document.date, len(text))
            self._db.executemany(
                "INSERT INTO passages (rowid, title, headings, path, body, start) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (
                        key * PASSAGES + number,
                        searched[0],
                        "\n".join(passage.headings),
                        searched[1],
                        text[passage.start : passage.end],
                        passage.start,
                    )
                    for number, passage in enumerate(cut(text, document.markup))
                ),
            )

    def put_skipped(self, path: str, stamp: FileStamp, why: str) -> None:
        """Stores that a document cannot be read."""
        with self._writing():
            self._replace(path, stamp, why)

    def drop(self, paths: Iterable[str]) -> None:
        """Forgets documents."""
        with self._writing():
            for path in paths:
                self._delete(path)

    def commit(self) -> None:
        """Makes what was stored since the last time stay."""
        with self._lock:
            if self._db.in_transaction:
                self._db.execute("COMMIT")

    @contextmanager
    def _writing(self) -> Generator[None]:
        """A document is stored whole or not at all: after an error nothing stays of what was not committed."""
        with self._lock:
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _replace(
        self,
        path: str,
        stamp: FileStamp,
        why: str,
        sha256: str = "",
        title: str = "",
        date: str = "",
        length: int = 0,
    ) -> int:
        self._delete(path)
        cursor = self._db.execute(
            "INSERT INTO documents (path, size, mtime_ns, why, sha256, title, date, length)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (path, stamp.size, stamp.mtime_ns, why, sha256, title, date, length),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _delete(self, path: str) -> None:
        row = self._db.execute("SELECT id FROM documents WHERE path = ?", (path,)).fetchone()
        if row:
            first = row[0] * PASSAGES
            self._db.execute("DELETE FROM passages WHERE rowid BETWEEN ? AND ?", (first, first + PASSAGES - 1))
            self._db.execute("DELETE FROM documents WHERE id = ?", row)

    # Reading

    def freeze(self) -> None:
        """From now on the index is read as it is, whatever other processes write to it."""
        with self._lock:
            self._db.execute("BEGIN")
            self._db.execute("SELECT count(*) FROM documents").fetchone()

    def entries(self) -> list[Entry]:
        """All documents that could be read, by path."""
        rows = self._rows(
            "SELECT id, path, sha256, title, date, length FROM documents WHERE why = '' ORDER BY path"
        )
        return [Entry(*row) for row in rows]

    def skipped(self) -> list[Skipped]:
        """All documents that could not be read."""
        return [Skipped(*row) for row in self._rows("SELECT path, why FROM documents WHERE why != ''")]

    def text(self, document: Entry) -> str:
        """A document's stored text."""
        first = document.id * PASSAGES
        rows = self._rows(
            "SELECT body FROM passages WHERE rowid BETWEEN ? AND ? ORDER BY rowid", (first, first + PASSAGES - 1)
        )
        return "".join(body for (body,) in rows)

    def search(self, terms: Iterable[str], documents: dict[int, Entry]) -> list[Hit]:
        """The passages with the best BM25 for any of the terms, white space at both ends left off."""
        rows = self._rows(_SEARCH, (match_expression(terms), CANDIDATES))
        hits: list[Hit] = []
        for rowid, start, body, score in rows:
            text = body.strip()
            if text:
                hits.append(Hit(documents[rowid // PASSAGES], start + body.index(text), text, score))
        return hits

    def _rows(self, query: str, values: tuple[str | int, ...] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()


def _with_parts(name: str) -> str:
    """A name, and the parts of its words where full-text search would not tell them apart."""
    parts = " ".join(name_words(name))
    return name if parts.split() == name.split() else f"{name}\n{parts}"
