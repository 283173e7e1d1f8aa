"""What a resume of a saved run does again: told from the run alone, before anything is done."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sessions.events import (
    AttemptFinished,
    ClaimsChecked,
    ConflictReconciled,
    CoverageReviewed,
    DisagreementsFound,
    LedgerBuilt,
    PlanMade,
    PlanSentBack,
    StepEvent,
)
from sessions.failures import FailureKind
from sessions.findings import Verdict
from sessions.plan import REVIEW_ROUNDS, Subtask
from sessions.state import RunState

Why = Literal["failed", "cut off", "not begun", "cancelled", "rests on another"]
"""Why a spoke runs again. What rests on another that runs is told something new by it."""

Reasons = tuple[tuple[Why, int], ...]
"""How many spokes run again for each reason."""

Begins = Literal["plan", "review", "checkpoint", "spokes", "checks", "report", "end", ""]
"""The step that a resume begins with; those after it follow."""

_BEFORE_THE_REPORT = (AttemptFinished, LedgerBuilt, DisagreementsFound, ClaimsChecked, ConflictReconciled)
"""Steps that a report rests on: one that came after it makes it out of date."""


@dataclass(frozen=True)
class SpokeAgain:
    """A spoke that runs again: its number in the plan (from 1), why, and of what its last attempt failed."""

    id: str
    number: int
    title: str
    why: Why
    failed_of: FailureKind | None = None


@dataclass(frozen=True)
class Rerun:
    """The steps that a resume does again. Those before the last one that is named here are not done again."""

    plan: bool = False
    coverage: bool = False
    """The plan is there; the review of what it lacks is not."""
    waits: bool = False
    """The plan is to be approved before any spoke begins."""
    spokes: tuple[SpokeAgain, ...] = ()
    cancelled: tuple[str, ...] = ()
    """Titles of the spokes that stay given up."""
    verify: bool = False
    """Claims are still to be checked, compared or explained."""
    claims: int | None = None
    """Of the claims that are known, how many are to be checked; None where the ledger is made anew."""
    report: bool = False
    end: bool = False
    """The run has not come to its end; nothing else may be missing."""

    def __bool__(self) -> bool:
        """Whether anything is done again."""
        return self.waits or self.verify or self.report

    @property
    def begins(self) -> Begins:
        """The first of the steps; empty where a resume has nothing to do."""
        steps: dict[Begins, bool] = {
            "plan": self.plan,
            "review": self.coverage,
            "checkpoint": self.waits,
            "spokes": bool(self.spokes),
            "checks": self.verify,
            "report": self.report,
            "end": self.end,
        }
        for step, is_missing in steps.items():
            if is_missing:
                return step
        return ""

    @property
    def reasons(self) -> Reasons:
        """How many spokes run again, and why."""
        counts: Counter[Why] = Counter(spoke.why for spoke in self.spokes)
        return tuple(counts.items())


def rerun(state: RunState, retry: Collection[str] | None = None) -> Rerun:
    """What a resume does again; `retry` names the only spokes whose failures do not stand, None is all of them."""
    end = state.status not in ("done", "gaps")
    if not state.approved or state.plan is None:
        made = _newest(state, PlanMade)
        plan = made <= _newest(state, PlanSentBack)
        coverage = plan or not _reviewed(state, made)
        return Rerun(plan=plan, coverage=coverage, waits=True, verify=True, report=True, end=end)
    spokes = spokes_again(state, retry)
    running = {spoke.id for spoke in spokes}
    stay = tuple(spoke.title for spoke in state.spokes.values() if spoke.cancelled and spoke.id not in running)
    outdated = bool(spokes) or _newest(state, AttemptFinished) > _newest(state, LedgerBuilt)
    claims = None if outdated else _unchecked(state)
    verify = outdated or bool(claims) or not _compared(state)
    report = verify or not _reported(state)
    return Rerun(spokes=spokes, cancelled=stay, verify=verify, claims=claims, report=report, end=end)


def spokes_again(state: RunState, retry: Collection[str] | None = None) -> tuple[SpokeAgain, ...]:
    """The spokes that run again once the plan is approved, in its order; `retry` as for `rerun`."""
    subtasks = state.plan.subtasks if state.plan is not None else ()
    why: dict[str, Why] = {
        subtask.id: own for subtask in subtasks if (own := _why(state, subtask, retry)) is not None
    }
    found = True
    while found:
        resting = [
            subtask.id
            for subtask in subtasks
            if subtask.id not in why
            and not state.spokes[subtask.id].cancelled
            and any(needed in why for needed in subtask.depends_on)
        ]
        why |= dict.fromkeys(resting, "rests on another")
        found = bool(resting)
    return tuple(
        SpokeAgain(subtask.id, number, subtask.title, why[subtask.id], state.spokes[subtask.id].failed_of)
        for number, subtask in enumerate(subtasks, start=1)
        if subtask.id in why
    )


def _why(state: RunState, subtask: Subtask, retry: Collection[str] | None) -> Why | None:
    """A spoke's own reason to run again; None where it has none."""
    spoke = state.spokes[subtask.id]
    last = spoke.last
    if spoke.cancelled:
        return "cancelled" if retry is not None and subtask.id in retry else None
    if last is None:
        return "not begun"
    if last.failure is not None:
        return "failed" if retry is None or subtask.id in retry or spoke.asked else None
    if last.finished is None:
        return "cut off"
    return "rests on another" if _told_since(state, subtask, last.started) else None


