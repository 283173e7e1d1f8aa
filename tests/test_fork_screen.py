"""F in the dashboard, and what is said there before a saved run is taken up again."""

import asyncio
import socket
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path

import pytest
from textual.notifications import Notification
from textual.widgets import Static

from agents.calls.live_text import LiveText
from agents.port.link import Link
from agents.run import Settings, ask
from sessions.events import AnyEvent, AttemptFinished
from sessions.load import load
from sessions.state import RunState
from tests.dashboards import dashboard, screen_text, until
from tui.app import Dashboard
from tui.screens.help import HelpScreen
from tui.screens.plan_review import PlanReview
from tui.screens.prompt import PromptScreen
from tui.start import Start

QUESTION = "How do artists use AI?"


def embedded(*, stop_after: int | None = None) -> RunState:
    """A run over the samples, by the embedded engine; stopped when so many spokes have finished."""

    async def main() -> RunState:
        run = ask(QUESTION, Settings(provider="embedded", max_parallel=1))
        finished: list[AnyEvent] = []

        def listen(item: AnyEvent | LiveText) -> None:
            if isinstance(item, AttemptFinished):
                finished.append(item)
                if len(finished) == stop_after:
                    work.cancel()

        work = asyncio.create_task(run.work(listen))
        await asyncio.wait([work])
        return run.state

    return asyncio.run(main())


def _run(state: RunState) -> str:
    assert state.created is not None
    return state.created.run


def _seated(app: Dashboard) -> RunState:
    assert app.seat is not None
    return app.seat.state


def _notices(app: Dashboard) -> str:
    notices: Iterable[Notification] = attrgetter("_notifications")(app)
    return " ".join(str(notice.message) for notice in notices)


def test_a_fork_opens_with_the_old_plan_and_runs_as_a_session_of_its_own(own_home: Path) -> None:
    parent = embedded()

    async def main() -> None:
        async with dashboard(size=(80, 24)) as (app, pilot):
            await app.open(_run(parent))
            await until(pilot, lambda: app.screen is app.run_screen)
            await pilot.press("question_mark")
            await until(pilot, lambda: isinstance(app.screen, HelpScreen))
            assert "F  fork: a run of its own on this plan" in str(app.screen.query_one(Static).content)
            await pilot.press("escape", "F")
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            shown = screen_text(app)
            assert QUESTION in shown and "edited: all runs again" in shown
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            assert _seated(app).plan == parent.plan
            assert "made for" not in screen_text(app)
            assert f"takes over {len(parent.spokes)} finished spokes, runs no spoke again" in _notices(app)
            await pilot.press("a")
            await until(pilot, lambda: _seated(app).exit is not None)
            forked = _seated(app)
            assert forked.created is not None
            assert forked.created.forked_from == _run(parent) != _run(forked)
            assert forked.report is not None and parent.report is not None
            assert forked.report.markdown == parent.report.markdown
            # What had finished was taken over: nobody was asked for it.
            assert forked.usage.turns == 0

    asyncio.run(main())
    assert load(own_home / "sessions" / _run(parent)).report == parent.report


def test_another_question_is_asked_of_the_same_plan(own_home: Path) -> None:
    parent = embedded()

    async def main() -> None:
        async with dashboard(size=(80, 24)) as (app, pilot):
            app.fork(_run(parent))
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            await pilot.press("end", "backspace", *" now?", "enter")
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            assert _seated(app).question == "How do artists use AI now?"
            assert (_seated(app).plan, _seated(app).usage.turns) == (parent.plan, 0)
            assert "under another question every spoke of the plan runs again" in _notices(app)
            told = f"this plan was made for: {QUESTION}; edit it, or p sends it back to the planner"
            await until(pilot, lambda: told in " ".join(screen_text(app).split()))
            again = own_home / "sessions" / _run(_seated(app))
            await until(pilot, lambda: load(again).planned_for == QUESTION != load(again).question)
            assert all(spoke.status == "queued" for spoke in _seated(app).spokes.values())
            await pilot.press("q")

    asyncio.run(main())


def test_an_edited_brief_runs_and_is_said_to() -> None:
    parent = embedded()
    assert parent.plan is not None
    first, *others = parent.plan.subtasks
    edited = parent.plan.with_subtask(first.model_copy(update={"objective": "Find what artists fear of AI."}))

    async def main() -> None:
        # The question is the old one, though it was given.
        start = Start(fork=_run(parent), question=QUESTION, plan=edited)
        async with dashboard(start, size=(80, 24)) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            said = f"takes over {len(others)} finished spokes, runs 1 {first.title}"
            assert said[:50] in _notices(app)
            assert [spoke.status for spoke in _seated(app).spokes.values()] == ["queued", *["done"] * len(others)]
            await pilot.press("q")

    asyncio.run(main())


@pytest.mark.parametrize("keys", [["escape"], ["ctrl+u", "enter"]])
def test_a_fork_that_is_not_wanted_or_has_no_question_makes_no_run(own_home: Path, keys: list[str]) -> None:
    parent = embedded()

    async def main() -> None:
        async with dashboard(size=(80, 24)) as (app, pilot):
            app.fork(_run(parent))
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            await pilot.press(*keys)
            await until(pilot, lambda: not isinstance(app.screen, PromptScreen))
            assert app.seat is None
            assert ("cannot be empty" in _notices(app)) == ("enter" in keys)
            app.fork("20200101-0000-aaaa")
            await until(pilot, lambda: "no session" in _notices(app))

    asyncio.run(main())
    assert [path.name for path in (own_home / "sessions").iterdir()] == [_run(parent)]


def test_what_runs_again_is_said_before_the_engine_has_begun() -> None:
    stopped = embedded(stop_after=1)
    first, *others = stopped.spokes.values()
    assert first.status == "done"

    async def main() -> None:
        # An engine that does not answer: what stands there was said before it could.
        ours, theirs = socket.socketpair()
        with theirs:
            async with dashboard(Start(resume=_run(stopped)), link=Link(ours), size=(120, 40)) as (app, pilot):
                await until(pilot, lambda: "Resume runs" in screen_text(app))
                line = next(line for line in screen_text(app).splitlines() if "Resume runs" in line)
                assert others[0].title[:12] in line or f"{len(others)} spokes" in line

    asyncio.run(main())
