"""The scrubber: a film's time as a line, where one is on it and where something failed."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


@dataclass(frozen=True)
class Playhead:
    """What the scrubber shows. Times are seconds of the run."""

    t: float
    seconds: float
    failures: tuple[float, ...]
    playing: bool
    speed: float
    note: str
    """What is filtered, what was skipped."""


class Scrubber(Static):
    """One line. A click on its bar goes to that time."""

    DEFAULT_CSS = "Scrubber { height: 1; background: $panel; color: $text; padding: 0 1; text-wrap: nowrap; }"

    class Sought(Message):
        """A time was chosen."""

        def __init__(self, t: float) -> None:
            super().__init__()
            self.t = t

    def __init__(self) -> None:
        super().__init__()
        self._head: Playhead | None = None
        self._first = self._room = 0
        """Where the bar begins, and how many cells it has."""

    def on_resize(self) -> None:
        """The bar has the width there is."""
        if self._head is not None:
            self.show(self._head)

    def show(self, head: Playhead) -> None:
        """Draws the line anew."""
        from tui.looks import clock  # after the first paint

        self._head = head
        glyph, style = ("▶", "$success") if head.playing else ("⏸", "$text-muted")
        before = Content.assemble((f"{glyph} ", style), f"{clock(head.t):>{len(clock(head.seconds))}} ")
        after = Content(f" {clock(head.seconds)}  {head.speed:g}×  {head.note}")
        self._first = 1 + before.cell_length
        self._room = max(4, self.size.width - before.cell_length - after.cell_length)
        self.update(Content.assemble(before, self._bar(head), after))

    def _bar(self, head: Playhead) -> Content:
        def cell(t: float) -> int:
            return round(t / head.seconds * (self._room - 1)) if head.seconds else 0

        at = cell(head.t)
        cells = [("━", "$primary" if place < at else "$text-disabled") for place in range(self._room)]
        for t in head.failures:
            cells[cell(t)] = ("✗", "bold $error")
        cells[at] = ("●", "bold $error" if cells[at][0] == "✗" else "bold $accent")
        return Content.assemble(*cells)

    def on_click(self, event: events.Click) -> None:
        """To the time that was clicked."""
        place = event.x - self._first
        if self._head is not None and 0 <= place < self._room:
            self.post_message(self.Sought(place / max(1, self._room - 1) * self._head.seconds))
