"""The rail: every spoke on a line of its own, with the coordinator first; wide, it is the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.safe import safe_line
from tui.widgets.tile import HUB

if TYPE_CHECKING:
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


class Rail(Static):
    """A line a spoke: number, title, state, time; the selected one is marked."""

    DEFAULT_CSS = """
    Rail {
        width: 24; height: 1fr; border: round $foreground 30%; border-title-color: $text;
        text-wrap: nowrap; text-overflow: clip;
    }
    """

    _shown: tuple[Watched, str] | None = None

    def on_mount(self) -> None:
        """Names itself."""
        self.border_title = Content("spokes")

    def on_resize(self) -> None:
        """The lines have the width there is."""
        if self._shown is not None:
            self.look(*self._shown)

    def look(self, seat: Watched, selected: str) -> None:
        """Shows the spokes as they stand now, as many as fit around the selected one."""
        from tui.looks import clock, run_look

        self._shown = seat, selected
        width, height = self.size.width, self.size.height
        if not width or not height:
            return
        ids = list(seat.state.spokes)
        time = clock(seat.clock)
        rows = [_row(width, "H", "coordinator", run_look(seat), time, _hub_brief(seat, time), "", selected == HUB)]
        rows += [_spoke_row(seat, width, number, id, id == selected) for number, id in enumerate(ids, start=1)]
        at = 1 + ids.index(selected) if selected in ids else 0
        top = max(0, min(at - height // 2, len(rows) - height))
        self.update(Content("\n").join(rows[top : top + height]))


def _hub_brief(seat: Watched, time: str) -> str:
    """What the coordinator's row says where there is hardly any room: how long it waits, or has run."""
    from tui.looks import countdown, held, silence

    still = held(seat)
    if still is None:
        return time
    left = countdown(seat, still)
    return f"in {left}" if left else f"{silence(seat, still)}s"


def _spoke_row(seat: Watched, width: int, number: int, id: str, selected: bool) -> Content:
    from tui.looks import (
        DONE,
        RUNNING,
        cost,
        countdown,
        counted,
        elapsed,
        failure_line,
        model_name,
        short_kind,
        silence,
        spoke_look,
        tokens,
        waiting,
    )

    spoke = seat.state.spokes[id]
    look, last, time = spoke_look(seat, spoke), spoke.last, elapsed(seat, spoke)
    left = countdown(seat, spoke)
    failure = last.failure if last and spoke.status == "failed" else None
    if failure is not None:
        look = look._replace(word=short_kind(failure))
    brief = time if look in (RUNNING, DONE) else safe_line(look.word, _BRIEF)
    if left:
        brief = f"in {left}"
        time = time if width >= _TABLE else ""
    elif silent := silence(seat, spoke):
        brief = f"{silent}s"
    more: list[str] = []
    if last is not None:
        held = waiting(seat, spoke)
        came = failure_line(failure) if failure else f"{held.why}" if held else ""
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
    return _row(width, str(number), spoke.title, look, time, brief, "  ".join(more), selected)


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
    lead = f"{'>' if selected else ' '}{number:>2} "
    name = Content(safe_line(title)).truncate(max(4, width - len(lead) - len(state) - 1), ellipsis=True)
    gap = " " * max(1, width - len(lead) - name.cell_length - len(state))
    line = Content.assemble(lead, name, gap, (state, look.style))
    return line.stylize("reverse") if selected else line
