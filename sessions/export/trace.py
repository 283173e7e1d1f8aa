"""The trace: everything that happened in a run, in words, by whose it is."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import JsonValue

from sessions.events import (
    AttemptDropped,
    AttemptEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    BlockFinished,
    Replied,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
    TurnHeld,
)
from sessions.evidence import SegmentRef
from sessions.export.looks import attempt_look
from sessions.export.saved import Saved
from sessions.export.trace_run import Step, run_step
from sessions.failures import Failure
from sessions.plan import Brief
from sessions.words import NO_PLACE, QUEUED, Look, cost, counted, failure_line, took

_ONE_LINE = 160
"""Characters of a tool's input that stand on one line."""


@dataclass(frozen=True)
class Talk:
    """One conversation: an attempt of a spoke, or of the coordinator."""

    title: str
    look: Look
    about: str
    steps: list[Step] = field(default_factory=list[Step])


@dataclass(frozen=True)
class Group:
    """All of a spoke, or of the coordinator."""

    title: str
    talks: list[Talk] = field(default_factory=list[Talk])


def trace(saved: Saved) -> tuple[list[Step], list[Group]]:
    """What happened to the run as a whole; then the conversations, the coordinator's before the spokes'."""
    whole: list[Step] = []
    groups: dict[str, Group] = {"": Group("Coordinator")}
    talks: dict[tuple[str, int], Talk] = {}
    for event in saved.events:
        if not isinstance(event, AttemptEvent):
            whole.append(run_step(event, saved))
            continue
        of_hub = event.spoke not in saved.standing.spokes
        owner = "" if of_hub else event.spoke
        place = (event.spoke, event.attempt)
        if place not in talks:
            talks[place] = _talk(saved, event, of_hub)
            groups.setdefault(owner, Group(saved.title(event.spoke))).talks.append(talks[place])
        talks[place].steps.append(_step(event))
    return whole, [group for group in groups.values() if group.talks]


def _talk(saved: Saved, event: AttemptEvent, of_hub: bool) -> Talk:
    attempt = saved.standing.attempt(event.spoke, event.attempt)
    title = f"Attempt {event.attempt}"
    if of_hub:
        name = event.spoke.removeprefix("hub.")
        title = name if event.attempt == 1 else f"{name}, attempt {event.attempt}"
    if attempt is None:
        return Talk(title, QUEUED, "")
    usage = attempt.usage
    told = [attempt.role, attempt.model, counted(usage.turns, "turn"), counted(usage.tokens, "token"), cost(usage)]
    owner = saved.standing.spokes.get(event.spoke)
    return Talk(title, attempt_look(attempt, owner), " · ".join(filter(None, told)))


def _step(event: AttemptEvent) -> Step:
    at = took(event.t)
    match event:
        case AttemptStarted():
            queued = f"queued {took(event.queued_s)}" if event.queued_s >= 0.1 else ""
            return Step(
                at,
                "brief" if event.brief else "begun",
                facts=_some(event.role, event.model, queued),
                text=_brief(event.brief),
            )
        case TurnHeld():
            why = f"another call met {event.why}" if event.why else NO_PLACE
            return Step(at, "held", facts=_some(took(event.wait_s), why))
        case TurnFinished():
            usage = event.usage
            read = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
            told = (f"turn {event.turn}", event.stop_reason, f"{read:,} tokens in, {usage.output_tokens:,} out")
            return Step(at, "reply", facts=_some(*told, cost(usage), took(event.seconds), event.request_id))
        case TryFailed():
            again = f"again in {took(event.wait_s)}"
            return Step(
                at,
                "✗ try failed",
                "bad",
                _some(failure_line(event.failure), event.failure.request_id or "", again),
                event.failure.message,
            )
        case BlockFinished():
            return Step(at, event.type, text=event.text)
        case ToolCalled():
            return Step(at, "→ tool", facts=(event.name,), text=_input(event.input))
        case ToolReturned():
            return Step(
                at,
                "← result",
                "bad" if event.error else "",
                _some(event.name, took(event.seconds)),
                "\n".join(_some(event.error, event.text)),
                _places(event.segments),
            )
        case AttemptFinished():
            return Step(
                at,
                "✓ answer",
                "good",
                _some(counted(len(event.findings), "finding"), event.cut_short),
                _answer(event),
            )
        case AttemptFailed():
            return _failed(at, event.failure)
        case AttemptDropped():
            return Step(at, "⏸ given up", "warn", (counted(len(event.partial), "finding") + " kept",))
        case Replied():
            return Step(at, "✓ answered", "good")
        case _:
            return Step(at, "event")


def _failed(at: str, failure: Failure) -> Step:
    told = _some(
        failure_line(failure),
        failure.request_id or "",
        f"after {took(failure.seconds)}",
        counted(failure.tokens, "token"),
    )
    kept = f"Kept: {counted(len(failure.partial), 'finding')}." if failure.partial else ""
    tried = f"To try: {', '.join(failure.alternatives)}" if failure.alternatives else ""
    return Step(at, "✗ failed", "bad", told, "\n".join(_some(failure.message, kept, tried)))


def _brief(brief: Brief | None) -> str:
    if brief is None:
        return ""
    upstream = [
        f"From {it.title}: {it.summary or it.gap or counted(len(it.findings), 'finding')}" for it in brief.upstream
    ]
    return "\n".join(
        _some(
            brief.objective,
            *(f"• {question}" for question in brief.key_questions),
            f"Not: {brief.boundaries}" if brief.boundaries else "",
            *upstream,
            f"Advice: {brief.advice}" if brief.advice else "",
        )
    )


def _answer(event: AttemptFinished) -> str:
    missing = [f"Not found: {item}" for item in event.not_found]
    return "\n".join(_some(event.summary, *(f"• {it.claim}" for it in event.findings), *missing))


def _input(value: JsonValue) -> str:
    if not value:
        return ""
    line = json.dumps(value, ensure_ascii=False)
    return line if len(line) <= _ONE_LINE else json.dumps(value, ensure_ascii=False, indent=2)


def _places(segments: Iterable[SegmentRef]) -> tuple[str, ...]:
    return tuple(
        f"{it.source}, characters {it.start:,}–{it.start + it.length:,}" + (f" · {it.title}" if it.title else "")
        for it in segments
    )


def _some(*parts: str) -> tuple[str, ...]:
    return tuple(part for part in parts if part)
