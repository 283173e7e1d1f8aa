"""An event whole: brief, tool input and what came of it, usage and cost, failure; the rest of it as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sessions.events import (
    AttemptDropped,
    AttemptEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    BlockFinished,
    DraftGated,
    DraftWritten,
    Noticed,
    ReportFinished,
    RunCreated,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
)
from tui.looks import counted, model_name
from tui.money import usd
from tui.safe import safe
from tui.widgets.wrapping import Entry

if TYPE_CHECKING:
    from pydantic import JsonValue

    from sessions.events import AnyEvent, Usage
    from sessions.evidence import SegmentRef
    from sessions.failures import Failure
    from sessions.film import Film
    from sessions.findings import Finding
    from sessions.plan import Brief

_HEAD = {"schema_", "seq", "at", "t", "kind", "spoke", "attempt"}
"""What the heading says of every event."""

Evidence = Callable[[str], str | None]
"""The stored text with a hash, or None where it is not kept."""


def whole(film: Film, place: int, evidence: Evidence) -> list[Entry]:
    """All that is known of the event at a place, harmless."""
    event = film.events[place]
    told = [Entry(_heading(event), "title"), *_body(film, event, evidence)]
    rest = event.model_dump_json(exclude=_HEAD | _shown(event), indent=2)
    if rest != "{}":
        told.append(Entry(rest, "note"))
    return [Entry(safe(entry.text), entry.style) for entry in told if entry.text]


def _heading(event: AnyEvent) -> str:
    minutes, seconds = divmod(max(0.0, event.t), 60)
    try:
        at = datetime.fromtimestamp(event.at, UTC).strftime(" · %Y-%m-%d %H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        at = ""  # no time that there is
    who = f" · {event.spoke} attempt {event.attempt}" if isinstance(event, AttemptEvent) else ""
    return f"#{event.seq} {event.kind.replace('_', ' ')}{who} · {minutes:.0f}:{seconds:04.1f}{at}"


def _shown(event: AnyEvent) -> set[str]:
    """The fields that the text of an event tells whole."""
    match event:
        case RunCreated():
            return {"question"}
        case AttemptStarted():
            return {"role", "model", "brief", "queued_s", "retry"}
        case TurnFinished():
            return {"turn", "usage", "seconds", "first_token_s", "held_s", "request_id", "stop_reason"}
        case TryFailed():
            return {"turn", "failure", "wait_s"}
        case BlockFinished():
            return {"turn", "block", "type", "text", "pace"}
        case ToolCalled():
            return {"turn", "call", "name", "input"}
        case ToolReturned():
            return {"turn", "call", "name", "segments", "text", "error", "seconds"}
        case AttemptFinished():
            return {"findings", "summary", "not_found", "usage", "seconds"}
        case AttemptFailed():
            return {"failure"}
        case AttemptDropped():
            return {"partial"}
        case Noticed():
            return {"message"}
        case DraftWritten() | ReportFinished():
            return {"markdown"}
        case DraftGated():
            return {"problems"}
        case _:
            return set()


def _body(film: Film, event: AnyEvent, evidence: Evidence) -> Iterator[Entry]:
    match event:
        case RunCreated():
            yield Entry(event.question)
        case AttemptStarted():
            queued = f" · waited {event.queued_s:.1f} s for a place" if event.queued_s else ""
            again = f" · retry {event.retry} of policy" if event.retry else ""
            yield Entry(f"{event.role} · {model_name(event.model)}{queued}{again}", "note")
            yield from _brief(event.brief)
        case TurnFinished():
            yield from _turn(event)
        case TryFailed():
            yield Entry(f"turn {event.turn} · again after {event.wait_s:.1f} s", "note")
            yield from _failure(event.failure)
        case BlockFinished():
            took = f" · came in {event.pace[-1][1] / 1000:.1f} s" if event.pace else ""
            yield Entry(f"{event.type} · turn {event.turn}, block {event.block}{took}", "note")
            yield Entry(event.text, event.type)
        case ToolCalled():
            yield from _call(event)
            returned = _other(film, event)
            if isinstance(returned, ToolReturned):
                yield from _returned(returned, evidence)
        case ToolReturned():
            call = _other(film, event)
            if isinstance(call, ToolCalled):
                yield from _call(call)
            yield from _returned(event, evidence)
        case AttemptFinished():
            yield Entry(f"took {event.seconds:.1f} s · {_usage(event.usage)}", "note")
            yield Entry(event.summary)
            yield from _findings(event.findings)
            yield from (Entry(f"not found: {question}") for question in event.not_found)
        case AttemptFailed():
            yield from _failure(event.failure)
        case AttemptDropped():
            yield from _findings(event.partial)
        case Noticed():
            yield Entry(event.message)
        case DraftWritten() | ReportFinished():
            yield Entry(event.markdown)
        case DraftGated():
            yield from (Entry(f"- {problem}") for problem in event.problems)
        case _:
            pass


def _brief(brief: Brief | None) -> Iterator[Entry]:
    """What a subagent was told, all of it."""
    if brief is None:
        yield Entry("a conversation of the coordinator's own; it has no brief", "note")
        return
    yield Entry("brief", "title")
    yield Entry(f"question: {brief.question}")
    yield Entry(f"{brief.title}: {brief.objective}")
    yield from (Entry(f"- {question}") for question in brief.key_questions)
    yield Entry(f"boundaries: {brief.boundaries}" if brief.boundaries else "")
    yield Entry(f"advice: {brief.advice}" if brief.advice else "")
    for upstream in brief.upstream:
        yield Entry(f"from {upstream.title}", "title")
        yield Entry(upstream.summary or upstream.gap)
        yield from (Entry(f"- {finding}") for finding in upstream.findings)


def _turn(event: TurnFinished) -> Iterator[Entry]:
    first = f", first token after {event.first_token_s:.1f} s" if event.first_token_s is not None else ""
    held = f", held back {event.held_s:.1f} s before" if event.held_s else ""
    yield Entry(f"turn {event.turn} · {event.stop_reason} · took {event.seconds:.1f} s{first}{held}")
    yield Entry(f"usage: {_usage(event.usage)}")
    yield Entry(f"request: {event.request_id or 'no id'}")


def _usage(usage: Usage) -> str:
    """Tokens of every sort, and what they cost."""
    cached = f", cache {usage.cache_read_tokens:,} read {usage.cache_write_tokens:,} written"
    cost = "cost ?" if usage.cost is None else usd(usage.cost)
    return f"in {usage.input_tokens:,} out {usage.output_tokens:,}{cached} · {cost}"


def _failure(failure: Failure) -> Iterator[Entry]:
    yield Entry(failure.message, "error")
    yield Entry(failure.model_dump_json(indent=2), "error")


def _call(call: ToolCalled) -> Iterator[Entry]:
    yield Entry(f"→ {call.name} · turn {call.turn} · {call.call}", "tool")
    yield Entry(_json(call.input), "tool")


def _json(value: JsonValue) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _other(film: Film, event: ToolCalled | ToolReturned) -> AnyEvent | None:
    """The return of a call, or the call of a return."""
    wanted = ToolReturned if isinstance(event, ToolCalled) else ToolCalled
    for place in film.attempt(event.spoke, event.attempt):
        found = film.events[place]
        if isinstance(found, wanted) and (found.turn, found.call) == (event.turn, event.call):
            return found
    return None


def _returned(event: ToolReturned, evidence: Evidence) -> Iterator[Entry]:
    took = f"returned after {event.seconds * 1000:,.0f} ms"
    if event.error:
        yield Entry(f"✗ {took}: {event.error}", "error")
    else:
        yield Entry(f"← {took}: {counted(len(event.segments), 'passage')}", "tool")
    yield Entry(event.text)
    for segment in event.segments:
        yield from _passage(segment, evidence)


def _passage(segment: SegmentRef, evidence: Evidence) -> Iterator[Entry]:
    end = segment.start + segment.length
    about = " · ".join(filter(None, (segment.title, segment.date)))
    place = f"characters {segment.start:,}–{end:,} · text {segment.source_sha256[:12]}"
    yield Entry(" · ".join(filter(None, (segment.source, about, place))), "title")
    text = evidence(segment.source_sha256)
    if text is None:
        yield Entry("the source's text is not kept here", "note")
    else:
        yield Entry(text[max(0, segment.start) : max(0, end)])


def _findings(findings: Iterable[Finding]) -> Iterator[Entry]:
    for finding in findings:
        context = " · ".join(filter(None, (finding.date, finding.scope, finding.definition, finding.confidence)))
        yield Entry(f"- {finding.claim}", "title")
        yield Entry(f"  {context}", "note")
        for quote in finding.quotes:
            span = quote.span
            where = f"characters {span.start:,}–{span.end:,}" if span else "not found in it"
            yield Entry(f"  “{quote.text}” — {quote.source}, {where}")
