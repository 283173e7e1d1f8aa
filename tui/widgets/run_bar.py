"""The run's header line, the coordinator's three lines, the event line: what the whole run is at."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.layout import NARROW
from tui.safe import safe_line
from tui.widgets.rows import same

if TYPE_CHECKING:
    from sessions.events import AnyEvent
    from tui.watched import Watched

_NEARLY = 0.8
"""The share of the cap on money from which on one is warned."""

STANDS_S = 3.0
"""What a person did stays on the event line for so long, whatever happens meanwhile."""

_QUESTION = 12
"""Cells of the question below which the program's own name yields to it."""


class _Fixed(Static):
    """A `Static` of a size that no content changes: nothing is laid out anew, nor painted as it was."""

    _painted: Content | None = None

    def put(self, content: Content) -> None:
        """Shows this from now on."""
        if self._painted is None or not same(content, self._painted):
            self._painted = content
            self.update(content, layout=False)


class RunBar(_Fixed):
    """One line: the question, the run's state and clock, what it used of its caps, how many spokes stand where."""

    DEFAULT_CSS = "RunBar { height: 1; background: $panel; color: $text; padding: 0 1; text-wrap: nowrap; }"

    def on_mount(self) -> None:
        """Says whose it is, until there is a run."""
        self.put(Content.styled("hubspoke", "bold $primary"))

    def look(self, seat: Watched, note: str) -> None:
        """Shows the run as it is now, and a note."""
        from tui.looks import (
            BROKEN_OFF,
            CANCELLED,
            DONE,
            FAILED,
            QUEUED,
            RUNNING,
            clock,
            cut_off,
            run_look,
            tokens,
        )

        state = seat.state
        look = run_look(seat)
        limits = state.created.limits if state.created else None
        states = [
            "cut off" if not seat.live and cut_off(spoke) else spoke.status for spoke in state.spokes.values()
        ]
        shown = (
            ("running", RUNNING),
            ("queued", QUEUED),
            ("cut off", BROKEN_OFF),
            ("failed", FAILED),
            ("cancelled", CANCELLED),
            ("done", DONE),
        )
        counts = [
            (f" {states.count(status)}{kind.glyph}", kind.style) for status, kind in shown if states.count(status)
        ]
        alarms, money = _alarms(seat), _money(seat)
        cap = f"/{tokens(limits.max_tokens)}" if limits else ""
        narrow = self.size.width < NARROW
        # What needs a person and what it costs are told whole; on a narrow screen the tokens yield to them.
        used = "" if narrow and (alarms or money) else f" {tokens(state.usage.tokens)}{cap} tok"
        end = Content.assemble(
            (f"  {look.glyph} {look.word}", look.style),
            f" {clock(seat.clock)} ",
            *money,
            f"{used} ",
            *counts,
            *alarms,
            f"  {note}" if note else "",
        )
        name = Content.styled("hubspoke", "bold $primary")
        room = self.size.width - name.cell_length - end.cell_length - 2
        if room < _QUESTION:
            name, room = Content(""), room + name.cell_length + 2
        self.put(Content.assemble(name, "  " if name else "", _cut(state.question, room), end))


def _money(seat: Watched) -> list[tuple[str, str]]:
    """What the run has cost of what it may; nothing where nothing is paid."""
    from tui.looks import cost

    state = seat.state
    paid = cost(state, state.usage)
    if not paid or state.created is None:
        return []
    most, share = state.created.limits.max_usd, state.usage.usd / state.created.limits.max_usd
    style = "$error" if share >= 1 else "$warning" if share >= _NEARLY else ""
    return [(f" {paid}" if state.usage.cost is None else f" {paid}/{most:,.2f}", style)]


def _alarms(seat: Watched) -> list[tuple[str, str]]:
    """What waits for a person, with its key: the most urgent alone."""
    from tui.looks import needing
    from tui.mends import mend

    if seat.past:
        return []
    if seat.read_only and seat.live:
        return [(f"  {seat.read_only}", "bold $warning")]
    state, count = seat.state, needing(seat)
    if state.status == "waiting":
        return [("  1 needs you: p", "bold $warning")]
    if seat.lost:
        return [("  engine gone: c resumes", "bold $error")]
    if state.unsaved and seat.live:
        return [("  NOT SAVED: S saves again" + (", U goes on" if state.held else ""), "bold $error")]
    if seat.late:
        return [("  engine does not answer", "bold $warning")]
    if state.stopped_by is not None and not seat.live:
        return [(f"  needs {mend(state.stopped_by).needs}: K", "bold $error")]
    return [(f"  {count} need{'s' if count == 1 else ''} you: n", "bold $warning")] if count else []


def _cut(text: str, room: int) -> str:
    """A line of exactly so many cells."""
    line = Content(safe_line(text)).truncate(max(0, room), ellipsis=True)
    return line.plain + " " * max(0, room - line.cell_length)


class Coordinator(_Fixed):
    """What the coordinator does, what it decided last, whom it waits for."""

    DEFAULT_CSS = """
    Coordinator {
        height: 5; border: round $foreground 30%; padding: 0 1;
        border-title-color: $text; text-wrap: nowrap; text-overflow: ellipsis;
    }
    Coordinator.-parked { border: round $warning; }
    Coordinator.-selected { border: round $accent; }
    """

    _selected: bool | None = None

    def look(self, seat: Watched, *, selected: bool) -> None:
        """Shows the run as it is now; marked when the keys are its."""
        from tui.coordinator import deciding, doing, waiting
        from tui.looks import hub_problem

        self.set_class(hub_problem(seat), "-parked")
        self.set_class(selected, "-selected")
        if selected != self._selected:
            self._selected = selected
            self.border_title = Content.styled(">coordinator" if selected else "coordinator", "bold")
        self.put(
            Content("\n").join(
                [
                    Content.assemble(("now    ", "$text-muted"), doing(seat)),
                    Content.assemble(("last   ", "$text-muted"), deciding(seat)),
                    Content.assemble(("waits  ", "$text-muted"), waiting(seat)),
                ]
            )
        )


class EventLine(_Fixed):
    """The newest thing that a person should know, and for a moment what a key did, here or in another window."""

    DEFAULT_CSS = (
        "EventLine { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }"
    )

    def __init__(self) -> None:
        super().__init__()
        self._stands_until = 0.0
        self._next: tuple[str, str] | None = None
        """News that came while another line had to stand."""

    def tell(self, text: str, style: str = "", stands_s: float = 0.0) -> None:
        """Shows a line, for so many seconds at least; what comes then replaces it."""
        self._stands_until, self._next = time.monotonic() + stands_s, None
        self.put(Content.styled(safe_line(text, 300), style))

    def happened(self, event: AnyEvent) -> None:
        """Shows an event that matters. What somebody did stands for a moment, but an alarm comes through."""
        from tui.coordinator import news, steered

        if (told := news(event)) is None:
            return
        done, left = steered(event), self._stands_until - time.monotonic()
        if done or told[1] == "$error" or left <= 0:
            self.tell(*told, STANDS_S if done else 0.0)
        else:
            if self._next is None:
                self.set_timer(left, self._stood)
            self._next = told

    def _stood(self) -> None:
        """Shows the newest of what had to wait."""
        if self._next is not None and time.monotonic() >= self._stands_until:
            self.tell(*self._next)
