"""The run: the coordinator and every spoke side by side, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.layout import WIDE, Layout, layout
from tui.notices import reading_s
from tui.screens.run_keys import RunKeys
from tui.screens.run_looking import PANES
from tui.start import STARTING
from tui.widgets.graph import Graph
from tui.widgets.guide import Guide
from tui.widgets.key_line import KeyLine
from tui.widgets.rail import Rail
from tui.widgets.run_bar import Coordinator, EventLine, RunBar
from tui.widgets.tile import HUB, Tile
from tui.widgets.tile_grid import TileGrid
from tui.widgets.timeline import Timeline
from tui.wish import Wish

if TYPE_CHECKING:
    from sessions.events import AnyEvent
    from tui.seat import Seat

FLUSH_HZ = 50
GROUPS = 5
"""Panes are looked at in turn, a group a tick: ten times a second each, and every tick is short."""


class RunScreen(RunKeys):
    """One run as it is told. It only looks at the seat, and asks the app for what a person wants."""

    AUTO_FOCUS = ""

    DEFAULT_CSS = """
    RunScreen { overflow: hidden; }
    RunScreen #stage { width: 1fr; }
    RunScreen Graph { display: none; }
    RunScreen.-table Rail { width: 1fr; }
    RunScreen.-table #stage { display: none; }
    RunScreen.-graph Graph { display: block; }
    RunScreen.-graph TileGrid, RunScreen.-timeline TileGrid { display: none; }
    RunScreen.-single Coordinator { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._grid = TileGrid()
        self.tiles = self._grid.tiles
        self._folding = True
        self._layout = Layout(0, 0, 1, 1)
        self._tick = 0
        self._heads = 0
        """How many groups of panes are still to say how they stand at this second."""
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
                yield Graph()
                yield self._grid
        yield EventLine()
        yield Guide()
        yield KeyLine()

    def on_mount(self) -> None:
        """Begins to look at the seat, once there is one."""
        if self.seat is None:
            # Not `tell`: until this is done, the screen does not count as mounted.
            self.query_one(EventLine).tell(STARTING)
            self.tiles[HUB].begin(STARTING)
        self.set_interval(1 / FLUSH_HZ, self._flush)
        self.set_interval(1.0, self._second)

    def sit(self, seat: Seat) -> None:
        """Shows this run from now on."""
        self.seat = seat
        self._seen = -1
        # An engine that has just been started says nothing for a second or two.
        self.tell(STARTING if seat.live and not seat.run else "")

    def happened(self, event: AnyEvent) -> None:
        """Hears of an event."""
        if self.is_mounted:
            self.query_one(EventLine).happened(event)

    def tell(self, text: str, style: str = "") -> None:
        """Says something on the event line."""
        if self.is_mounted:
            # That it starts is to be read only as long as nothing else is known.
            stands_s = 0.0 if text in ("", STARTING) else reading_s(text)
            self.query_one(EventLine).tell(text, style, stands_s)

    def views(self) -> tuple[str, ...]:
        """All where tiles fit side by side; else one pane at a time is what the tiles are."""
        panes = ("tiles",) if self._single(len(self.tiles) - 1, focus=False) else ("tiles", "focus")
        return (*panes, "table", "graph", "timeline")

    def columns(self) -> int:
        """How many panes stand side by side."""
        return self._layout.columns if self.view == "tiles" else 1

    def beside(self, across: int, down: int) -> str:
        """The node of the graph that a step leads to."""
        return self.query_one(Graph).beside(self.selected, across, down)

    def action_fold(self) -> None:
        """Lets rows of tiles that are done give their room to the others, or keep it."""
        self._folding = not self._folding
        self.tell("rows that are done fold where room is short" if self._folding else "what is done stays open")
        self._arrange()

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
        if self.view in PANES and self.app.screen is not self:
            # Another screen is in front, and whatever changes, all of both is painted: all look at once.
            if self._tick == 0:
                self._grid.look(seat, 0, 1)
        elif self.view in PANES:
            self._grid.look(seat, self._tick, GROUPS)
            if self._heads:
                self._heads -= 1
                self._grid.head(seat, self._tick, GROUPS)

    def _second(self) -> None:
        """The one clock: what counts seconds is drawn anew."""
        seat = self.seat
        if seat is None or not seat.live or not self.is_current:
            return
        self._chrome()
        self._heads = GROUPS

    def _chrome(self) -> None:
        """All around the panes."""
        seat = self.seat
        if seat is None:
            return
        pages = -(-len(seat.state.spokes) // self._layout.page)
        paged = pages > 1 and self.view == "tiles" and not self.has_class("-single")
        self.query_one(RunBar).look(seat, f"page {self._page() + 1}/{pages} " if paged else "")
        self.query_one(Rail).look(seat, self.selected, self.words)
        self.query_one(Guide).look(seat.state, seat.clock)
        if not self.has_class("-single"):
            self.query_one(Coordinator).look(seat, selected=self.selected == HUB)
        if self.view == "graph":
            self.query_one(Graph).look(seat, self.selected)
        if self.query_one(Timeline).display:
            self.query_one(Timeline).look(seat, self.selected)
        if (offered := self.timely()) != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def _page(self) -> int:
        """The page that the selected pane is on."""
        ids = list(self.tiles)
        return max(0, ids.index(self.selected) - 1) // self._layout.page if self.selected in ids else 0

    def _single(self, spokes: int, *, focus: bool) -> bool:
        """Whether one pane is shown at a time."""
        found = layout(*self.app.size, spokes, focus=focus)
        return not spokes or (found.page == 1 and found.rail > 0 and (focus or spokes > 1))

    def _arrange(self) -> None:
        """Makes the panes those of the plan and puts them where this size has room for them."""
        spokes = self.seat.state.spokes if self.seat else {}
        ids, first_plan = list(spokes), len(self.tiles) == 1
        if self._grid.make(ids) and (first_plan or self.selected not in self.tiles):
            self.selected = ids[0] if ids else HUB
        focus, view = self.view == "focus", self.view
        width, height = self.app.size  # the screen's own comes with its first frame
        self._layout = found = layout(width, height, len(ids), focus=focus)
        single = self._single(len(ids), focus=focus)
        self.set_class(single, "-single")
        for name in ("table", "graph", "timeline"):
            self.set_class(view == name, f"-{name}")
        rail, drawn = self.query_one(Rail), view in ("graph", "timeline")
        rail.styles.width = None if view == "table" else found.rail
        rail.display = view == "table" or (bool(found.rail) and not (drawn and width < WIDE))
        timeline = self.query_one(Timeline)
        timeline.display = view == "timeline" or (view != "graph" and bool(found.timeline) and not single)
        timeline.styles.height = "1fr" if view == "timeline" else found.timeline
        first = self._page() * found.page
        shown = [self.selected] if single else ids[first : first + found.page]
        folding = self._folding and found.crowded and not single
        over = [folding and spokes[id].status in ("done", "cancelled") for id in shown]
        self._grid.show(shown, *((1, 1) if single else (found.columns, found.rows)), over)
        self.call_after_refresh(self._focus)

    def on_screen_resume(self) -> None:
        """Behind another screen the plan may have come, or something begun to wait for a person."""
        self.post_message(Wish("look"))
        self._arrange()
        self._chrome()

    def on_resize(self) -> None:
        """Another size has another layout."""
        self._arrange()
        self.call_after_refresh(self._chrome)

    def watch_view(self) -> None:
        """Another view of the same run."""
        super().watch_view()
        if self.is_mounted:
            self.on_resize()

    def watch_words(self) -> None:
        """Other spokes are in the table."""
        if self.is_mounted:
            self._chrome()

    def watch_selected(self) -> None:
        """Another pane has the keys."""
        super().watch_selected()
        if self.is_mounted:
            self._arrange()
            self._chrome()

    def _focus(self) -> None:
        tile = self.tiles.get(self.selected)
        if not self.is_current:
            return
        if self.view in PANES and tile is not None and tile.is_attached:
            tile.focus(scroll_visible=False)
        else:
            self.set_focus(None)

    def on_descendant_focus(self) -> None:
        """A pane that was clicked is the selected one."""
        if isinstance(self.focused, Tile):
            self.selected = self.focused.spoke

    @on(Graph.Picked)
    def _picked(self, event: Graph.Picked) -> None:
        """A node that was clicked is the selected one."""
        self.selected = event.spoke
