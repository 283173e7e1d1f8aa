"""The run's keys: what to take along, and what to ask of the engine; where to look is `run_looking`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType

from tui.mends import ASKED_FOR, mend
from tui.screens.run_looking import RunLooking
from tui.wish import What, Wish

if TYPE_CHECKING:
    from sessions.failures import Failure

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


class RunKeys(RunLooking):
    """The keys of a screen with panes of a run. What it shows is its subclass's."""

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
        Binding("G", "view('graph')", "graph of the run", show=False, id="run.graph"),
        Binding("T", "view('timeline')", "timeline of the run", show=False, id="run.timeline"),
        Binding("Z", "fold", "fold what is done, or open it", show=False, id="run.fold"),
        Binding("s", "app.sessions", "sessions", show=False, id="run.sessions"),
        Binding("A", "app.ask", "another question", show=False, id="run.ask"),
        Binding("f", "follow", "follow the stream", show=False, id="run.follow"),
        Binding("slash", "find", "find in the pane, or spokes by title", show=False, id="run.find"),
        Binding("y", "copy", "copy the pane", show=False, id="run.copy"),
        Binding("Y", "copy_error", "copy the error as JSON", show=False, id="run.copy_error"),
        Binding("w", "write", "write the pane to a file", show=False, id="run.write"),
        Binding("tab", "move(1)", "next pane", show=False, id="run.next"),
        Binding("shift+tab", "move(-1)", "previous pane", show=False, id="run.previous"),
        Binding("j,down", "row(1)", "pane below", show=False, id="run.below"),
        Binding("k,up", "row(-1)", "pane above", show=False, id="run.above"),
        Binding("l,right", "aside(1)", "pane to the right", show=False, id="run.right"),
        Binding("h,left", "aside(-1)", "pane to the left", show=False, id="run.left"),
        Binding("pagedown", "screenful(1)", "a screenful down", show=False, id="run.screenful_down"),
        Binding("pageup", "screenful(-1)", "a screenful up", show=False, id="run.screenful_up"),
        Binding("end", "last", "last pane", show=False, id="run.last"),
        Binding("H,0,home", "jump(0)", "the coordinator", show=False, id="run.hub"),
        *(Binding(str(n), f"jump({n})", "pane by number", show=False, id=f"run.jump_{n}") for n in range(1, 10)),
        Binding("g", "go_to", "pane by a longer number", show=False, id="run.go_to"),
        Binding("escape", "back", "all panes", show=False, id="run.back"),
        Binding("q", "app.leave", "leave", id="run.leave"),
    ]

    def on_key(self, event: events.Key) -> None:
        """Digits after `g`; and a word on a key that has nothing to do just now."""
        if self.typed:
            event.stop()
            event.prevent_default()
            self.go_to(event)
        elif why := self._why_not(_TIMELY.get(event.key, "")):
            event.stop()
            self.tell(why, "$warning")

    # What to take along

    def action_copy(self) -> None:
        """The pane's text, to the clipboard: a terminal does not say whether it took it."""
        if self.seat is not None:
            self.app.copy_to_clipboard(self._said())
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
        """The pane's text, to a file."""
        from tui.writing import ask_and_write

        if self.seat is not None:
            ask_and_write(self.app, f"hubspoke-{self.seat.run or 'run'}-{self.selected}.txt", self._said())

    def _said(self) -> str:
        """The selected pane's text; it may not have been on the screen yet."""
        if self.tile is None or self.seat is None:
            return ""
        self.tile.look(self.seat)
        return self.tile.plain

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
