"""The replay: any run, saved or live, as it was at any moment, and the trace of its events beside it."""

from __future__ import annotations

import time
from math import ceil
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content

from sessions.sieve import COORDINATOR, owner
from tui.layout import LOW, NARROW, TILE_HEIGHT, TILE_WIDTH
from tui.looks import clock
from tui.reel import Reel
from tui.screens.event import EventScreen
from tui.screens.replay_keys import ReplayKeys
from tui.trace_row import Row, row
from tui.trace_text import whole
from tui.widgets.key_line import KeyLine
from tui.widgets.rail import Rail
from tui.widgets.run_bar import RunBar
from tui.widgets.scrubber import Playhead, Scrubber
from tui.widgets.text_pane import Entry, TextPane
from tui.widgets.tile import Tile
from tui.widgets.trace_list import TraceList

if TYPE_CHECKING:
    from sessions.film import Film
    from tui.seat import Seat
    from tui.trace_text import Evidence

FPS = 20
_EVENT_EVERY = 5
"""While it plays, the event is shown whole every so many frames: nobody reads faster."""

_FRAME = 3
"""Lines of header, scrubber and footer."""

_LIST = 8
"""Lines of the list, with its border, on a small screen."""

_LONGEST_EVENT = 4_000_000
"""Characters of an event that are shown."""


