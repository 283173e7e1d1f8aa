"""The pane of a spoke that failed or waits, and its keys, with the requests on the wire."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from agents.embedded.wire import MessagesRequest
from agents.replies import PlanReply
from sessions.state import RunState
from tests.claude_server import Cue, HttpFault, Manners, ThreadedClaudeServer
from tests.dashboards import dashboard, screen_text, told, typed, until
from tests.engine_brain import engine_brain
from tests.running import planned, subtask
from tests.screen_failures import with_waits
from tests.screen_runs import NOW, in_the_middle
from tests.test_dashboard_life import nothing_left as nothing_left
from tests.test_dashboard_life import of, researched
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tui.app import Dashboard
from tui.failure_text import standing
from tui.looks import problem
from tui.screens.attempt_diff import AttemptDiffScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.report import ReportScreen
from tui.screens.run import RunScreen
from tui.screens.subtask_form import SubtaskForm
from tui.screens.zoom import ZoomScreen
from tui.start import Start
from tui.widgets.wrapping import WrappedText

KEY = "sk-ant-test-0123456789abcdefghij"
BAD = HttpFault(400, message="[/red] bad")
"""Nothing that policy does would help."""

LONG = HttpFault(429, headers={"retry-after": "300"}, message="Slow down.")


def _two(request: MessagesRequest) -> PlanReply:
    return planned(*(subtask(spoke, f"Find the {spoke} price.") for spoke in ("alder", "birch")))


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch, *cues: Cue) -> Generator[ThreadedClaudeServer]:
    """A server with a plan of two spokes."""
    with ThreadedClaudeServer(engine_brain({**DOUBLES, "plan": _two}), Manners(cues=cues)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        yield server


@asynccontextmanager
async def asked(docs: Path, size: tuple[int, int] = (120, 40)) -> AsyncGenerator[tuple[Dashboard, Pilot[int]]]:
    """A run over that server, approved unseen."""
    start = Start(question="What do brushes cost?", approved=True, settings={"docs": str(docs)})
    async with dashboard(start, size=size) as (app, pilot):
        yield app, pilot


def state(app: Dashboard) -> RunState:
    assert app.seat is not None
    return app.seat.state


def over(app: Dashboard, exit: int) -> bool:
    """Whether the run has ended so, and its engine has left: from then on keys ask before they begin another."""
    return app.seat is not None and state(app).exit == exit and not app.seat.live


def status(app: Dashboard, spoke: str) -> Callable[[], str]:
    return lambda: state(app).spokes[spoke].status if app.seat and spoke in app.seat.state.spokes else ""


def problems(app: Dashboard) -> set[str]:
    assert app.seat is not None
    seat = app.seat
    return {spoke.id for spoke in seat.state.spokes.values() if problem(seat, spoke)}


def has_attempt(app: Dashboard, spoke: str, number: int) -> bool:
    last = state(app).spokes[spoke].last
    return last is not None and last.number == number


def test_a_parked_spoke_is_a_problem_and_is_tried_at_once(
    docs: Path, monkeypatch: pytest.MonkeyPatch, nothing_left: None
) -> None:
    with served(monkeypatch, Cue(LONG, of("birch"))) as server:

        async def main() -> None:
            async with asked(docs) as (app, pilot):
                await until(pilot, lambda: "⏸ parked" in screen_text(app))
                await pilot.press("0", "N")
                assert app.run_screen.selected == "birch"
                await until(pilot, lambda: " you: n" in screen_text(app))
                tile = app.run_screen.tile
                assert tile is not None
                await until(pilot, lambda: "try 1 of 4 failed" in tile.plain)
                assert "rate_limited · HTTP 429 · req_" in tile.plain
                assert "r retry at once · x cancel" in tile.plain
                before = len(server.requests)
                await pilot.press("r")
                await until(pilot, lambda: state(app).exit == 0)
                assert "birch" in researched(server, before)
                assert [attempt.number for attempt in state(app).spokes["birch"].attempts] == [1]
                await until(pilot, lambda: "r retry at once" not in tile.plain)

        asyncio.run(main())


def test_a_parked_spoke_is_given_up_and_one_that_is_held_back_with_it_goes_on(
    docs: Path, monkeypatch: pytest.MonkeyPatch, nothing_left: None
) -> None:
    with served(monkeypatch, Cue(LONG, of("birch"), None)) as server:

        async def main() -> None:
            async with asked(docs, (80, 24)) as (app, pilot):
                await until(pilot, lambda: app.run_screen.tiles.keys() >= {"birch"})
                await pilot.press("2")
                await until(pilot, lambda: "⏸ parked" in screen_text(app))
                await pilot.press("enter")
                assert isinstance(app.screen, ZoomScreen)
                await until(pilot, lambda: "r retry at once" in screen_text(app))
                before = len(server.requests)
                await pilot.press("x")
                await until(pilot, lambda: status(app, "birch")() == "cancelled")
                # The other one may be held back by what this one was told.
                await pilot.press("escape", "1")
                await until(pilot, lambda: "⏸ parked" in screen_text(app) or status(app, "alder")() == "done")
                if status(app, "alder")() == "running":
                    await pilot.press("r")
                await until(pilot, lambda: state(app).exit == 3)
                assert "birch" not in researched(server, before)

        asyncio.run(main())


def test_a_failed_spoke_says_all_and_every_key_does_what_it_says(
    docs: Path, monkeypatch: pytest.MonkeyPatch, nothing_left: None
) -> None:
    with served(monkeypatch, Cue(BAD, of("birch"), 3)) as server:

        async def main() -> None:
            async with asked(docs) as (app, pilot):
                await until(pilot, lambda: over(app, 3))
                await pilot.press("n")
                tile = app.run_screen.tile
                assert tile is not None
                # Told as the pane has room: all of it as soon as the pane has its size.
                await until(pilot, lambda: tile.plain.startswith("✗") and "r retry" in tile.plain)
                assert tile.styles.border_top[0] == "heavy"
                said = tile.plain
                order = (
                    "✗ invalid_request · HTTP 400 · req_",
                    "[/red] bad",
                    "attempt 1 took 0:0",
                    "nothing kept",
                    "1 try",
                    "will not help",
                    "r retry · e edit brief",
                )
                places = [said.index(part) for part in order]
                # Policy adds no attempt for it, so there is none to count.
                assert "retries" not in said
                assert places == sorted(places)
                # There is one attempt only: nothing to compare.
                await pilot.press("D")
                assert isinstance(app.screen, RunScreen)
                assert "only one attempt" in screen_text(app)
                # r asks first, for the report is there; b does nothing.
                before = len(server.requests)
                for keys in ("rb", "Rb", "eb", "cb"):
                    await pilot.press(keys[0])
                    await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
                    what = {"e": "Edit the brief of Birch, retry it"}
                    asks = what.get(keys[0], "Retry Birch, check what it finds")
                    assert f"{asks} and rewrite the report?" in screen_text(app)
                    await pilot.press(keys[1])
                    await until(pilot, lambda: isinstance(app.screen, RunScreen))
                await pilot.press("o")
                await until(pilot, lambda: isinstance(app.screen, ReportScreen))
                await pilot.press("R")
                await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
                await pilot.press("b")
                await until(pilot, lambda: isinstance(app.screen, RunScreen))
                assert len(server.requests) == before
                for attempt, key in ((2, "r"), (3, "R")):
                    before, newest = len(server.requests), partial(has_attempt, app, "birch", attempt)
                    await pilot.press(key)
                    await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
                    await pilot.press("y")
                    await until(pilot, newest)
                    await until(pilot, lambda: over(app, 3))
                    assert researched(server, before) == {"birch"}
                await pilot.press("D")
                await until(pilot, lambda: isinstance(app.screen, AttemptDiffScreen))
                assert "attempt 2 → 3" in screen_text(app)
                await pilot.press("escape", "Y")
                assert '"http_status": 400' in app.clipboard
                # Another brief: the form is asked for, and what is typed is what the spoke is told.
                before = len(server.requests)
                await pilot.press("e")
                await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
                await pilot.press("y")
                await until(pilot, lambda: isinstance(app.screen, SubtaskForm))
                await pilot.press("tab", "end")
                await typed(pilot, " Count the crowns.")
                await pilot.press("f2")
                await until(pilot, lambda: status(app, "birch")() == "done")
                await until(pilot, lambda: state(app).exit == 0)
                told = [request.said for request in server.requests[before:] if of("birch")(request)]
                assert told and all("Find the birch price. Count the crowns." in said for said in told)
                assert [attempt.number for attempt in state(app).spokes["birch"].attempts] == [1, 2, 3, 4]

        asyncio.run(main())


def test_the_edit_begins_from_the_first_alternative_and_the_old_objective_comes_back() -> None:
    async def main() -> None:
        async with told(in_the_middle()) as (app, pilot):
            await pilot.press("4", "e")
            await until(pilot, lambda: isinstance(app.screen, SubtaskForm))
            field = app.screen.query_one("#objective", TextArea)
            assert field.text == "literary translation only"
            await pilot.press("f3")
            assert field.text.startswith("Find the fees of translators")
            await pilot.press("f3")
            assert field.text == "literary translation only"

    asyncio.run(main())


@pytest.mark.parametrize("columns", [31, 40, 60])
def test_the_smallest_pane_ends_with_what_matters_most(columns: int) -> None:
    async def main() -> None:
        async with told(in_the_middle()) as (app, _):
            spoke = state(app).spokes["publishing"]
            small, large = (standing(state(app), spoke, columns, rows) for rows in (6, 40))
        assert [entry.text.split()[0] for entry in large] == ["✗", "Number", "attempt", "1", "to", "r"]
        assert {entry.text for entry in large} <= {entry.text for entry in small} | {large[3].text}
        wrapped = WrappedText()
        wrapped.resize(columns)
        wrapped.add(small)
        end = "\n".join(row.text for row in wrapped.rows[-6:])
        for word in (
            "✗ rate_limited",
            "HTTP 429",
            "req_011CSHoEeqs5C35K2UUqR7Fy",
            "1 finding kept",
            "1 try",
        ):
            assert word in end.replace("\n", " ").replace("  ", " "), end
        assert "r retry · e edit brief" in end

    asyncio.run(main())


def test_a_wait_counts_down_and_when_it_is_over_nobody_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=1_000.0)
    monkeypatch.setattr("tui.seat.time", SimpleNamespace(monotonic=lambda: clock.now))

    async def main() -> None:
        async with told(with_waits(NOW + 10.0)) as (app, pilot):
            await pilot.press("3")
            games, publishing = (app.run_screen.tiles[id] for id in ("games", "publishing"))
            await until(pilot, lambda: "⏸ again in 1s" in str(games.border_title))
            await until(pilot, lambda: "⏸ parked 4:44" in str(publishing.border_title))
            await until(pilot, lambda: "the next one waits" in games.plain)
            # One that soon tries again is no problem.
            assert problems(app) == {"publishing"}
            clock.now += 2.0  # as far as the clock goes on between two ticks
            await until(pilot, lambda: "▶ running" in str(games.border_title))
            await until(pilot, lambda: "⏸ parked 4:42" in str(publishing.border_title))
            assert "the next one waits" not in games.plain
            assert "silent" not in screen_text(app)
            await pilot.press("n")
            assert app.run_screen.selected == "publishing"

    asyncio.run(main())
