"""A spoke as Markdown, for the zoom: what it says, its brief, its tools, its sources, its attempts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.events import BlockFinished, ToolCalled, ToolReturned, TryFailed
from sessions.failures import FailureKind
from tui import failure_text
from tui.looks import CANCELLED, clock, cost, counted, failure_line, model_name, tokens
from tui.safe import safe, safe_line

if TYPE_CHECKING:
    from agents.calls.open_blocks import OpenBlock
    from sessions.findings import Finding
    from sessions.spoke_state import AttemptState, SpokeState
    from sessions.state import RunState

_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


def plain(text: str) -> str:
    """Text on one line that Markdown leaves as it is."""
    return _MARKS.sub(r"\\\1", safe_line(text))


def speech(state: RunState, spoke: SpokeState, attempt: AttemptState, blocks: list[OpenBlock]) -> str:
    """All that an attempt said and did, in order, with what it found or how it failed."""
    parts: list[str] = []
    for item in attempt.log:
        match item:
            case BlockFinished():
                parts.append(_block(item.type, item.text))
            case ToolCalled():
                parts.append(f"→ **{plain(item.name)}** {_input(item)}")
            case ToolReturned():
                parts.append(_returned(item))
            case TryFailed():
                parts.append(f"⏸ {plain(failure_line(item.failure))}: {plain(item.failure.message)}")
    parts += [_block(block.type, block.text) for block in blocks if block.attempt == attempt.number]
    if attempt.failure is not None:
        parts += ["---", *_failure(state, spoke, attempt)]
    elif attempt.finished is not None:
        parts += [
            "---",
            f"## Findings ({len(attempt.finished.findings)})",
            *map(_finding, attempt.finished.findings),
        ]
        parts += [f"- not found: {plain(question)}" for question in attempt.finished.not_found]
    return "\n\n".join(part for part in parts if part)


def _block(type: str, text: str) -> str:
    said = safe(text).strip()
    return "\n".join(f"> {line}" for line in said.splitlines()) if type == "thinking" else said


def _input(item: ToolCalled) -> str:
    given = item.input if isinstance(item.input, dict) else {}
    return ", ".join(f"{plain(name)}: {plain(str(value))}" for name, value in given.items())


def _returned(item: ToolReturned) -> str:
    if item.error:
        return f"- ✗ {plain(item.error)}"
    sources = dict.fromkeys(segment.source for segment in item.segments)
    return (
        f"- {counted(len(item.segments), 'passage')}: {', '.join(map(plain, sources))}"
        if sources
        else "- nothing found"
    )


def _failure(state: RunState, spoke: SpokeState, attempt: AttemptState) -> Iterator[str]:
    """What it left, then what went wrong: the end is what one sees first."""
    failure = attempt.failure
    assert failure is not None
    if failure.partial:
        yield f"## Kept ({len(failure.partial)})"
        yield from map(_finding, failure.partial)
    left = f"{plain(failure_text.used(state, attempt))} · {failure_text.kept(attempt, spoke)}"
    if failure.kind is FailureKind.CANCELLED:
        yield f"## {CANCELLED.glyph} {CANCELLED.word}"
        yield left
        return
    yield f"## ✗ {plain(failure_line(failure))}"
    yield plain(failure.message)
    yield left
    yield f"{failure_text.retries(attempt)} · {failure_text.outlook(failure)}"
    if failure.alternatives:
        yield plain(failure_text.alternatives(failure))
    before = ", `D` compares it with the attempt before" if attempt.number > 1 else ""
    yield f"`r` retries, `e` edits the brief first{before}"


def _finding(finding: Finding) -> str:
    quotes = [
        f"  > “{plain(quote.text)}” — {plain(quote.source)}{'' if quote.span else ' (not found in it)'}"
        for quote in finding.quotes
    ]
    return "\n\n".join([f"- **{plain(finding.claim)}**", *quotes])


def notices(state: RunState) -> str:
    """What the run said that is no failure of a spoke, such as which documents were skipped."""
    return (
        "\n".join(["## Notices", "", *(f"- {plain(notice)}" for notice in state.notices)]) if state.notices else ""
    )


def brief(attempt: AttemptState) -> str:
    """What a subagent was told: all of it."""
    told = attempt.brief
    if told is None:
        return "*A conversation of the coordinator's own; it has no brief.*"
    parts = [f"## {plain(told.title)}", f"**Question** {plain(told.question)}", plain(told.objective)]
    parts += [f"- {plain(question)}" for question in told.key_questions]
    if told.boundaries:
        parts.append(f"**Boundaries** {plain(told.boundaries)}")
    if told.advice:
        parts.append(f"**Advice** {plain(told.advice)}")
    for upstream in told.upstream:
        parts.append(f"### From {plain(upstream.title)}")
        parts.append(plain(upstream.summary or upstream.gap))
        parts += [f"- {plain(finding)}" for finding in upstream.findings]
    return "\n\n".join(part for part in parts if part)


def tools(attempt: AttemptState) -> str:
    """Every tool call with what came of it."""
    lines: list[str] = []
    for item in attempt.log:
        if isinstance(item, ToolCalled):
            lines.append(f"→ **{plain(item.name)}** {_input(item)}")
        elif isinstance(item, ToolReturned):
            lines.append(f"{_returned(item)} ({item.seconds * 1000:.0f} ms)")
    return "\n\n".join(lines) or "*No tool was called.*"


def sources(attempt: AttemptState) -> str:
    """Every document that was read, with how many passages of it."""
    read: dict[str, int] = {}
    titles: dict[str, str] = {}
    for segment in attempt.segments:
        read[segment.source] = read.get(segment.source, 0) + 1
        titles[segment.source] = " · ".join(part for part in (segment.title, segment.date) if part)
    lines = [f"- **{plain(source)}** ×{count} {plain(titles[source])}" for source, count in sorted(read.items())]
    return "\n".join(lines) or "*Nothing was read.*"


def attempts(state: RunState, spoke: SpokeState) -> str:
    """Every attempt: how it went and what it used."""
    lines: list[str] = []
    for attempt in spoke.attempts:
        how = "running"
        if attempt.failure is not None:
            how = f"✗ {failure_line(attempt.failure)}: {attempt.failure.message}"
            if attempt.failure.kind is FailureKind.CANCELLED:
                how = f"{CANCELLED.glyph} {CANCELLED.word}"
        elif attempt.finished is not None:
            how = f"✓ {counted(len(attempt.finished.findings), 'finding')}"
        elif attempt.ended is not None:
            how = "⏸ cut off" if attempt.interrupted else "✓ answered"
        used = f"in {tokens(attempt.usage.input_tokens)} out {tokens(attempt.usage.output_tokens)}"
        paid = cost(state, attempt.usage)
        used += f" · {paid}" if paid else ""
        lasted = f" · {clock(attempt.ended - attempt.started)}" if attempt.ended is not None else ""
        advice = f" · {attempt.brief.advice}" if attempt.brief and attempt.brief.advice else ""
        lines.append(f"{attempt.number}. {plain(f'{how} · {model_name(attempt.model)} · {used}{lasted}{advice}')}")
    return "\n".join(lines) or "*No attempt has begun.*"
