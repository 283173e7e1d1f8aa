"""The ways to the replay and back: from the run, the zoom, a citation and the command line."""

import asyncio
from pathlib import Path

import pytest

from sessions.events import AnyEvent, AttemptFinished, ToolReturned
from sessions.load import fold_all
from tests.claude_server import Manners
from tests.dashboards import dashboard
from tests.engine_brain import engine_brain
from tests.engines import held, served
from tests.replays import Replay, replay
from tests.running import hubspoke
from tests.screen_replay import kept
from tests.screen_reports import TEXTS, finished
from tests.screen_runs import RUN, keep
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tui.screens.citation import CitationScreen
from tui.screens.help import HelpScreen
from tui.screens.replay import ReplayScreen
from tui.screens.report import ReportScreen
from tui.screens.run import RunScreen
from tui.screens.zoom import ZoomScreen
from tui.start import Start


def done(event: AnyEvent, spoke: str) -> bool:
    return isinstance(event, AttemptFinished) and event.spoke == spoke


def test_the_zoom_and_a_citation_lead_to_their_place_in_the_trace(own_home: Path) -> None:
    keep(own_home, RUN, finished(), *TEXTS)

    async def body(at: Replay) -> None:
        await at.press("escape")
        await at.at(RunScreen)
        await at.press("2", "z")
        await at.at(ZoomScreen)
        await at.press("t")
        await at.at(ReplayScreen)
        screen = at.screen
        assert screen.sieve.owner == screen.selected == "film" and screen.cursor == len(screen.places) - 1
        await at.press("escape", "escape", "o")
        await at.at(ReportScreen)
        await at.press("4", "enter")
        await at.at(CitationScreen)
        await at.press("t")
        await at.at(ReplayScreen)
        assert isinstance(at.screen.event, ToolReturned) and at.screen.event.segments
        await at.press("G")
        assert at.screen.player.at_end, "the run is not live: its end is all there is"

    replay(body)


def test_a_live_run_grows_and_one_key_goes_back_to_it(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
    start = Start(question="What do brushes cost?", approved=True, settings={"docs": str(docs)})

    async def main() -> None:
        one, other = asyncio.Event(), asyncio.Event()
        manners = Manners(cues=(held("alder", one), held("cedar", other)))
        async with served(monkeypatch, engine_brain(DOUBLES), manners), dashboard(start) as (app, pilot):
            at = Replay(app, pilot)
            await at.until(lambda: app.seat and all(app.seat.blocks.of(spoke) for spoke in ("alder", "cedar")))
            await at.press("t")
            await at.at(ReplayScreen)
            screen, moment = at.screen, at.screen.player.n
            one.set()
            await at.until(lambda: any(done(event, "alder") for event in screen.film.events))
            assert screen.player.n == moment and len(screen.places) == len(screen.film)
            assert app.seat and app.seat.live
            await at.press("G")
            await at.at(RunScreen)
            other.set()
            await at.until(lambda: app.seat and not app.seat.live)
            assert fold_all(app.seat.events) == app.seat.state

    asyncio.run(main())


def test_its_keys_are_in_the_help_and_its_commands_in_the_palette(own_home: Path) -> None:
    kept(own_home)

    async def body(at: Replay) -> None:
        said = {active.binding.description for active in at.screen.active_bindings.values()}
        assert {"play", "failure", "failure before", "faster", "copy the event as JSON"} <= said
        await at.press("question_mark")
        await at.at(HelpScreen)
        assert "failure before" in at.text

    replay(body)


def test_a_run_that_is_not_there_is_one_sentence(own_home: Path) -> None:
    done = hubspoke("replay", "20261121-0512-zzzz")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "There is no session" in done.stderr
    kept(own_home)
    done = hubspoke("replay", RUN)
    assert done.returncode == 2 and "needs a terminal" in done.stderr
