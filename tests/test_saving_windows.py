"""A disk that is full while a run has no window: nobody is waited for, and whoever comes may still mend it."""

import asyncio
from pathlib import Path

import pytest

from agents import saving
from agents.port.messages import SaveAgain, Watch
from sessions.events import GoneOnUnsaved, SavingMended
from sessions.journal_reader import read_journal
from sessions.load import fold_all
from sessions.store import Store
from tests.claude_server import Manners
from tests.disk import Disk
from tests.engine_brain import engine_brain
from tests.engine_client import opened
from tests.engines import Engines, answers, held, here, served
from tests.engines import engines as engines
from tests.test_pipeline import docs as docs
from tests.test_saving import disk as disk
from tests.test_saving import filling


@pytest.mark.parametrize("leaves", ["before", "when it is held"])
def test_a_run_without_a_window_goes_on_and_a_window_that_comes_may_mend_it(
    leaves: str, docs: Path, own_home: Path, disk: Disk, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "AGAIN_S", 3600.0)  # only a person tries again
    alder, birch = asyncio.Event(), asyncio.Event()

    async def main() -> None:
        script = Manners(cues=(held("alder", alder), held("birch", birch)))
        async with served(monkeypatch, engine_brain(filling(disk)), script) as server, here(engines) as path:
            first = await opened(path)
            assert (await first.begin(docs)).ok
            run = first.run
            if leaves == "before":
                await server.until(lambda requests: any(answers("alder")(request) for request in requests))
                first.quit()
                await first.ended()
                alder.set()
            else:
                alder.set()
                await first.until(lambda: first.state.held)
                assert not first.state.spokes["birch"].attempts
                first.close()
            await server.until(lambda requests: any(answers("birch")(request) for request in requests))
            second = await opened(path)
            assert (await second.do(Watch(id=0))).ok
            assert second.run == run
            assert second.state.unsaved and not second.state.held
            assert [event.by for event in second.events if isinstance(event, GoneOnUnsaved)] == [""]
            disk.free()
            assert (await second.do(SaveAgain(id=0))).ok
            await second.until(lambda: not second.state.unsaved)
            birch.set()
            assert (await second.ended()).exit == 0
            assert [type(event) for event in second.events].count(SavingMended) == 1

    asyncio.run(main())
    saved = fold_all(read_journal(Store(own_home).find("last")).events)
    assert (saved.exit, saved.unsaved) == (0, "")