def _told_since(state: RunState, subtask: Subtask, began: float) -> bool:
    """Whether a spoke that it depends on has finished since its last attempt began."""
    needed = (state.spokes.get(id) for id in subtask.depends_on)
    lasts = (spoke.last for spoke in needed if spoke is not None)
    return any(last is not None and last.finished is not None and (last.ended or 0.0) > began for last in lasts)


def _newest(state: RunState, *kinds: type[StepEvent]) -> int:
    """The number of the newest step of these kinds; 0 where there is none."""
    return max((step.seq for step in state.results.values() if isinstance(step, kinds)), default=0)


def _reviewed(state: RunState, made: int) -> bool:
    """Whether the review of the plan that was made then has come to its end."""
    rounds = [step for step in state.results.values() if isinstance(step, CoverageReviewed) and step.seq > made]
    last = max(rounds, key=lambda step: step.seq, default=None)
    return last is not None and (not last.missing or last.round >= REVIEW_ROUNDS)


def _unchecked(state: RunState) -> int:
    """How many claims are still to be checked; one that its check left out has a note that says so."""
    claims = [claim for claim in state.claims.values() if claim.finding.resolved and not claim.note]
    return sum(claim.verdict is Verdict.NOT_CHECKED for claim in claims)


def _compared(state: RunState) -> bool:
    """Whether the claims of the ledger that stands were compared, and what they disagree on was explained."""
    ledgers = [step for step in state.results.values() if isinstance(step, LedgerBuilt)]
    if not ledgers:
        return False
    ledger = max(ledgers, key=lambda step: step.seq)
    since = [step for step in state.results.values() if step.seq > ledger.seq]
    told = [step.conflict for step in since if isinstance(step, ConflictReconciled)]
    return all(step in state.results for step in ledger.readings) and all(
        any(known.id == conflict.id and known.joined(conflict) == known for known in told)
        for conflict in state.conflicts.values()
    )


def _reported(state: RunState) -> bool:
    """Whether the report stands: the writer's own, after all that it rests on.

    Where the writer failed last, the coordinator wrote it, and the writer is asked again.
    """
    writer = state.hub.get("hub.write")
    unanswered = writer is not None and writer.last is not None and writer.last.failure is not None
    if state.report is None or unanswered:
        return False
    rests_on = [step for step in state.results.values() if isinstance(step, _BEFORE_THE_REPORT)]
    # A reading that found nothing changes nothing.
    told = [step.seq for step in rests_on if not isinstance(step, DisagreementsFound) or step.conflicts]
    return max(told, default=0) < state.report.seq
