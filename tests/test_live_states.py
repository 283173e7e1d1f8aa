"""The states of live runs move in the list of runs while one looks, and none but theirs is asked for."""

import asyncio
from asyncio import Event
from pathlib import Path

import pytest

from agents.port.peek import peek
from sessions.meta import SessionMeta
from tests.claude_server import Manners
from tests.dashboards import until
from tests.engine_brain import engine_brain
from tests.engines import Engines, held, served
from tests.engines import engines as engines
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tests.test_sessions_screen import Browser
from tui.live_states import LiveStates
from tui.screens import sessions


def test_a_live_run_moves_in_the_list_without_the_disk(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "REFRESH_S", 600.0)
    monkeypatch.setattr(sessions, "PEEK_S", 0.02)

    async def main() -> None:
        gates = {spoke: Event() for spoke in ("birch", "cedar")}
        manners = Manners(cues=tuple(held(spoke, gate) for spoke, gate in gates.items()))
        async with served(monkeypatch, engine_brain(DOUBLES), manners):
            window = await engines.process()
            run = (await window.begin(docs)).run
            await window.until(lambda: all(window.holds(spoke)() for spoke in gates))
            await window.until(lambda: [s.status for s in window.state.spokes.values()].count("done") == 3)
            app = Browser()
            async with app.run_test(size=(120, 40)) as pilot:
                await until(pilot, lambda: "▶ running" in app.lines()[0] and "3✓" in app.lines()[0])
                gates["birch"].set()
                await window.until(window.is_at("birch", "done"))
                await until(pilot, lambda: "4✓" in app.lines()[0])
                gates["cedar"].set()
                await window.ended()
                # That it has ended is read from the disk at once, for its engine is gone.
                await until(pilot, lambda: "✓ done" in app.lines()[0])
            assert peek(run) is None

    asyncio.run(main())


def test_who_peeks_is_no_window(docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        release = Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))):
            window = await engines.process()
            run = (await window.begin(docs)).run
            await window.until(window.holds("cedar"))
            seq = window.state.seq
            said = None
            for _ in range(100):
                said = await asyncio.to_thread(peek, run)
                assert said and (said.status, said.spokes_total) == ("running", 5)
            assert said and window.state.seq == seq
            # What is saved counts where it is newer, or nobody works on the run.
            states = LiveStates()
            assert not states.ask([run, "another"])
            named = {"title": "Mine", "tags": ("wood",), "live": True}
            saved = SessionMeta(run=run, status="planning", updated=said.updated).model_copy(update=named)
            now = states.now(saved)
            assert (now.status, now.spokes_total, now.tokens) == ("running", 5, said.tokens)
            assert now.question == window.state.question and now == said.model_copy(update=named)
            for other in ({"updated": said.updated + 1}, {"live": False}, {"run": "another"}):
                meta = saved.model_copy(update=other)
                assert states.now(meta) is meta
            late = await engines.attach(run)
            assert late.synced and late.synced.window == 2
            release.set()
            await asyncio.gather(window.ended(), late.ended())
            assert states.ask([run]) and states.now(saved) is saved

    asyncio.run(main())
