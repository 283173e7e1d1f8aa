"""The index of all sessions: made anew whenever it is missing, partial, damaged or out of date."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sessions.events import RunEnded
from sessions.index import INDEX, Index, number
from sessions.journal import Journal
from sessions.journal_reader import JOURNAL
from sessions.library import Library
from sessions.store import Store
from tests.example_runs import RUN
from tests.many_runs import fill, run_id
from tests.test_store import OTHER, save

COUNT = 300


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some saved runs, and an index of them."""
    home = tmp_path_factory.mktemp("many")
    fill(home, COUNT, words=(20, 60))
    return home


def listed(home: Path) -> list[str]:
    """The runs as the library lists them, all read."""
    with closing(Library(home)) as library:
        library.read()
        while library.read_texts():
            pass
        return [meta.run for meta in library.look("", "used").metas]


def found(home: Path, words: str) -> list[str]:
    """The runs that have the words, by what an index has that is brought up to date first."""
    with closing(Library(home)) as library:
        library.read()
        while library.read_texts():
            pass
        return [meta.run for meta in library.look(words, "used").metas]


def indexed(home: Path) -> list[str]:
    """The runs that the index alone has."""
    with closing(Index(home / INDEX)) as index:
        return [row.meta.run for row in index.newest(1_000)]


def test_the_list_is_there_at_once_from_the_index_alone(many: Path) -> None:
    everything = listed(many)
    assert everything == [run_id(place) for place in range(COUNT)] == [meta.run for meta in Store(many).list()]
    with closing(Library(many)) as library:
        newest, count = library.newest(100)
    assert ([meta.run for meta in newest], count) == (everything[:100], COUNT)
    assert (many / INDEX).stat().st_mode & 0o777 == 0o600


