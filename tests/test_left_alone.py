"""A run that cannot be saved is not kept for ever, and nobody is told that what is lost was saved."""

import asyncio
from pathlib import Path

import pytest

from agents import saving
from agents.port.messages import Stop, Watch
from sessions.load import load_standing
from sessions.store import Store
from tests.disk import Disk
from tests.engine_brain import engine_brain
from tests.engine_client import Window, opened
from tests.engines import Engines, here, served
from tests.engines import engines as engines
from tests.test_pipeline import docs as docs
from tests.test_saving import disk as disk
from tests.test_saving import filling
from tui import live_commands
from tui.parting import leaving, parting
from tui.seat import Seat


async def ended_unsaved(path: Path, docs: Path) -> Window:
    """A window on a run that has ended in memory, while the disk is full."""
    window = await opened(path)
    assert (await window.begin(docs)).ok
    await window.until(lambda: window.state.held)
    window.quit()
    await window.ended()
    again = await opened(path)
    assert (await again.do(Watch(id=0))).ok
    await again.until(lambda: again.state.exit is not None)
    return again


def test_with_nobody_there_its_engine_leaves_after_a_time(
    docs: Path, own_home: Path, disk: Disk, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "AGAIN_S", 3600.0)

    async def main() -> None:
        brain = engine_brain(filling(disk))
        async with served(monkeypatch, brain), here(engines, unattended_s=0.2) as path:
            window = await ended_unsaved(path, docs)
            assert window.state.unsaved
            # While somebody watches, it stays.
            await asyncio.sleep(0.4)
            assert (await window.do(Watch(id=0))).ok
            window.quit()
            await window.ended()

    asyncio.run(main())
    # What was saved is there, and can be gone on with.
    saved = load_standing(Store(own_home).find("last"))
    assert (saved.status, saved.report) == ("interrupted", None)
    assert saved.plan is not None


def test_stop_says_whether_all_was_saved(
    docs: Path,
    own_home: Path,
    disk: Disk,
    engines: Engines,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(saving, "AGAIN_S", 3600.0)

    async def main() -> None:
        async with served(monkeypatch, engine_brain(filling(disk))), here(engines) as path:
            window = await opened(path)
            assert (await window.begin(docs)).ok
            await window.until(lambda: window.state.held)
            assert (await window.do(Stop(id=0))).ok
            await window.ended()

    asyncio.run(main())
    directory = Store(own_home).find("last")
    said = live_commands.stopped(directory)
    assert said == f"Stopped. Not all of the run was saved; what was: hubspoke show {directory.name}"


def test_who_leaves_is_told_what_becomes_of_it() -> None:
    seat = Seat()
    seat.run, seat.live = "20261121-0512-k7m2", True
    assert "comes back to it" in leaving(seat)
    assert parting(seat, left=True).startswith("The run 20261121-0512-k7m2 goes on.")
    seat.state.unsaved = "no space left on device"
    assert "what is not saved 15 min after its end is lost" in leaving(seat)
    told = parting(seat, left=True)
    assert "is not saved" in told and "15 minutes after its end" in told and "goes on" not in told
