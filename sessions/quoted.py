"""What a run's events quote, and the stored texts that the quotes stand in."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from sessions.events import (
    AnyEvent,
    AttemptDropped,
    AttemptFailed,
    AttemptFinished,
    LedgerBuilt,
    ReportFinished,
)
from sessions.evidence_store import EvidenceStore
from sessions.findings import Finding, Span
from sessions.state import RunState


class Source(TypedDict):
    """A text that something was quoted from."""

    source: str
    text: str


def cited(state: RunState, events: Iterable[AnyEvent], evidence: EvidenceStore) -> dict[str, Source]:
    """The text of every source that a finding's quote stands in, by its hash; `state` is the fold of `events`."""
    findings = [claim.finding for claim in state.claims.values()]
    findings += [finding for event in events for finding in _found(event)]
    spans = [quote.span for finding in findings for quote in finding.quotes]
    sources = {span.source_sha256: span.source for span in spans if span is not None}
    texts = evidence.texts(sources)
    return {
        sha256: Source(source=sources[sha256], text=text) for sha256, text in texts.items() if _is_unicode(text)
    }


def quoted(events: Iterable[AnyEvent]) -> Iterator[tuple[str, Span]]:
    """Every quote of the findings and of the report, with the span that it claims to be."""
    for event in events:
        findings: Iterable[Finding] = _found(event)
        if isinstance(event, LedgerBuilt):
            findings = (claim.finding for claim in event.claims)
        elif isinstance(event, ReportFinished):
            for citation in event.citations:
                span = Span(
                    source=citation.source,
                    source_sha256=citation.source_sha256,
                    start=citation.start,
                    end=citation.end,
                )
                yield citation.quote, span
        yield from ((quote.text, quote.span) for finding in findings for quote in finding.quotes if quote.span)


def _found(event: AnyEvent) -> Sequence[Finding]:
    """What an attempt found, however it ended."""
    match event:
        case AttemptFinished():
            return event.findings
        case AttemptFailed():
            return event.failure.partial
        case AttemptDropped():
            return event.partial
        case _:
            return ()


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False  # half a surrogate pair, which JSON has no way to carry
    return True
