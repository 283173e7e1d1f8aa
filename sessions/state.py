"""RunState: the pure fold of a run's events, the one thing that every view reads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from sessions.estimate import Estimate
from sessions.events import (
    AnyEvent,
    AttemptDropped,
    AttemptEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    BlockFinished,
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
    Replied,
    ReportFinished,
    RunCreated,
    RunEnded,
    RunQueued,
    SavingMended,
    SavingStopped,
    SpokeCancelled,
    SpokeRetried,
    StepEvent,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
    TurnHeld,
    Usage,
)
from sessions.evidence import SegmentRef
from sessions.failures import Failure, FailureKind
from sessions.findings import Claim, Conflict, Finding
from sessions.plan import Brief, Dimension, Plan, Subtask

SpokeStatus = Literal["queued", "running", "done", "failed", "cancelled"]
RunStatus = Literal["queued", "planning", "waiting", "running", "done", "gaps", "interrupted", "failed"]

_ASIDE = (Noticed, SavingStopped, GoneOnUnsaved, SavingMended)
"""What is told while the run goes on, or waits, as it did."""

_REPORTED = (0, 3)
"""The exit codes of an approved run that has come to its end with a report."""


@dataclass(frozen=True)
class Wait:
    """Why an attempt does nothing just now, and until when on the run's clock."""

    why: FailureKind
    since: float
    until: float
    failure: Failure | None = None
    """What its own try failed of; None where it waits for what another's did."""


@dataclass
class AttemptState:
    """One attempt, as far as it came."""

    number: int
    role: str
    model: str
    brief: Brief | None
    started: float
    retry: int = 0
    """Which of the attempts that policy adds by itself it is."""
    ended: float | None = None
    wait: Wait | None = None
    usage: Usage = field(default_factory=Usage)
    segments: list[SegmentRef] = field(default_factory=list[SegmentRef])
    log: list[BlockFinished | ToolCalled | ToolReturned | TryFailed] = field(
        default_factory=list[BlockFinished | ToolCalled | ToolReturned | TryFailed]
    )
    finished: AttemptFinished | None = None
    failure: Failure | None = None
    left: tuple[Finding, ...] = ()
    """What it had found when it was given up in the middle."""
    interrupted: bool = False
    """Its engine went away in the middle of it; a resume opens a new attempt."""

    @property
    def found(self) -> tuple[Finding, ...]:
        """What it found, however it ended."""
        if self.finished is not None:
            return self.finished.findings
        return self.failure.partial if self.failure else self.left


def _each_once(found: Iterable[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    every = [finding for some in found for finding in some]
    return tuple(finding for number, finding in enumerate(every) if finding not in every[:number])


@dataclass
class SpokeState:
    """One spoke of the plan, or one of the coordinator's own conversations (`hub.…`), with its attempts."""

    id: str
    title: str
    attempts: list[AttemptState] = field(default_factory=list[AttemptState])
    cancelled: bool = False
    """A person gave it up."""
    asked: bool = False
    """A person asked for an attempt that has not begun."""

    @property
    def partial(self) -> tuple[Finding, ...]:
        """What attempts that did not end well found all the same, on any brief, each finding once."""
        return _each_once(attempt.found for attempt in self.attempts if not attempt.finished)

    @property
    def found(self) -> tuple[Finding, ...]:
        """All that its attempts found, each finding once."""
        return _each_once(attempt.found for attempt in self.attempts)

    @property
    def last(self) -> AttemptState | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def status(self) -> SpokeStatus:
        """What a person sees of it."""
        last = self.last
        if self.cancelled:
            return "cancelled"
        if last is None or last.interrupted or self.asked:
            return "queued"
        if last.failure is not None:
            return "failed"
        return "running" if last.ended is None else "done"


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
    if isinstance(event, StepEvent | AttemptStarted) and state.exit is not None:
        state.exit, state.message = None, ""
        state.status = _at_work(state)
    match event:
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
            _fold_attempt(state, event)
    return state


def _wait_for_disk(state: RunState, t: float) -> None:
    """Counts the time since the event before, where it was one of waiting for the disk alone."""
    if not state.held or state.asked_at is not None or state.queue is not None:
        return
    owners = (*state.spokes.values(), *state.hub.values())
    if not any(attempt.ended is None for owner in owners for attempt in owner.attempts):
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
    for owner in (*state.spokes.values(), *state.hub.values()):
        for attempt in owner.attempts:
            if attempt.ended is None:
                attempt.ended, attempt.interrupted = t, True


def _at_work(state: RunState) -> RunStatus:
    """Under an engine; what has come to its end stays so until more is done."""
    if state.exit is not None:
        return "gaps" if state.exit else "done"
    return "running" if state.approved else "planning"


def _wait(event: AttemptEvent) -> Wait | None:
    """What an attempt waits for after an event: whatever else happens in it, it goes on."""
    match event:
        case TurnHeld() if event.wait_s > 0:
            return Wait(event.why, event.t, event.t + event.wait_s)
        case TryFailed():
            return Wait(event.failure.kind, event.t, event.t + event.wait_s, event.failure)
        case _:
            return None


def _fold_attempt(state: RunState, event: AnyEvent) -> None:
    if isinstance(event, AttemptStarted):
        owners = state.spokes if event.spoke in state.spokes else state.hub
        owner = owners.setdefault(event.spoke, SpokeState(event.spoke, event.spoke))
        owner.cancelled = owner.asked = False
        owner.attempts.append(
            AttemptState(event.attempt, event.role, event.model, event.brief, event.t, event.retry)
        )
        return
    if not isinstance(
        event,
        TurnHeld
        | TurnFinished
        | TryFailed
        | BlockFinished
        | ToolCalled
        | ToolReturned
        | AttemptFinished
        | AttemptFailed
        | AttemptDropped
        | Replied,
    ):
        return
    if isinstance(event, TurnFinished):
        state.usage += event.usage
    if isinstance(event, AttemptFailed):
        state.failures.append(event.failure)
    attempt = state.attempt(event.spoke, event.attempt)
    if attempt is None:
        return
    attempt.wait = _wait(event)
    match event:
        case TurnHeld():
            pass
        case TurnFinished():
            attempt.usage += event.usage
        case AttemptFinished():
            attempt.finished, attempt.ended = event, event.t
        case Replied():
            attempt.ended = event.t
        case AttemptFailed():
            attempt.failure, attempt.ended = event.failure, event.t
        case AttemptDropped():
            attempt.ended, attempt.interrupted, attempt.left = event.t, True, event.partial
        case ToolReturned():
            attempt.segments.extend(event.segments)
            attempt.log.append(event)
        case _:
            attempt.log.append(event)
