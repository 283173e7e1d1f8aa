"""Which events of a run one wants to see: those of a spoke, those of a kind."""

from typing import NamedTuple

from sessions.events import (
    AnyEvent,
    AttemptEvent,
    AttemptFailed,
    RunEnded,
    SpokeCancelled,
    SpokeRetried,
    TryFailed,
)
from sessions.failures import FailureKind

COORDINATOR = "hub"
"""Owns what happens in no spoke."""

ALL, FAILURES = "all", "failures"

RUN = "run"
"""What is of no other kind: how the run itself goes."""

_KINDS = {
    "calls": "attempt_started turn_held turn_finished try_failed replied attempt_dropped attempt_failed",
    "tools": "tool_called tool_returned",
    "text": "block_finished",
    "findings": "attempt_finished ledger_built disagreements_found",
    "checks": "coverage_reviewed claims_checked conflict_reconciled draft_gated",
    "people": "checkpoint_opened plan_sent_back plan_approved spoke_retried spoke_cancelled",
}
_KIND_OF = {kind: name for name, kinds in _KINDS.items() for kind in kinds.split()}

KINDS = (ALL, *_KINDS, RUN, FAILURES)
"""The kinds of event that one can ask for."""


def owner(event: AnyEvent) -> str:
    """The spoke that an event is about, or the coordinator."""
    named = event.spoke if isinstance(event, AttemptEvent | SpokeRetried | SpokeCancelled) else COORDINATOR
    return COORDINATOR if named.startswith(f"{COORDINATOR}.") else named


def failed(event: AnyEvent) -> bool:
    """Whether an event tells of a failure; what a person cancelled did not fail."""
    match event:
        case TryFailed():
            return True
        case AttemptFailed():
            return event.failure.kind is not FailureKind.CANCELLED
        case RunEnded():
            return event.status == "failed"
        case _:
            return False


class Sieve(NamedTuple):
    """Lets through the events of one owner (all of them: empty) and of one kind."""

    owner: str = ""
    kind: str = ALL

    def passes(self, event: AnyEvent) -> bool:
        """Whether one wants to see the event."""
        if self.owner and owner(event) != self.owner:
            return False
        if self.kind == FAILURES:
            return failed(event)
        return self.kind in (ALL, _KIND_OF.get(event.kind, RUN))
