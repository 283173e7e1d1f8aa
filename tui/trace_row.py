"""An event on one line of the trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sessions.events import (
    AttemptDropped,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    BlockFinished,
    CheckpointOpened,
    ClaimsChecked,
    ConflictReconciled,
    CoverageReviewed,
    DisagreementsFound,
    DraftGated,
    DraftWritten,
    EngineStarted,
    GoneOnUnsaved,
    LedgerBuilt,
    Noticed,
    PlanApproved,
    PlanMade,
    PlanSentBack,
    Replied,
    ReportFinished,
    RunCreated,
    RunEnded,
    RunQueued,
    SavingMended,
    SavingStopped,
    SpokeCancelled,
    SpokeRetried,
    SteeredEvent,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
    TurnHeld,
)
from sessions.failures import FailureKind
from sessions.words import NO_PLACE, tallied
from tui.looks import CANCELLED, RUNS, counted, failure_line, model_name, tokens
from tui.safe import safe_line
from tui.transcript import logged

if TYPE_CHECKING:
    from sessions.events import AnyEvent

_LENGTH = 300
"""Characters of a line, at most: wider than any screen."""


class Row(NamedTuple):
    """What is said of an event, and how it looks: one of the styles of an entry (`tui.widgets.wrapping`)."""

    text: str
    style: str = "text"


def row(event: AnyEvent) -> Row:
    """An event as a line of harmless text."""
    told = _told(event)
    return told._replace(text=safe_line(told.text, _LENGTH))


def _told(event: AnyEvent) -> Row:
    match event:
        case ToolCalled() | ToolReturned() | TryFailed() | BlockFinished():
            return _logged(event)
        case AttemptStarted():
            return Row(f"▶ attempt {event.attempt} began · {event.role} · {model_name(event.model)}", "title")
        case TurnHeld():
            if not event.wait_s:
                return Row("▶ held no more", "note")
            why = f"held back {event.wait_s:.0f} s: {event.why}" if event.why else NO_PLACE
            return Row(f"⏸ {why}", "note")
        case TurnFinished(usage=usage):
            used = f"in {tokens(usage.input_tokens)} out {tokens(usage.output_tokens)}"
            return Row(f"turn {event.turn} · {used} · {event.seconds:.1f} s · {event.stop_reason}", "note")
        case AttemptFinished():
            return Row(f"✓ done: {counted(len(event.findings), 'finding')}", "title")
        case AttemptFailed(failure=failure):
            if failure.kind is FailureKind.CANCELLED:
                return Row(f"{CANCELLED.glyph} {CANCELLED.word}", "note")
            return Row(f"✗ attempt {event.attempt} failed: {failure_line(failure)}", "error")
        case AttemptDropped():
            return Row(
                f"⏸ attempt {event.attempt} given up · {counted(len(event.partial), 'finding')} kept", "note"
            )
        case SpokeRetried():
            return Row(f"retry asked for{', on another brief' if event.subtask else ''}{_by(event)}", "title")
        case SpokeCancelled():
            return Row(f"{CANCELLED.glyph} cancelled by {event.by or 'a person'}", "title")
        case Replied():
            return Row("✓ replied", "note")
        case _:
            return _of_the_run(event)


def _by(event: SteeredEvent) -> str:
    """Who did it, where that is known."""
    return f" by {event.by}" if event.by else ""


def _logged(event: ToolCalled | ToolReturned | TryFailed | BlockFinished) -> Row:
    """As a pane has it."""
    entry = logged(event)
    if entry is None:
        return Row("–", "note")
    if isinstance(event, TryFailed) or (isinstance(event, ToolReturned) and event.error):
        return Row(entry.text, "error")
    return Row(f"← {entry.text.lstrip()}" if isinstance(event, ToolReturned) else entry.text, entry.style)


def _of_the_run(event: AnyEvent) -> Row:
    match event:
        case RunCreated():
            return Row(f"asked: {event.question}", "title")
        case EngineStarted():
            return Row("▶ the engine took the run up again" if event.resumed else "▶ the engine began", "note")
        case RunQueued():
            return Row(event.said, "note")
        case Noticed():
            return Row(event.message)
        case SavingStopped():
            return Row(f"✗ saving stopped: {event.why}", "error")
        case GoneOnUnsaved():
            return Row("▶ went on unsaved", "note")
        case SavingMended():
            return Row("✓ all is saved again", "note")
        case PlanMade():
            return Row(f"planned: {counted(len(event.plan.subtasks), 'spoke')}", "title")
        case CoverageReviewed():
            return Row(f"coverage reviewed: {len(event.missing)} added, {len(event.no_room)} without room")
        case CheckpointOpened():
            return Row("⏸ the plan waits for a person", "title")
        case PlanSentBack():
            return Row(f"plan sent back{_by(event)}: {event.note}", "title")
        case PlanApproved():
            return Row(f"✓ plan approved{_by(event)}: {counted(len(event.plan.subtasks), 'spoke')}", "title")
        case LedgerBuilt():
            claims, conflicts = counted(len(event.claims), "claim"), counted(len(event.conflicts), "disagreement")
            return Row(f"ledger: {claims}, {conflicts}")
        case ClaimsChecked():
            return Row(f"checked: {', '.join(tallied(checked.verdict for checked in event.verdicts))}")
        case DisagreementsFound():
            return Row(f"compared: {counted(len(event.conflicts), 'disagreement')}")
        case ConflictReconciled(conflict=conflict):
            return Row(f"disagreement on {conflict.subject}: {conflict.kind.replace('_', ' ')}")
        case DraftWritten():
            return Row(f"draft {event.round}: {counted(len(event.markdown.split()), 'word')}")
        case DraftGated():
            return Row(f"draft {event.round} sent back: {' '.join(event.problems)}")
        case ReportFinished():
            return Row(f"✓ report: {counted(len(event.citations), 'citation')}", "title")
        case RunEnded():
            look = RUNS[event.status]
            said = f" · {event.message}" if event.message else ""
            tone = "error" if event.status == "failed" else "title"
            return Row(f"{look.glyph} {look.word}{_by(event)}{said}", tone)
        case _:
            return Row(event.kind.replace("_", " "))
