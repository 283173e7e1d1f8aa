"""A spoke that is over, on one line: who, how it ended, how long it took, what it cost, what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.safe import safe_line

if TYPE_CHECKING:
    from sessions.spoke_state import SpokeState
    from tui.watched import Watched

_NAME = 8
"""Cells that are left of a title; the cost yields to them."""


def folded_line(seat: Watched, spoke: SpokeState, number: int, width: int, *, selected: bool) -> Content:
    """The line, of exactly `width` cells."""
    from tui.looks import cost, elapsed, spoke_look

    look, last = spoke_look(seat, spoke), spoke.last
    paid = cost(seat.state, last.usage) if last else ""
    found = f"{len(spoke.found)} found" if spoke.found else ""
    lead = f"{'>' if selected else ' '}{number} "
    stands = f"{look.glyph} {look.word}"
    told = [stands, elapsed(seat, spoke), paid, found]
    if len(lead) + _NAME + sum(len(part) + 1 for part in told if part) > width:
        told.remove(paid)
    end = " ".join(filter(None, told))[len(stands) :]
    room = width - len(lead) - len(stands) - len(end) - 1
    name = Content(safe_line(spoke.title)).truncate(max(1, room), ellipsis=True)
    gap = " " * max(1, room - name.cell_length + 1)
    line = Content.assemble((lead, "$text-muted"), name, gap, (stands, look.style), (end, "$text-muted"))
    return line.stylize("reverse") if selected else line
