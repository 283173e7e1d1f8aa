"""The timeline: one bar a spoke over the run's time, so that one sees what ran beside what, and what waited."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING

from textual.content import Content

from tui.safe import safe_line
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessions.spoke_state import AttemptState, SpokeState
    from tui.looks import Look
    from tui.watched import Watched

_TITLE = 18
_NARROWEST = 10
"""Cells of a bar that tells anything."""

_MARKS = "━ at work  ╌ waits  2 second attempt  ✗ failed  ⊘ cancelled  ✓ done"


class Timeline(Rows):
    """A line a spoke; each attempt is a stretch of it. As many as fit around the selected one are shown."""

    DEFAULT_CSS = """
    Timeline { border: round $foreground 30%; border-title-color: $text; border-subtitle-color: $text-muted; }
    """

    _shown: tuple[Watched, str] | None = None

    def on_mount(self) -> None:
        """Names itself, and says what its marks mean."""
        self.border_title = Content("timeline")
        self.border_subtitle = Content(_MARKS)

    def on_resize(self) -> None:
        """The bars have the width there is."""
        if self._shown is not None:
            self.look(*self._shown)

    def look(self, seat: Watched, selected: str) -> None:
        """Draws the run's time so far."""
        self._shown = seat, selected
        spokes = list(seat.state.spokes.values())
        digits = max(2, len(str(len(spokes))))
        height, room = self.size.height, self.size.width - digits - _TITLE - 4
        if room < _NARROWEST or not height:
            return
        at = next((at for at, spoke in enumerate(spokes) if spoke.id == selected), 0)
        top = max(0, min(at - height // 2, len(spokes) - height))
        self.show(
            [
                _row(seat, spoke, f"{number:>{digits}}", room, selected=spoke.id == selected)
                for number, spoke in enumerate(spokes[top : top + height], start=top + 1)
            ]
        )


def _row(seat: Watched, spoke: SpokeState, number: str, room: int, *, selected: bool) -> Content:
    name = Content(safe_line(spoke.title)).truncate(_TITLE, ellipsis=True)
    gap = " " * (_TITLE - name.cell_length + 1)
    lead = Content.assemble(f"{'>' if selected else ' '}{number} ", name, gap)
    return Content.assemble(lead.stylize("reverse") if selected else lead, _bar(seat, spoke, room))


def _bar(seat: Watched, spoke: SpokeState, room: int) -> Content:
    from tui.looks import spoke_look

    whole = max(seat.clock, 1.0)

    def stretch(start: float, end: float) -> slice:
        first = min(room - 1, int(start / whole * room))
        return slice(first, max(first + 1, min(room, round(end / whole * room))))

    cells: list[tuple[str, str]] = [("·", "$text-disabled")] * room
    for attempt in spoke.attempts:
        end = attempt.ended if attempt.ended is not None else seat.clock
        here = stretch(attempt.started, end)
        ended = _ended(attempt)
        style = ended.style if ended else spoke_look(seat, spoke).style
        cells[here] = [("━", style)] * (here.stop - here.start)
        for start, until in _waits(attempt, end):
            waits = stretch(start, until)
            cells[waits] = [("╌", "$warning")] * (waits.stop - waits.start)
        if attempt.number > 1:
            cells[here.start] = (str(attempt.number)[-1], style)
        if ended:
            cells[here.stop - 1] = (ended.glyph, style)
    return Content.assemble(*cells)


def _ended(attempt: AttemptState) -> Look | None:
    """How an attempt that came to its end looks."""
    from sessions.failures import FailureKind
    from tui.looks import CANCELLED, DONE, FAILED

    if attempt.failure is not None:
        return CANCELLED if attempt.failure.kind is FailureKind.CANCELLED else FAILED
    return DONE if attempt.finished else None


def _waits(attempt: AttemptState, end: float) -> Iterator[tuple[float, float]]:
    """When an attempt waited for its next try, until it went on or ended."""
    for entry, following in pairwise(chain(attempt.log, (None,))):
        if entry is not None and entry.kind == "try_failed":
            yield entry.t, min(entry.t + entry.wait_s, following.t if following else end)
    if attempt.wait is not None:
        yield attempt.wait.since, min(attempt.wait.until, end)
