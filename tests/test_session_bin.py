"""The bin: deleting a session, bringing it back, and removing it for good."""

import os
import time
from pathlib import Path

import pytest

from sessions.journal import Journal, SessionBusyError
from sessions.journal_reader import JOURNAL
from sessions.load import load
from sessions.meta import META
from sessions.paths import UnwritableError
from sessions.snapshot import SNAPSHOT
from sessions.store import Store, UnknownSessionError
from tests.example_runs import RUN, created
from tests.test_store import OTHER, save


def in_bin(root: Path) -> list[str]:
    """What lies in the bin."""
    return sorted(path.name for path in (root / "sessions" / ".deleted").iterdir())


def test_a_deleted_session_is_gone_and_comes_back_as_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path)
    state = load(save(store))
    save(store, OTHER)
    store.delete(RUN)
    assert [meta.run for meta in store.list()] == [OTHER]
    with pytest.raises(UnknownSessionError, match="no session"):
        store.find(RUN)
    assert (tmp_path / "sessions" / ".deleted").stat().st_mode & 0o777 == 0o700
    store.restore(RUN)
    assert load(store.find(RUN)) == state
    assert in_bin(tmp_path) == []


def test_a_live_session_is_not_deleted(tmp_path: Path) -> None:
    store = Store(tmp_path)
    journal, _ = Journal.open(save(store))
    with pytest.raises(SessionBusyError, match=f"{RUN} is being worked on by process {os.getpid()}"):
        store.delete(RUN)
    assert [meta.run for meta in store.list()] == [RUN]
    journal.close()
    store.delete(RUN)
    assert store.list() == []


def test_the_list_says_which_sessions_are_live(tmp_path: Path) -> None:
    store = Store(tmp_path)
    directory = save(store)
    journal, _ = Journal.open(directory)
    assert [meta.live for meta in store.list()] == [True]
    journal.close()
    assert [meta.live for meta in store.list()] == [False]
    assert b"live" not in (directory / META).read_bytes()


@pytest.mark.parametrize("run", ["", "..", ".deleted", "20261121", "\x1b[31m", f"{RUN}/..", "20261121-0512-zzzz"])
def test_what_is_no_session_is_neither_deleted_nor_brought_back(tmp_path: Path, run: str) -> None:
    store = Store(tmp_path)
    save(store)
    for refuse in (store.delete, store.restore):
        with pytest.raises(UnknownSessionError) as refused:
            refuse(run)
        assert "\x1b" not in str(refused.value)
    assert [meta.run for meta in store.list()] == [RUN]


def test_a_taken_id_is_not_replaced(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store)
    store.delete(RUN)
    taken = store.create(RUN)
    with pytest.raises(UnwritableError, match="there already"):
        store.restore(RUN)
    taken.rmdir()
    store.restore(RUN)
    assert [meta.status for meta in store.list()] == ["gaps"]


def test_one_id_can_be_deleted_twice(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store)
    store.delete(RUN)
    save(store, events=[created(question="The second?")])
    store.delete(RUN)
    assert len(in_bin(tmp_path)) == 2
    store.restore(RUN)
    assert [meta.question for meta in store.list()] == ["The second?"]


def test_a_session_that_cannot_be_read_can_be_deleted(tmp_path: Path) -> None:
    store = Store(tmp_path)
    broken = store.create(RUN)
    (broken / JOURNAL).mkdir()
    (broken / "lock").symlink_to(tmp_path)
    assert [meta.status for meta in store.list()] == ["unreadable"]
    store.delete(RUN)
    assert store.list() == []
    store.restore(RUN)
    assert broken.is_dir()


def test_a_bin_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store)
    (tmp_path / "sessions" / ".deleted").write_text("")
    with pytest.raises(UnwritableError) as refused:
        store.delete(RUN)
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)
    assert len(store.list()) == 1
    assert store.purge(0) == 0


def test_only_what_was_deleted_long_ago_is_removed_for_good(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.purge(0) == 0
    save(store)
    save(store, OTHER)
    store.delete(RUN)
    assert store.purge(60) == 0
    (old,) = (tmp_path / "sessions" / ".deleted").iterdir()
    old.rename(old.with_name(f"{RUN}.{time.time_ns() - 61 * 10**9}"))
    store.delete(OTHER)
    assert store.purge(60) == 1
    assert [name.partition(".")[0] for name in in_bin(tmp_path)] == [OTHER]
    with pytest.raises(UnknownSessionError):
        store.restore(RUN)


def test_a_purge_touches_nothing_else_and_follows_no_link(tmp_path: Path) -> None:
    store = Store(tmp_path)
    kept = save(store, OTHER)
    directory = save(store)
    (directory / "out").symlink_to(kept)
    (directory / "locked").mkdir(mode=0o000)
    store.delete(RUN)
    trash = tmp_path / "sessions" / ".deleted"
    (trash / f"{OTHER}.5").symlink_to(kept)
    (trash / "20261121-0512-aaaa.7").write_text("a file")
    (trash / "notes").mkdir()
    (trash / f"{OTHER}.x").mkdir()
    (trash / ".going-leftover").mkdir()
    assert store.purge(-1) == 1
    assert in_bin(tmp_path) == ["20261121-0512-aaaa.7", f"{OTHER}.5", f"{OTHER}.x", "notes"]
    assert (kept / SNAPSHOT).exists()
    assert [meta.run for meta in store.list()] == [OTHER]
