"""The index while others are at it: another process that writes, a search during the reading, a deletion."""

import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from sessions.index import INDEX, Index
from sessions.index_texts import read_texts
from sessions.library import Library, ordered
from sessions.store import Store
from tests.many_runs import fill, run_id
from tests.running import LONGEST_S, environment
from tests.test_index import found, indexed, listed

P = ParamSpec("P")
R = TypeVar("R")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few saved runs, and an index of them for which nobody waits long."""
    monkeypatch.setattr("sessions.index._WAIT_S", 0.1)
    fill(tmp_path, 5, words=(20, 60))
    listed(tmp_path)
    return tmp_path


def own_word(home: Path, run: str) -> str:
    """A word that only this run's report has."""
    texts = {path.name: read_texts(path).report for path in (home / "sessions").iterdir()}
    others = " ".join(text for name, text in texts.items() if name != run)
    return next(word for word in re.findall("[a-z]{8,}", texts[run]) if word not in others)


class Paused:
    """A function that waits, with what it found, until it may return."""

    def __init__(self) -> None:
        self.found = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """The function, made to wait."""

        def paused(*args: P.args, **kwargs: P.kwargs) -> R:
            result = function(*args, **kwargs)
            self.found.set()
            assert self.go_on.wait(10)
            return result

        return paused


def test_an_index_that_another_process_writes_is_left_alone(home: Path) -> None:
    path = home / INDEX
    before = path.stat().st_ino
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE runs SET updated = updated")
        assert listed(home) == [run_id(place) for place in range(5)]
        writer.execute("COMMIT")
    assert path.stat().st_ino == before
    assert len(indexed(home)) == 5


def test_one_that_is_written_while_it_is_open_is_not_thrown_away(home: Path) -> None:
    path = home / INDEX
    with closing(Library(home)) as library:
        library.read()
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            Store(home).delete(run_id(0))
            before = path.stat().st_ino
            assert library.read() == 4
            while library.read_texts():
                pass
            assert len(library.look("report", "used").metas) == 4
            writer.execute("COMMIT")
    assert path.stat().st_ino == before
    assert len(listed(home)) == len(indexed(home)) == 4


def test_no_word_of_a_deleted_run_stays(home: Path) -> None:
    run = run_id(3)
    word = own_word(home, run)
    assert found(home, word) == [run]
    Store(home).delete(run)
    assert Store(home).purge(-10) == 1
    with closing(Library(home)) as library:
        library.read()
        left = b"".join(path.read_bytes() for path in home.glob(f"{INDEX}*"))
    # Of words that begin alike only the rest is written.
    assert word[4:].encode() not in left and run.encode() not in left


def test_a_search_during_the_reading_of_reports_is_not_remembered(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word, paused = own_word(home, run_id(2)), Paused()
    (home / INDEX).unlink()
    with closing(Library(home)) as library:
        library.read()
        with monkeypatch.context() as patch:
            patch.setattr(Index, "having", paused(Index.having))
            early = threading.Thread(target=library.look, args=(word, "used"))
            early.start()
            assert paused.found.wait(10)
            while library.read_texts():
                pass
            paused.go_on.set()
            early.join()
        assert [meta.run for meta in library.look(word, "used").metas] == [run_id(2)]


def test_an_order_made_while_a_run_comes_in_is_not_remembered(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, paused = Store(home), Paused()
    store.delete(run_id(0))
    with closing(Library(home)) as library:
        library.read()
        with monkeypatch.context() as patch:
            patch.setattr("sessions.library.ordered", paused(ordered))
            early = threading.Thread(target=library.look, args=("gaps", "used"))
            early.start()
            assert paused.found.wait(10)
        store.restore(run_id(0))
        library.read()
        paused.go_on.set()
        early.join()
        assert len(library.look("gaps", "used").metas) == 5


_CLOSED_MEANWHILE = """
import sys, threading
from pathlib import Path
from sessions.library import Library

for turn in range(40):
    library = Library(Path(sys.argv[1]))
    library.read()
    begun = threading.Barrier(4)

    def look():
        begun.wait()
        for word in "bac cec dic foc guc hac".split():
            library.look(word, "used")

    looking = [threading.Thread(target=look) for _ in range(3)]
    for each in looking:
        each.start()
    begun.wait()
    library.close()
    for each in looking:
        each.join()
"""


def test_a_list_that_is_left_while_it_searches_ends_nothing_else(tmp_path: Path) -> None:
    fill(tmp_path, 60, words=(200, 300))
    indexed(tmp_path)
    # In a process of its own: what this is about was the end of one.
    command = [sys.executable, "-c", _CLOSED_MEANWHILE, str(tmp_path)]
    assert subprocess.run(command, env=environment(), timeout=LONGEST_S, check=False).returncode == 0
