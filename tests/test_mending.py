"""A journal that is mended: whole, by nobody but its owner, and with what was damaged set aside."""

import asyncio
from pathlib import Path

import pytest

from agents import saving
from agents.saving import Saving
from sessions.events import Noticed, SavingMended, SavingStopped
from sessions.journal import TORN, Journal
from sessions.journal_reader import JOURNAL, read_journal
from sessions.load import load
from sessions.recorder import Recorder
from tests.disk import Disk
from tests.example_runs import RUN, created, finished_run


@pytest.fixture
def disk(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch, own_home)


async def refused(recorder: Recorder, disk: Disk) -> None:
    """Fills the disk, and has the recorder find out."""
    await recorder.flush()
    disk.fill()
    recorder.record(Noticed(message="refused"))
    await recorder.flush()
    assert recorder.fault


def test_a_disk_that_fills_up_again_is_tried_by_one_and_by_none_after_the_end(
    own_home: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "AGAIN_S", 3600.0)  # only a person tries again

    async def main() -> None:
        recorder = Recorder(own_home / RUN, Journal.create(own_home / RUN))
        recorder.record(created())
        keeping = Saving(recorder, attended=True)
        for _ in range(3):
            await refused(recorder, disk)
            keeping.look()
            disk.free()
            assert await keeping.mend() == ""
        await refused(recorder, disk)
        keeping.look()
        await keeping.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await recorder.close()
        kinds = [type(event) for event in recorder.events]
        assert (kinds.count(SavingStopped), kinds.count(SavingMended)) == (4, 3)

    asyncio.run(main())


def test_a_closed_journal_is_mended_no_more(own_home: Path, disk: Disk) -> None:
    async def main() -> None:
        recorder = Recorder(own_home / RUN, Journal.create(own_home / RUN))
        recorder.record(created())
        await refused(recorder, disk)
        recorder.journal.close()
        disk.free()
        again, _ = Journal.open(own_home / RUN)
        again.append(Noticed(message="the next engine's"))
        await again.flush()
        assert await recorder.journal.mend(recorder.events)
        again.append(Noticed(message="and more of it"))
        again.close()
        said = [event.message for event in read_journal(own_home / RUN).events if isinstance(event, Noticed)]
        assert said == ["the next engine's", "and more of it"]

    asyncio.run(main())


@pytest.mark.parametrize("steps", range(3))
def test_a_journal_that_is_closed_while_it_is_mended_is_whole_when_the_run_is_let_go(
    own_home: Path, disk: Disk, steps: int
) -> None:
    async def main() -> None:
        recorder = Recorder(own_home / RUN, Journal.create(own_home / RUN))
        recorder.record(created())
        await refused(recorder, disk)
        disk.free()
        mending = asyncio.create_task(recorder.journal.mend(recorder.events))
        for _ in range(steps):
            await asyncio.sleep(0)
        recorder.journal.close()
        again, replay = Journal.open(own_home / RUN)
        assert (await mending == "") == (replay.events == tuple(recorder.events)) == (steps > 0)
        again.append(Noticed(message="the next engine's"))
        again.close()
        assert len(read_journal(own_home / RUN).events) == len(replay.events) + 1

    asyncio.run(main())


def test_two_who_mend_at_once_mend_the_same(own_home: Path, disk: Disk) -> None:
    async def main() -> None:
        recorder = Recorder(own_home / RUN, Journal.create(own_home / RUN))
        recorder.record(created())
        await refused(recorder, disk)
        disk.free()
        mend = recorder.journal.mend
        assert await asyncio.gather(mend(recorder.events), mend(recorder.events)) == ["", ""]
        recorder.journal.close()
        assert read_journal(own_home / RUN).events == tuple(recorder.events)

    asyncio.run(main())


def test_damaged_lines_are_set_aside_and_told_of(own_home: Path, disk: Disk) -> None:
    directory = own_home / RUN

    async def main() -> None:
        journal = Journal.create(directory)
        for event in finished_run():
            journal.append(event)
        journal.close()
        lines = (directory / JOURNAL).read_bytes().splitlines(keepends=True)
        lines[3] = broken = lines[3].replace(b'"kind"', b'"kinD"')
        (directory / JOURNAL).write_bytes(b"".join(lines))
        journal, replay = Journal.open(directory)
        recorder = Recorder(directory, journal, replay.events)
        recorder.record(Noticed(message="1 damaged event was skipped."))
        await refused(recorder, disk)
        assert await recorder.mend()
        disk.free()
        assert await recorder.mend() == ""
        await refused(recorder, disk)
        disk.free()
        assert await recorder.mend() == ""
        await recorder.close()
        assert (directory / TORN).read_bytes() == broken
        assert (directory / TORN).stat().st_mode & 0o777 == 0o600
        assert read_journal(directory).damaged == 0
        assert load(directory).notices.count("1 damaged event was skipped.") == 1

    asyncio.run(main())


def test_what_is_mended_at_the_very_end_is_told_and_kept(own_home: Path, disk: Disk) -> None:
    async def main() -> None:
        recorder = Recorder(own_home / RUN, Journal.create(own_home / RUN))
        recorder.record(created())
        keeping = Saving(recorder, attended=False)
        await refused(recorder, disk)
        keeping.look()
        assert recorder.state.unsaved
        await keeping.close()
        disk.free()
        await recorder.close()
        assert not recorder.state.unsaved
        state = load(own_home / RUN)
        assert not state.unsaved and "All is saved again." in state.notices

    asyncio.run(main())
