"""The recorder lets its run go, whatever happens to whoever closes it."""

import asyncio
from pathlib import Path

import pytest

from sessions.journal import Journal
from sessions.journal_reader import read_journal
from sessions.recorder import Recorder
from sessions.run_lock import is_held
from tests.example_runs import RUN, created


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
