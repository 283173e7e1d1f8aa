"""The rail: every spoke on a line of its own, with the coordinator first; wide, it is the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.safe import safe_line
from tui.widgets.tile import HUB

if TYPE_CHECKING:
    from tui.looks import Look
    from tui.seat import Seat

_TABLE = 78
"""From this width on there is room for the table's columns."""

_WORDS = 30
"""From here on for a state's word beside the time."""

_TITLE = 28
"""Cells of a title in the table."""


class Rail(Static):
    """A line a spoke: number, title, state, time; the selected one is marked."""

    DEFAULT_CSS = """
    Rail { width: 24; height: 1fr; border: round $panel-lighten-2; border-title-color: $text; text-wrap: nowrap; }
    """

    def on_mount(self) -> None:
        """Names itself."""
        self.border_title = Content("spokes")

    def look(self, seat: Seat, selected: str) -> None:
        """Shows the spokes as they stand now, as many as fit around the selected one."""
        from tui.looks import RUNS, clock

        width, height = self.size.width, self.size.height
        if not width or not height:
            return
        ids = list(seat.state.spokes)
        rows = [_row(width, "H", "coordinator", RUNS[seat.state.status], clock(seat.clock), "", selected == HUB)]
        rows += [_spoke_row(seat, width, number, id, id == selected) for number, id in enumerate(ids, start=1)]
        at = 1 + ids.index(selected) if selected in ids else 0
        top = max(0, min(at - height // 2, len(rows) - height))
        self.update(Content("\n").join(rows[top : top + height]))


def _spoke_row(seat: Seat, width: int, number: int, id: str, selected: bool) -> Content:
    from tui.looks import counted, elapsed, failure_line, model_name, spoke_look, tokens

    spoke = seat.state.spokes[id]
    look, last = spoke_look(seat, spoke), spoke.last
    failure = last.failure if last and spoke.status == "failed" else None
    if failure is not None:
        look = look._replace(word=str(failure.http_status or failure.kind))
    more: list[str] = []
    if last is not None:
        more = [
            f"{tokens(last.usage.tokens):>6} tok",
            f"{model_name(last.model):<16.16}",
            f"attempt {last.number}",
        ]
        more += [failure_line(failure)] if failure else []
        more += [f"{counted(len(last.finished.findings), 'finding')}"] if last.finished else []
    return _row(width, str(number), spoke.title, look, elapsed(seat, spoke), "  ".join(more), selected)


def _row(width: int, number: str, title: str, look: Look, time: str, more: str, selected: bool) -> Content:
    """One line of exactly the rail's width: the title gets what the state leaves."""
    if width >= _TABLE:
        room = max(0, width - _TITLE - 30)
        state = f"{look.glyph} {look.word:<14.14} {time:>6}  {more:<{room}.{room}}"
    elif width >= _WORDS:
        state = f"{look.glyph} {look.word:.10} {time}"
    else:
        # Where there is no room for both, the glyph says the word and the time is told.
        state = f"{look.glyph} {time if look.word in ('running', 'done') else look.word[:7]}"
    lead = f"{'>' if selected else ' '}{number:>2} "
    name = Content(safe_line(title)).truncate(max(4, width - len(lead) - len(state) - 1), ellipsis=True)
    gap = " " * max(1, width - len(lead) - name.cell_length - len(state))
    line = Content.assemble(lead, name, gap, (state, look.style))
    return line.stylize("reverse") if selected else line
