"""The coordinator itself is told to wait: the screen says so, and its keys do something about it."""

import asyncio
import re
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path

import pytest
from textual.notifications import Notification
from textual.pilot import Pilot

from agents.port.messages import Begin
from sessions.events import AnyEvent, AttemptStarted, TryFailed
from sessions.failures import Failure, FailureKind
from tests.claude_server import Cue, RecordedRequest
from tests.dashboards import dashboard, screen_text, told, until
from tests.dashboards import stopped_clock as stopped_clock
from tests.screen_runs import AT, MODEL, RUN, in_the_middle, keep
from tests.scripted_port import Scene, ScriptedPort
from tests.test_dashboard_life import nothing_left as nothing_left
from tests.test_pipeline import docs as docs
from tests.test_red_pane import LONG, asked, served, state
from tui.app import Dashboard
from tui.looks import needing
from tui.screens.zoom import ZoomScreen
from tui.seat import NOT_BEGUN, NOT_RESUMED, Seat
from tui.timely import STOPPED_WITH_THE_RUN
from tui.widgets.tile import HUB


def verifies(request: RecordedRequest) -> bool:
    """Picks the coordinator's checks of claims."""
    return request.title == "verdicts"


def toasts(app: Dashboard) -> str:
    """What is said over whatever screen is shown."""
    notices: Iterable[Notification] = attrgetter("_notifications")(app)
    return "\n".join(notice.message for notice in notices)


async def parked(app: Dashboard, pilot: Pilot[int]) -> None:
    """Until the coordinator is parked; and it says so wherever it is shown."""
    await until(pilot, lambda: screen_text(app).splitlines()[0].count("⏸ parked") == 1)
    assert "1 needs you: n" in screen_text(app)
    assert "▶ running" not in screen_text(app).splitlines()[0]


def test_a_parked_coordinator_says_so_and_tries_at_once(
    docs: Path, monkeypatch: pytest.MonkeyPatch, nothing_left: None
) -> None:
    with served(monkeypatch, Cue(LONG, verifies)) as server:

        async def main() -> None:
            async with asked(docs) as (app, pilot):
                await parked(app, pilot)
                await until(pilot, lambda: "r retry at once · X stop the run" in screen_text(app))
                shown = screen_text(app)
                assert "⏸ parked " in shown.split("now ")[1].splitlines()[0]
                waits = shown.split("│ waits ")[1].splitlines()[0]
                assert "rate_limited · HTTP 429 · try 1 of 4 failed" in waits
                assert "r retry at once · X stop the run" in waits
                await pilot.press("1", "n")
                assert app.run_screen.selected == HUB
                await pilot.press("x")
                await until(pilot, lambda: "X stops the run" in screen_text(app).splitlines()[-2])
                before = len(server.requests)
                await pilot.press("r")
                await until(pilot, lambda: state(app).exit == 0)
                assert any(map(verifies, server.requests[before:]))
                await until(pilot, lambda: "⏸" not in screen_text(app))

        asyncio.run(main())


def test_its_pane_and_its_zoom_say_so_too(docs: Path, monkeypatch: pytest.MonkeyPatch, nothing_left: None) -> None:
    with served(monkeypatch, Cue(LONG, verifies)):

        async def main() -> None:
            async with asked(docs, (80, 24)) as (app, pilot):
                await parked(app, pilot)
                await pilot.press("n")
                tile = app.run_screen.tiles[HUB]
                await until(pilot, lambda: "⏸ parked" in str(tile.border_title))
                await until(pilot, lambda: "r retry at once · X stop the run" in tile.plain)
                assert "r retry" in screen_text(app).splitlines()[-1]
                await pilot.press("enter")
                await until(pilot, lambda: isinstance(app.screen, ZoomScreen))
                await until(pilot, lambda: "r retry at once" in screen_text(app))
                assert "r retry" in screen_text(app).splitlines()[-1]
                await pilot.press("x")
                await until(pilot, lambda: "the run" in toasts(app))
                assert STOPPED_WITH_THE_RUN in toasts(app)
                await pilot.press("r")
                await until(pilot, lambda: "the coordinator tries at once" in toasts(app))
                await until(pilot, lambda: state(app).exit == 0)
                await pilot.press("r")
                await until(pilot, lambda: "the coordinator waits for no next try" in toasts(app))

        asyncio.run(main())


def test_a_coordinator_whose_engine_is_gone_is_not_retried_but_the_run_goes_on(own_home: Path) -> None:
    keep(own_home, RUN, in_the_middle().events)

    async def main() -> None:
        async with dashboard() as (app, pilot):
            await app.open(RUN)
            await until(pilot, lambda: app.run_screen.selected != HUB)
            await pilot.press("H", "r")
            said = "the coordinator waits for no next try; c resumes the run"
            await until(pilot, lambda: said in screen_text(app))

    asyncio.run(main())


def checking(*events: AnyEvent) -> Scene:
    """A run in whose middle a check of claims began at 100 s, and two more things happened."""
    scene = in_the_middle()
    begun = AttemptStarted(spoke="hub.verify.1", attempt=1, role="verifier", model=MODEL)
    more = [
        event.model_copy(update={"seq": len(scene.events) + n, "at": AT + 100, "t": 100.0})
        for n, event in enumerate((begun, *events), start=1)
    ]
    return Scene(scene.run, (*scene.events, *more), scene.texts, scene.t)


def test_a_short_wait_needs_nobody_and_a_silence_does(stopped_clock: None) -> None:
    failure = Failure(kind=FailureKind.OVERLOADED, message="Overloaded", http_status=529)
    soon = TryFailed(spoke="hub.verify.1", attempt=1, turn=1, failure=failure, wait_s=73.0)

    async def main() -> None:
        async with told(checking(soon)) as (app, pilot):
            assert app.seat is not None
            await until(pilot, lambda: "⏸ again in 1" in screen_text(app).splitlines()[0])
            # One failed, one is silent; whoever soon goes on needs nobody.
            assert needing(app.seat) == 2
        async with told(checking()) as (app, pilot):
            assert app.seat is not None
            await until(pilot, lambda: "⏸ silent 61s" in screen_text(app).splitlines()[0])
            assert needing(app.seat) == 3
            visited = list[str]()
            for _ in range(3):
                await pilot.press("n")
                visited.append(app.run_screen.selected)
            assert set(visited) == {HUB, "games", "publishing"}
            await pilot.press("0")
            assert re.search(r"no text for 6\d s · try 1 of 3 · X stop the run", screen_text(app))
            await pilot.press("3")
            games = app.run_screen.tiles["games"]
            await until(pilot, lambda: re.search(r"no text for 3\d s · try 1 of 3 · x cancel", games.plain))

    asyncio.run(main())


def test_an_engine_that_goes_before_the_run_began_says_what_became_of_it() -> None:
    async def main() -> None:
        for begin, said in (
            (Begin(id=0, question="Why?"), NOT_BEGUN),
            (Begin(id=0, resume="20261121-0512-k7m2"), NOT_RESUMED),
        ):
            port, seat = ScriptedPort(), Seat()
            await seat.connect(port.link)
            port.die()
            await seat.follow()
            answer = await seat.do(begin)
            assert (answer.ok, answer.message) == (False, said)

    asyncio.run(main())
