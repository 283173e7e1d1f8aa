"""What happened to a run as a whole, in words."""

from dataclasses import dataclass

from sessions.events import (
    AnyEvent,
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
    ReportFinished,
    RunCreated,
    RunEnded,
    RunQueued,
    SavingMended,
    SavingStopped,
    SpokeCancelled,
    SpokeRetried,
    SteeredEvent,
)
from sessions.export.saved import Saved
from sessions.words import RUNS, counted, failure_line, tallied, took


@dataclass(frozen=True)
class Step:
    """Something that happened: when, what, the facts of it, its text, and the places in sources that it names."""

    at: str
    name: str
    tone: str = ""
    facts: tuple[str, ...] = ()
    text: str = ""
    places: tuple[str, ...] = ()


def _by(event: SteeredEvent) -> tuple[str, ...]:
    """Who did it, where that is known."""
    return (f"by {event.by}",) if event.by else ()


def run_step(event: AnyEvent, saved: Saved) -> Step:
    """An event that belongs to no attempt."""
    at = took(event.t)
    match event:
        case RunCreated():
            return Step(at, "question", facts=(event.provider,), text=event.question)
        case EngineStarted():
            return Step(at, "resumed" if event.resumed else "begun", facts=(event.provider,))
        case RunQueued():
            return Step(at, "queued", text=event.said)
        case Noticed():
            return Step(at, "notice", text=event.message)
        case SavingStopped():
            return Step(at, "✗ saving stopped", "bad", text=event.why)
        case GoneOnUnsaved():
            return Step(at, "went on unsaved", "warn")
        case SavingMended():
            return Step(at, "✓ all is saved again", "good")
        case PlanMade():
            return Step(at, "plan", facts=(counted(len(event.plan.subtasks), "spoke"),))
        case CoverageReviewed():
            added = tuple(f"added: {subtask.title}" for subtask in event.missing)
            lacks = tuple(f"no room: {title}" for title in event.no_room)
            return Step(at, "plan reviewed", facts=(*added, *lacks), text=event.note)
        case CheckpointOpened():
            return Step(at, "plan waits for approval")
        case PlanSentBack():
            return Step(at, "plan sent back", facts=_by(event), text=event.note)
        case PlanApproved():
            return Step(at, "plan approved", "good", _by(event))
        case SpokeRetried():
            edited = ("on an edited brief",) if event.subtask else ()
            return Step(at, "retry asked for", facts=(saved.title(event.spoke), *edited, *_by(event)))
        case SpokeCancelled():
            return Step(at, "⊘ cancelled", facts=(saved.title(event.spoke), *_by(event)))
        case LedgerBuilt():
            told = (counted(len(event.claims), "claim"), counted(len(event.conflicts), "disagreement"))
            return Step(at, "claims numbered", facts=told)
        case DisagreementsFound():
            return Step(at, "claims compared", facts=(counted(len(event.conflicts), "disagreement"),))
        case ClaimsChecked():
            return Step(at, "claims checked", facts=tallied(checked.verdict for checked in event.verdicts))
        case ConflictReconciled():
            explained = event.conflict.explanation
            return Step(at, "disagreement explained", facts=(event.conflict.subject,), text=explained)
        case DraftWritten():
            return Step(at, "draft written", facts=(f"round {event.round}",))
        case DraftGated():
            return Step(
                at, "draft sent back" if event.problems else "draft passed", text="\n".join(event.problems)
            )
        case ReportFinished():
            return Step(at, "report", "good", (counted(len(event.citations), "citation"),))
        case RunEnded():
            look = RUNS[event.status]
            why = (failure_line(event.failure),) if event.failure else _by(event)
            return Step(at, f"{look.glyph} {look.word}", look.tone, why, event.message)
        case _:
            return Step(at, event.kind.replace("_", " "))
