"""The timeline: one bar a spoke over the run's time, so that one sees what ran beside what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.safe import safe_line

if TYPE_CHECKING:
    from sessions.state import SpokeState
    from tui.watched import Watched

_NAME = 22


class Timeline(Static):
    """A line a spoke; each attempt is a stretch of it, the red one failed."""

    DEFAULT_CSS = """
    Timeline {
        border: round $foreground 30%; border-title-color: $text;
        text-wrap: nowrap; text-overflow: clip;
    }
    """

    _seat: Watched | None = None

    def on_mount(self) -> None:
        """Names itself."""
        self.border_title = Content("timeline")

    def on_resize(self) -> None:
        """The bars have the width there is."""
        if self._seat is not None:
            self.look(self._seat)

    def look(self, seat: Watched) -> None:
        """Draws the run's time so far."""
        self._seat = seat
        room = self.size.width - _NAME - 1
        if room < 10:
            return
        whole = max(seat.clock, 1.0)
        rows = [
            Content.assemble(
                f"{number:>2} ", Content(f"{safe_line(spoke.title, 18):<19}"), _bar(seat, spoke, room, whole)
            )
            for number, spoke in enumerate(seat.state.spokes.values(), start=1)
        ]
        # Not `auto`: lines as wide as the screen was would be counted twice before they are drawn anew.
        self.styles.height = len(rows) + 2
        self.update(Content("\n").join(rows))


def _bar(seat: Watched, spoke: SpokeState, room: int, whole: float) -> Content:
    from tui.looks import spoke_look

    cells: list[tuple[str, str]] = [("·", "$text-disabled")] * room
    for attempt in spoke.attempts:
        end = attempt.ended if attempt.ended is not None else seat.clock
        first = min(room - 1, int(attempt.started / whole * room))
        last = max(first + 1, min(room, round(end / whole * room)))
        style = "$error" if attempt.failure else spoke_look(seat, spoke).style
        cells[first:last] = [("━", style)] * (last - first)
        if attempt.failure:
            cells[last - 1] = ("✗", style)
    return Content.assemble(*cells)
