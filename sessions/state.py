"""RunState: the pure fold of a run's events, the one thing that every view reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from sessions.estimate import Estimate
from sessions.events import (
    AnyEvent,
    AttemptEvent,
    AttemptFailed,
    AttemptStarted,
    CheckpointOpened,
    ClaimsChecked,
    ConflictReconciled,
    CoverageReviewed,
    DisagreementsFound,
    DraftGated,
    EngineStarted,
    GoneOnUnsaved,
    LedgerBuilt,
    Noticed,
    PlanApproved,
    PlanMade,
    PlanSentBack,
    ReportFinished,
    RunCreated,
    RunEnded,
    RunQueued,
    SavingMended,
    SavingStopped,
    SpokeCancelled,
    SpokeRetried,
    StepEvent,
    TurnFinished,
    Usage,
)
from sessions.failures import Failure
from sessions.findings import Claim, Conflict
from sessions.plan import Dimension, Plan, Subtask
from sessions.spoke_state import AttemptState, SpokeState, fold_attempt

RunStatus = Literal["queued", "planning", "waiting", "running", "done", "gaps", "interrupted", "failed"]

UNDER_WAY: tuple[RunStatus, ...] = ("queued", "planning", "running")
"""Where no engine works on such a run, its engine was killed and could not say so."""

_ASIDE = (Noticed, SavingStopped, GoneOnUnsaved, SavingMended)
"""What is told while the run goes on, or waits, as it did."""

_REPORTED = (0, 3)
"""The exit codes of an approved run that has come to its end with a report."""


@dataclass
class RunState:
    """What a run is at a point of its events. Mutated only by `fold`."""

    created: RunCreated | None = None
    """The question, and the settings in force: those of the newest engine."""
    status: RunStatus = "planning"
    exit: int | None = None
    message: str = ""
    seq: int = 0
    started_at: float = 0.0
    updated_at: float = 0.0
    seconds: float = 0.0
    waited: float = 0.0
    """Of those seconds, how many the plan waited for a person, or the run for its turn or for the disk."""
    queued_s: float = 0.0
    """Of those, how many it waited for its turn."""
    unsaved_s: float = 0.0
    """Of those, how many nobody was at work, and no spoke could begin, because nothing was saved."""
    plan: Plan | None = None
    estimate: Estimate | None = None
    approved: bool = False
    missing: tuple[str, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    """The sides of the question, as the last review of the plan saw them."""
    edited: dict[str, Subtask] = field(default_factory=dict[str, Subtask])
    """Subtasks as a person changed them after the plan was approved."""
    spokes: dict[str, SpokeState] = field(default_factory=dict[str, SpokeState])
    hub: dict[str, SpokeState] = field(default_factory=dict[str, SpokeState])
    claims: dict[str, Claim] = field(default_factory=dict[str, Claim])
    conflicts: dict[str, Conflict] = field(default_factory=dict[str, Conflict])
    report: ReportFinished | None = None
    problems: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    failures: list[Failure] = field(default_factory=list[Failure])
    stopped_by: Failure | None = None
    """What stopped the whole run, until it is taken up again."""
    notices: list[str] = field(default_factory=list[str])
    unsaved: str = ""
    """Why nothing is saved just now; empty while it is."""
    held: bool = False
    """No spoke begins because of that: a person may mend it, or let the run go on in memory."""
    results: dict[str, StepEvent] = field(default_factory=dict[str, StepEvent])
    """The finished steps, by step id."""
    asked_at: float | None = None
    """When the plan began to wait for a person, while it does."""
    queue: RunQueued | None = None
    """What the run waits for, while it waits for its turn."""

    @property
    def question(self) -> str:
        """The person's question."""
        return self.created.question if self.created else ""

    @property
    def planned_for(self) -> str:
        """The question that the plan was made for: in a fork it may be another than the run's."""
        made = [step for step in self.results.values() if isinstance(step, PlanMade)]
        newest = max(made, key=lambda step: step.seq, default=None)
        return (newest.question if newest else "") or self.question

    def attempt(self, spoke: str, number: int) -> AttemptState | None:
        """The attempt with that number, of a spoke or of the coordinator."""
        owner = self.spokes.get(spoke) or self.hub.get(spoke)
        for attempt in owner.attempts if owner else ():
            if attempt.number == number:
                return attempt
        return None


