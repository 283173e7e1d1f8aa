"""The ledger of claims: built, compared, checked, its conflicts explained."""

from typing import Literal

from sessions.events.base import StepEvent
from sessions.findings import Claim, Confidence, Conflict, Verdict
from sessions.model import Record


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
