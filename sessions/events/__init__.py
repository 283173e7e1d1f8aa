"""Everything that happens in a run: one frozen model a kind, told apart by `kind`."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from sessions.events.attempts import (
    AttemptDropped,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    BlockFinished,
    Replied,
    SpokeCancelled,
    SpokeRetried,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
    TurnHeld,
)
from sessions.events.base import AttemptEvent as AttemptEvent
from sessions.events.base import Event as Event
from sessions.events.base import SteeredEvent as SteeredEvent
from sessions.events.base import StepEvent as StepEvent
from sessions.events.ledger import ClaimsChecked, ConflictReconciled, DisagreementsFound, LedgerBuilt
from sessions.events.ledger import ClaimVerdict as ClaimVerdict
from sessions.events.planning import CheckpointOpened, CoverageReviewed, PlanApproved, PlanMade, PlanSentBack
from sessions.events.report import DraftGated, DraftWritten, ReportFinished
from sessions.events.run import (
    EngineStarted,
    GoneOnUnsaved,
    Noticed,
    RunCreated,
    RunEnded,
    RunQueued,
    SavingMended,
    SavingStopped,
)
from sessions.events.spending import Limits as Limits
from sessions.events.spending import Usage as Usage

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
    AnyStep
    | RunCreated
    | EngineStarted
    | RunQueued
    | Noticed
    | SavingStopped
    | GoneOnUnsaved
    | SavingMended
    | CheckpointOpened
    | SpokeRetried
    | SpokeCancelled
    | AttemptStarted
    | TurnHeld
    | TurnFinished
    | TryFailed
    | BlockFinished
    | ToolCalled
    | ToolReturned
    | AttemptFailed
    | AttemptDropped
    | Replied
    | DraftGated
    | RunEnded,
    Field(discriminator="kind"),
]
"""Every kind of event."""

EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
"""Validates one event; raises pydantic.ValidationError."""