def fold(state: RunState, event: AnyEvent) -> RunState:
    """The state after one more event (the same object, changed). Unknown places are made, never an error."""
    state.seq = event.seq
    state.updated_at = event.at
    _wait_for_disk(state, event.t)
    state.seconds = max(state.seconds, event.t)
    if state.asked_at is not None and not isinstance(event, _ASIDE):
        state.waited += max(0.0, event.t - state.asked_at)
        state.asked_at = None
    if state.queue is not None and not isinstance(event, _ASIDE):
        waited = max(0.0, event.t - state.queue.t)
        state.waited, state.queued_s, state.queue = state.waited + waited, state.queued_s + waited, None
    if isinstance(event, StepEvent):
        state.results[event.step] = event
    if state.exit is not None and isinstance(event, StepEvent | AttemptStarted):
        state.exit, state.message = None, ""
        state.status = _at_work(state)
    match event:
        # First, for nearly all events are of attempts, and a long run has ten thousands of them.
        case AttemptStarted():
            _began(state, event)
        case AttemptEvent():
            _in_attempt(state, event)
        case RunCreated():
            state.created = event
            state.started_at = event.at
        case EngineStarted():
            if state.created is not None:
                in_force = {name: getattr(event, name) for name in ("docs", "provider", "model", "limits")}
                state.created = state.created.model_copy(update=in_force)
            if not (state.approved and state.exit in _REPORTED):
                state.exit, state.message = None, ""
            state.status, state.stopped_by = _at_work(state), None
            state.unsaved, state.held = "", False
            _interrupt(state, event.t)
        case Noticed():
            state.notices.append(event.message)
        case RunQueued():
            state.queue = event if event.live else None
            state.status = "queued" if event.live else _at_work(state)
        case SavingStopped():
            state.unsaved, state.held = event.why, True
            state.notices.append(event.why)
        case GoneOnUnsaved():
            state.held = False
        case SavingMended():
            state.unsaved, state.held = "", False
            state.notices.append("All is saved again.")
        case PlanMade():
            _plan(state, event.plan)
        case CoverageReviewed():
            if state.plan is not None:
                known = {subtask.id for subtask in state.plan.subtasks}
                added = tuple(subtask for subtask in event.missing if subtask.id not in known)
                state.dimensions = event.dimensions or state.dimensions
                _plan(state, state.plan.model_copy(update={"subtasks": (*state.plan.subtasks, *added)}))
        case CheckpointOpened():
            _plan(state, event.plan)
            state.missing, state.estimate = event.missing, event.estimate
            state.status = "waiting"
            state.asked_at = event.t
        case PlanSentBack():
            state.status = "planning"
        case PlanApproved():
            _plan(state, event.plan)
            state.approved = True
            state.status = "running"
        case SpokeRetried():
            _retried(state, event)
        case SpokeCancelled():
            if spoke := state.spokes.get(event.spoke):
                spoke.cancelled, spoke.asked = True, False
        case LedgerBuilt():
            state.claims = {claim.id: claim for claim in event.claims}
            state.conflicts = {conflict.id: conflict for conflict in event.conflicts}
        case ClaimsChecked():
            for checked in event.verdicts:
                if checked.claim in state.claims:
                    state.claims[checked.claim] = state.claims[checked.claim].model_copy(
                        update=checked.model_dump(include={"verdict", "confidence", "note"})
                    )
        case DisagreementsFound() if state.claims:
            for found in event.conflicts:
                known = state.conflicts.get(found.id)
                state.conflicts[found.id] = known.joined(found) if known else found
        case ConflictReconciled() if state.claims:
            known = state.conflicts.get(event.conflict.id)
            # A value that was found since stays.
            state.conflicts[event.conflict.id] = event.conflict.joined(known) if known else event.conflict
        case DraftGated():
            state.problems = event.problems
        case ReportFinished():
            state.report = event
        case RunEnded():
            state.status, state.exit, state.message = event.status, event.exit, event.message
            state.stopped_by = event.failure
            state.held = False
            _interrupt(state, event.t)
        case _:
            pass
    return state


def _wait_for_disk(state: RunState, t: float) -> None:
    """Counts the time since the event before, where it was one of waiting for the disk alone."""
    if not state.held or state.asked_at is not None or state.queue is not None:
        return
    if not any(_open_attempts(state)):
        waited = max(0.0, t - state.seconds)
        state.waited, state.unsaved_s = state.waited + waited, state.unsaved_s + waited


def _plan(state: RunState, plan: Plan) -> None:
    state.plan = plan
    kept = state.spokes
    state.spokes = {s.id: kept.get(s.id) or SpokeState(s.id, s.title) for s in plan.subtasks}


def _retried(state: RunState, event: SpokeRetried) -> None:
    spoke = state.spokes.get(event.spoke)
    if spoke is None:
        return
    spoke.cancelled, spoke.asked = False, True
    state.status, state.exit, state.message = "running", None, ""
    if event.subtask is not None:
        state.edited[event.spoke] = event.subtask
        spoke.title = event.subtask.title
        if state.plan is not None:
            state.plan = state.plan.with_subtask(event.subtask)


def _interrupt(state: RunState, t: float) -> None:
    """Attempts that are open when an engine goes or comes belong to no one any more."""
    for attempt in _open_attempts(state):
        attempt.ended, attempt.interrupted = t, True


def _open_attempts(state: RunState) -> Iterator[AttemptState]:
    for owner in (*state.spokes.values(), *state.hub.values()):
        yield from (attempt for attempt in owner.attempts if attempt.ended is None)


def _at_work(state: RunState) -> RunStatus:
    """Under an engine; what has come to its end stays so until more is done."""
    if state.exit is not None:
        return "gaps" if state.exit else "done"
    return "running" if state.approved else "planning"


def _began(state: RunState, event: AttemptStarted) -> None:
    owners = state.spokes if event.spoke in state.spokes else state.hub
    owner = owners.setdefault(event.spoke, SpokeState(event.spoke, event.spoke))
    owner.cancelled = owner.asked = False
    owner.attempts.append(AttemptState(event.attempt, event.role, event.model, event.brief, event.t, event.retry))


def _in_attempt(state: RunState, event: AttemptEvent) -> None:
    if isinstance(event, TurnFinished):
        state.usage += event.usage
    if isinstance(event, AttemptFailed):
        state.failures.append(event.failure)
    if attempt := state.attempt(event.spoke, event.attempt):
        fold_attempt(attempt, event)
