"""What the mouse selects in a pane: where lines end, and when they go or are cut anew."""

from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from tests.test_text_pane import PaneApp, run
from tui.widgets.text_pane import Entry


async def dragged(app: PaneApp, pilot: Pilot[None], start: tuple[int, int], end: tuple[int, int]) -> str | None:
    """What is selected when the mouse is dragged so."""
    await pilot.mouse_down(app.pane, offset=start)
    await pilot.hover(app.pane, offset=end)
    await pilot.mouse_up(app.pane, offset=end)
    return app.screen.get_selected_text()


def test_it_goes_past_the_end_of_a_line_and_over_empty_ones() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        app.pane.add(Entry("first\n\nthird is longer\n" + "x" * 79 + "   hanging"))
        await pilot.pause()
        assert await dragged(app, pilot, (2, 0), (60, 0)) == "rst"
        assert await dragged(app, pilot, (40, 0), (40, 2)) == "\n\nthird is longer"
        assert await dragged(app, pilot, (30, 1), (4, 2)) == "\nthird"
        assert await dragged(app, pilot, (76, 3), (3, 4)) == "xxx   hang"
        assert await dragged(app, pilot, (5, 2), (0, 9)) == f" is longer\n{'x' * 79}   hanging"
        # What fills up a line is like any other's: thousands of styles would be kept for it.
        fills = [list(app.pane.render_line(y))[-1].style for y in (0, 2)]
        assert fills == [app.pane.ground, app.pane.ground]

    run(act)


def test_what_was_selected_never_becomes_other_text() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane

        async def select() -> None:
            app.screen.selections = {pane: Selection(Offset(0, 12), Offset(15, 12))}
            await pilot.pause()

        pane.add(*(Entry(f"line number {n:03}") for n in range(15)))
        await select()
        assert app.screen.get_selected_text() == "line number 012"
        pane.add(Entry("a line that goes below"))
        await pilot.pause()
        assert app.screen.get_selected_text() == "line number 012"
        pane.add(*(Entry(f"line number {n:03}") for n in range(15, 30)))
        assert app.screen.get_selected_text() is None
        await select()
        await pilot.resize_terminal(10, 24)
        await pilot.pause()
        assert app.screen.get_selected_text() is None

    run(act, limit=300)
