"""How spokes, attempts and stretches of time look on a page."""

from sessions.failures import FailureKind
from sessions.spoke_state import AttemptState, SpokeState
from sessions.words import CANCELLED, CUT_OFF, DONE, FAILED, RUNNING, SPOKES, Look, cut_off


def spoke_look(spoke: SpokeState) -> Look:
    """How a spoke stands."""
    return CUT_OFF if cut_off(spoke) else SPOKES[spoke.status]


def attempt_look(attempt: AttemptState, of: SpokeState | None) -> Look:
    """How an attempt of that spoke ended; what a person cancelled did not fail."""
    if attempt.failure is not None:
        return CANCELLED if attempt.failure.kind is FailureKind.CANCELLED else FAILED
    if attempt.interrupted:
        return CANCELLED if of is not None and of.cancelled and attempt is of.last else CUT_OFF
    return RUNNING if attempt.ended is None else DONE


def percent(part: float) -> str:
    """A place on the timeline, for a style: digits and a point, whatever the run says."""
    return f"{min(100.0, max(0.0, part)):.2f}"
