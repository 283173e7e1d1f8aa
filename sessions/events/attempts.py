"""A spoke and its attempts: what is begun, waited for, said, looked up, found, and given up."""

from typing import Literal

from pydantic import JsonValue

from sessions.events.base import AttemptEvent, SteeredEvent, StepEvent
from sessions.events.spending import Usage
from sessions.evidence import SegmentRef
from sessions.failures import Failure, FailureKind
from sessions.findings import Finding
from sessions.plan import Brief, Subtask


class SpokeRetried(SteeredEvent):
    """A person asked for another attempt, perhaps on an edited brief, which binds from now on."""

    kind: Literal["spoke_retried"] = "spoke_retried"
    spoke: str
    subtask: Subtask | None = None


class SpokeCancelled(SteeredEvent):
    """A person gave a spoke up; it stays so, also when the run is resumed, until it is retried."""

    kind: Literal["spoke_cancelled"] = "spoke_cancelled"
    spoke: str


class AttemptStarted(AttemptEvent):
    """A subagent got its brief. The coordinator's own conversations have no brief."""

    kind: Literal["attempt_started"] = "attempt_started"
    role: str
    model: str
    brief: Brief | None = None
    retry: int = 0
    """Which of the attempts that policy adds by itself it is; 0 for a first one, and one a person asked for."""
    queued_s: float = 0.0
    """How long it waited for a place."""


class TurnHeld(AttemptEvent):
    """A turn waits before it is asked for: for a place, or for what another call of its model family was told.

    With `wait_s` 0 the wait is over, sooner than was said.
    """

    kind: Literal["turn_held"] = "turn_held"
    turn: int
    why: FailureKind | None
    """What the other call met; None where all places for requests are taken."""
    wait_s: float


class TryFailed(AttemptEvent):
    """One request that failed and is tried again after `wait_s`."""

    kind: Literal["try_failed"] = "try_failed"
    turn: int
    failure: Failure
    wait_s: float


class TurnFinished(AttemptEvent):
    """One model reply, whole."""

    kind: Literal["turn_finished"] = "turn_finished"
    turn: int
    stop_reason: str
    request_id: str = ""
    usage: Usage
    seconds: float
    first_token_s: float | None = None
    held_s: float = 0.0
    """How long it waited, before it was asked for, at the gate that all calls of its model family share."""


class BlockFinished(AttemptEvent):
    """A finished block of text or thinking, as it is shown.

    `pace` holds pairs of offset (characters) and milliseconds since the block began: each second, and at its end.
    """

    kind: Literal["block_finished"] = "block_finished"
    turn: int
    block: int
    type: Literal["text", "thinking"]
    text: str
    pace: tuple[tuple[int, int], ...] = ()


class ToolCalled(AttemptEvent):
    """A tool is about to run."""

    kind: Literal["tool_called"] = "tool_called"
    turn: int
    call: str
    name: str
    input: JsonValue


class ToolReturned(AttemptEvent):
    """What a tool returned: places in evidence, or an error that the subagent was told."""

    kind: Literal["tool_returned"] = "tool_returned"
    turn: int
    call: str
    name: str
    segments: tuple[SegmentRef, ...] = ()
    text: str = ""
    """What the tool said beyond evidence (a listing, a remark)."""
    error: str = ""
    seconds: float = 0.0


class AttemptFinished(AttemptEvent, StepEvent):
    """A spoke's attempt that ended well: its findings, quotes resolved."""

    kind: Literal["attempt_finished"] = "attempt_finished"
    findings: tuple[Finding, ...] = ()
    summary: str = ""
    not_found: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    usage: Usage = Usage()
    seconds: float = 0.0
    cut_short: str = ""
    """Why it had to answer before it was done, where the run's budget made it."""


class AttemptFailed(AttemptEvent):
    """An attempt that ended in a failure, with what it left. Never an answer on resume."""

    kind: Literal["attempt_failed"] = "attempt_failed"
    failure: Failure


class AttemptDropped(AttemptEvent):
    """An attempt was given up in the middle: what it was for had changed, or the run was stopped."""

    kind: Literal["attempt_dropped"] = "attempt_dropped"
    partial: tuple[Finding, ...] = ()


class Replied(AttemptEvent):
    """One of the coordinator's own conversations (`hub.…`) ended well; what came of it is a step's result."""

    kind: Literal["replied"] = "replied"
