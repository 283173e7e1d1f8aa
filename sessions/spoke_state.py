"""SpokeState and its AttemptStates: what each spoke of a run came to, and the fold of an attempt's events."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from sessions.events import (
    AttemptDropped,
    AttemptEvent,
    AttemptFailed,
    AttemptFinished,
    BlockFinished,
    Replied,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
    TurnHeld,
    Usage,
)
from sessions.evidence import SegmentRef
from sessions.failures import Failure, FailureKind
from sessions.findings import Finding
from sessions.plan import Brief

SpokeStatus = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Wait:
    """Why an attempt does nothing just now, and until when on the run's clock."""

    why: FailureKind | None
    """None where it waits for a place."""
    since: float
    until: float
    failure: Failure | None = None
    """What its own try failed of; None where none of its own did."""


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
    def failed_of(self) -> FailureKind | None:
        """What its newest attempt failed of; None where it has not."""
        return self.last.failure.kind if self.last and self.last.failure else None

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


def fold_attempt(attempt: AttemptState, event: AttemptEvent) -> None:
    """Changes an attempt by one more of its events."""
    attempt.wait = None  # whatever else happens in it, it goes on
    match event:
        case BlockFinished() | ToolCalled():
            attempt.log.append(event)
        case TurnFinished():
            attempt.usage += event.usage
        case ToolReturned():
            attempt.segments.extend(event.segments)
            attempt.log.append(event)
        case AttemptFinished():
            attempt.finished, attempt.ended = event, event.t
        case Replied():
            attempt.ended = event.t
        case AttemptFailed():
            attempt.failure, attempt.ended = event.failure, event.t
        case AttemptDropped():
            attempt.ended, attempt.interrupted, attempt.left = event.t, True, event.partial
        case TurnHeld() if event.wait_s > 0:
            attempt.wait = Wait(event.why, event.t, event.t + event.wait_s)
        case TryFailed():
            attempt.wait = Wait(event.failure.kind, event.t, event.t + event.wait_s, event.failure)
            attempt.log.append(event)
        case _:
            pass
