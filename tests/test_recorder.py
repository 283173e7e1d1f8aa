"""The recorder lets its run go, whatever happens to whoever closes it, and its newest snapshot is the last."""

import asyncio
import json
import threading
from pathlib import Path

import pytest

from sessions.events import CheckpointOpened, PlanMade, RunEnded
from sessions.journal import Journal
from sessions.journal_reader import read_journal
from sessions.meta import META, read_meta
from sessions.plan import Plan, Subtask
from sessions.recorder import Recorder
from sessions.run_lock import is_held
from sessions.snapshot import SNAPSHOT
from tests.disk import Disk
from tests.example_runs import RUN, created

PLAN = Plan(subtasks=(Subtask(id="music", title="Music", objective="Find figures."),))


@pytest.mark.parametrize("steps", range(4))
def test_a_close_that_is_cancelled_lets_the_run_go(tmp_path: Path, steps: int) -> None:
    directory = tmp_path / RUN

    async def main() -> None:
        recorder = Recorder(directory, Journal.create(directory))
        recorder.record(created())
        closing = asyncio.create_task(recorder.close())
        for _ in range(steps):
            await asyncio.sleep(0)
        assert is_held(directory)
        closing.cancel()
        await asyncio.wait([closing])
        if steps:  # one that never began is closed by nobody
            assert not is_held(directory)
            assert read_journal(directory).events
        else:
            await recorder.close()

    asyncio.run(main())


async def half_written(directory: Path, disk: Disk) -> tuple[Recorder, threading.Event]:
    """A recorder whose snapshot of a planned run stands still on its way to the disk until the event is set."""
    recorder = Recorder(directory, Journal.create(directory))
    go_on = disk.next_file = threading.Event()
    recorder.record(created())
    recorder.record(PlanMade(step="plan/1", plan=PLAN))
    while disk.next_file is go_on:
        await asyncio.sleep(0)
    return recorder, go_on


def test_a_list_does_not_take_a_snapshot_for_newer_than_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        directory = tmp_path / RUN
        recorder, go_on = await half_written(directory, Disk(monkeypatch, tmp_path))
        recorder.record(CheckpointOpened(plan=PLAN))
        await recorder.flush()
        go_on.set()
        while not (directory / META).exists():
            await asyncio.sleep(0)
        assert read_meta(directory).status == "waiting"
        await recorder.close()

    asyncio.run(main())


def test_the_last_snapshot_is_written_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = tmp_path / RUN

    async def main() -> None:
        recorder, go_on = await half_written(directory, Disk(monkeypatch, tmp_path))
        recorder.record(RunEnded(status="done", exit=0))
        asyncio.get_running_loop().call_later(0.2, go_on.set)
        await recorder.close()

    asyncio.run(main())
    assert json.loads((directory / SNAPSHOT).read_bytes())["status"] == "done"
    assert json.loads((directory / META).read_bytes())["status"] == "done"
