"""Everything that happens in a run: one frozen model a kind, told apart by `kind`."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from sessions.estimate import Estimate
from sessions.evidence import SegmentRef
from sessions.failures import Failure, FailureKind
from sessions.findings import Citation, Claim, Confidence, Conflict, Finding, Gap, Verdict
from sessions.model import SCHEMA, Elapsed, Moment, Record
from sessions.plan import Brief, Dimension, LeftOut, Plan, Subtask


class Usage(Record):
    """Tokens of one or more replies, as the provider counted them, and what they cost."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    turns: int = 0
    usd: float = 0.0
    """What the priced turns cost."""
    priced_turns: int = 0
    """Turns of a model whose price was known."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
            turns=self.turns + other.turns,
            usd=self.usd + other.usd,
            priced_turns=self.priced_turns + other.priced_turns,
        )

    @property
    def tokens(self) -> int:
        """All tokens that count against a budget."""
        return self.input_tokens + self.output_tokens + self.cache_read_tokens + self.cache_write_tokens

    @property
    def cost(self) -> float | None:
        """USD, or None where a turn's price was not known: then it is never taken for nothing."""
        return self.usd if self.priced_turns == self.turns else None


class Limits(Record):
    """The hard caps of a run."""

    max_parallel: int = Field(default=5, ge=1, le=20)
    max_spokes: int = Field(default=7, ge=1, le=20)
    max_turns: int = Field(default=400, ge=1, le=100_000)
    max_tokens: int = Field(default=4_000_000, ge=1, le=10**9)
    max_usd: float = Field(default=5.0, gt=0, le=100_000)
    """Binds only as far as the models' prices are known."""
    max_minutes: float = Field(default=60.0, gt=0, le=100_000)
    """Of work: the time in which the plan waits for a person, or all of the run for the disk, does not count."""


class Event(Record):
    """What every event carries; the journal numbers it (`seq`) and stamps it when it is appended.

    `at` is the wall clock in seconds since 1970, for display; `t` the run's own active seconds, from the
    monotonic clock, which go on from where they stood when a run is resumed.
    """

    schema_: int = Field(default=SCHEMA, alias="schema")
    seq: int = 0
    at: Moment = 0.0
    t: Elapsed = 0.0


class StepEvent(Event):
    """The finished result of a durable step: on resume it answers in place of the work."""

    step: str


class AttemptEvent(Event):
    """Something within one attempt; causality is promised only here."""

    spoke: str
    attempt: int


class SteeredEvent(Event):
    """Something that a person may have wanted."""

    by: str = Field(default="", exclude_if=lambda who: not who)
    """Who did it: `window 2`, `command line`, a signal; empty, and not written, where nobody said."""


class RunCreated(Event):
    """The question and how it is to be worked on."""

    kind: Literal["run_created"] = "run_created"
    run: str
    question: str
    docs: str
    """The absolute path of the folder of documents."""
    provider: str
    model: str = ""
    """Overrides the model of every role when it is not empty."""
    team: str = "research"
    limits: Limits = Limits()
    version: str = ""
    forked_from: str = ""
    """The run whose plan and results it took over at its beginning; empty for one that began from nothing."""


class EngineStarted(Event):
    """A process took the run up: the first time, or again on resume, with the settings now in force."""

    kind: Literal["engine_started"] = "engine_started"
    pid: int
    version: str
    docs: str
    provider: str
    model: str = ""
    limits: Limits = Limits()
    resumed: bool = False


class Noticed(Event):
    """Something a person should know that is no failure of a spoke."""

    kind: Literal["noticed"] = "noticed"
    message: str


class SavingStopped(Event):
    """The disk takes no more: no spoke begins until that is mended, or somebody says to go on all the same."""

    kind: Literal["saving_stopped"] = "saving_stopped"
    why: str


class GoneOnUnsaved(SteeredEvent):
    """The run goes on in memory: a person said so, or there is nobody to wait for."""

    kind: Literal["gone_on_unsaved"] = "gone_on_unsaved"


class SavingMended(Event):
    """All that could not be saved is saved."""

    kind: Literal["saving_mended"] = "saving_mended"


class RunQueued(Event):
    """The run waits until fewer runs are live, before it plans; with `live` 0 its turn has come."""

    kind: Literal["run_queued"] = "run_queued"
    live: int = 0
    """How many runs may be, and are, live at once."""
    before: int = 0
    """How many wait before it."""

    @property
    def said(self) -> str:
        """The same in words."""
        if not self.live:
            return "its turn has come"
        runs = "1 run is" if self.live == 1 else f"{self.live} runs are"
        others = f", {self.before} before it wait{'s' if self.before == 1 else ''}" if self.before else ""
        return f"queued: {runs} live{others}; it begins when one ends"


class PlanMade(StepEvent):
    """The planner's plan, valid."""

    kind: Literal["plan_made"] = "plan_made"
    plan: Plan
    question: str = ""
    """The question that it was made for, where that is another than the run's, as in a fork."""


class CoverageReviewed(StepEvent):
    """A second reading of the plan: what it lacks, as subtasks, and the titles of what there is no room for."""

    kind: Literal["coverage_reviewed"] = "coverage_reviewed"
    round: int
    missing: tuple[Subtask, ...] = ()
    no_room: tuple[str, ...] = ()
    """Titles of what nothing in the plan covers."""
    dimensions: tuple[Dimension, ...] = ()
    note: str = ""


