"""Every screen at three sizes, as it was when a person last looked at it.

`HUBSPOKE_UPDATE_SCREENS=1 pytest tests/test_screens.py` keeps the screens as they are now.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from sessions.events import CoverageReviewed
from sessions.failures import FailureKind
from sessions.plan import Dimension
from tests.dashboards import dashboard, screen_text, until
from tests.screen_failures import stopped, with_waits
from tests.screen_reports import TEXTS, finished
from tests.screen_runs import (
    AT,
    RUN,
    at_the_checkpoint,
    in_the_middle,
    keep,
    planning,
)
from tests.screen_twenty import with_twenty
from tests.scripted_port import Scene, ScriptedPort
from tests.snapshots import Screens
from tui.app import Dashboard
from tui.screens.attempt_diff import AttemptDiffScreen
from tui.screens.citation import CitationScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.disagreements import DisagreementsScreen
from tui.screens.gaps import GapsScreen
from tui.screens.key_form import KeyForm
from tui.screens.plan_review import PlanReview
from tui.screens.report import ReportScreen
from tui.screens.run import RunScreen
from tui.screens.sessions import SessionsScreen
from tui.screens.subtask_form import SubtaskForm
from tui.screens.zoom import ZoomScreen
from tui.start import Start

SIZES = [(80, 24), (120, 40), (200, 60)]
Size = tuple[int, int]
HOUR = 3_600.0

pytestmark = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock goes on: not the run's between two ticks, nor the one that ages are told by."""
    monkeypatch.setattr("tui.seat.time", SimpleNamespace(monotonic=lambda: 1_000.0))
    monkeypatch.setattr("tui.session_rows.time", SimpleNamespace(time=lambda: AT + 3 * HOUR))


class Window:
    """The dashboard under a pilot, its engine's side of the port, and its screens."""

    def __init__(self, app: Dashboard, pilot: Pilot[int], port: ScriptedPort) -> None:
        self.app = app
        self.port = port
        self.screens = Screens(pilot)
        self._pilot = pilot

    async def shoot(self, name: str, *keys: str, says: str = "") -> None:
        """Presses keys, then compares the screen; `says` are words of it that come later, from a thread."""
        await self._pilot.press(*keys)
        await self.until(lambda: says in screen_text(self.app))
        await self.screens.shoot(name)

    async def press(self, *keys: str) -> None:
        await self._pilot.press(*keys)

    async def until(self, condition: Callable[[], object]) -> None:
        await until(self._pilot, condition)

    async def at(self, screen: type[object]) -> None:
        """Waits for a screen."""
        await self.until(lambda: isinstance(self.app.screen, screen))


@asynccontextmanager
async def window(size: Size, scene: Scene | None = None) -> AsyncGenerator[Window]:
    """The dashboard as it begins; attached to a run, if there is a scene."""
    port = ScriptedPort(scene)
    start = Start(attach=scene.run) if scene else Start()
    try:
        async with dashboard(start, size=size, link=port.link) as (app, pilot):
            opened = Window(app, pilot, port)
            if scene is not None:
                await opened.until(lambda: app.seat and app.seat.state.seq == scene.events[-1].seq)
                await opened.until(
                    lambda: app.seat and app.run_screen.tiles.keys() >= app.seat.state.spokes.keys()
                )
            yield opened
    finally:
        port.die()
    opened.screens.check()


def show(body: Callable[[Window], Coroutine[None, None, None]], size: Size, scene: Scene | None = None) -> None:
    """Runs a body at a dashboard."""

    async def main() -> None:
        async with window(size, scene) as opened:
            await body(opened)

    asyncio.run(main())


def library(home: Path) -> None:
    """Saved runs of every kind, a few hours old."""
    keep(home, RUN, finished(), *TEXTS)
    keep(home, "20261121-0300-b0at", at_the_checkpoint().events)
    keep(home, "20261120-1800-c4t5", planning().events)


