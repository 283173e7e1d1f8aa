"""The rail: every spoke on a line of its own, with the coordinator first; wide, it is the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.safe import safe_line
from tui.widgets.rows import Rows
from tui.widgets.tile import HUB

if TYPE_CHECKING:
    from sessions.spoke_state import SpokeState
    from sessions.state import RunState
    from tui.looks import Look
    from tui.watched import Watched

_TABLE = 78
"""From this width on there is room for the table's columns."""

_WORDS = 30
"""From here on for a state's word beside the time."""

_BRIEF = len("cancelled")
"""Cells of a state where there is hardly any room."""

_CAME = 56
"""Cells in the table for what came of a spoke: a failure with its request id."""

_TITLE = 28
"""Cells of a title in the table."""


class Rail(Rows):
    """A line a spoke: number, title, state, time; the selected one is marked."""

    DEFAULT_CSS = "Rail { width: 24; height: 1fr; border: round $foreground 30%; border-title-color: $text; }"

    _shown: tuple[Watched, str, str] | None = None
    _titled = ""

    def on_mount(self) -> None:
        """Names itself."""
        self.border_title = Content("spokes")

    def on_resize(self) -> None:
        """The lines have the width there is."""
        if self._shown is not None:
            self.look(*self._shown)

    def look(self, seat: Watched, selected: str, words: str = "") -> None:
        """Shows the spokes as they stand now, as many as fit around the selected one.

        With `words`, only those that have them in their titles.
        """
        self._shown = seat, selected, words
        width, height = self.size.width, self.size.height
        if not width or not height:
            return
        shown = [(0, HUB), *titled(seat.state, words)]
        if (title := _title(seat, len(shown) - 1, words)) != self._titled:
            self._titled = title
            self.border_title = Content(title)
        at = next((at for at, (_, id) in enumerate(shown) if id == selected), 0)
        top = max(0, min(at - height // 2, len(shown) - height))
        digits = max(2, len(str(len(seat.state.spokes))))
        self.show([_line(seat, width, digits, *one, one[1] == selected) for one in shown[top : top + height]])


def titled(state: RunState, words: str) -> list[tuple[int, str]]:
    """Number and id of the spokes whose titles have these words, in any case and order; of all without words."""
    wanted = words.casefold().split()
    return [
        (number, id)
        for number, (id, spoke) in enumerate(state.spokes.items(), start=1)
        if not wanted or all(word in spoke.title.casefold() for word in wanted)
    ]


def _title(seat: Watched, shown: int, words: str) -> str:
    return f"spokes with “{safe_line(words, 30)}”: {shown} of {len(seat.state.spokes)}" if words else "spokes"


def _line(seat: Watched, width: int, digits: int, number: int, id: str, selected: bool) -> Content:
    from tui.looks import clock, run_look

    if id != HUB:
        return _spoke_row(seat, width, f"{number:>{digits}}", id, selected)
    time = clock(seat.clock)
    lead = f"{'H':>{digits}}"
    return _row(width, lead, "coordinator", run_look(seat), time, hub_brief(seat, time), "", selected)


def hub_brief(seat: Watched, time: str) -> str:
    """What is said of the coordinator where there is hardly any room: how long it waits, or has run."""
    from tui.looks import countdown, held, silence

    still = held(seat)
    if still is None:
        return time
    left = countdown(seat, still)
    return f"in {left}" if left else f"{silence(seat, still)}s"


def spoke_brief(seat: Watched, spoke: SpokeState) -> tuple[Look, str]:
    """How a spoke looks, and what is said of it where there is hardly any room: nine cells at most."""
    from tui.looks import DONE, RUNNING, countdown, elapsed, short_kind, silence, spoke_look

    look, last = spoke_look(seat, spoke), spoke.last
    if last and last.failure and spoke.status == "failed":
        look = look._replace(word=short_kind(last.failure))
    if left := countdown(seat, spoke):
        return look, f"in {left}"
    if silent := silence(seat, spoke):
        return look, f"{silent}s"
    return look, elapsed(seat, spoke) if look in (RUNNING, DONE) else safe_line(look.word, _BRIEF)


def _spoke_row(seat: Watched, width: int, number: str, id: str, selected: bool) -> Content:
    from sessions.words import NO_PLACE
    from tui.looks import cost, countdown, counted, elapsed, failure_line, model_name, tokens, waiting

    spoke = seat.state.spokes[id]
    look, brief = spoke_brief(seat, spoke)
    last = spoke.last
    time = "" if width < _TABLE and countdown(seat, spoke) else elapsed(seat, spoke)
    more: list[str] = []
    if last is not None:
        failure = last.failure if spoke.status == "failed" else None
        held = waiting(seat, spoke)
        came = failure_line(failure) if failure else (held.why or NO_PLACE) if held else ""
        if last.finished:
            came = counted(len(last.finished.findings), "finding")
        # What one can do without comes last: a narrow table ends before it.
        more = [
            f"{tokens(last.usage.tokens):>6} tok",
            f"{cost(seat.state, last.usage):>6}",
            f"att. {last.number}",
            f"{came:<{_CAME}}",
            model_name(last.model),
        ]
    return _row(width, number, spoke.title, look, time, brief, "  ".join(more), selected)


def _row(
    width: int, number: str, title: str, look: Look, time: str, brief: str, more: str, selected: bool
) -> Content:
    """One line of exactly the rail's width: the title gets what the state leaves.

    Where there is no room for the state's word and its time, the glyph and `brief` tell both.
    """
    if width >= _TABLE:
        room = max(0, width - _TITLE - 30)
        state = f"{look.glyph} {look.word:<14.14} {time:>6}  {more:<{room}.{room}}"
    elif width >= _WORDS:
        state = f"{look.glyph} {safe_line(look.word, 14)} {time}".rstrip()
    else:
        state = f"{look.glyph} {brief}"
    lead = f"{'>' if selected else ' '}{number} "
    name = Content(safe_line(title)).truncate(max(4, width - len(lead) - len(state) - 1), ellipsis=True)
    gap = " " * max(1, width - len(lead) - name.cell_length - len(state))
    line = Content.assemble(lead, name, gap, (state, look.style))
    return line.stylize("reverse") if selected else line
