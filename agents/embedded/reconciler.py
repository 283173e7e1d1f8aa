"""Reconciliation: every value kept, with what sets it apart from the others."""

from agents.conflicts.detector import explain
from agents.embedded.conversation import Conversation
from agents.embedded.records import ClaimLine, read_claims, read_conflicts
from agents.embedded.wire import BadRequestError
from agents.replies import ReconciledValue, ReconciliationReply
from sessions.findings import ConflictValue


def reconcile(talk: Conversation) -> ReconciliationReply:
    """The conflict of the prompt, explained by the words around its values. Raises BadRequestError."""
    conflicts = read_conflicts(talk.section("conflict"))
    if not conflicts:
        raise BadRequestError("The prompt holds no conflict to reconcile.")
    conflict = conflicts[0]
    claims = {claim.id: claim for claim in read_claims(talk.section("claims"))}
    kind, explanation = explain(conflict, [claim.ledger_claim() for claim in claims.values()])
    return ReconciliationReply(
        subject=conflict.subject[:300],
        values=[_value(value, claims.get(value.claim)) for value in conflict.values],
        kind=kind,
        explanation=explanation[:4_000],
    )


def _value(value: ConflictValue, claim: ClaimLine | None) -> ReconciledValue:
    return ReconciledValue(
        claim=value.claim,
        value=value.value[:300],
        date=(value.date or (claim.date if claim else ""))[:300],
        scope=(value.scope or (claim.scope if claim else ""))[:300],
        definition=(value.definition or (claim.definition if claim else ""))[:300],
        population=value.population[:300],
        period=value.period[:300],
    )
