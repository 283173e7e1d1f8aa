"""What a pane says of an attempt: its log and its open blocks as entries of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sessions.events import BlockFinished, ToolCalled, ToolReturned, TryFailed
from tui.failure_text import told
from tui.looks import BROKEN_OFF, PARKED_S, clock, counted, failure_line
from tui.safe import safe, safe_line
from tui.widgets.text_pane import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessions.spoke_state import AttemptState, SpokeState
    from sessions.state import RunState

Logged: TypeAlias = "BlockFinished | ToolCalled | ToolReturned | TryFailed"

_INPUT = 100


def logged(item: Logged) -> Entry | None:
    """A finished piece of an attempt as an entry; None for what has nothing to show."""
    match item:
        case BlockFinished():
            return Entry(safe(item.text).strip("\n"), item.type) if item.text.strip() else None
        case ToolCalled():
            given = item.input if isinstance(item.input, dict) else {}
            said = ", ".join(str(value) for value in given.values())
            return Entry(f"→ {safe_line(item.name, 40)} {safe_line(said, _INPUT)}", "tool")
        case ToolReturned():
            if item.error:
                return Entry(f"  ✗ {safe_line(item.error, 200)}", "note")
            sources = len({segment.source for segment in item.segments})
            if item.segments:
                return Entry(
                    f"  {counted(len(item.segments), 'passage')} from {counted(sources, 'source')}", "note"
                )
            return Entry(f"  {safe_line(item.text, _INPUT) or 'nothing'}", "note")
        case TryFailed():
            why = f"{safe_line(item.failure.message, 200)}\n  {failure_line(item.failure)}"
            return Entry(f"⏸ {why} · again after {_pause(item.wait_s)}", "note")


def last_logged(log: Sequence[Logged], characters: int) -> list[Entry]:
    """The last of an attempt's finished pieces as entries, until there are so many characters."""
    entries: list[Entry] = []
    for item in reversed(log):
        if characters <= 0:
            break
        if entry := logged(item):
            entries.append(entry)
            characters -= len(entry.text)
    return entries[::-1]


def _pause(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds <= PARKED_S else clock(seconds)


def ending(state: RunState, spoke: SpokeState, attempt: AttemptState) -> list[Entry]:
    """How an attempt ended: what it found, or what went wrong, and what was kept."""
    if attempt.finished is not None:
        return [_found(attempt)]
    if attempt.interrupted:
        left = f" · {counted(len(attempt.left), 'finding')} kept" if attempt.left else ""
        if spoke.cancelled and attempt is spoke.last:
            return [Entry(left.removeprefix(" · "), "note")] if left else []  # the pane says that it was cancelled
        return [Entry(f"{BROKEN_OFF.glyph} {BROKEN_OFF.word}{left}", "note")]
    if attempt.failure is None:
        return []  # a conversation of the coordinator's own that was answered
    return told(state, spoke, attempt)


def _found(attempt: AttemptState) -> Entry:
    finished = attempt.finished
    assert finished is not None
    sources = {quote.source for finding in finished.findings for quote in finding.resolved}
    found = f"✓ {counted(len(finished.findings), 'finding')} from {counted(len(sources), 'source')}"
    missing = f" · {counted(len(finished.not_found), 'question')} unanswered" if finished.not_found else ""
    summary = f"\n{safe(finished.summary)}" if finished.summary else ""
    return Entry(f"{found}{missing}{summary}", "title")


def heading(spoke: SpokeState, attempt: AttemptState, *, named: bool) -> list[Entry]:
    """What stands above an attempt: whose it is, where a pane has several; which it is; what it was told anew."""
    which = f"attempt {attempt.number}" if attempt.number > 1 else ""
    advice = safe_line(attempt.brief.advice, 200) if attempt.brief else ""
    who = safe_line(spoke.id.removeprefix("hub.").replace(".", " "), 40) if named else ""
    whose = " · ".join(part for part in (who, which, advice) if part)
    return [Entry(f"── {whose}", "title")] if whose else []
