"""All saved runs at once: listed from the index, checked against the disk, sorted, and found by words."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from sessions.index import INDEX, Index, Row, Stamp, number
from sessions.index_texts import read_texts
from sessions.journal_reader import JOURNAL
from sessions.labels import LABELS
from sessions.meta import SessionMeta, as_it_stands, read_saved_meta
from sessions.passages import Passage, passage
from sessions.run_lock import is_held
from sessions.safe import safe_line
from sessions.search import Names, words_of
from sessions.sqlite_file import discard, is_damage
from sessions.store import Store

Sort = Literal["used", "cost", "state"]

_STATES = ("waiting", "queued", "planning", "running", "interrupted", "failed", "gaps", "done", "unreadable")
"""What may want something of a person comes first."""

_BATCH_S = 0.05
_MOST_WORDS = 8
_MOST_REMEMBERED = 64


class Found(NamedTuple):
    """What was found, in order: the first `named` runs by their names, the others in their reports or findings."""

    metas: list[SessionMeta]
    named: int


class _Having(NamedTuple):
    """The runs that have a word: one that begins so or one like it in their names, one that begins so anywhere."""

    begun: set[int]
    alike: dict[int, float]
    named: set[int]
    anywhere: set[int]


class Library:
    """The saved runs under a data directory. May be used from several threads."""

    def __init__(self, root: Path) -> None:
        """For a data directory (`paths.home()`). The index is made in it when there are sessions."""
        self._store = Store(root)
        self._path = root / INDEX
        self._index = Index(self._path if (root / "sessions").is_dir() else None)
        self._renewed = self._in_memory = False
        self._broken: sqlite3.Error | None = None
        """Why the index, as was seen in passing, is to be opened anew."""
        self._saved: dict[str, Row] | None = None
        """What the index has; None before it was read."""
        self._unread: list[int] = []
        self._metas: dict[int, SessionMeta] = {}
        self._names = Names()
        # Of these two a new one is begun when something changes, and never an old one cleared: whoever is
        # looking meanwhile fills one that nobody asks any more.
        self._orders: dict[Sort, dict[int, SessionMeta]] = {}
        self._found: dict[str, _Having] = {}
        """What words found, while nothing changes: of a query only the last word does as one types."""
        self._reading = threading.Lock()

    def newest(self, limit: int) -> tuple[list[SessionMeta], int]:
        """The runs used last as the index has them, and how many it has in all: at once, the disk is not asked."""
        with contextlib.suppress(sqlite3.Error):
            rows = self._index.newest(limit)
            return [self._standing(row) for row in rows], self._index.count()
        return [], 0

    def read(self) -> int:
        """Brings everything up to date with the disk; how many runs there are. Raises UnwritableError."""
        with self._reading:
            if self._broken:
                self._renew(self._broken)
            while True:
                try:
                    self._reconcile()
                    return len(self._metas)
                except sqlite3.Error as error:
                    if self._in_memory:
                        raise
                    self._renew(error)

    def read_texts(self) -> int:
        """Reads reports and findings that the index does not have yet, for a moment; how many are left to read."""
        with self._reading:
            if self._saved is None:
                return 0
            saved, path = self._saved, self._store.path
            read = [(run, saved[run].stamp.journal, read_texts(path(run))) for run in self._next()]
            if read:
                try:
                    self._index.put_texts(read)
                except sqlite3.Error as error:
                    self._broken = error
                    self._unread.clear()
                self._found = {}
            return len(self._unread)

    def look(self, query: str, sort: Sort) -> Found:
        """The runs that have all the words, those that are called so first; without words all, live ones first.

        A word such as `#energy` is no word: it asks for a tag that begins so.
        """
        tags = [word[1:].casefold() for word in query.split() if word.startswith("#")]
        metas, named = self._having_words(" ".join(word for word in query.split() if word[0] != "#"), sort)
        if not tags:
            return Found(metas, named)
        tagged = [meta for meta in metas[:named] if _has_tags(meta, tags)]
        return Found(tagged + [meta for meta in metas[named:] if _has_tags(meta, tags)], len(tagged))

    def _having_words(self, query: str, sort: Sort) -> Found:
        words = words_of(query)[:_MOST_WORDS]
        if not words:
            every = ordered(self._metas.values(), sort)
            return Found(every, len(every))
        having = [self._having(word) for word in words]
        first, others = having[0], having[1:]
        begun = first.begun.intersection(*(each.begun for each in others))
        alike = first.named.intersection(*(each.named for each in others)) - begun
        anywhere = first.anywhere.intersection(*(each.anywhere for each in others)) - begun - alike

        def unlike(id: int) -> float:
            return -min(each.alike.get(id, 0.0) for each in having if id not in each.begun)

        order = self._order(sort)
        metas = [meta for id, meta in order.items() if id in begun] if begun else []
        metas += [order[id] for id in sorted((id for id in order if id in alike), key=unlike)] if alike else []
        named = len(metas)
        metas += [meta for id, meta in order.items() if id in anywhere] if anywhere else []
        return Found(metas, named)

    def passage(self, run: str, query: str) -> Passage | None:
        """Where the words stand in the run's report or findings, if they do."""
        words = words_of(query)[:_MOST_WORDS]
        return passage(read_texts(self._store.path(run)), words) if words else None

    def path(self, run: str) -> Path:
        """The directory of a run."""
        return self._store.path(run)

    def close(self) -> None:
        """Lets the index go, when nobody reads any more."""
        with self._reading:
            self._index.close()

    def _reconcile(self) -> None:
        first = self._saved is None
        if self._saved is None:
            self._saved = {row.meta.run: row for row in self._index.rows()}
        rows, changed, metas = dict[str, Row](), list[Row](), dict[int, SessionMeta]()
        for run in self._store.names():
            directory, known = self._store.path(run), self._saved.get(run)
            stamp = _stamp(directory)
            if known is None or known.stamp != stamp or known.meta.status == "unreadable":
                rows[run] = Row(stamp, read_saved_meta(directory))
                if rows[run] != known:
                    changed.append(rows[run])
            else:
                rows[run] = known
            metas[number(run)] = as_it_stands(rows[run].meta, live=is_held(directory))
        gone = self._saved.keys() - rows.keys()
        if changed or gone:
            self._index.put(changed, gone)
        rested = any(was.live and not metas[id].live for id, was in self._metas.items() if id in metas)
        if changed or gone or first or rested:
            self._unread = self._index.unread()
        named = [
            meta
            for id, meta in metas.items()
            if (before := self._metas.get(id)) is not meta and _called(meta) != _called(before)
        ]
        self._names.put(((number(meta.run), _called(meta)) for meta in named), self._metas.keys() - metas.keys())
        if named or changed or gone:
            self._found = {}
        if metas != self._metas:
            self._metas = metas
            self._orders = {}
        self._saved = rows

    def _next(self) -> Iterable[str]:
        """Runs whose texts are read now. A live one is read when it has come to rest."""
        until = time.monotonic() + _BATCH_S
        while self._unread and time.monotonic() < until:
            meta = self._metas.get(self._unread.pop(0))
            if meta is not None and not meta.live:
                yield meta.run

    def _having(self, word: str) -> _Having:
        found, index = self._found, self._index
        if (known := found.get(word)) is not None:
            return known
        texts = set[int]()
        try:
            # One letter says nothing of a text.
            texts = index.having(word) if len(word) > 1 else texts
        except sqlite3.Error as error:
            if index is self._index:
                self._broken = error
        begun, alike = self._names.beginning(word), self._names.alike(word)
        named = begun | alike.keys()
        if len(found) >= _MOST_REMEMBERED:
            self._found = {}
        found[word] = having = _Having(begun, alike, named, named | texts)
        return having

    def _order(self, sort: Sort) -> dict[int, SessionMeta]:
        """All runs by their numbers, sorted."""
        orders = self._orders
        kept = orders.get(sort)
        if kept is None:
            kept = {number(meta.run): meta for meta in ordered(self._metas.values(), sort, live_first=False)}
            orders[sort] = kept
        return kept

    def _standing(self, row: Row) -> SessionMeta:
        return as_it_stands(row.meta, live=is_held(self._store.path(row.meta.run)))

    def _renew(self, error: sqlite3.Error) -> None:
        """Opens the index anew, without the file if that is damaged; in memory if that has not helped before."""
        index, self._in_memory = self._index, self._renewed
        if is_damage(error):
            with contextlib.suppress(OSError):
                discard(self._path)
        self._index = Index(None if self._in_memory else self._path)
        index.close()
        self._renewed, self._broken, self._saved = True, None, None