class ReplayScreen(ReplayKeys):
    """A run's film, its panes as they were, the list of its events and one of them whole."""

    AUTO_FOCUS = ""

    CSS = """
    ReplayScreen {
        overflow: hidden;
        #stage { dock: left; width: 50%; }
        #tiles { layout: grid; height: 1fr; grid-gutter: 0; }
        #stage Rail { width: 1fr; }
        .tile.-selected { border: round $accent; }
        .tile.-selected.-failed { border: heavy $error; }
        TraceList { height: 2fr; }
        #event { height: 3fr; border: round $foreground 30%; border-title-color: $text; padding: 0 1; }
    }
    ReplayScreen.-bare #stage { display: none; }
    ReplayScreen.-small #stage { dock: none; width: 1fr; height: 1fr; }
    ReplayScreen.-small Rail { display: none; }
    ReplayScreen.-small #event { height: 1fr; }
    ReplayScreen.-small.-panes #trace { height: auto; }
    ReplayScreen.-small.-panes #event { display: none; }
    """

    def __init__(self, seat: Seat, film: Film, evidence: Evidence, n: int) -> None:
        """At the moment of the `n`-th event."""
        super().__init__(seat, film, n)
        self._reel = Reel(film, self.player.n, self.player.t)
        self._tiles: dict[str, Tile] = {}
        self._panes: bool | None = None
        """Whether the panes are shown; None as there is room."""
        self._evidence = evidence
        self._told: int | None = None
        """The place of the event that is shown whole."""
        self._frame = 0
        self._played = time.monotonic()

    def compose(self) -> ComposeResult:
        """Header, scrubber, list with the event beneath it, the panes, footer."""
        yield RunBar()
        yield Scrubber()
        with Container(id="body"):
            with Vertical(id="trace"):
                yield TraceList()
                yield TextPane(id="event", limit=_LONGEST_EVENT)
            with Vertical(id="stage"):
                yield Rail()
                yield Container(id="tiles")
        yield KeyLine()

    def on_mount(self) -> None:
        """Has a clock of its own, which is the only one that goes on in a replay."""
        self.query_one("#event", TextPane).can_focus = False
        self.sift()
        self.set_interval(1 / FPS, self._next_frame)

    def _next_frame(self) -> None:
        now = time.monotonic()
        seconds, self._played = now - self._played, now
        if not self.is_current:
            return
        player, film, events = self.player, self.film, self.seat.events
        if grown := len(events) > len(film):
            film.extend(events[len(film) :])
            self.sift()
        player.open = self.seat.live
        self._frame += 1
        if player.playing or grown:
            player.play(seconds)
            self.moved()
        else:
            # What a pane says depends on its room, which it has only when it was laid out.
            self._look()

    # What is shown

    def on_resize(self) -> None:
        """Another size has room for other panes."""
        self.moved()
        # Once more when the panes have their sizes.
        self.call_after_refresh(self.moved)

    def moved(self) -> None:
        if not self.is_mounted:
            return  # a key that was quicker than the screen
        player = self.player
        if not self._reel.reaches(player.n, player.t):
            self._reel = Reel(self.film, player.n, player.t)
        self._reel.forward(player.n, player.t)
        self._arrange()
        self.query_one(RunBar).look(self._reel, "replay ")
        self.query_one(Rail).look(self._reel, self.selected)
        self._look()
        for tile in self._tiles.values():
            if tile.display:
                tile.head(self._reel)
        self._scrub()
        self._list()
        if not player.playing or self._frame % _EVENT_EVERY == 0:
            self._tell_event()

    def _look(self) -> None:
        for tile in self._tiles.values():
            if tile.display:
                tile.look(self._reel)

    def _arrange(self) -> None:
        """Makes panes of all there were then, and shows those that there is room for."""
        width, height = self.size
        small = width < NARROW or height < LOW
        panes = self._panes if self._panes is not None else not small
        self.set_class(small, "-small")
        self.set_class(panes, "-panes")
        self.set_class(not panes, "-bare")
        spokes = self._reel.state.spokes
        owners = [COORDINATOR, *spokes]
        self._make(owners)
        rail = 0 if small else min(len(owners) + 2, height // 3)
        columns = 1 if small else max(1, width // 2 // TILE_WIDTH)
        rows = 1 if columns == 1 else max(1, (height - _FRAME - rail) // TILE_HEIGHT)
        rows = min(rows, ceil(len(owners) / columns))
        self.query_one(TraceList).styles.height = _LIST if small else None
        self.query_one(Rail).styles.height = rail
        grid = self.query_one("#tiles").styles
        grid.grid_size_columns, grid.grid_size_rows = columns, rows
        selected = owners.index(self.selected) if self.selected in owners else 0
        first = selected // (columns * rows) * columns * rows
        shown = owners[first : first + columns * rows]
        for id, tile in self._tiles.items():
            tile.display = panes and id in shown
            tile.set_class(id == owners[selected], "-selected")

    def _make(self, owners: list[str]) -> None:
        for number, id in enumerate(owners):
            tile = self._tiles.get(id)
            if tile is None:
                tile = self._tiles[id] = Tile(id, number)
                tile.can_focus = False
                self.query_one("#tiles").mount(tile)
            tile.number = number

    def _scrub(self) -> None:
        player, film, sieve = self.player, self.film, self.sieve
        whose = f" of {self._number_of(sieve.owner)}" if sieve.owner else ""
        idle = f" · idle skipped {clock(player.skipped)}" if player.skipped else ""
        failures = tuple(film.time(place) for place in film.failures)
        note = f"filter: {sieve.kind}{whose}{idle}"
        self.query_one(Scrubber).show(
            Playhead(player.t, film.seconds, failures, player.playing, player.speed, note)
        )

    def _number_of(self, id: str) -> str:
        """How a line of the list calls whoever it is about."""
        return str(self.film.spokes.index(id) + 1) if id in self.film.spokes else "H"

    def _list(self) -> None:
        trace = self.query_one(TraceList)
        trace.border_title = Content(f"trace {max(0, self.cursor + 1):,}/{len(self.places):,}")
        trace.show(self.places, self.cursor, self._line)

    def _line(self, place: int) -> Row:
        event = self.film.events[place]
        at, whose, told = clock(self.film.time(place)), self._number_of(owner(event)), row(event)
        return told._replace(text=f"{at:>5} {whose:>2} {told.text}")

    def _tell_event(self) -> None:
        """The event that one is at, from its beginning."""
        if (place := self.place) == self._told and self._told is not None:
            return
        self._told = place
        pane = self.query_one("#event", TextPane)
        pane.clear()
        pane.following = False
        if place is None:
            pane.add(Entry("Nothing of it has happened yet: space plays, → goes to the first event.", "note"))
        else:
            pane.add(*whole(self.film, place, self._evidence))
        pane.scroll_to(y=0, animate=False, force=True, immediate=True)

    # What the keys ask for

    def action_view(self) -> None:
        """With the panes, or with the event in their place."""
        self._panes = not self.has_class("-panes")
        self.moved()
        self.call_after_refresh(self.moved)

    def scrolled(self, lines: int) -> None:
        beside = self.query_one("#event", TextPane)
        if not beside.display:
            beside = self._tiles.get(self.selected, beside)
        beside.scroll_relative(y=lines, animate=False)

    def action_whole(self) -> None:
        """The event alone on the screen."""
        if (place := self.place) is not None:
            title = f"{self._number_of(owner(self.film.events[place]))} {row(self.film.events[place]).text}"
            self.app.push_screen(EventScreen(title, whole(self.film, place, self._evidence)))

    def on_scrubber_sought(self, event: Scrubber.Sought) -> None:
        """A time was clicked."""
        self.player.seek(event.t)
        self.moved()

    def on_trace_list_chosen(self, event: TraceList.Chosen) -> None:
        """An event was clicked."""
        self.go(event.place + 1)