class CheckpointOpened(Event):
    """The plan waits for a person."""

    kind: Literal["checkpoint_opened"] = "checkpoint_opened"
    plan: Plan
    missing: tuple[str, ...] = ()
    estimate: Estimate | None = None
    """What the plan is going to take; None where nobody knows."""


class PlanSentBack(StepEvent, SteeredEvent):
    """A person wants another plan, and says why."""

    kind: Literal["plan_sent_back"] = "plan_sent_back"
    note: str


class PlanApproved(StepEvent, SteeredEvent):
    """The plan that binds."""

    kind: Literal["plan_approved"] = "plan_approved"
    plan: Plan


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
    """A turn waits before it is asked for, because of what another call of its model family was told.

    With `wait_s` 0 the wait is over, sooner than was said.
    """

    kind: Literal["turn_held"] = "turn_held"
    turn: int
    why: FailureKind
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


class TryFailed(AttemptEvent):
    """One request that failed and is tried again after `wait_s`."""

    kind: Literal["try_failed"] = "try_failed"
    turn: int
    failure: Failure
    wait_s: float


class BlockFinished(AttemptEvent):
    """A finished block of text or thinking, as it is shown.

    `pace` holds pairs of offset (characters) and milliseconds since the block began, each quarter second.
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


class SpokeRetried(SteeredEvent):
    """A person asked for another attempt, perhaps on an edited brief, which binds from now on."""

    kind: Literal["spoke_retried"] = "spoke_retried"
    spoke: str
    subtask: Subtask | None = None


class SpokeCancelled(SteeredEvent):
    """A person gave a spoke up; it stays so, also when the run is resumed, until it is retried."""

    kind: Literal["spoke_cancelled"] = "spoke_cancelled"
    spoke: str


class Replied(AttemptEvent):
    """One of the coordinator's own conversations (`hub.…`) ended well; what came of it is a step's result."""

    kind: Literal["replied"] = "replied"


class LedgerBuilt(StepEvent):
    """All findings as numbered claims, duplicates merged, with the conflicts that stand out among them."""

    kind: Literal["ledger_built"] = "ledger_built"
    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...] = ()
    readings: tuple[str, ...] = ()
    """The steps that compare its claims: they may be older than it, where they compared the same ones before."""


class DisagreementsFound(StepEvent):
    """What a second reading of claims found beside the ledger's conflicts: others, and further values of those."""

    kind: Literal["disagreements_found"] = "disagreements_found"
    conflicts: tuple[Conflict, ...] = ()


class ClaimVerdict(Record):
    """What verification said of one claim."""

    claim: str
    verdict: Verdict
    confidence: Confidence = "medium"
    note: str = ""


class ClaimsChecked(StepEvent):
    """The verdicts of one batch of claims."""

    kind: Literal["claims_checked"] = "claims_checked"
    verdicts: tuple[ClaimVerdict, ...]


class ConflictReconciled(StepEvent):
    """A conflict with what explains it; no value that went in is missing."""

    kind: Literal["conflict_reconciled"] = "conflict_reconciled"
    conflict: Conflict


class DraftWritten(StepEvent):
    """A draft of the report, citing claims by their ids."""

    kind: Literal["draft_written"] = "draft_written"
    round: int
    markdown: str


class DraftGated(Event):
    """What the gates found wrong with a draft."""

    kind: Literal["draft_gated"] = "draft_gated"
    round: int
    problems: tuple[str, ...]


class ReportFinished(StepEvent):
    """The final report; every `[n]` is a citation."""

    kind: Literal["report_finished"] = "report_finished"
    markdown: str
    citations: tuple[Citation, ...] = ()
    gaps: tuple[Gap, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


class RunEnded(SteeredEvent):
    """The engine let the run go: with a report, at a checkpoint, interrupted (`by` says by whom) or failed."""

    kind: Literal["run_ended"] = "run_ended"
    status: Literal["done", "gaps", "waiting", "interrupted", "failed"]
    exit: int
    message: str = ""
    failure: Failure | None = None
    """What stopped it, where a failure did."""


AnyStep = (
    PlanMade
    | CoverageReviewed
    | PlanSentBack
    | PlanApproved
    | AttemptFinished
    | LedgerBuilt
    | DisagreementsFound
    | ClaimsChecked
    | ConflictReconciled
    | DraftWritten
    | ReportFinished
)
"""Every kind of finished step."""

AnyEvent = Annotated[
    RunCreated
    | EngineStarted
    | Noticed
    | SavingStopped
    | GoneOnUnsaved
    | SavingMended
    | RunQueued
    | PlanMade
    | CoverageReviewed
    | CheckpointOpened
    | PlanSentBack
    | PlanApproved
    | AttemptStarted
    | TurnHeld
    | TurnFinished
    | TryFailed
    | BlockFinished
    | ToolCalled
    | ToolReturned
    | AttemptFinished
    | AttemptFailed
    | AttemptDropped
    | SpokeRetried
    | SpokeCancelled
    | Replied
    | LedgerBuilt
    | DisagreementsFound
    | ClaimsChecked
    | ConflictReconciled
    | DraftWritten
    | DraftGated
    | ReportFinished
    | RunEnded,
    Field(discriminator="kind"),
]

EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
"""Validates one event; raises pydantic.ValidationError."""
