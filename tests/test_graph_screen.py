"""The graph of a run under the keys: steps along its lines, what is in view, what lights up."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from sessions.events import AttemptStarted, RunEnded
from sessions.film import Film
from sessions.load import fold_all
from tests.dashboards import screen_text, told, until
from tests.screen_graph import spoke, with_needs
from tests.screen_runs import MODEL, NOW, Told, answered
from tests.scripted_port import Scene
from tui.app import Dashboard
from tui.reel import Reel
from tui.screens.zoom import ZoomScreen
from tui.seat import Seat
from tui.widgets.graph import LIT_S, Graph
from tui.widgets.tile import HUB

Body = Callable[[Dashboard, Pilot[int]], Coroutine[None, None, None]]


def at(scene: Scene, body: Body, size: tuple[int, int] = (120, 40)) -> None:
    """Runs a body at a dashboard on this run."""

    async def main() -> None:
        async with told(scene, size) as (app, pilot):
            await body(app, pilot)

    asyncio.run(main())


def test_steps_in_the_graph_go_along_its_lines_and_enter_zooms() -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        screen = app.run_screen
        await pilot.press("G", "g", "1", "0")
        for key, number in (("right", 16), ("l", 19), ("left", 16), ("h", 9), ("down", 10), ("j", 11), ("up", 10)):
            await pilot.press(key)
            assert screen.selected == spoke(number), key
        await until(pilot, lambda: "10 Leaching · needs 2, 3 · needed by 16" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ZoomScreen))
        await pilot.press("escape", "h", "h", "escape")
        assert (screen.selected, screen.view) == (HUB, "tiles")

    at(with_needs(), body)


@pytest.mark.parametrize("number", [1, 11, 19, 20])
def test_the_selected_node_is_kept_in_view_on_a_small_screen(number: int) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        await pilot.press("G")
        app.run_screen.action_jump(number)
        await until(pilot, lambda: f" {number} " in marked(app))
        title = app.run_screen.seat.state.spokes[spoke(number)].title if app.run_screen.seat else ""
        assert title[:8] in marked(app)

    at(with_needs(), body, (80, 24))


def marked(app: Dashboard) -> str:
    """What stands right of the mark of the selected node."""
    rows = [row.partition(">")[2] for row in screen_text(app).splitlines()[1:-3] if ">" in row]
    return rows[0] if rows else ""


class GraphAlone(App[None]):
    """A graph with nothing around it."""

    def compose(self) -> ComposeResult:
        yield Graph()


def test_what_moves_lights_its_lines_for_a_moment() -> None:
    scene = with_needs()
    told = Told(scene.events)
    told(NOW + 1, answered(spoke(9)), AttemptStarted(spoke=spoke(15), attempt=1, role="researcher", model=MODEL))
    film = Film(told.events)

    async def main() -> None:
        app = GraphAlone()
        async with app.run_test(size=(160, 40)) as pilot:
            graph, reel = app.query_one(Graph), Reel(film, len(scene.events), NOW)

            def shown() -> str:
                graph.look(reel, spoke(20))
                rows = range(graph.size.height)
                return "\n".join("".join(part.text for part in graph.render_line(y)) for y in rows)

            shown()
            await pilot.pause()
            assert "─ · 15 Quotas" in shown(), "what was so already is nothing new"
            assert "─ · 16 Which" in shown()
            reel.forward(len(told.events), NOW + 1)
            assert "━ ▶ 15 Quotas" in shown(), "work moved into what began"
            assert "━ · 16 Which" in shown(), "and out of what ended"
            reel.forward(len(told.events), NOW + 1 + LIT_S)
            assert "─ ▶ 15 Quotas" in shown()
            assert "─ · 16 Which" in shown()

    asyncio.run(main())


def test_nothing_stays_lit_when_the_run_is_over() -> None:
    scene = with_needs()
    told = Told(scene.events)
    told(NOW + 1, answered(spoke(9)), RunEnded(status="interrupted", exit=130))

    async def main() -> None:
        app = GraphAlone()
        async with app.run_test(size=(160, 40)):
            graph, seat = app.query_one(Graph), Seat()
            seat.state, seat.live = fold_all(scene.events), True
            graph.look(seat, spoke(20))
            seat.state, seat.live = fold_all(told.events), False
            graph.look(seat, spoke(20))
            rows = range(graph.size.height)
            shown = "\n".join(graph.render_line(y).text for y in rows)
            assert "─ · 16 Which" in shown and "━ · 16 Which" not in shown

    asyncio.run(main())
