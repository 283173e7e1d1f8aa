"""The run: the coordinator and every spoke side by side, live, and the keys that steer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer

from tui.layout import Layout, layout
from tui.typed_app import app_type
from tui.widgets.rail import Rail
from tui.widgets.run_bar import Coordinator, EventLine, RunBar
from tui.widgets.tile import HUB, Tile
from tui.widgets.timeline import Timeline
from tui.wish import Wish

if TYPE_CHECKING:
    from sessions.events import AnyEvent
    from sessions.failures import Failure
    from tui.seat import Seat

FLUSH_HZ = 40
GROUPS = 4
"""Panes are looked at in turn, a group a tick: ten times a second each, and every tick is short."""

VIEWS = ("tiles", "focus", "table")

_STEERS = {
    "r": "retry",
    "e": "edit",
    "x": "cancel",
    "c": "resume",
    "p": "plan",
    "o": "report",
    "n": "problem",
    "N": "problem",
    "R": "retry_all",
    "X": "stop",
}
"""Keys that have something to do only at times."""


class RunScreen(Screen[None]):
    """One run as it is told. It only looks at the seat, and asks the app for what a person wants."""

    CSS = """
    RunScreen #stage { width: 1fr; }
    RunScreen #tiles { layout: grid; height: 1fr; grid-gutter: 0; }
    RunScreen.-table Rail { width: 1fr; }
    RunScreen.-table #stage { display: none; }
    RunScreen.-single Coordinator, RunScreen.-single Timeline { display: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "retry", "retry", id="run.retry"),
        Binding("e", "edit", "edit brief", id="run.edit"),
        Binding("x", "cancel", "cancel", id="run.cancel"),
        Binding("c", "resume", "resume", id="run.resume"),
        Binding("p", "plan", "plan", id="run.plan"),
        Binding("enter,z", "zoom", "zoom", id="run.zoom"),
        Binding("n", "problem(1)", "problem", id="run.next_problem"),
        Binding("N", "problem(-1)", "previous problem", show=False, id="run.previous_problem"),
        Binding("R", "retry_all", "retry all failed", show=False, id="run.retry_all"),
        Binding("X", "stop", "stop the run", show=False, id="run.stop"),
        Binding("o", "report", "report", id="run.report"),
        Binding("s", "app.sessions", "sessions", show=False, id="run.sessions"),
        Binding("v", "view", "view", id="run.view"),
        Binding("f", "follow", "follow", show=False, id="run.follow"),
        Binding("slash", "find", "find", show=False, id="run.find"),
        Binding("y", "copy", "copy pane", show=False, id="run.copy"),
        Binding("Y", "copy_error", "copy error", show=False, id="run.copy_error"),
        Binding("w", "write", "write pane to a file", show=False, id="run.write"),
        Binding("j,tab", "move(1)", "next pane", show=False, id="run.next"),
        Binding("k,shift+tab", "move(-1)", "previous pane", show=False, id="run.previous"),
        Binding("l", "column(1)", "pane to the right", show=False, id="run.right"),
        Binding("h", "column(-1)", "pane to the left", show=False, id="run.left"),
        Binding("H,0", "select('hub')", "coordinator", show=False, id="run.hub"),
        *(Binding(str(n), f"jump({n})", f"pane {n}", show=False, id=f"run.jump_{n}") for n in range(1, 10)),
        Binding("g", "go_to", "pane by number", show=False, id="run.go_to"),
        Binding("escape", "back", "back", show=False, id="run.back"),
        Binding("q", "app.leave", "leave", id="run.leave"),
    ]

    app = getters.app(app_type)
    selected: reactive[str] = reactive(HUB)
    view: reactive[str] = reactive("tiles")

    def __init__(self) -> None:
        super().__init__()
        self.seat: Seat | None = None
        self._tiles: dict[str, Tile] = {}
        self._layout = Layout(0, 0, 1, 1)
        self._page = 0
        self._tick = 0
        self._seen = -1
        self._offered: tuple[str, ...] = ()
        """What cannot be done just now, as the footer knows it."""
        self._typed = ""
        """Digits of a pane's number, while one is typed after `g`."""

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
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begins to look at the seat, once there is one."""
        self._tiles[HUB] = self.query_one(Tile)
        self.query_one(EventLine).tell("" if self.seat else "starting the engine …")
        self.set_interval(1 / FLUSH_HZ, self._flush)
        self.set_interval(1.0, self._second)

    def sit(self, seat: Seat) -> None:
        """Shows this run from now on."""
        self.seat = seat
        self._seen = -1
        self.tell("")

    def happened(self, event: AnyEvent) -> None:
        """Hears of an event."""
        if self.is_mounted:
            self.query_one(EventLine).happened(event)

    def tell(self, text: str, style: str = "") -> None:
        """Says something on the event line."""
        if self.is_mounted:
            self.query_one(EventLine).tell(text, style)

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
        for number, tile in enumerate(self._tiles.values()):
            if number % GROUPS == self._tick and tile.display:
                tile.look(seat)

    def _second(self) -> None:
        """The one clock: what counts seconds is drawn anew."""
        seat = self.seat
        if seat is None or not seat.live or not self.is_current:
            return
        self._chrome()
        for tile in self._tiles.values():
            if tile.display:
                tile.head(seat)

    def _chrome(self) -> None:
        assert self.seat is not None
        self.query_one(RunBar).look(self.seat)
        self.query_one(Rail).look(self.seat, self.selected)
        if not self.has_class("-single"):
            self.query_one(Coordinator).look(self.seat)
            self.query_one(Timeline).look(self.seat)
        offered = tuple(action for action in _STEERS.values() if self._why_not(action))
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def _arrange(self) -> None:
        """Makes the panes those of the plan and puts them where this size has room for them."""
        if self.seat is None:
            return
        spokes = list(self.seat.state.spokes)
        if [id for id in self._tiles if id != HUB] != spokes:
            self._make(spokes)
        focus = self.view == "focus"
        self._layout = found = layout(self.size.width, self.size.height, len(spokes), focus=focus)
        single = found.page == 1 and (focus or found.rail > 0)
        self.set_class(single, "-single")
        self.set_class(self.view == "table", "-table")
        self.query_one(Rail).styles.width = None if self.view == "table" else found.rail
        self.query_one(Rail).display = bool(found.rail) or self.view == "table"
        self.query_one(Timeline).display = bool(found.timeline)
        grid = self.query_one("#tiles").styles
        grid.grid_size_columns, grid.grid_size_rows = found.columns, found.rows
        if self.selected in spokes:
            self._page = spokes.index(self.selected) // found.page
        self._page = min(self._page, max(0, (len(spokes) - 1) // found.page))
        shown = set(spokes[self._page * found.page : (self._page + 1) * found.page])
        if single or not spokes:
            shown = {self.selected}
        for id, tile in self._tiles.items():
            tile.display = id in shown
        self.call_after_refresh(self._focus)

    def _make(self, spokes: list[str]) -> None:
        """Panes for these spokes, in this order; those that stay keep what they show."""
        for id in [id for id in self._tiles if id != HUB and id not in spokes]:
            self._tiles.pop(id).remove()
        hub = self._tiles[HUB]
        grid = self.query_one("#tiles")
        kept = {id: self._tiles.get(id) for id in spokes}
        self._tiles = {HUB: hub}
        for number, id in enumerate(spokes, start=1):
            tile = kept[id]
            if tile is None:
                tile = Tile(id, number)
                grid.mount(tile)
            tile.number = number
            self._tiles[id] = tile
        grid.sort_children(key=lambda child: child.number if isinstance(child, Tile) else 0)
        if self.selected not in self._tiles or self.selected == HUB:
            self.selected = spokes[0] if spokes and self.view != "focus" else HUB

    def on_resize(self) -> None:
        """Another size has another layout."""
        self._arrange()
        self.call_after_refresh(self._redraw)

    def _redraw(self) -> None:
        if self.seat is not None:
            self._chrome()

    def watch_view(self) -> None:
        """Another view of the same run."""
        if self.is_mounted:
            self.on_resize()

    def watch_selected(self) -> None:
        """Another pane has the keys."""
        if self.seat is not None and self.is_mounted:
            self._arrange()
            self._redraw()

    def _focus(self) -> None:
        tile = self._tiles.get(self.selected)
        if tile is not None and tile.display and self.is_current:
            tile.focus(scroll_visible=False)
        elif self.view == "table":
            self.set_focus(None)

    def on_descendant_focus(self) -> None:
        """A pane that was clicked is the selected one."""
        if isinstance(self.focused, Tile):
            self.selected = self.focused.spoke

    @property
    def tile(self) -> Tile | None:
        """The selected pane."""
        return self._tiles.get(self.selected)

    # Keys: where to look

    def action_move(self, by: int) -> None:
        """To the next pane, the coordinator's among them."""
        ids = list(self._tiles)
        self.selected = ids[(ids.index(self.selected) + by) % len(ids)] if self.selected in ids else HUB

    def action_column(self, by: int) -> None:
        """To the pane beside."""
        self.action_move(by)

    def action_select(self, spoke: str) -> None:
        """To that pane."""
        self.selected = spoke

    def action_jump(self, number: int) -> None:
        """To the pane of that number."""
        ids = list(self._tiles)
        if number < len(ids):
            self.selected = ids[number]
        else:
            self.tell(f"there is no pane {number}", "$warning")

    def action_go_to(self) -> None:
        """Asks for a number of one or two digits."""
        self._typed = "g"
        self.tell("pane: type its number, then enter")

    def on_key(self, event: events.Key) -> None:
        """Digits after `g`; and a word on a key that has nothing to do just now."""
        if not self._typed:
            action = _STEERS.get(event.key, "")
            if why := self._why_not(action):
                self.tell(why, "$warning")
            return
        event.stop()
        event.prevent_default()
        if event.character and event.character.isdigit():
            self._typed += event.character
            self.tell(f"pane: {self._typed[1:]}")
        if len(self._typed) == 3 or not (event.character and event.character.isdigit()):
            typed, self._typed = self._typed[1:], ""
            if typed and event.key != "escape":
                self.action_jump(int(typed))

    def action_problem(self, by: int) -> None:
        """To the next spoke that failed or is silent."""
        assert self.seat is not None
        problems, ids = self._problems(), list(self.seat.state.spokes)
        at = ids.index(self.selected) if self.selected in ids else -1 if by > 0 else 0
        others = [ids[(at + by * step) % len(ids)] for step in range(1, len(ids) + 1)]
        self.selected = next(id for id in others if id in problems)

    def _problems(self) -> set[str]:
        """The spokes that failed or are silent."""
        from tui.looks import FAILED, STALLED, spoke_look

        if self.seat is None:
            return set()
        bad = (FAILED.glyph, STALLED.glyph)
        return {id for id, spoke in self.seat.state.spokes.items() if spoke_look(self.seat, spoke).glyph in bad}

    def action_view(self) -> None:
        """Tiles, one pane, table, and round again."""
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        self.tell(f"view: {self.view}")

    def action_follow(self) -> None:
        """Follows the stream again, after one scrolled up."""
        if self.tile is not None:
            self.tile.follow()

    def action_zoom(self) -> None:
        """The selected pane, whole."""
        self.post_message(Wish("zoom", self.selected))

    def action_back(self) -> None:
        """Back from one pane to all of them."""
        if self.view != "tiles":
            self.view = "tiles"

    def action_find(self) -> None:
        """Asks for words to find in the selected pane."""
        from tui.screens.prompt import PromptScreen

        def found(words: str | None) -> None:
            if words and self.tile is not None and not self.tile.find(words, back=True):
                self.tell(f"{words!r} is not in this pane", "$warning")

        self.app.push_screen(PromptScreen("Find in this pane"), found)

    # Keys: what to take along

    def action_copy(self) -> None:
        """The pane's text, to the clipboard: a terminal does not say whether it took it."""
        if self.tile is not None:
            self.app.copy_to_clipboard(self.tile.plain)
            self.tell("sent to the clipboard; w writes it to a file")

    def action_copy_error(self) -> None:
        """The selected spoke's failure as JSON, to the clipboard."""
        failure = self._failure()
        if failure is None:
            self.tell("this pane has no error", "$warning")
            return
        self.app.copy_to_clipboard(failure.model_dump_json(indent=2))
        self.tell("the error was sent to the clipboard as JSON")

    def action_write(self) -> None:
        """The pane's text, to a file in the working directory."""
        from tui.writing import write_text

        if self.tile is not None and self.seat is not None:
            self.tell(write_text(f"hubspoke-{self.seat.run or 'run'}-{self.selected}.txt", self.tile.plain))

    def _failure(self) -> Failure | None:
        spoke = self.seat.state.spokes.get(self.selected) if self.seat else None
        return spoke.last.failure if spoke and spoke.last else None

    # Keys: steering

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what can be done now."""
        return not self._why_not(action)

    def _why_not(self, action: str) -> str:
        """Why an action has nothing to do just now; empty when it has."""
        seat = self.seat
        if seat is None:
            return "the engine starts" if action in _STEERS.values() else ""
        state, spoke = seat.state, seat.state.spokes.get(self.selected)
        match action:
            case "retry" | "edit" if spoke is None or spoke.status not in ("failed", "cancelled"):
                return "only a spoke that failed or was cancelled is retried"
            case "cancel" if spoke is None or spoke.status not in ("queued", "running") or not seat.live:
                return "only a spoke that runs or waits is cancelled"
            case "retry_all" if not any(spoke.status == "failed" for spoke in state.spokes.values()):
                return "no spoke has failed"
            case "report" if state.report is None:
                return "there is no report yet"
            case "plan" if state.status != "waiting" or not seat.live:
                return "no plan waits for you"
            case "resume" if seat.live:
                return "the run is live; there is nothing to resume"
            case "resume" if state.status == "done":
                return "the run is finished; there is nothing to resume"
            case "stop" if not seat.live:
                return "the run is not live"
            case "problem" if not self._problems():
                return "no problems"
            case _:
                return ""

    def action_report(self) -> None:
        """The report."""
        self.post_message(Wish("report"))

    def action_plan(self) -> None:
        """The plan that waits."""
        self.post_message(Wish("plan"))

    def action_resume(self) -> None:
        """Goes on with the run, where nobody works on it."""
        self.post_message(Wish("resume"))

    def action_retry_all(self) -> None:
        """Another attempt on every spoke that failed."""
        self.post_message(Wish("retry_all"))

    def action_stop(self) -> None:
        """Stops the run, after asking."""
        self.post_message(Wish("stop"))

    def action_retry(self) -> None:
        """Another attempt on the selected spoke."""
        self.post_message(Wish("retry", self.selected))

    def action_edit(self) -> None:
        """Another attempt on the selected spoke, on an edited brief."""
        self.post_message(Wish("edit", self.selected))

    def action_cancel(self) -> None:
        """Gives the selected spoke up."""
        self.post_message(Wish("cancel", self.selected))
