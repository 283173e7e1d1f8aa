"""What a key has to do with a pane just now, or in a few words why nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.looks import needing, parked, waiting
from tui.widgets.tile import HUB

if TYPE_CHECKING:
    from sessions.spoke_state import SpokeState
    from sessions.state import RunState
    from tui.seat import Seat

NOTHING_LEFT = "the run is finished; there is nothing to resume"
STOPPED_WITH_THE_RUN = "the coordinator is not cancelled alone; X stops the run"

_STEERS = frozenset({"retry", "edit", "cancel", "retry_all", "plan", "stop", "save", "go_unsaved"})
"""What an engine of another version does not do for this window."""


def why_not(seat: Seat, selected: str, action: str) -> str:
    """Why an action on the selected pane, or on the run, has nothing to do just now; empty when it has."""
    state, spoke = seat.state, seat.state.spokes.get(selected)
    if seat.read_only and seat.live and action in _STEERS:
        return seat.read_only
    match action:
        case "retry" if selected == HUB and not hub_waits(seat):
            return no_next_try(seat)
        case "retry" if selected != HUB and not retryable(seat, spoke):
            return "only a spoke that failed, is parked or was cancelled is retried"
        case "edit" if not given_up(spoke):
            return "only the brief of a spoke that failed or was cancelled is edited"
        case "cancel" if selected == HUB:
            return STOPPED_WITH_THE_RUN
        case "cancel" if spoke is None or spoke.status not in ("queued", "running") or not seat.live:
            return "only a spoke that runs or waits is cancelled"
        case "retry_all" if not any(spoke.status == "failed" for spoke in state.spokes.values()):
            return "no spoke has failed"
        case "report" if state.report is None:
            return "there is no report yet"
        case "plan" if state.status != "waiting" or not seat.live:
            return "no plan waits for you"
        case "resume" if seat.live:
            return "the run is live; there is nothing to resume"
        case "resume" if not resumes(state):
            return NOTHING_LEFT
        case "fork" if state.plan is None or not seat.run:
            return "there is no plan yet that a fork could take over"
        case "stop" if not seat.live:
            return "the run is not live"
        case "diff" if spoke is None or len(spoke.attempts) < 2:
            return "there is only one attempt; nothing to compare it with"
        case "key" if seat.live or state.stopped_by is None:
            return "no other key is asked for"
        case "save" if not (seat.live and state.unsaved):
            return "the run is being saved" if seat.live else "the run is not live"
        case "go_unsaved" if not (seat.live and state.held):
            return "nothing waits for the disk"
        case "problem" if not needing(seat) or state.status == "waiting":
            return "no problems"
        case _:
            return ""


def resumes(state: RunState) -> bool:
    """Whether a resume of the run would do anything."""
    from sessions.rerun import rerun  # after the first paint

    return bool(rerun(state).begins)


def given_up(spoke: SpokeState | None) -> bool:
    """Whether a spoke failed or was cancelled."""
    return spoke is not None and spoke.status in ("failed", "cancelled")


def retryable(seat: Seat, spoke: SpokeState | None) -> bool:
    """Whether another attempt, or the next try at once, can be asked of a spoke."""
    return spoke is not None and (given_up(spoke) or parked(seat, spoke))


def no_next_try(seat: Seat) -> str:
    """That the coordinator waits for none, and what goes on with a run that was broken off."""
    instead = "; c resumes the run" if not seat.live and resumes(seat.state) else ""
    return f"the coordinator waits for no next try{instead}"


def hub_waits(seat: Seat) -> bool:
    """Whether one of the coordinator's own conversations waits for its next try."""
    return any(waiting(seat, owner) for owner in seat.state.hub.values())
