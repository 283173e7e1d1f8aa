"""What becomes of a run that one leaves, in words: before, as a choice, and after, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.port.link import UNATTENDED_S

if TYPE_CHECKING:
    from tui.seat import Seat

_MINUTES = round(UNATTENDED_S / 60)
"""So long after its end an engine keeps what the disk does not take, with nobody there."""


def leaving(seat: Seat) -> str:
    """What becomes of a live run that is left to itself."""
    if seat.state.unsaved:
        return f"leave it; what is not saved {_MINUTES} min after its end is lost"
    return "leave it running; `hubspoke attach` comes back to it"


def stopping(seat: Seat) -> str:
    """What becomes of a live run that is stopped now."""
    if seat.state.unsaved:
        return "stop it; what is not saved is lost"
    return "stop it; it is saved and can be resumed"


def parting(seat: Seat, *, left: bool) -> str:
    """Where the run is to be found; `left` says that it was live and goes on."""
    run = seat.run
    if left and seat.state.unsaved:
        return (
            f"The run {run} is not saved. What is not {_MINUTES} minutes after its end is lost."
            f" Come back with: hubspoke attach {run}"
        )
    if left:
        return f"The run {run} goes on. Come back with: hubspoke attach {run}"
    if seat.state.unsaved:
        return f"Not all of the run was saved; what was: hubspoke show {run}"
    if seat.state.report is not None:
        return f"The report: hubspoke show {run}"
    return f"Saved. Go on with: hubspoke resume {run}"
