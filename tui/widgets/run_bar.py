"""The run's header line, the coordinator's three lines, the event line: what the whole run is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.layout import NARROW
from tui.safe import safe_line

if TYPE_CHECKING:
    from sessions.events import AnyEvent
    from tui.seat import Seat


class RunBar(Static):
    """One line: the question, the run's state and clock, tokens of the cap, how many spokes stand where."""

    DEFAULT_CSS = "RunBar { height: 1; background: $panel; color: $text; padding: 0 1; text-wrap: nowrap; }"

    def look(self, seat: Seat, note: str) -> None:
        """Shows the run as it is now, and a note."""
        from tui.looks import CANCELLED, DONE, FAILED, QUEUED, RUNNING, RUNS, clock, tokens

        state = seat.state
        look = RUNS[state.status]
        limits = state.created.limits if state.created else None
        states = [spoke.status for spoke in state.spokes.values()]
        shown = (
            ("running", RUNNING),
            ("queued", QUEUED),
            ("failed", FAILED),
            ("cancelled", CANCELLED),
            ("done", DONE),
        )
        counts = [
            (f" {states.count(status)}{kind.glyph}", kind.style) for status, kind in shown if states.count(status)
        ]
        alarms = _alarms(seat)
        cap = f"/{tokens(limits.max_tokens)}" if limits else ""
        # What needs a person is told whole; on a narrow screen the tokens yield to it.
        used = "" if alarms and self.size.width < NARROW else f" {tokens(state.usage.tokens)}{cap} tok "
        end = Content.assemble(
            (f"  {look.glyph} {look.word}", look.style),
            f" {clock(seat.clock)} {used}",
            *counts,
            *alarms,
            f"  {note}" if note else "",
        )
        name = Content.styled("hubspoke", "bold $primary")
        room = self.size.width - name.cell_length - end.cell_length - 2
        self.update(Content.assemble(name, "  ", _cut(state.question, room), end))


def _alarms(seat: Seat) -> list[tuple[str, str]]:
    if seat.state.status == "waiting":
        return [("  1 needs you: p", "bold $warning")]
    if seat.lost:
        return [("  engine gone: c resumes", "bold $error")]
    return [("  engine does not answer", "bold $warning")] if seat.late else []


def _cut(text: str, room: int) -> str:
    """A line of exactly so many cells."""
    line = Content(safe_line(text)).truncate(max(0, room), ellipsis=True)
    return line.plain + " " * max(0, room - line.cell_length)


class Coordinator(Static):
    """What the coordinator does, what it decided last, whom it waits for."""

    DEFAULT_CSS = """
    Coordinator {
        height: 5; border: round $foreground 30%; padding: 0 1;
        border-title-color: $text; text-wrap: nowrap; text-overflow: ellipsis;
    }
    Coordinator.-selected { border: round $accent; }
    """

    def look(self, seat: Seat, *, selected: bool) -> None:
        """Shows the run as it is now; marked when the keys are its."""
        from tui.coordinator import deciding, doing, waiting

        self.set_class(selected, "-selected")
        self.border_title = Content.styled(">coordinator" if selected else "coordinator", "bold")
        self.update(
            Content("\n").join(
                [
                    Content.assemble(("now    ", "$text-muted"), doing(seat)),
                    Content.assemble(("last   ", "$text-muted"), deciding(seat)),
                    Content.assemble(("waits  ", "$text-muted"), waiting(seat)),
                ]
            )
        )


class EventLine(Static):
    """The newest thing that a person should know, and for a moment what a key did."""

    DEFAULT_CSS = (
        "EventLine { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }"
    )

    def tell(self, text: str, style: str = "") -> None:
        """Shows a line; what comes next replaces it."""
        self.update(Content.styled(safe_line(text, 300), style))

    def happened(self, event: AnyEvent) -> None:
        """Shows an event, where it is one that matters."""
        from tui.coordinator import news

        if told := news(event):
            self.tell(*told)
