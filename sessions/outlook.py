"""What a resume is going to take: as the run's own finished spokes took, or as its plan was estimated."""

from dataclasses import dataclass
from math import ceil

from sessions.estimate import Take
from sessions.events import AttemptFinished
from sessions.rerun import Rerun
from sessions.state import RunState

_CHECKING = ("verify", "compare", "reconcile")
_WRITING = ("write",)
"""The names of the coordinator's conversations, as `hub.<name>`, that check claims and write the report."""

_NOTHING = Take(tokens=(0, 0), usd=(0, 0))


@dataclass(frozen=True)
class Outlook:
    """What is going to be taken; None for what nobody knows."""

    take: Take | None = None
    seconds: float | None = None


def outlook(state: RunState, again: Rerun) -> Outlook:
    """What it takes to do these steps again."""
    known = state.estimate
    if known is None or again.waits or not again:
        return Outlook()
    finished = [
        attempt.finished for spoke in state.spokes.values() for attempt in spoke.attempts if attempt.finished
    ]
    take = _NOTHING
    for spoke in again.spokes:
        take += _taken(finished) or known.of_one(spoke.id)
    if again.verify:
        take += known.checking.part(_unchecked(state, again))
    if again.report:
        # Where the two are not known apart, it was counted with the checking.
        take += known.writing or (_NOTHING if again.verify else known.rest)
    return Outlook(take, _seconds(state, finished, again))


def _taken(finished: list[AttemptFinished]) -> Take | None:
    """From the least to the most that a spoke has taken; None where none has finished."""
    used = [each.usage for each in finished if each.usage.tokens]
    if not used:
        return None
    tokens, costs = [usage.tokens for usage in used], [usage.cost for usage in used]
    known = [cost for cost in costs if cost is not None]
    return Take(
        tokens=(min(tokens), max(tokens)),
        usd=(min(known), max(known)) if len(known) == len(costs) else None,
    )


def _unchecked(state: RunState, again: Rerun) -> float:
    """Which part of all claims is to be checked: all of them where the ledger is made anew."""
    return 1.0 if again.claims is None else again.claims / max(1, len(state.claims))


def _seconds(state: RunState, finished: list[AttemptFinished], again: Rerun) -> float | None:
    """What was not measured in this run is thought to take as long as a spoke."""
    spoke = sum(each.seconds for each in finished) / len(finished) if finished else None
    rounds = ceil(len(again.spokes) / (state.created.limits.max_parallel if state.created else 1))
    parts = [
        *([spoke] * rounds),
        *([_longest(state, _CHECKING) or spoke] if again.verify else []),
        *([_longest(state, _WRITING) or spoke] if again.report else []),
    ]
    return None if None in parts else sum(part for part in parts if part is not None)


def _longest(state: RunState, names: tuple[str, ...]) -> float:
    """Seconds of the longest of the coordinator's conversations of these names; 0.0 where there was none."""
    held = [owner for owner in state.hub.values() if owner.id.removeprefix("hub.").split(".")[0] in names]
    whole = [attempt for owner in held for attempt in owner.attempts if not attempt.interrupted]
    return max((each.ended - each.started for each in whole if each.ended is not None), default=0.0)
