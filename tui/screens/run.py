"""The run: the coordinator and every spoke side by side, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical

from tui.layout import Layout, layout
from tui.screens.run_keys import RunKeys
from tui.widgets.guide import Guide
from tui.widgets.key_line import KeyLine
from tui.widgets.rail import Rail
from tui.widgets.run_bar import Coordinator, EventLine, RunBar
from tui.widgets.tile import HUB, Tile
from tui.widgets.timeline import Timeline
from tui.wish import Wish

if TYPE_CHECKING:
    from sessions.events import AnyEvent
    from tui.seat import Seat

FLUSH_HZ = 40
GROUPS = 4
"""Panes are looked at in turn, a group a tick: ten times a second each, and every tick is short."""


class RunScreen(RunKeys):
    """One run as it is told. It only looks at the seat, and asks the app for what a person wants."""

    DEFAULT_CSS = """
    RunScreen { overflow: hidden; }
    RunScreen #stage { width: 1fr; }
    RunScreen #tiles { layout: grid; height: 1fr; grid-gutter: 0; }
    RunScreen.-table Rail { width: 1fr; }
    RunScreen.-table #stage { display: none; }
    RunScreen.-single Coordinator, RunScreen.-single Timeline { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._layout = Layout(0, 0, 1, 1)
        self._tick = 0
        self._seen = -1
        self._offered: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Header, rail and stage, event line, footer."""
        yield RunBar()
        with Horizontal(id="body"):
            yield Rail()
            with Vertical(id="stage"):
                yield Coordinator()
                yield Timeline()
                yield Container(Tile(HUB, 0), id="tiles")
        yield EventLine()
        yield Guide()
        yield KeyLine()

    def on_mount(self) -> None:
        """Begins to look at the seat, once there is one."""
        self.tiles[HUB] = self.query_one(Tile)
        self.tell("" if self.seat else "starting the engine …")
        self.set_interval(1 / FLUSH_HZ, self._flush)
        self.set_interval(1.0, self._second)

    def sit(self, seat: Seat) -> None:
        """Shows this run from now on."""
        self.seat = seat
        self._seen = -1
        # An engine that has just been started says nothing for a second or two.
        self.tell("starting the engine …" if seat.live and not seat.run else "")

    def happened(self, event: AnyEvent) -> None:
        """Hears of an event."""
        if self.is_mounted:
            self.query_one(EventLine).happened(event)

    def tell(self, text: str, style: str = "") -> None:
        """Says something on the event line."""
        if self.is_mounted:
            self.query_one(EventLine).tell(text, style)

    def views(self) -> tuple[str, ...]:
        """All three where tiles fit side by side; else one pane at a time is what the tiles are."""
        spokes = len(self.tiles) - 1
        return ("tiles", "table") if self._single(spokes, focus=False) else ("tiles", "focus", "table")

    def columns(self) -> int:
        """How many panes stand side by side."""
        return self._layout.columns if self.view == "tiles" else 1

    # What is shown

    def _flush(self) -> None:
        seat = self.seat
        if seat is None or not self.is_current:
            return
        self._tick = (self._tick + 1) % GROUPS
        if self._tick == 0 and seat.version != self._seen:
            self._seen = seat.version
            self._arrange()
            self._chrome()
        for number, tile in enumerate(self.tiles.values()):
            if number % GROUPS == self._tick and tile.display:
                tile.look(seat)

    def _second(self) -> None:
        """The one clock: what counts seconds is drawn anew."""
        seat = self.seat
        if seat is None or not seat.live or not self.is_current:
            return
        self._chrome()
        for tile in self.tiles.values():
            if tile.display:
                tile.head(seat)

    def _chrome(self) -> None:
        """All around the panes."""
        seat = self.seat
        if seat is None:
            return
        pages = -(-len(seat.state.spokes) // self._layout.page)
        paged = pages > 1 and not self.has_class("-single") and not self.has_class("-table")
        self.query_one(RunBar).look(seat, f"page {self._page() + 1}/{pages} " if paged else "")
        self.query_one(Rail).look(seat, self.selected)
        self.query_one(Guide).look(seat.state, seat.clock)
        if not self.has_class("-single"):
            self.query_one(Coordinator).look(seat, selected=self.selected == HUB)
            self.query_one(Timeline).look(seat)
        if (offered := self.timely()) != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def _page(self) -> int:
        """The page that the selected pane is on."""
        ids = list(self.tiles)
        return max(0, ids.index(self.selected) - 1) // self._layout.page if self.selected in ids else 0

    def _single(self, spokes: int, *, focus: bool) -> bool:
        """Whether one pane is shown at a time."""
        found = layout(self.size.width, self.size.height, spokes, focus=focus)
        return not spokes or (found.page == 1 and found.rail > 0 and (focus or spokes > 1))

    def _arrange(self) -> None:
        """Makes the panes those of the plan and puts them where this size has room for them."""
        if self.seat is None:
            return
        spokes = list(self.seat.state.spokes)
        if [id for id in self.tiles if id != HUB] != spokes:
            self._make(spokes)
        focus = self.view == "focus"
        self._layout = found = layout(self.size.width, self.size.height, len(spokes), focus=focus)
        single = self._single(len(spokes), focus=focus)
        self.set_class(single, "-single")
        self.set_class(self.view == "table", "-table")
        rail = self.query_one(Rail)
        rail.styles.width = None if self.view == "table" else found.rail
        rail.display = bool(found.rail) or self.view == "table"
        self.query_one(Timeline).display = bool(found.timeline)
        grid = self.query_one("#tiles").styles
        grid.grid_size_columns, grid.grid_size_rows = (1, 1) if single else (found.columns, found.rows)
        first = self._page() * found.page
        shown = {self.selected} if single else set(spokes[first : first + found.page])
        for id, tile in self.tiles.items():
            tile.display = id in shown
        self.call_after_refresh(self._focus)

    def _make(self, spokes: list[str]) -> None:
        """Panes for these spokes, in this order; those that stay keep what they show."""
        before = self.tiles
        self.tiles = {HUB: before[HUB]}
        grid = self.query_one("#tiles")
        for number, id in enumerate(spokes, start=1):
            tile = before.get(id) or Tile(id, number)
            tile.number = number
            self.tiles[id] = tile
            if id not in before:
                grid.mount(tile)
        for id in before.keys() - self.tiles.keys():
            before[id].remove()
        grid.sort_children(key=lambda child: child.number if isinstance(child, Tile) else 0)
        if self.selected not in self.tiles or len(before) == 1:
            self.selected = spokes[0] if spokes else HUB

    def on_screen_resume(self) -> None:
        """Something may have begun to wait for a person behind another screen."""
        self.post_message(Wish("look"))
        self._chrome()

    def on_resize(self) -> None:
        """Another size has another layout."""
        self._arrange()
        self.call_after_refresh(self._chrome)

    def watch_view(self) -> None:
        """Another view of the same run."""
        if self.is_mounted:
            self.on_resize()

    def watch_selected(self) -> None:
        """Another pane has the keys."""
        if self.is_mounted:
            self._arrange()
            self._chrome()

    def _focus(self) -> None:
        tile = self.tiles.get(self.selected)
        if not self.is_current:
            return
        if tile is not None and tile.display:
            tile.focus(scroll_visible=False)
        else:
            self.set_focus(None)

    def on_descendant_focus(self) -> None:
        """A pane that was clicked is the selected one."""
        if isinstance(self.focused, Tile):
            self.selected = self.focused.spoke
