"""Where to look in a run: which pane is selected, and in which view."""

from __future__ import annotations

from string import digits
from typing import TYPE_CHECKING

from textual import events, getters
from textual.reactive import Reactive, var
from textual.screen import Screen

from tui.narrow import NarrowCompositor
from tui.typed_app import app_type
from tui.widgets.tile import HUB, Tile

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.seat import Seat

PANES = ("tiles", "focus")
"""The views in which what a spoke says is on the screen."""

_FRAME = 6
"""Lines around the table, and one that was seen before."""


class RunLooking(Screen[None]):
    """A screen with panes of a run, one of which is selected. What it shows is its subclass's."""

    app = getters.app(app_type)
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As every screen's, but a move of the keys paints the panes that it concerns, and not the whole screen."""

    # `var`, not `reactive`, which would paint the whole screen anew: the panes that change are painted.
    selected: var[str] = var(HUB)
    view: var[str] = var("tiles")
    words: var[str] = var("")
    """What the titles of the spokes in the table have to have; empty for all."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()
        self.seat: Seat | None = None
        self.tiles: dict[str, Tile] = {}
        """Every pane by its spoke, the coordinator's first."""
        self.typed = ""
        """`g` and the digits of a pane's number, while one is typed."""

    def _compositor_refresh(self) -> None:
        asked = self._repaint_required
        super()._compositor_refresh()
        # Behind another screen the library asks at each painting for the next one: it would never end.
        self._repaint_required = asked

    def tell(self, text: str, style: str = "") -> None:
        """Says something in passing."""
        raise NotImplementedError

    def views(self) -> tuple[str, ...]:
        """The views that differ from each other on a screen of this size."""
        raise NotImplementedError

    def columns(self) -> int:
        """How many panes stand side by side."""
        raise NotImplementedError

    def beside(self, across: int, down: int) -> str:
        """The node of the graph that a step leads to."""
        raise NotImplementedError

    @property
    def tile(self) -> Tile | None:
        """The selected pane."""
        return self.tiles.get(self.selected)

    @property
    def ids(self) -> list[str]:
        """The panes that one goes through, in the plan's order, the coordinator's first."""
        from tui.widgets.rail import titled

        if not self.words or self.seat is None:
            return list(self.tiles)
        return [HUB, *(id for _, id in titled(self.seat.state, self.words))]

    def action_move(self, by: int) -> None:
        """To another pane in their order, round the end, the coordinator's among them."""
        ids = self.ids
        self.selected = ids[(ids.index(self.selected) + by) % len(ids)] if self.selected in ids else HUB

    def action_aside(self, by: int) -> None:
        """To the pane beside this one; in the graph along a line."""
        if self.view == "graph":
            self.selected = self.beside(by, 0)
        else:
            self.action_move(by)

    def action_row(self, by: int) -> None:
        """To the pane below or above; from the first row to the coordinator."""
        if self.view == "graph":
            self.selected = self.beside(0, by)
            return
        at = self.ids.index(self.selected) if self.selected in self.ids else 0
        self._step(by * self.columns() if at or by < 0 else by)

    def action_screenful(self, by: int) -> None:
        """Many panes further, or back."""
        self._step(by * max(1, self.size.height - _FRAME))

    def action_last(self) -> None:
        """To the last pane."""
        self.selected = self.ids[-1]

    def _step(self, by: int) -> None:
        """So many panes on in their order, at most to an end."""
        ids = self.ids
        at = ids.index(self.selected) if self.selected in ids else 0
        self.selected = ids[max(0, min(at + by, len(ids) - 1))]

    def action_jump(self, number: int) -> None:
        """To the pane of that number."""
        ids = list(self.tiles)
        if number < len(ids):
            self.selected = ids[number]
        else:
            self.tell(f"there is no pane {number}", "$warning")

    def action_go_to(self) -> None:
        """Asks for a number of as many digits as there may be."""
        self.typed = "g"
        self.tell("pane: type its number, then enter")

    def go_to(self, event: events.Key) -> None:
        """Takes a key of a number that is typed."""
        digit = event.character if event.character and event.character in digits else ""
        self.typed += digit
        self.tell(f"pane: {self.typed[1:]}")
        if digit and len(self.typed) <= max(2, len(str(len(self.tiles) - 1))):
            return
        typed, self.typed = self.typed[1:], ""
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

    def action_view(self, view: str = "") -> None:
        """That view of the run; without a name the next one, and round again."""
        views = self.views()
        following = views[(views.index(self.view) + 1) % len(views)] if self.view in views else views[0]
        self.view = view or following
        self.tell(f"view: {self.view}")

    def action_back(self) -> None:
        """Back to all spokes in the table, then to all panes."""
        if self.words:
            self.words = ""
        else:
            self.view = "tiles"

    def action_follow(self) -> None:
        """Follows the stream again, after one scrolled up."""
        if self.tile is not None:
            self.tile.follow()

    def action_find(self) -> None:
        """Asks for words to find in the selected pane; where no pane is shown, for words of titles."""
        from tui.screens.prompt import PromptScreen

        def found(words: str | None) -> None:
            if words and self.tile is not None and not self.tile.find(words, back=True):
                self.tell(f"“{words}” is not in this pane", "$warning")

        def sifted(words: str | None) -> None:
            if words is not None:
                self._sift(words.strip())

        if self.view in PANES:
            self.app.push_screen(PromptScreen("Find in this pane"), found)
        else:
            self.app.push_screen(PromptScreen("Spokes with these words in the title", self.words), sifted)

    def _sift(self, words: str) -> None:
        """Goes to a spoke with these words, where there is one; the table shows such spokes alone."""
        from tui.widgets.rail import titled

        if self.seat is None or not (found := [id for _, id in titled(self.seat.state, words)]):
            self.tell(f"no spoke has “{words}” in its title", "$warning")
            return
        if self.selected not in found:
            self.selected = found[0]
        self.words = words if self.view == "table" else ""

    def watch_selected(self) -> None:
        """Whatever is gone to is shown."""
        if self.selected not in self.ids:
            self.words = ""

    def watch_view(self) -> None:
        """The words are the table's."""
        self.words = ""
