"""A run that ended while the disk was full: its engine stays until it is saved, and it is written elsewhere."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from textual.pilot import Pilot

from agents import saving
from sessions.journal_reader import read_journal
from sessions.load import fold_all
from sessions.state import RunState
from sessions.store import Store
from tests.claude_server import ThreadedClaudeServer
from tests.dashboards import dashboard, screen_text, until
from tests.disk import Disk
from tests.engine_brain import engine_brain
from tests.test_pipeline import docs as docs
from tests.test_saving import disk as disk
from tests.test_saving import filling
from tui.app import Dashboard
from tui.screens.confirm import ConfirmScreen
from tui.screens.plan_review import PlanReview
from tui.screens.prompt import PromptScreen
from tui.screens.report import ReportScreen
from tui.start import Start

Body = Callable[[Dashboard, Pilot[int]], Coroutine[None, None, None]]


def ended(docs: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch, body: Body) -> None:
    """Runs the body where a run has ended that the disk did not take."""
    monkeypatch.setattr(saving, "AGAIN_S", 3600.0)  # only a person tries again

    async def main() -> None:
        asking = Start(question="What do brushes cost?", settings={"docs": str(docs)})
        async with dashboard(asking, size=(80, 24)) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            await pilot.press("a")
            await until(pilot, lambda: app.seat and app.seat.state.held)
            await until(pilot, lambda: "No spoke begins: S saves again, U goes on unsaved." in screen_text(app))
            await pilot.press("U")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press("y")
            await until(pilot, lambda: app.seat and app.seat.state.exit is not None)
            await body(app, pilot)

    with ThreadedClaudeServer(engine_brain(filling(disk))) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
        asyncio.run(main())


def saved(home: Path) -> RunState:
    return fold_all(read_journal(Store(home).find("last")).events)


def test_the_engine_stays_until_the_report_is_saved(
    docs: Path, own_home: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        await pilot.press("S")
        await until(pilot, lambda: "no space left on device" in screen_text(app))
        await until(pilot, lambda: "NOT SAVED: S saves again" in screen_text(app))
        assert app.seat is not None and app.seat.live
        await pilot.press("q")
        await until(pilot, lambda: "The run is not saved yet" in screen_text(app))
        assert "what is not saved is lost" in screen_text(app)
        await pilot.press("b")
        await until(pilot, lambda: app.screen is app.run_screen)
        disk.free()
        await pilot.press("S")
        await until(pilot, lambda: app.seat and not app.seat.live)
        await until(pilot, lambda: "NOT SAVED" not in screen_text(app))
        await pilot.press("q")
        assert app.parting == f"The report: hubspoke show {app.seat.run}"

    ended(docs, disk, monkeypatch, body)
    state = saved(own_home)
    assert state.exit == 0 and state.report is not None and not state.unsaved


def test_what_is_not_saved_is_written_elsewhere_and_never_called_saved(
    docs: Path, own_home: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen))
        for key, form in (("m", "md"), ("j", "json")):
            await pilot.press("w")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            await pilot.press("ctrl+u", *f"it.{form}", "enter")
            await until(pilot, lambda form=form: Path(f"it.{form}").exists())
        await until(pilot, lambda: isinstance(app.screen, ReportScreen))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "The run is not saved yet" in screen_text(app))
        await pilot.press("s")
        await until(pilot, lambda: app.parting)
        assert app.seat is not None
        assert app.parting == f"Not all of the run was saved; what was: hubspoke show {app.seat.run}"

    ended(docs, disk, monkeypatch, body)
    assert saved(own_home).exit is None
    assert "birch" in Path("it.md").read_text()
    disk.free()
    elsewhere = Store(own_home / "elsewhere")
    carried = fold_all(read_journal(elsewhere.find(elsewhere.import_file(Path("it.json")))).events)
    assert carried.exit == 0 and carried.report is not None