def test_asking_for_the_first_time(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.shoot("ask-first", says="No runs yet")
        await window.shoot("ask-refused", "enter")

    show(body, size)


def test_saved_runs_and_a_report(size: Size, own_home: Path) -> None:
    library(own_home)

    async def body(window: Window) -> None:
        await window.shoot("ask", says="! gaps")
        await window.press("f3")
        await window.at(SessionsScreen)
        await window.until(lambda: "resume runs 1 failed spoke" in screen_text(window.app))
        await window.shoot("sessions", says="! gaps" if size[0] < 100 else "Nearly half of the musicians")
        await window.shoot("sessions-delete", "d", says="d again deletes")
        await window.press("down", "up")  # deletes nothing any more
        await window.press("slash", *"musici fees", "enter", *("p" if size[0] < 100 else ""))
        await window.until(lambda: "In the report" in screen_text(window.app))
        await window.until(lambda: "not yet searched" not in screen_text(window.app))
        await window.shoot("sessions-search", says="found in the report")
        await window.press("escape")
        await window.until(lambda: " of " not in screen_text(window.app).splitlines()[0])
        await window.press("home", "enter")
        await window.at(RunScreen)
        await window.shoot("run-finished")
        await window.press("o")
        await window.at(ReportScreen)
        await window.shoot("report")
        await window.shoot("report-weak", "c")
        await window.press("enter")
        await window.at(CitationScreen)
        await window.shoot("citation")
        await window.press("z")
        await window.at(ZoomScreen)
        await window.shoot("citation-zoom")
        await window.press("escape", "escape", "d")
        await window.at(DisagreementsScreen)
        await window.shoot("disagreements")
        await window.shoot("disagreements-next", "n")
        await window.press("escape", "G")
        await window.at(GapsScreen)
        await window.shoot("gaps")

    show(body, size)


def test_planning(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.shoot("run-planning")

    show(body, size, planning())


def scored(scene: Scene) -> Scene:
    """The scene with a review that names the sides of the question, one of which nothing covers."""
    covered = {"income": ("music", "publishing"), "crews": ("film",), "law": ("law",), "teaching": ()}
    sides = tuple(Dimension(name=name, covered_by=by) for name, by in covered.items())
    events = (
        event.model_copy(update={"dimensions": sides}) if isinstance(event, CoverageReviewed) else event
        for event in scene.events
    )
    return replace(scene, events=tuple(events))


def test_the_checkpoint(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.at(PlanReview)
        await window.shoot("plan")
        await window.shoot("plan-skipped", "end", "up", "space")
        await window.press("e")
        await window.at(SubtaskForm)
        await window.shoot("subtask")
        await window.press("escape")
        await window.at(PlanReview)
        await window.press("u", "q")
        await window.at(RunScreen)
        await window.shoot("run-waiting")

    show(body, size, scored(at_the_checkpoint()))


def test_a_live_run(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.shoot("run")
        await window.shoot("run-failed", "4")
        if size[0] > 100:
            await window.shoot("run-focus", "v")
        await window.shoot("run-table", "v")
        await window.shoot("run-coordinator", "escape", "0")
        await window.shoot("palette", "4", "colon")
        await window.shoot("help", "escape", "question_mark")
        await window.press("escape", "q")
        await window.at(ConfirmScreen)
        await window.shoot("leave")

    show(body, size, in_the_middle())


def test_a_failed_spoke_and_what_can_be_done(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.press("4", "D")
        await window.at(AttemptDiffScreen)
        await window.shoot("diff")
        await window.press("escape", "e")
        await window.at(SubtaskForm)
        await window.shoot("subtask-suggested")

    show(body, size, in_the_middle())


def test_spokes_that_wait(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.shoot("run-parked", "4")
        await window.shoot("run-parked-table", *("v" if size[0] < 100 else "vv"))
        await window.shoot("zoom-parked", "escape", "4", "enter")

    show(body, size, with_waits())


def test_the_server_takes_the_key_no_more(size: Size) -> None:
    async def body(window: Window) -> None:
        window.port.die()
        await window.at(KeyForm)
        await window.shoot("key")
        await window.shoot("key-empty", "enter")
        await window.press("escape")
        await window.at(RunScreen)
        await window.shoot("run-stopped", "2")

    show(body, size, stopped())


def test_the_server_does_not_know_the_model(size: Size) -> None:
    async def body(window: Window) -> None:
        window.port.die()
        await window.at(KeyForm)
        await window.shoot("key-model", *"claude-sonnet", "tab", *"sk-ant-0123")

    show(body, size, stopped(FailureKind.NOT_FOUND))


def test_a_spoke_close_up(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.shoot("zoom", "2", "enter")
        await window.shoot("zoom-brief", "p")
        await window.shoot("zoom-tools", "T")
        await window.shoot("zoom-sources", "S")
        await window.shoot("zoom-failed", "S", "j", "j")
        await window.shoot("zoom-attempts", "A")

    show(body, size, in_the_middle())


def test_twenty_spokes(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.shoot("run-twenty")
        await window.shoot("run-twenty-last", "g", "1", "9")
        await window.shoot("run-twenty-table", *("v" if size[0] < 100 else "vv"))

    show(body, size, with_twenty())


def test_the_engine_is_gone(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.press("2")
        window.port.die()
        await window.until(lambda: window.app.seat and window.app.seat.lost)
        await window.shoot("run-gone")

    show(body, size, in_the_middle())
