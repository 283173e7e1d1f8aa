"""What happened to a run as a whole, in words."""

from dataclasses import dataclass

from sessions.events import (
    AnyEvent,
    CheckpointOpened,
    ConflictReconciled,
    CoverageReviewed,
    DraftGated,
    DraftWritten,
    EngineStarted,
    LedgerBuilt,
    Noticed,
    PlanApproved,
    PlanMade,
    PlanSentBack,
    ReportFinished,
    RunCreated,
    RunEnded,
    SpokeCancelled,
    SpokeRetried,
)
from sessions.export.saved import Saved
from sessions.export.words import RUNS, clock, counted, failure_line


@dataclass(frozen=True)
class Step:
    """Something that happened: when, what, the facts of it, its text, and the places in sources that it names."""

    at: str
    name: str
    tone: str = ""
    facts: tuple[str, ...] = ()
    text: str = ""
    places: tuple[str, ...] = ()


def run_step(event: AnyEvent, saved: Saved) -> Step | None:
    """An event that belongs to no attempt; None for one that says nothing to a reader."""
    at = clock(event.t)
    match event:
        case RunCreated():
            return Step(at, "question", facts=(event.provider,), text=event.question)
        case EngineStarted() if event.resumed:
            return Step(at, "resumed", facts=(event.provider,))
        case Noticed():
            return Step(at, "notice", text=event.message)
        case PlanMade():
            return Step(at, "plan", facts=(counted(len(event.plan.subtasks), "spoke"),))
        case CoverageReviewed():
            added = tuple(f"added: {subtask.title}" for subtask in event.missing)
            lacks = tuple(f"no room: {title}" for title in event.no_room)
            return Step(at, "plan reviewed", facts=(*added, *lacks), text=event.note)
        case CheckpointOpened():
            return Step(at, "plan waits for approval")
        case PlanSentBack():
            return Step(at, "plan sent back", text=event.note)
        case PlanApproved():
            return Step(at, "plan approved", "good")
        case SpokeRetried():
            edited = ("on an edited brief",) if event.subtask else ()
            return Step(at, "retry asked for", facts=(saved.title(event.spoke), *edited))
        case SpokeCancelled():
            return Step(at, "⊘ cancelled", facts=(saved.title(event.spoke),))
        case LedgerBuilt():
            told = (counted(len(event.claims), "claim"), counted(len(event.conflicts), "disagreement"))
            return Step(at, "claims numbered", facts=told)
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
            why = (failure_line(event.failure),) if event.failure else ()
            return Step(at, f"{look.glyph} {look.word}", look.tone, why, event.message)
        case _:
            return None