def test_what_has_not_changed_is_not_read_again(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(many)
    read: list[Path] = []
    monkeypatch.setattr("sessions.library.read_saved_meta", read.append)
    monkeypatch.setattr("sessions.library.read_texts", read.append)
    assert len(listed(many)) == COUNT and read == []


@pytest.mark.parametrize(
    "damage", ["missing", "empty", "garbage", "torn", "page", "version", "foreign", "directory"]
)
def test_whatever_became_of_it_it_is_made_anew(tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path)
    save(store)
    save(store, OTHER)
    before, path = listed(tmp_path), tmp_path / INDEX
    data = path.read_bytes()
    path.unlink()
    match damage:
        case "empty":
            path.write_bytes(b"")
        case "garbage":
            path.write_bytes(os.urandom(50_000))
        case "torn":
            path.write_bytes(data[: len(data) // 2])
        case "page":
            path.write_bytes(data[:4_096] + b"\xff" * (len(data) - 4_096))
        case "version":
            path.write_bytes(data)
            with closing(sqlite3.connect(path)) as file:
                file.execute("PRAGMA user_version = 7")
        case "foreign":
            with closing(sqlite3.connect(path)) as file:
                file.execute("CREATE TABLE runs (id)")
        case "directory":
            path.mkdir()
        case _:
            pass
    assert listed(tmp_path) == before
    assert found(tmp_path, "had used") == before
    if damage != "directory":
        assert sorted(indexed(tmp_path)) == sorted(before)


def test_a_part_of_it_is_completed(tmp_path: Path) -> None:
    fill(tmp_path, 20, words=(20, 60))
    everything = listed(tmp_path)
    with closing(sqlite3.connect(tmp_path / INDEX)) as file, file:
        file.execute("DELETE FROM runs WHERE id % 2")
        file.execute("UPDATE runs SET meta = '{' WHERE id = ?", (number(run_id(0)),))
        file.execute("UPDATE runs SET read = NULL")
    assert listed(tmp_path) == everything
    assert sorted(indexed(tmp_path)) == sorted(everything)
    assert len(found(tmp_path, "45 used")) == 20


def test_what_changed_on_disk_is_seen(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store)
    save(store, OTHER)
    listed(tmp_path)
    store.rename(RUN, "Art")
    assert found(tmp_path, "art")[:1] == [RUN]
    journal, _ = Journal.open(store.find(OTHER))
    journal.append(RunEnded(status="done", exit=0))
    journal.close()
    assert listed(tmp_path) == [OTHER, RUN] and found(tmp_path, "done") == [OTHER]
    store.delete(OTHER)
    assert listed(tmp_path) == indexed(tmp_path) == [RUN]
    assert found(tmp_path, "had used") == [RUN]
    store.restore(OTHER)
    assert listed(tmp_path) == [OTHER, RUN] and len(found(tmp_path, "had used")) == 2


def test_a_session_that_cannot_be_read_is_a_row_until_it_can(tmp_path: Path) -> None:
    store = Store(tmp_path)
    journal = save(store) / JOURNAL
    good = journal.read_bytes()
    journal.write_bytes(b"\0" * 50 + b"\n")
    with closing(Library(tmp_path)) as library:
        library.read()
        (row,) = library.look("damaged", "used").metas
        assert (row.status, "is damaged" in row.error) == ("unreadable", True)
        journal.write_bytes(good)
        library.read()
        assert library.look("", "used").metas[0].status == "gaps"


def test_nothing_is_made_before_the_first_run_and_nothing_is_kept_where_it_cannot_be(tmp_path: Path) -> None:
    assert listed(tmp_path / "new") == [] and not (tmp_path / "new").exists()
    save(Store(tmp_path))
    (tmp_path / INDEX).symlink_to(tmp_path / "elsewhere" / "file")
    (tmp_path / f"{INDEX}-wal").mkdir()
    assert listed(tmp_path) == [RUN]
    assert not (tmp_path / "elsewhere").exists()


def test_an_index_that_breaks_while_it_is_open_is_made_anew(tmp_path: Path) -> None:
    save(Store(tmp_path))
    listed(tmp_path)
    with closing(Library(tmp_path)) as library:
        with closing(sqlite3.connect(tmp_path / INDEX)) as file, file:
            file.execute("DROP TABLE runs")
        assert library.newest(10) == ([], 0)
        assert library.read() == 1
        while library.read_texts():
            pass
        assert [meta.run for meta in library.look("had used", "used").metas] == [RUN]
    assert indexed(tmp_path) == [RUN]


_READER = """
import sys
from pathlib import Path
from tests.test_index import found
for _ in range(5):
    print(len(found(Path(sys.argv[1]), "report")))
"""


def test_several_processes_may_make_and_read_it_at_once(tmp_path: Path) -> None:
    fill(tmp_path, COUNT, words=(20, 60))
    readers = [
        subprocess.Popen([sys.executable, "-c", _READER, tmp_path], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = [reader.communicate(timeout=120)[0].split() for reader in readers]
    assert told == [[str(COUNT)] * 5] * 3
    assert [reader.returncode for reader in readers] == [0] * 3
    assert len(indexed(tmp_path)) == COUNT


@pytest.mark.parametrize(
    "change",
    [
        "meta = json_set(meta, '$.run', '../../etc')",
        "meta = (SELECT meta FROM runs WHERE id = (SELECT max(id) FROM runs))",
        "id = id + 1",
        "id = id + 1, read = NULL",
        "journal = 5, labels = x'ff', read = NULL",
        "meta = x'ff00'",
        "meta = CAST(x'ff' AS TEXT)",
    ],
)
def test_a_row_that_is_of_no_run_is_damage(tmp_path: Path, change: str) -> None:
    fill(tmp_path, 5, words=(20, 60))
    everything = listed(tmp_path)
    with closing(sqlite3.connect(tmp_path / INDEX)) as file, file:
        file.execute(f"UPDATE runs SET {change} WHERE id = ?", (number(run_id(0)),))
    with closing(Library(tmp_path)) as library:
        assert {meta.run for meta in library.newest(100)[0]} <= set(everything)
    assert listed(tmp_path) == everything
    assert sorted(indexed(tmp_path)) == sorted(everything)
    assert len(found(tmp_path, "report")) == 5
