"""From a researcher's reply to findings whose quotes are spans of evidence; a reply with others is sent back."""

from collections.abc import Sequence

from pydantic import JsonValue, ValidationError

from agents.replies import FindingsReply, FoundClaim
from sessions.evidence import QuoteResolver, Segment
from sessions.findings import Finding, Quote

MOST_FINDINGS, MOST_OPEN, MOST_SEARCHES = 60, 20, 10
"""What one reply may hold (`agents.replies.FindingsReply`), and so two together."""

MOST_NAMED, NAMED = 20, 300
"""Quotes that are named to a researcher, and how much of each."""


def findings_of(reply: JsonValue, segments: Sequence[Segment]) -> tuple[Finding, ...]:
    """The findings of a reply, whole or broken off; each quote is looked up in what tools really returned.

    A quote that stands nowhere keeps its words and gets no span. What is no finding at all is dropped.
    """
    found = reply.get("findings") if isinstance(reply, dict) else None
    findings: list[Finding] = []
    resolver = QuoteResolver(segments)
    for item in found if isinstance(found, list) else ():
        try:
            claim = FoundClaim.model_validate(item)
        except ValidationError:  # the last one of a reply that broke off
            continue
        if not claim.claim:
            continue
        quotes = tuple(resolver.resolve(Quote(text=q.text, source=q.source)) for q in claim.quotes)
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


def quotes_nowhere(reply: JsonValue, segments: Sequence[Segment]) -> list[Quote]:
    """The quotes of a reply that stand in nothing a tool returned."""
    return [q for finding in findings_of(reply, segments) for q in finding.quotes if q.span is None]


def quotes_sent_back(quotes: Sequence[Quote]) -> str:
    """What a researcher is told of its quotes that stand nowhere."""
    named = [f'- {quote.source}: "{quote.text[:NAMED]}"' for quote in quotes[:MOST_NAMED]]
    if len(quotes) > MOST_NAMED:
        named.append(f"- and {len(quotes) - MOST_NAMED} more")
    return "\n".join(
        [
            "These quotes do not stand in what the tools returned:",
            *named,
            "Copy them word for word, or leave the finding out. Answer again, in the same form. "
            "Findings with a quote that does stand there are kept, and need not be repeated.",
        ]
    )


def joined(first: JsonValue, second: JsonValue, segments: Sequence[Segment]) -> JsonValue:
    """The second answer, as it is, with what of the first stays although the second leaves it out.

    A finding stays that has a quote that stands, unless the second makes the same claim on a quote that stands; so
    do open questions and other searches. Of more findings than a reply may hold, those on no quote give way.
    """
    one, two = FindingsReply.model_validate(first), FindingsReply.model_validate(second)
    resolver = QuoteResolver(segments)

    def rests(claim: FoundClaim) -> bool:
        return any(resolver.resolve(Quote(text=q.text, source=q.source)).span for q in claim.quotes)

    made = {_said(claim) for claim in two.findings if rests(claim)}
    kept = [claim for claim in one.findings if rests(claim) and _said(claim) not in made]
    repeated = {_said(claim) for claim in kept}
    findings = [*kept, *(claim for claim in two.findings if _said(claim) not in repeated)]
    both = two.model_copy(
        update={
            "findings": sorted(findings, key=lambda claim: not rests(claim))[:MOST_FINDINGS],
            "summary": two.summary or one.summary,
            "not_found": list(dict.fromkeys([*one.not_found, *two.not_found]))[:MOST_OPEN],
            "alternatives": list(dict.fromkeys([*one.alternatives, *two.alternatives]))[:MOST_SEARCHES],
        }
    )
    return both.model_dump(mode="json")


def _said(claim: FoundClaim) -> str:
    return " ".join(claim.claim.split()).casefold()
