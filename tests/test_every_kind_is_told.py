"""Every kind of event is told in words of its own, in a line of the trace and on the page."""

from pathlib import Path
from typing import get_args

from sessions.events import (
    AnyEvent,
    AttemptEvent,
    CheckpointOpened,
    ClaimsChecked,
    ClaimVerdict,
    DisagreementsFound,
    DraftGated,
    DraftWritten,
    GoneOnUnsaved,
    PlanMade,
    PlanSentBack,
    RunQueued,
    SavingMended,
    SavingStopped,
    SpokeRetried,
    TurnHeld,
)
from sessions.export.saved import Saved
from sessions.export.trace import trace
from sessions.export.trace_run import Step
from sessions.failures import FailureKind
from sessions.findings import Verdict
from tests.screen_reports import TEXTS, finished
from tests.screen_runs import RUN, in_the_middle, keep
from tui.trace_row import row

KINDS = {kind.model_fields["kind"].default for kind in get_args(get_args(AnyEvent)[0])}


def one_of_each() -> list[AnyEvent]:
    """Runs that have events of every kind among them."""
    plan = next(event.plan for event in finished() if isinstance(event, PlanMade))
    spoke = plan.subtasks[0].id
    verdicts = tuple(
        ClaimVerdict(claim=claim, verdict=verdict)
        for claim, verdict in (("a", Verdict.SUPPORTED), ("b", Verdict.NOT_CHECKED), ("c", Verdict.SUPPORTED))
    )
    rest = (
        CheckpointOpened(plan=plan),
        PlanSentBack(step="p", note="And the costs?"),
        SpokeRetried(spoke=spoke),
        TurnHeld(spoke=spoke, attempt=1, turn=1, why=FailureKind.RATE_LIMITED, wait_s=3),
        ClaimsChecked(step="c", verdicts=verdicts),
        DisagreementsFound(step="d"),
        DraftWritten(step="w", round=1, markdown="Two words"),
        DraftGated(round=1, problems=("No citation.",)),
        RunQueued(live=4, before=2),
        SavingStopped(why="no space left on device"),
        GoneOnUnsaved(),
        SavingMended(),
    )
    events = [*finished(), *in_the_middle().events, *rest]
    assert {event.kind for event in events} == KINDS
    return events


def test_a_line_of_the_trace_says_what_happened() -> None:
    lines = {event.kind: row(event).text for event in one_of_each()}
    assert lines["saving_stopped"] == "✗ saving stopped: no space left on device"
    assert lines["claims_checked"] == "checked: 2 supported, 1 not checked"
    assert [kind for kind, line in lines.items() if line in ("–", kind.replace("_", " "))] == []


def test_the_page_tells_every_event(own_home: Path) -> None:
    events = one_of_each()
    keep(own_home, RUN, events, *TEXTS)
    whole, groups = trace(Saved.read(own_home / "sessions" / RUN))
    assert len(whole) == sum(not isinstance(event, AttemptEvent) for event in events)
    assert sum(len(talk.steps) for group in groups for talk in group.talks) == len(events) - len(whole)
    told = {step.name: step for step in whole}
    assert (told["✗ saving stopped"].text, told["✗ saving stopped"].tone) == ("no space left on device", "bad")
    assert told["claims checked"].facts == ("2 supported", "1 not checked")
    assert [step.name for step in whole if step == Step(step.at, step.name)] == ["plan waits for approval"]
