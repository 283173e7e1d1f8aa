"""The whole life of a run in the dashboard, by keys alone, with the requests on the wire."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessions import paths
from sessions.run_lock import is_held
from sessions.store import Store
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, ThreadedClaudeServer
from tests.dashboards import dashboard, screen_text, typed, until
from tests.engine_brain import engine_brain
from tests.running import hubspoke
from tests.test_pipeline import DOUBLES, WORDS
from tests.test_pipeline import docs as docs
from tui.screens.ask import AskScreen
from tui.screens.citation import CitationScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.plan_review import PlanReview
from tui.screens.report import ReportScreen
from tui.screens.run import RunScreen
from tui.screens.sessions import SessionsScreen
from tui.screens.subtask_form import SubtaskForm
from tui.screens.zoom import ZoomScreen
from tui.start import Start


def of(spoke: str) -> Callable[[RecordedRequest], bool]:
    """Picks the requests of a spoke."""
    return lambda request: request.title == "findings" and f"Find the {spoke} price" in request.said


def researched(server: ThreadedClaudeServer, since: int) -> set[str]:
    """The spokes that were asked anything since then."""
    return {spoke for spoke in WORDS for request in server.requests[since:] if of(spoke)(request)}


@pytest.fixture
def nothing_left(own_home: Path) -> Iterator[None]:
    """No engine's thread and no held session when a test is over."""
    yield
    for thread in threading.enumerate():
        if thread.name == "engine":
            thread.join(10)
            assert not thread.is_alive()
    assert not [run for run in (own_home / "sessions").glob("2*") if is_held(run)]


def test_a_run_from_the_question_to_the_report_by_keys_alone(
    docs: Path, monkeypatch: pytest.MonkeyPatch, nothing_left: None
) -> None:
    # Two spokes' briefs cannot be served the first time; nothing that policy does would help.
    manners = Manners(
        cues=tuple(Cue(HttpFault(400, message="[/red] bad"), of(spoke)) for spoke in ("birch", "cedar"))
    )
    with ThreadedClaudeServer(engine_brain(DOUBLES), manners) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")

        async def main() -> None:
            async with dashboard() as (app, pilot):
                # Ask.
                assert isinstance(app.screen, AskScreen)
                await typed(pilot, "What do brushes cost?")
                await pilot.press("tab")
                await typed(pilot, str(docs))
                await pilot.press("enter")
                # The plan comes for review: one subtask is dropped, one is edited, the rest approved.
                await until(pilot, lambda: isinstance(app.screen, PlanReview))
                await pilot.press("end", "space")
                await pilot.press("home", "e")
                await until(pilot, lambda: isinstance(app.screen, SubtaskForm))
                await pilot.press("end", *" anew", "f2")
                await until(pilot, lambda: isinstance(app.screen, PlanReview))
                await pilot.press("a")
                await until(pilot, lambda: isinstance(app.screen, RunScreen))
                # One fails, in red; the others come to their end.
                await until(pilot, lambda: app.seat and app.seat.state.exit is not None)
                assert app.seat is not None
                states = {spoke.id: spoke.status for spoke in app.seat.state.spokes.values()}
                assert states == {"alder": "done", "birch": "failed", "cedar": "failed", "daisy": "done"}
                await pilot.press("n")
                assert app.run_screen.selected == "birch"
                tile = app.run_screen.tile
                assert tile is not None
                await until(pilot, lambda: tile.has_class("-failed"))
                assert tile.styles.border_top[0] == "heavy"
                await until(pilot, lambda: "invalid_request · HTTP 400" in screen_text(app))
                assert "[/red] bad" in screen_text(app)
                # Zoomed in, and retried from there.
                await pilot.press("enter")
                assert isinstance(app.screen, ZoomScreen)
                before = len(server.requests)
                await pilot.press("r")
                await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
                await pilot.press("y")
                await until(pilot, lambda: app.seat and app.seat.state.spokes["birch"].status == "done")
                await until(pilot, lambda: app.seat and app.seat.state.exit == 3)
                assert researched(server, before) == {"birch"}
                # The report, and what a citation stands on.
                await pilot.press("o")
                await until(pilot, lambda: isinstance(app.screen, ReportScreen))
                await pilot.press("right_square_bracket", "enter")
                await until(pilot, lambda: isinstance(app.screen, CitationScreen))
                assert "brushes cost 12 crowns in 2024" in screen_text(app)
                await pilot.press("escape", "escape")
                # The sessions: the run is there, is opened, and resumed: what is left of it runs, nothing else.
                await pilot.press("s")
                await until(pilot, lambda: isinstance(app.screen, SessionsScreen))
                await until(pilot, lambda: "What do brushes cost?" in screen_text(app))
                left = app.seat
                await pilot.press("enter")
                await until(pilot, lambda: app.seat is not left)
                assert isinstance(app.screen, RunScreen)
                assert app.seat is not None
                assert not app.seat.live
                before = len(server.requests)
                await pilot.press("s")
                await until(pilot, lambda: "resume runs 1 failed spoke" in screen_text(app))
                await pilot.press("c")
                await until(pilot, lambda: app.seat and app.seat.state.exit == 0)
                assert researched(server, before) == {"cedar"}
                await until(pilot, lambda: isinstance(app.screen, RunScreen))
                await pilot.press("q")
            assert app.return_code == 0
            assert "hubspoke show" in app.parting

        asyncio.run(main())
        assert not any(of("elder")(request) for request in server.requests)
        assert any("Alder anew" in request.said for request in server.requests if of("alder")(request))


def test_one_key_is_one_answer(docs: Path, nothing_left: None) -> None:
    async def main() -> None:
        start = Start(question="What do brushes cost?", settings={"docs": str(docs), "provider": "embedded"})
        async with dashboard(start) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            await pilot.press("q", "q")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            # The second one is no answer to what lies below.
            app.simulate_key("b")
            app.simulate_key("b")
            await until(pilot, lambda: isinstance(app.screen, RunScreen))
            await pilot.press("p")
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            await pilot.press("a", "a")
            await until(pilot, lambda: app.seat and app.seat.state.exit is not None)
            assert isinstance(app.screen, RunScreen)

    asyncio.run(main())


def test_yes_approves_the_run_it_was_said_of_and_no_other(docs: Path, nothing_left: None) -> None:
    waiting = hubspoke("ask", "What do brushes cost?", "--docs", str(docs), "--provider", "embedded")
    assert waiting.returncode == 3
    (other,) = (meta.run for meta in Store(paths.home()).list())

    async def main() -> None:
        settings: dict[str, object] = {"docs": str(docs), "provider": "embedded"}
        start = Start(question="What do larch brushes cost?", approved=True, settings=settings)
        async with dashboard(start) as (app, pilot):
            await until(pilot, lambda: app.seat and app.seat.state.exit is not None)
            app.steering.resume(other)
            await until(pilot, lambda: app.seat and app.seat.run == other)
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            await pilot.press("q", "q")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press("s")
            await until(pilot, lambda: app.seat and not app.seat.live)

    asyncio.run(main())
