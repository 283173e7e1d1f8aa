"""What an attempt is given and what it gives back: plain data, so that it can run anywhere."""

from pydantic import Field, JsonValue

from sessions.events import Usage
from sessions.evidence import Segment
from sessions.failures import FailureKind
from sessions.findings import Span
from sessions.model import Record
from sessions.plan import Brief


class AttemptLimits(Record):
    """How far an attempt may go. Times are seconds of work, not of waiting in a queue."""

    max_turns: int = 12
    max_output_tokens: int = 16_000
    """Of one reply."""
    max_tokens: int = 600_000
    """Of all replies together, input included."""
    deadline_s: float = 600.0
    stall_s: float = 60.0
    """Without an event of the stream that is not a ping."""


class AttemptSpec(Record):
    """One conversation to be held: who, with what, about what, in which form the answer comes."""

    run: str
    spoke: str
    attempt: int
    role: str
    model: str
    system: str
    prompt: str
    tools: tuple[str, ...] = ()
    reply: str = ""
    """The title of the structured reply (`agents.replies.REPLIES`); empty for Markdown."""
    limits: AttemptLimits = AttemptLimits()
    brief: Brief | None = None
    evidence: dict[str, tuple[Span, ...]] = Field(default_factory=dict[str, tuple[Span, ...]])
    """What the tool that reads evidence may read: spans by claim id."""
    share: float = 1.0
    """The share of the run's caps that may be used up when it is over (`agents.budget`)."""
    retry: int = 0
    """Which of the attempts that policy adds by itself it is."""
    queued_s: float = 0.0
    """How long its spoke waited for a place."""


class AttemptFault(Record):
    """Why an attempt ended without its answer."""

    kind: FailureKind
    message: str
    http_status: int | None = None
    request_id: str | None = None
    retry_after_s: float | None = None
    retryable: bool = False
    transient: bool = False
    """Whether just the same may go well a moment later."""


class Outcome(Record):
    """What came of an attempt. After a fault, `reply` holds what could be saved of the answer."""

    text: str = ""
    reply: JsonValue = None
    segments: tuple[Segment, ...] = ()
    """Every stretch of a source that a tool returned to this attempt."""
    usage: Usage = Usage()
    seconds: float = 0.0
    fault: AttemptFault | None = None
    tools_failed: str = ""
    """What its tools failed of, where none of their calls was answered."""
    turns_used_up: bool = False
    """Whether it had to answer because it had no turn or token of its own left."""
    cut_short: str = ""
    """Why it had to answer before it was done, where the run's budget made it."""
    held_s: float = 0.0
    """How long calls that brought no reply waited at the gate, where no reply came after them."""
