"""What the coordinator is at, in words: its step, its last decision, whom it waits for, and what is news."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    CheckpointOpened,
    DraftGated,
    GoneOnUnsaved,
    Noticed,
    PlanApproved,
    PlanSentBack,
    ReportFinished,
    RunEnded,
    RunQueued,
    SavingMended,
    SavingStopped,
    SpokeCancelled,
    SpokeRetried,
    SteeredEvent,
    TryFailed,
)
from sessions.failures import FailureKind
from sessions.findings import Verdict
from tui.failure_text import hub_holding
from tui.looks import PARKED_S, QUEUED, clock, counted, failure_line, held, run_look
from tui.safe import safe_line

if TYPE_CHECKING:
    from tui.watched import Watched

_DOING = {
    "plan": "planning",
    "review": "reviewing the plan's coverage",
    "verify": "verifying claims",
    "compare": "comparing claims",
    "reconcile": "explaining disagreements",
    "write": "writing the report",
}


def doing(seat: Watched) -> str:
    """The step it is at."""
    state = seat.state
    if state.status == "waiting":
        return "the plan waits for your word (p)"
    if state.queue is not None:
        return state.queue.said
    if state.exit is not None:
        return state.message or ("the report is there (o)" if state.report else "ended")
    busy = [owner.id for owner in state.hub.values() if owner.last and owner.last.ended is None]
    names = dict.fromkeys(_DOING.get(name.split(".")[1] if "." in name else name, name) for name in busy)
    if names:
        look = run_look(seat)
        stands = f"{look.glyph} {look.word} · " if held(seat) else ""
        return f"{stands}{', '.join(names)}"
    running = [spoke for spoke in state.spokes.values() if spoke.status == "running"]
    if not running:
        return "starting"
    return f"{counted(len(running), 'spoke')} investigate{'s' if len(running) == 1 else ''}"


def queueing(seat: Watched) -> str:
    """Since when a run waits for its turn, behind whom, and what can be done; empty where it does not wait."""
    if (queue := seat.state.queue) is None:
        return ""
    before = seat.state.queued_s
    since = time.strftime("%H:%M", time.localtime(queue.at - before))
    most = "1 run" if queue.most == 1 else f"{queue.most} runs"
    live, waiting = queue.ahead[: queue.live], queue.ahead[queue.live :]
    turn = "it is the next" if not queue.before else f"{queue.before} before it"
    lines = [
        f"{QUEUED.glyph} {QUEUED.word} since {since}, for {clock(before + max(0.0, seat.clock - queue.t))}",
        f"{most} may be live at once (HUBSPOKE_MAX_RUNS): {_named(live) or 'all are taken'}",
        f"{turn}{f': {_named(waiting)}' if waiting else ''}",
        "it begins by itself when its turn comes",
    ]
    keys = [] if seat.past else ["X stop it · q leave it waiting · s all runs"]
    return "\n".join([*lines, *keys])


def _named(runs: tuple[str, ...]) -> str:
    return ", ".join(safe_line(run, 40) for run in runs)


def deciding(seat: Watched) -> str:
    """What it decided last."""
    state = seat.state
    if state.report is not None and state.exit is not None:
        report = state.report
        gaps = f", {counted(len(report.gaps), 'gap')}" if report.gaps else ""
        return f"report with {counted(len(report.citations), 'citation')}{gaps}"
    if state.problems:
        return f"draft sent back: {safe_line(' '.join(state.problems), 200)}"
    if state.claims:
        verdicts = [claim.verdict for claim in state.claims.values()]
        checked = len(verdicts) - verdicts.count(Verdict.NOT_CHECKED)
        disagreements = counted(len(state.conflicts), "disagreement")
        return f"{counted(len(verdicts), 'claim')}, {checked} checked, {disagreements}"
    if state.plan is not None:
        left = f", {len(state.plan.left_out)} left out" if state.plan.left_out else ""
        how = "approved" if state.approved else "planned"
        return f"{how}: {counted(len(state.plan.subtasks), 'spoke')}{left}"
    return "–"


def waiting(seat: Watched) -> str:
    """Whom it waits for; where it is kept from going on itself, what keeps it and what a person can do."""
    if why := hub_holding(seat):
        return f"{_met(seat)}{why.removeprefix('⏸ ')}"
    open_ones = [
        f"{number} {safe_line(spoke.title, 24)}"
        for number, spoke in enumerate(seat.state.spokes.values(), start=1)
        if spoke.status in ("running", "queued")
    ]
    return ", ".join(open_ones) if open_ones and seat.state.approved and seat.live else "–"


def _met(seat: Watched) -> str:
    """What a try of the coordinator's own failed of, where it waits because of that; short, for keys follow."""
    still = held(seat)
    failure = still.last.wait.failure if still and still.last and still.last.wait else None
    return f"{failure_line(failure.model_copy(update={'request_id': None}))} · " if failure else ""


def acted(event: SteeredEvent, did: str, done: str = "") -> str:
    """What was done, with who did it where that is known: `window 2 approved`, else `approved`."""
    return f"{event.by} {did}" if event.by else done or did


def steered(event: AnyEvent) -> bool:
    """Whether somebody at a window or elsewhere did this."""
    return isinstance(event, SteeredEvent) and bool(event.by)


def news(event: AnyEvent) -> tuple[str, str] | None:
    """An event as a line with its style; None where it is none of a person's concern just now."""
    told, style = "", ""
    match event:
        case Noticed():
            told, style = event.message, "$warning"
        case RunQueued():
            told, style = event.said, "$warning" if event.live else ""
        case SavingStopped():
            told, style = f"No spoke begins: S saves again, U goes on unsaved. {event.why}", "$error"
        case GoneOnUnsaved():
            gone_on = "the run goes on in memory: S saves it when there is room"
            told, style = f"{event.by}: {gone_on}" if event.by else gone_on, "$warning"
        case SavingMended():
            told, style = "all is saved again", "$success"
        case CheckpointOpened():
            told, style = "the plan waits for your word: p", "$warning"
        case PlanApproved():
            told = f"{acted(event, 'approved')}: {counted(len(event.plan.subtasks), 'spoke')}"
        case PlanSentBack():
            told = f"{acted(event, 'sent the plan back', 'plan sent back')}: {event.note}"
        case AttemptStarted(brief=brief) if brief is not None:
            told = f"{event.spoke} began" + (f", attempt {event.attempt}" if event.attempt > 1 else "")
        case AttemptFinished():
            told, style = f"{event.spoke} done: {counted(len(event.findings), 'finding')}", "$success"
        case AttemptFailed():
            if event.failure.kind is FailureKind.CANCELLED:
                return None  # told when a person wanted it
            told, style = f"{event.spoke} failed: {failure_line(event.failure)}", "$error"
        case SpokeRetried():
            told = acted(event, f"retried {event.spoke}", f"{event.spoke} retried")
            told += " on another brief" if event.subtask else ""
        case SpokeCancelled():
            told = acted(event, f"cancelled {event.spoke}", f"{event.spoke} cancelled")
        case TryFailed():
            again = f"again in {event.wait_s:.1f} s" if event.wait_s <= PARKED_S else "parked; r retry at once"
            told, style = f"{event.spoke}: {failure_line(event.failure)}, {again}", "$warning"
        case DraftGated():
            told, style = f"draft sent back: {' '.join(event.problems)}", "$warning"
        case ReportFinished():
            told, style = "the report is there: o", "$success"
        case RunEnded():
            ended = event.message or "the run has ended; the report is there: o"
            told = acted(event, "stopped the run", ended)
        case _:
            return None
    return f"{clock(event.t)} {told}", style
