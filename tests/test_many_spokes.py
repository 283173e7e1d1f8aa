"""Many spokes under the keys: hundreds in the table, tiles that fold, a run of hundreds that is stopped."""

import asyncio
from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot

from agents.planning import plan_inputs, review_inputs
from sessions.events import CoverageReviewed, EngineStarted, Limits, PlanApproved, PlanMade
from sessions.ids import step_id
from tests.claude_server import Cue, Manners, Stall, ThreadedClaudeServer
from tests.dashboards import dashboard, screen_text, until
from tests.engine_brain import engine_brain
from tests.screen_graph import DONE, spoke, with_needs
from tests.screen_many import AT_WORK, QUEUED, plan, with_hundreds
from tests.screen_runs import QUESTION, RUN, Told, created, keep
from tests.test_dashboard_life import nothing_left as nothing_left
from tests.test_graph_screen import at
from tests.test_pipeline import docs as docs
from tui.app import Dashboard
from tui.start import Start
from tui.widgets.tile import HUB, Tile


def test_three_hundred_queued_spokes_are_gone_through_in_the_plans_order() -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        screen = app.run_screen
        assert list(screen.tiles) == [HUB, *(f"site-{n}" for n in range(1, AT_WORK + QUEUED + 1))]
        mounted = sum(tile.is_attached for tile in screen.tiles.values())
        assert mounted <= 13, "only the tiles of a page are made widgets"
        await pilot.press("v", "v")
        for key, number in (("end", 320), ("pageup", 286), ("home", 0), ("down", 1), ("pagedown", 35), ("j", 36)):
            await pilot.press(key)
            assert screen.selected == (f"site-{number}" if number else HUB), key
        await pilot.press("g", "2", "1", "7")
        await until(pilot, lambda: ">217 Site 217" in screen_text(app))
        await pilot.press("y")
        assert app.clipboard == "Find the readings of site 217.", "what no tile has shown is copied too"

    at(with_hundreds(), body)


def test_a_number_is_typed_in_digits_and_nothing_else() -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        await pilot.press("g", "3")
        # It is a digit for Python, and no number.
        app.screen.post_message(Key("superscript_two", "²"))
        await pilot.pause()
        assert app.run_screen.selected == "site-3"

    at(with_hundreds(), body)


def test_the_table_shows_spokes_by_title_and_escape_shows_all_again() -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        screen = app.run_screen
        await pilot.press("v", "v", "slash", *"Lake 31", "enter")
        await until(pilot, lambda: "with “Lake 31”: 2 of 320" in screen_text(app))
        assert screen.ids == [HUB, "site-313", "site-317"]
        await pilot.press("j")
        await pilot.press("slash", *"nothing", "enter")
        await until(pilot, lambda: "no spoke has" in screen_text(app))
        await pilot.press("escape")
        assert (screen.words, screen.view) == ("", "table")
        await pilot.press("escape")
        assert screen.view == "tiles"

    at(with_hundreds(), body)


def test_pages_of_hundreds_leave_few_tiles_behind() -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        for number in range(1, 300, 12):
            app.run_screen.action_jump(number)
            await pilot.pause()
        tiles = app.run_screen.tiles
        assert sum(tile.is_attached for tile in tiles.values()) <= 40
        await pilot.press("1")
        await until(pilot, lambda: ">1 Site 1" in screen_text(app))

    at(with_hundreds(), body)


def shown(tile: Tile) -> bool:
    """Whether a tile is on the page."""
    return tile.is_attached and tile.display


def test_rows_that_are_done_fold_and_open_again_and_nobody_changes_places() -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        tiles = app.run_screen.tiles

        def placed() -> list[tuple[int, int]]:
            return [(tile.region.y, tile.region.x) for tile in tiles.values() if shown(tile)]

        def folded() -> list[int]:
            return [tile.number for tile in tiles.values() if shown(tile) and tile.outer_size.height == 1]

        await pilot.press("1")
        await until(pilot, lambda: folded() == [1, 2, 3, 4, 5, 6])
        assert tiles[spoke(DONE)].outer_size.height > 8, "its row has one that runs"
        assert placed() == sorted(placed())
        assert ">1 Cathodes" in screen_text(app)
        await until(pilot, lambda: screen_text(app).count("✓ done 0:30 $0.02 2 found") == 6)
        await pilot.press("Z")
        await until(pilot, lambda: folded() == [])
        assert placed() == sorted(placed())
        assert tiles[spoke(1)].outer_size.height == 8
        await pilot.press("Z")
        await until(pilot, lambda: folded() == [1, 2, 3, 4, 5, 6])
        await pilot.press("enter")
        await until(pilot, lambda: "Findings (2)" in screen_text(app))

    at(with_needs(), body)


def test_a_run_of_hundreds_is_stopped_at_once(
    docs: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch, nothing_left: None
) -> None:
    many = plan()
    told = Told()
    limits = Limits(max_parallel=AT_WORK)
    told(0.0, created().model_copy(update={"docs": str(docs), "limits": limits}))
    told(0.0, EngineStarted(pid=1, version="0.1.0", docs=str(docs), provider="claude", limits=limits))
    told(1.0, PlanMade(step=step_id("plan", 1, plan_inputs(QUESTION)), plan=many))
    told(2.0, CoverageReviewed(step=step_id("review", 1, review_inputs(QUESTION, many)), round=1))
    agreed = step_id("approve", 1, {"plan": many.model_dump(mode="json"), "no_room": list[str]()})
    told(3.0, PlanApproved(step=agreed, plan=many))
    keep(own_home, RUN, told.events)
    held = Manners(cues=(Cue(Stall(asyncio.Event()), lambda request: True, None),))

    with ThreadedClaudeServer(engine_brain(), held) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")

        async def main() -> None:
            async with dashboard(Start(resume=RUN, approved=True)) as (app, pilot):
                await until(pilot, lambda: app.seat and len(server.requests) == AT_WORK)
                await until(pilot, lambda: f"{AT_WORK}▶ {QUEUED}·" in screen_text(app))
                await pilot.press("X", "y")
                # Nothing but the guard of `until` is held to the clock; two seconds are what is wanted.
                await until(pilot, lambda: app.seat and app.seat.gone.is_set())
                assert app.seat
                state = app.seat.state
                assert (state.status, state.exit) == ("interrupted", 130)
                assert [spoke.status for spoke in state.spokes.values()] == ["queued"] * (AT_WORK + QUEUED)
                assert sum(bool(spoke.attempts) for spoke in state.spokes.values()) == AT_WORK, "none began since"
                assert list(state.spokes) == [subtask.id for subtask in many.subtasks]

        asyncio.run(main())
        server.until(lambda requests: all(request.ended is not None for request in requests))
        assert len(server.requests) == AT_WORK
