"""From a researcher's reply to findings whose quotes are spans of evidence."""

from collections.abc import Sequence

from pydantic import JsonValue, ValidationError

from agents.replies import FoundClaim
from sessions.evidence import Segment, resolve_quote
from sessions.findings import Finding, Quote


def findings_of(reply: JsonValue, segments: Sequence[Segment]) -> tuple[Finding, ...]:
    """The findings of a reply, whole or broken off; each quote is looked up in what tools really returned.

    A quote that stands nowhere keeps its words and gets no span. What is no finding at all is dropped.
    """
    found = reply.get("findings") if isinstance(reply, dict) else None
    findings: list[Finding] = []
    for item in found if isinstance(found, list) else ():
        try:
            claim = FoundClaim.model_validate(item)
        except ValidationError:  # the last one of a reply that broke off
            continue
        if not claim.claim:
            continue
        quotes = tuple(resolve_quote(Quote(text=q.text, source=q.source), segments) for q in claim.quotes)
        findings.append(
            Finding(
                claim=claim.claim,
                quotes=quotes,
                date=claim.date,
                scope=claim.scope,
                definition=claim.definition,
                confidence=claim.confidence,
            )
        )
    return tuple(findings)
