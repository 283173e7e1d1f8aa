"""What a fork takes over of the run that it is forked from: the results that still hold."""

from collections.abc import Iterable

from sessions.events import (
    AnyEvent,
    AttemptEvent,
    ClaimsChecked,
    ConflictReconciled,
    DisagreementsFound,
    DraftWritten,
    TryFailed,
    TurnFinished,
    TurnHeld,
)
from sessions.plan import Plan
from sessions.spoke_state import AttemptState
from sessions.state import RunState


def taken_over(events: Iterable[AnyEvent], state: RunState, question: str, plan: Plan) -> list[AnyEvent]:
    """The attempts of every spoke that has finished on a brief as it still is, and what was done with results.

    `events` and `state` are the other run's, `question` and `plan` the fork's. What an attempt used was paid for
    by the other run, and what it waited for is over: neither is taken over.
    """
    if question != state.question or state.plan is None:
        return []
    unchanged = {subtask.id for subtask in plan.subtasks if subtask in state.plan.subtasks}
    spokes = [spoke for spoke in state.spokes.values() if any(attempt.finished for attempt in spoke.attempts)]
    attempts = {
        (spoke.id, attempt.number)
        for spoke in spokes
        if spoke.id in unchanged
        for attempt in spoke.attempts
        if _has_ended(attempt)
    }
    told: list[AnyEvent] = [
        event
        for event in events
        if isinstance(event, AttemptEvent)
        and (event.spoke, event.attempt) in attempts
        and not isinstance(event, TurnFinished | TurnHeld | TryFailed)
    ]
    steps = (ClaimsChecked, DisagreementsFound, ConflictReconciled, DraftWritten)
    return [*told, *(step for step in state.results.values() if isinstance(step, steps))]


def _has_ended(attempt: AttemptState) -> bool:
    """Whether an attempt came to an end of its own, or left something when it was given up."""
    return attempt.finished is not None or attempt.failure is not None or bool(attempt.left)