def ordered(metas: Iterable[SessionMeta], sort: Sort, *, live_first: bool = True) -> list[SessionMeta]:
    """The runs in an order; live ones first where that is wanted, and what cannot be read always last."""

    def key(meta: SessionMeta) -> tuple[bool, bool, float, float]:
        place = 0.0
        if sort == "cost":
            place = -(meta.usd or 0.0)
        elif sort == "state":
            place = float(_STATES.index(meta.status))
        by_tokens = -float(meta.tokens) if sort == "cost" else -meta.updated
        return live_first and not meta.live, meta.status == "unreadable", place, by_tokens

    newest = sorted(metas, key=lambda meta: (meta.updated, meta.run), reverse=True)
    return sorted(newest, key=key)


def _has_tags(meta: SessionMeta, begun: Iterable[str]) -> bool:
    """Whether for each of these beginnings the run has a tag."""
    return all(any(tag.casefold().startswith(each) for tag in meta.tags) for each in begun)


def _called(meta: SessionMeta | None) -> str:
    """All that a run is found by without being opened."""
    if meta is None:
        return ""
    return f"{meta.title} {' '.join(meta.tags)} {safe_line(meta.question)} {meta.error} {meta.status} {meta.run}"


def _stamp(directory: Path) -> Stamp:
    return Stamp(_seen(directory / JOURNAL), _seen(directory / LABELS))


def _seen(path: Path) -> str:
    try:
        seen = path.stat()
    except OSError:
        return ""
    return f"{seen.st_size} {seen.st_mtime_ns}"
