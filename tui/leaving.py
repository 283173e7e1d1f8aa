"""Leaving the dashboard: what becomes of a run that is live, or about to begin, is asked first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import parting

if TYPE_CHECKING:
    from agents.port.messages import Begin
    from tui.app import Dashboard
    from tui.seat import Seat

_LEAVES = "leaves as soon as the run has begun …"


@dataclass
class Beginning:
    """A run that an engine was asked to begin, until it answers."""

    begin: Begin
    seat: Seat | None = None
    """The seat at that engine, when it is connected."""
    leaves: bool = False
    """Whether the dashboard leaves as soon as the run has begun."""
    given_up: bool = False
    """Whether it is left, and no answer is waited for any more."""

    def give_up(self) -> str:
        """Has nothing begun, and says so."""
        self.given_up = True
        if self.seat is not None:
            self.seat.give_up()
        if self.begin.resume and not self.begin.file:
            return "The run was not gone on with; it is saved as it was."
        return "The run had not begun; nothing of it is saved."


def leave(app: Dashboard) -> None:
    """Leaves, after asking what becomes of a run that is live or about to begin."""
    from tui.screens.confirm import ConfirmScreen

    seat, beginning = app.seat, app.beginning
    if beginning is not None:
        stands = "is not begun yet: the engine reads the documents first"
        outlives = beginning.seat is None or beginning.seat.outlives
        leaving, stopping = "leave when it has begun; it goes on", "stop it; nothing is begun"
    elif seat is not None and seat.live and seat.run:
        stands = _stands(seat)
        outlives = seat.outlives
        leaving, stopping = parting.leaving(seat), parting.stopping(seat)
    else:
        app.part()
        return

    def sure(answer: str | None) -> None:
        # It may have begun while that was asked.
        if answer == "leave" and app.beginning is not None:
            app.beginning.leaves = True
            app.steering.tell(_LEAVES, "information")
        elif answer == "leave":
            app.part()
        elif answer == "stop":
            app.run_worker(_stop_and_part(app))

    choices = [("s", stopping, "stop"), ("b", "back", "")]
    if outlives:
        choices.insert(0, ("l", leaving, "leave"))
    app.push_screen(ConfirmScreen(f"The run {stands}.", choices), sure)


def _stands(seat: Seat) -> str:
    if seat.state.unsaved:
        return "is not saved yet; it is tried again and again"
    match seat.state.status:
        case "queued":
            return "is queued; it begins when another one ends"
        case "waiting":
            return "waits for your word on the plan"
        case _:
            return "is still being worked on"


async def _stop_and_part(app: Dashboard) -> None:
    from agents.port.messages import Stop

    seat = app.seat
    if app.beginning is None and seat is not None:
        answer = await seat.do(Stop(id=0))
        if not answer.ok and seat.live:
            app.steering.tell(answer.message)
            return
        await seat.gone.wait()
    app.part()
