"""A terminal's cells with their colours as an app tells them, beside those of its screen painted as a whole."""

import asyncio
import re
from operator import attrgetter

from rich.cells import cell_len
from rich.console import RenderableType
from rich.control import Control
from textual._compositor import Compositor, CompositorUpdate
from textual._context import visible_screen_stack
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from tests.running import LONGEST_S

_PENDING = ("_layout_required", "_scroll_required", "_repaint_required", "_recompose_required")
"""What a widget has to do until it can be painted."""

Cell = tuple[str, str]
"""A character, empty in the right half of a wide one, and its colours as the terminal was told them."""

UNTOLD: Cell = ("\N{REPLACEMENT CHARACTER}", "")
"""What stands in a cell of which nothing was told since the terminal has this size."""

_TOLD = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H|\x1b\[(?P<style>[\d;]*)m|\x1b\][^\x07\x1b]*\x1b\\|(?P<end>\n)"
    r"|(?P<text>[^\x1b\n]+)"
)


class Cells:
    """A terminal of so many columns and rows that understands what a compositor tells, and nothing else."""

    def __init__(self, columns: int, rows: int) -> None:
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """Another size; whatever stood there is lost."""
        self.rows: list[list[Cell]] = [[UNTOLD] * columns for _ in range(rows)]
        self._row = self._column = 0
        self._style = ""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return len(self.rows[0]), len(self.rows)

    def feed(self, told: str) -> None:
        """Takes what it is told. Raises ValueError for what no compositor tells."""
        at = 0
        while at < len(told):
            match = _TOLD.match(told, at)
            if match is None:
                raise ValueError(f"not understood: {told[at : at + 20]!r}")
            at = match.end()
            if match["row"]:
                self._row = min(int(match["row"]), len(self.rows)) - 1
                self._column = min(int(match["column"]), len(self.rows[0])) - 1
            elif (style := match["style"]) is not None:
                self._style = "" if style in ("", "0") else style
            elif match["end"]:
                self._next_row()
            else:
                for character in match["text"] or "":
                    self._put(character)

    def _next_row(self) -> None:
        self._row += 1
        if self._row >= len(self.rows):
            self.rows = [*self.rows[1:], [UNTOLD] * len(self.rows[0])]
            self._row -= 1

    def _put(self, character: str) -> None:
        width, row = cell_len(character), self.rows[self._row]
        if not width:  # it joins the one before it
            self._column -= 1
            before, style = row[self._column]
            row[self._column] = before + character, style
            self._column += 1
            return
        if self._column + width > len(row):
            self._next_row()
            row, self._column = self.rows[self._row], 0
        end = self._column + width
        # Half of a wide character cannot stay.
        if not row[self._column][0]:
            row[self._column - 1] = " ", row[self._column - 1][1]
        if end < len(row) and not row[end][0]:
            row[end] = " ", row[end][1]
        row[self._column : end] = [(character, self._style), *[("", self._style)] * (width - 1)]
        self._column = end


class Told(App[int]):
    """An app under a pilot whose every update stands in `cells`; tests give it cells of its size at first."""

    cells: Cells

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            self.cells.feed(renderable.render_segments(self.console))
        self.post_display_hook()


async def settled(pilot: Pilot[int]) -> None:
    """Waits until no message waits and nothing is left to be painted, or the app has failed."""
    async with asyncio.timeout(LONGEST_S):
        while pilot.app.is_running and not _is_settled(pilot.app):
            await pilot.pause(0)
            await asyncio.sleep(0.001)


def _is_settled(app: App[int]) -> bool:
    screen = app.screen
    compositor: Compositor = attrgetter("_compositor")(screen)
    # Scrollbars are nobody's children.
    widgets = {*screen.walk_children(with_self=True), *compositor.visible_widgets}
    return (
        screen.outer_size == app.size
        and not any(attrgetter("_dirty_widgets", "_compositor._dirty_regions")(screen))
        and not any(pump.message_queue_size for pump in (app, *widgets))
        and not any(getattr(widget, pending) for widget in widgets for pending in _PENDING)
    )


async def resized(app: Told, pilot: Pilot[int], size: tuple[int, int]) -> None:
    """Gives the terminal another size. Nothing of what stood on it stays."""
    if app.size != size:
        app.cells.resize(*size)
        await pilot.resize_terminal(*size)


def differences(app: Told) -> list[str]:
    """The rows that do not stand on the terminal as they would if the screen were painted as a whole."""
    compositor: Compositor = attrgetter("_compositor")(app.screen)
    below: list[Screen[object]] = attrgetter("_background_screens")(app)
    visible_screen_stack.set(below)
    whole = Cells(*app.size)
    for y, strip in enumerate(compositor.render_strips()):
        whole.feed(Control.move_to(0, y).segment.text + strip.render(app.console))
    return [
        f"row {y}, columns {[x for x in range(len(is_)) if is_[x] != should[x]]}:\n{_text(is_)}\n{_text(should)}"
        for y, (is_, should) in enumerate(zip(app.cells.rows, whole.rows, strict=True))
        if is_ != should
    ]


def _text(row: list[Cell]) -> str:
    return "".join(character for character, _ in row)
