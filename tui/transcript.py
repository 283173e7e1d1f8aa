"""What a pane says of an attempt: its log and its open blocks as entries of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.events import BlockFinished, ToolCalled, ToolReturned, TryFailed
from tui.looks import clock, counted, failure_line, tokens
from tui.safe import safe, safe_line
from tui.widgets.text_pane import Entry

if TYPE_CHECKING:
    from agents.open_blocks import OpenBlock
    from sessions.state import AttemptState, SpokeState

_INPUT = 100


def logged(item: BlockFinished | ToolCalled | ToolReturned | TryFailed) -> Entry | None:
    """A finished piece of an attempt as an entry; None for what has nothing to show."""
    match item:
        case BlockFinished():
            return Entry(safe(item.text).strip("\n"), item.type) if item.text.strip() else None
        case ToolCalled():
            given = item.input if isinstance(item.input, dict) else {}
            told = ", ".join(str(value) for value in given.values())
            return Entry(f"→ {safe_line(item.name, 40)} {safe_line(told, _INPUT)}", "tool")
        case ToolReturned():
            if item.error:
                return Entry(f"  ✗ {safe_line(item.error, 200)}", "note")
            sources = len({segment.source for segment in item.segments})
            told = (
                f"{counted(len(item.segments), 'passage')} from {counted(sources, 'source')}"
                if item.segments
                else "nothing"
            )
            return Entry(f"  {told if item.segments else safe_line(item.text, _INPUT) or told}", "note")
        case TryFailed():
            why = f"{failure_line(item.failure)}: {safe_line(item.failure.message, 200)}"
            return Entry(f"⏸ {why} · again in {item.wait_s:.1f} s", "note")


def streaming(block: OpenBlock) -> Entry:
    """An open block as an entry."""
    return Entry(safe(block.text).lstrip("\n"), block.type)


def ending(attempt: AttemptState) -> list[Entry]:
    """How an attempt ended: what it found, or what went wrong, and what was kept."""
    if attempt.finished is not None:
        return [_found(attempt)]
    if attempt.interrupted:
        return [Entry("⏸ cut off", "note")]
    failure = attempt.failure
    if failure is None:
        return []  # a conversation of the coordinator's own that was answered
    kept = f" · {counted(len(failure.partial), 'finding')} kept" if failure.partial else ""
    retry = f" · retry after {failure.retry_after_s:.0f} s" if failure.retry_after_s else ""
    lines = [Entry(safe(failure.message), "error")]
    if failure.alternatives:
        lines.append(Entry(f"to try: {safe_line(', '.join(failure.alternatives), 200)}", "note"))
    # What matters most stands last: a pane shows the end of its text, and the smallest has room for three lines.
    used = f"after {clock(failure.seconds)} · {tokens(failure.tokens)} tokens{kept}{retry}"
    return [*lines, Entry(f"✗ {failure_line(failure)}", "error"), Entry(used, "note")]


def _found(attempt: AttemptState) -> Entry:
    finished = attempt.finished
    assert finished is not None
    sources = {quote.source for finding in finished.findings for quote in finding.resolved}
    told = f"✓ {counted(len(finished.findings), 'finding')} from {counted(len(sources), 'source')}"
    missing = f" · {counted(len(finished.not_found), 'question')} unanswered" if finished.not_found else ""
    summary = f"\n{safe(finished.summary)}" if finished.summary else ""
    return Entry(f"{told}{missing}{summary}", "title")


def heading(spoke: SpokeState, attempt: AttemptState, *, named: bool) -> list[Entry]:
    """What stands above an attempt: whose it is, where a pane has several; which it is; what it was told anew."""
    which = f"attempt {attempt.number}" if attempt.number > 1 else ""
    advice = safe_line(attempt.brief.advice, 200) if attempt.brief else ""
    who = safe_line(spoke.id.removeprefix("hub.").replace(".", " "), 40) if named else ""
    told = " · ".join(part for part in (who, which, advice) if part)
    return [Entry(f"── {told}", "title")] if told else []
