"""The journal: what is flushed is on the disk, and what a disk does not take harms nothing else."""

import asyncio
import errno
import time
from pathlib import Path

import pytest

from sessions.journal import Journal
from sessions.journal_reader import JOURNAL, Replay, read_journal
from tests.disk import Disk
from tests.example_runs import finished_run
from tests.journals import noticed


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch, tmp_path)


def test_a_new_runs_names_are_made_durable(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "home" / "sessions" / "run")
    journal.close()
    wanted = [tmp_path, tmp_path / "home", tmp_path / "home" / "sessions", tmp_path / "home" / "sessions" / "run"]
    assert {*wanted} <= {*disk.synced}
    assert disk.synced[-3:] == [wanted[3] / JOURNAL, wanted[3], wanted[2]]


def test_a_flush_of_one_among_many_returns_when_its_events_are_saved(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "run")

    async def one(number: int) -> None:
        for turn in range(5):
            stamped = journal.append(noticed(f"{number} {turn}"))
            await journal.flush()
            assert stamped in read_journal(tmp_path / "run").events

    async def main() -> None:
        await asyncio.gather(*(one(number) for number in range(40)))

    asyncio.run(main())
    journal.close()


def test_those_who_come_during_a_sync_get_one_of_their_own(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")

    async def main() -> None:
        disk.gate.clear()
        journal.append(noticed("first"))
        first = asyncio.create_task(journal.flush())
        while not disk.data_syncs:
            await asyncio.sleep(0)
        later: list[asyncio.Task[None]] = []
        for number in range(10):
            journal.append(noticed(f"later {number}"))
            later.append(asyncio.create_task(journal.flush()))
        await asyncio.sleep(0)
        assert not first.done()
        disk.gate.set()
        await asyncio.gather(first, *later)
        assert disk.data_syncs == 2

    asyncio.run(main())
    journal.close()


def test_what_was_appended_during_a_sync_is_not_taken_for_synced(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")

    async def main() -> None:
        disk.gate.clear()
        journal.append(noticed("before"))
        first = asyncio.create_task(journal.flush())
        while not disk.data_syncs:
            await asyncio.sleep(0)
        journal.append(noticed("during"))
        disk.gate.set()
        await first
        await journal.flush()
        assert disk.data_syncs == 2

    asyncio.run(main())
    journal.close()


def test_what_nobody_waits_for_is_written_without_a_sync(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")
    for number in range(3):
        journal.append(noticed(f"{number}"))
        while len(read_journal(tmp_path / "run").events) <= number:
            time.sleep(0)
    assert disk.data_syncs == 0
    journal.close()


def test_a_flush_with_nothing_to_do_costs_no_sync(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")

    async def main() -> None:
        await journal.flush()
        assert disk.data_syncs == 0
        journal.append(noticed("a"))
        await journal.flush()
        await journal.flush()
        assert disk.data_syncs == 1

    asyncio.run(main())
    journal.close()


def test_a_flush_that_is_cancelled_harms_no_other(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")
    complaints: list[dict[str, object]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        disk.gate.clear()
        journal.append(noticed("a"))
        first = asyncio.create_task(journal.flush())
        while not disk.data_syncs:
            await asyncio.sleep(0)
        first.cancel()
        journal.append(noticed("b"))
        second = asyncio.create_task(journal.flush())
        await asyncio.sleep(0)
        disk.gate.set()
        await second

    asyncio.run(main())
    journal.close()
    assert complaints == []
    assert len(read_journal(tmp_path / "run").events) == 2


def test_closing_saves_what_is_queued_and_lets_the_run_go(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")
    kept = [journal.append(event) for event in finished_run()]
    journal.close()
    journal.close()
    assert disk.data_syncs >= 1
    with pytest.raises(ValueError, match="closed"):
        journal.append(noticed("late"))
    again, replay = Journal.open(tmp_path / "run")
    again.close()
    assert replay.events == tuple(kept)


def test_a_failed_sync_is_never_repeated_and_the_run_goes_on(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")

    async def main() -> None:
        disk.sync_error = errno.EIO
        journal.append(noticed("a"))
        await journal.flush()
        assert journal.fault == "The run is no longer saved, and its last events may be lost: input/output error."
        disk.sync_error = 0
        assert journal.append(noticed("b")).seq == 2
        await journal.flush()

    asyncio.run(main())
    journal.close()
    assert disk.data_syncs == 1


def test_a_write_cut_short_by_a_full_disk_leaves_whole_lines_only(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")
    disk.room = 2_000
    kept = [journal.append(event) for event in finished_run()]
    journal.close()
    assert journal.fault == "The run is no longer saved: no space left on device."
    replay = read_journal(tmp_path / "run")
    assert 1 < len(replay.events) < len(kept)
    assert replay == Replay(tuple(kept[: len(replay.events)]))
