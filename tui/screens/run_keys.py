"""The run's keys: where to look, what to take along, and what to ask of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, getters
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from tui.mends import ASKED_FOR, mend
from tui.typed_app import app_type
from tui.widgets.tile import HUB, Tile
from tui.wish import What, Wish

if TYPE_CHECKING:
    from sessions.failures import Failure
    from tui.seat import Seat

_TIMELY: dict[str, str] = {
    "r": "retry",
    "e": "edit",
    "x": "cancel",
    "c": "resume",
    "F": "fork",
    "p": "plan",
    "o": "report",
    "n": "problem",
    "N": "problem",
    "R": "retry_all",
    "X": "stop",
    "D": "diff",
    "K": "key",
    "S": "save",
    "U": "go_unsaved",
}
"""Keys that have something to do only at times: the footer shows them then, and else they say why not."""


class RunKeys(Screen[None]):
    """A screen with panes of a run, one of which is selected. What it shows is its subclass's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "wish('retry')", "retry", id="run.retry"),
        Binding("e", "wish('edit')", "edit brief", id="run.edit"),
        Binding("x", "wish('cancel')", "cancel", id="run.cancel"),
        Binding("c", "wish('resume')", "resume", id="run.resume"),
        Binding("p", "wish('plan')", "plan", id="run.plan"),
        Binding("o", "wish('report')", "report", id="run.report"),
        *(Binding("K", f"another('{what}')", what, id=f"run.{what.replace(' ', '_')}") for what in ASKED_FOR),
        Binding("S", "wish('save')", "save again", id="run.save"),
        Binding("U", "wish('go_unsaved')", "go on unsaved", id="run.go_unsaved"),
        Binding("D", "diff", "diff", id="run.diff"),
        Binding("enter,z", "wish('zoom')", "zoom", id="run.zoom"),
        Binding("t", "wish('trace')", "trace", id="run.trace"),
        Binding("n", "problem(1)", "problem", id="run.next_problem"),
        Binding("N", "problem(-1)", "previous problem", show=False, id="run.previous_problem"),
        Binding("R", "wish('retry_all')", "retry all failed", show=False, id="run.retry_all"),
        Binding("F", "wish('fork')", "fork: a run of its own on this plan", show=False, id="run.fork"),
        Binding("X", "wish('stop')", "stop the run", show=False, id="run.stop"),
        Binding("v", "view", "view", id="run.view"),
        Binding("s", "app.sessions", "sessions", show=False, id="run.sessions"),
        Binding("A", "app.ask", "another question", show=False, id="run.ask"),
        Binding("f", "follow", "follow the stream", show=False, id="run.follow"),
        Binding("slash", "find", "find in the pane", show=False, id="run.find"),
        Binding("y", "copy", "copy the pane", show=False, id="run.copy"),
        Binding("Y", "copy_error", "copy the error as JSON", show=False, id="run.copy_error"),
        Binding("w", "write", "write the pane to a file", show=False, id="run.write"),
        Binding("tab", "move(1)", "next pane", show=False, id="run.next"),
        Binding("shift+tab", "move(-1)", "previous pane", show=False, id="run.previous"),
        Binding("j", "row(1)", "pane below", show=False, id="run.below"),
        Binding("k", "row(-1)", "pane above", show=False, id="run.above"),
        Binding("l", "move(1)", "pane to the right", show=False, id="run.right"),
        Binding("h", "move(-1)", "pane to the left", show=False, id="run.left"),
        Binding("H,0", "jump(0)", "the coordinator", show=False, id="run.hub"),
        *(Binding(str(n), f"jump({n})", "pane by number", show=False, id=f"run.jump_{n}") for n in range(1, 10)),
        Binding("g", "go_to", "pane by a number of two digits", show=False, id="run.go_to"),
        Binding("escape", "back", "all panes", show=False, id="run.back"),
        Binding("q", "app.leave", "leave", id="run.leave"),
    ]

    app = getters.app(app_type)
    selected: reactive[str] = reactive(HUB)
    view: reactive[str] = reactive("tiles")

    def __init__(self) -> None:
        super().__init__()
        self.seat: Seat | None = None
        self.tiles: dict[str, Tile] = {}
        """Every pane by its spoke, the coordinator's first."""
        self._typed = ""
        """`g` and the digits of a pane's number, while one is typed."""

    def tell(self, text: str, style: str = "") -> None:
        """Says something in passing."""
        raise NotImplementedError

    def views(self) -> tuple[str, ...]:
        """The views that differ from each other on a screen of this size."""
        raise NotImplementedError

    def columns(self) -> int:
        """How many panes stand side by side."""
        raise NotImplementedError

    @property
    def tile(self) -> Tile | None:
        """The selected pane."""
        return self.tiles.get(self.selected)

    # Where to look

    def action_move(self, by: int) -> None:
        """To another pane in their order, round the end, the coordinator's among them."""
        ids = list(self.tiles)
        self.selected = ids[(ids.index(self.selected) + by) % len(ids)] if self.selected in ids else HUB

    def action_row(self, by: int) -> None:
        """To the pane below or above; from the first row to the coordinator."""
        ids = list(self.tiles)
        at = ids.index(self.selected) if self.selected in ids else 0
        step = self.columns() if at or by < 0 else 1
        self.selected = ids[max(0, min(at + by * step, len(ids) - 1))]

    def action_jump(self, number: int) -> None:
        """To the pane of that number."""
        ids = list(self.tiles)
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
        if self._typed:
            event.stop()
            event.prevent_default()
            self._go_to(event)
        elif why := self._why_not(_TIMELY.get(event.key, "")):
            event.stop()
            self.tell(why, "$warning")

    def _go_to(self, event: events.Key) -> None:
        digit = event.character if event.character and event.character.isdigit() else ""
        self._typed += digit
        self.tell(f"pane: {self._typed[1:]}")
        if digit and len(self._typed) < 3:
            return
        typed, self._typed = self._typed[1:], ""
        self.tell("")
        if typed and event.key != "escape":
            self.action_jump(int(typed))

    def action_problem(self, by: int) -> None:
        """To the next spoke, or the coordinator, that failed, is parked or is silent."""
        from tui.looks import hub_problem, problem

        assert self.seat is not None
        seat, ids = self.seat, [HUB, *self.seat.state.spokes]
        problems = {id for id, spoke in seat.state.spokes.items() if problem(seat, spoke)}
        if hub_problem(seat):
            problems.add(HUB)
        at = ids.index(self.selected) if self.selected in ids else 0
        others = [ids[(at + by * step) % len(ids)] for step in range(1, len(ids) + 1)]
        self.selected = next((id for id in others if id in problems), self.selected)

    def action_view(self) -> None:
        """The next view of the run, and round again."""
        views = self.views()
        self.view = views[(views.index(self.view) + 1) % len(views)] if self.view in views else views[0]
        self.tell(f"view: {self.view}")

    def action_back(self) -> None:
        """Back to all panes."""
        self.view = "tiles"

    def action_follow(self) -> None:
        """Follows the stream again, after one scrolled up."""
        if self.tile is not None:
            self.tile.follow()

    def action_find(self) -> None:
        """Asks for words to find in the selected pane."""
        from tui.screens.prompt import PromptScreen

        def found(words: str | None) -> None:
            if words and self.tile is not None and not self.tile.find(words, back=True):
                self.tell(f"“{words}” is not in this pane", "$warning")

        self.app.push_screen(PromptScreen("Find in this pane"), found)

    # What to take along

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

    def action_diff(self) -> None:
        """The selected spoke's newest attempt, against the one before it."""
        from tui.screens.attempt_diff import show_diff

        spoke = self.seat.state.spokes.get(self.selected) if self.seat else None
        if self.seat is not None and spoke is not None and spoke.last is not None:
            show_diff(self.app, self.seat.state, spoke, spoke.last)

    # What to ask of the engine

    def action_wish(self, what: What) -> None:
        """Something that the app sees to."""
        self.post_message(Wish(what, self.selected))

    def action_another(self, what: str) -> None:
        """Asks for what mends a run that the server turned away."""
        self.post_message(Wish("key"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What has nothing to do just now is not in the footer."""
        if action == "another":
            stopped = self.seat.state.stopped_by if self.seat else None
            # One key with several names: the others are as if they were not there.
            named = mend(stopped).another if stopped else ASKED_FOR[0]
            return None if self._why_not("key") else parameters[0] == named
        return None if self._why_not(str(parameters[0]) if action == "wish" else action) else True

    def timely(self) -> tuple[str, ...]:
        """The actions that have something to do now, of those that have so only at times."""
        return tuple(action for action in dict.fromkeys(_TIMELY.values()) if not self._why_not(action))

    def _why_not(self, action: str) -> str:
        """Why an action has nothing to do just now; empty when it has."""
        if self.seat is None:
            return "the engine starts" if action in _TIMELY.values() else ""
        from tui.timely import why_not  # after the first paint

        return why_not(self.seat, self.selected, action)
