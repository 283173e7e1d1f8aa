"""The replay of a live run that nobody here sat at: it is attached to, so that it grows."""

import asyncio
from pathlib import Path

import pytest

from tests.claude_server import Manners
from tests.dashboards import dashboard
from tests.engine_brain import engine_brain
from tests.engines import Engines, held, served
from tests.engines import engines as engines
from tests.replays import Replay
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tui.screens.replay import ReplayScreen
from tui.screens.run import RunScreen
from tui.screens.sessions import SessionsScreen


def test_the_list_of_runs_leads_to_a_replay_that_grows(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = asyncio.Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))):
            window = await engines.process()
            run = (await window.begin(docs)).run
            await window.until(window.holds("cedar"))
            async with dashboard() as (app, pilot):
                at = Replay(app, pilot)
                app.action_sessions()
                await at.at(SessionsScreen)
                await at.until(lambda: "live: enter attaches" in at.text)
                await at.press("t")
                await at.at(ReplayScreen)
                screen, seat = at.screen, app.seat
                assert seat and seat is screen.seat and seat.run == run and seat.live
                release.set()
                await at.until(lambda: screen.film.events[-1].kind == "run_ended")
                assert len(screen.film) == len(seat.events) and not at.notices
                await at.press("escape")
                await at.at(RunScreen)
            await window.ended()

    asyncio.run(main())
