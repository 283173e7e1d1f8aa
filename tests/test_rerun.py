"""What a resume says that it does again, and what that is thought to take."""

from collections.abc import Iterable

import pytest

from sessions.estimate import Estimate, Take
from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    CheckpointOpened,
    ClaimsChecked,
    ClaimVerdict,
    CoverageReviewed,
    DisagreementsFound,
    LedgerBuilt,
    PlanApproved,
    PlanMade,
    PlanSentBack,
    ReportFinished,
    RunEnded,
    SpokeCancelled,
    Usage,
)
from sessions.failures import Failure, FailureKind
from sessions.findings import Claim, Finding, Quote, Span, Verdict
from sessions.load import fold_all
from sessions.outlook import outlook
from sessions.plan import Plan, Subtask
from sessions.rerun import rerun, spokes_again
from sessions.state import RunState
from tests.example_runs import QUESTION, created
from tui.resume_text import fork_sentence, resume_sentence

PLAN = Plan(
    subtasks=(
        Subtask(id="supply", title="Supply", objective="O"),
        Subtask(id="economics", title="Economics", objective="O"),
        Subtask(id="market", title="Market", objective="O", depends_on=("economics",)),
        Subtask(id="law", title="Law", objective="O"),
    )
)
ESTIMATE = Estimate(
    spokes={subtask.id: Take(tokens=(10_000, 30_000), usd=(0.1, 0.3)) for subtask in PLAN.subtasks},
    rest=Take(tokens=(20_000, 40_000), usd=(0.2, 0.4)),
    writing=Take(tokens=(5_000, 10_000), usd=(0.05, 0.1)),
)
SPAN = Span(source="a.md", source_sha256="0" * 64, start=0, end=1)
FINDING = Finding(claim="It is so.", quotes=(Quote(text="x", source="a.md", span=SPAN),))


def run(*events: AnyEvent) -> RunState:
    """The run after these events, numbered and a second apart."""
    told = (created(), *events)
    return fold_all(event.model_copy(update={"seq": n, "t": float(n)}) for n, event in enumerate(told, start=1))


def planned() -> list[AnyEvent]:
    """Up to the plan that binds."""
    return [
        PlanMade(step="plan/1", plan=PLAN),
        CoverageReviewed(step="review/1", round=1),
        CheckpointOpened(plan=PLAN, estimate=ESTIMATE),
        PlanApproved(step="approve/1", plan=PLAN),
    ]


def begun(spoke: str, attempt: int = 1) -> AttemptStarted:
    return AttemptStarted(spoke=spoke, attempt=attempt, role="researcher", model="m")


def done(spoke: str, attempt: int = 1) -> list[AnyEvent]:
    usage = Usage(input_tokens=8_000, output_tokens=1_000, turns=2, usd=0.06, priced_turns=2)
    return [
        begun(spoke, attempt),
        AttemptFinished(
            step=f"{spoke}/{attempt}", spoke=spoke, attempt=attempt, findings=(FINDING,), usage=usage, seconds=60.0
        ),
    ]


def failed(spoke: str, kind: FailureKind = FailureKind.RATE_LIMITED) -> list[AnyEvent]:
    return [begun(spoke), AttemptFailed(spoke=spoke, attempt=1, failure=Failure(kind=kind, message="No."))]


def every(spokes: Iterable[str]) -> list[AnyEvent]:
    return [event for spoke in spokes for event in done(spoke)]


def claims(*verdicts: Verdict) -> list[AnyEvent]:
    """The ledger, compared, and its verdicts."""
    made = tuple(Claim(id=f"c{n}", spokes=("supply",), finding=FINDING) for n, _ in enumerate(verdicts, start=1))
    told = tuple(
        ClaimVerdict(claim=claim.id, verdict=verdict)
        for claim, verdict in zip(made, verdicts, strict=True)
        if verdict is not Verdict.NOT_CHECKED
    )
    return [
        LedgerBuilt(step="ledger/1", claims=made, readings=("compare/1",)),
        DisagreementsFound(step="compare/1"),
        ClaimsChecked(step="verify/1", verdicts=told),
    ]


ALL = [subtask.id for subtask in PLAN.subtasks]
REPORT = ReportFinished(step="report/1", markdown="# R\n")
SUPPORTED = claims(Verdict.SUPPORTED, Verdict.SUPPORTED)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([], "begins with the plan"),
        (planned()[:1], "reviews the plan, which then waits for you"),
        (planned()[:2], "shows the plan, which waits for you"),
        (planned()[:3], "shows the plan, which waits for you"),
        ([*planned()[:3], PlanSentBack(step="approve/1", note="More.")], "begins with the plan"),
        ([*planned(), *every(ALL)], "runs the checks and the report"),
        (
            [*planned(), *every(ALL), *claims(Verdict.SUPPORTED, Verdict.NOT_CHECKED)],
            "runs the checks of 1 claim and the report",
        ),
        ([*planned(), *every(ALL), SUPPORTED[0], SUPPORTED[2]], "runs the checks and the report"),
        ([*planned(), *every(ALL), *SUPPORTED], "runs the report"),
        ([*planned(), *every(ALL), *SUPPORTED, REPORT], "runs nothing again: what is finished stays"),
        ([*planned(), *every(ALL), *SUPPORTED, REPORT, *done("law", 2)], "runs the checks and the report"),
    ],
)
def test_each_point_says_what_runs_again(events: list[AnyEvent], said: str) -> None:
    assert resume_sentence(run(*events), as_estimated=False) == f"Resume {said}."


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (planned()[:1], "reviews the plan, which is approved as it is"),
        (planned()[:2], "approves the plan as it is"),
        (planned()[:3], "approves the plan as it is"),
    ],
)
def test_a_plan_that_is_approved_unseen_is_not_said_to_wait(events: list[AnyEvent], said: str) -> None:
    assert resume_sentence(run(*events), as_estimated=False, approved=True) == f"Resume {said}."


def test_spokes_are_named_with_their_reasons_and_with_what_it_takes() -> None:
    ended = RunEnded(status="interrupted", exit=130)
    state = run(*planned(), *done("supply"), *failed("economics"), begun("market"), ended)
    assert [(spoke.id, spoke.why) for spoke in spokes_again(state)] == [
        ("economics", "failed"),
        ("market", "cut off"),
        ("law", "not begun"),
    ]
    # Three like the one that finished (9,000 tokens, $0.06), and what was estimated of the rest; a minute a round.
    assert resume_sentence(state) == (
        "Resume runs 2 Economics (failed: rate_limited), 3 Market (cut off), 4 Law (not begun) and the report: "
        "est $0.38–0.58 · 47k–67k tokens · 3 min."
    )


def test_without_a_finished_spoke_the_plans_estimate_is_told_and_no_time() -> None:
    state = run(*planned(), *failed("supply"))
    assert resume_sentence(state) == (
        "Resume runs 4 spokes (1 failed, 3 not begun) and the report: est $0.60–1.60 · 60k–160k tokens."
    )


def test_what_rests_on_a_spoke_that_runs_again_runs_again() -> None:
    state = run(*planned(), *failed("economics"), *every(["market", "supply", "law"]))
    assert [(spoke.id, spoke.why) for spoke in spokes_again(state)] == [
        ("economics", "failed"),
        ("market", "rests on another"),
    ]
    late = run(*planned(), *every(["market", "supply", "law"]), *done("economics"))
    assert [spoke.id for spoke in spokes_again(late)] == ["market"], "it was told of an earlier attempt"


def test_only_the_spokes_that_are_named_are_retried_and_the_cancelled_stay() -> None:
    state = run(
        *planned(),
        *failed("supply"),
        *failed("economics"),
        begun("law"),
        SpokeCancelled(spoke="law"),
        *done("market"),
    )
    assert [spoke.id for spoke in spokes_again(state, {"supply"})] == ["supply"]
    assert [(spoke.id, spoke.why) for spoke in spokes_again(state, {"law"})] == [("law", "cancelled")]
    assert rerun(state).cancelled == ("Law",)
    assert resume_sentence(state).endswith("Law stays cancelled.")


def test_only_what_is_left_to_check_is_counted() -> None:
    state = run(*planned(), *every(ALL), *claims(Verdict.SUPPORTED, Verdict.NOT_CHECKED))
    take = outlook(state, rerun(state)).take
    # Half of the 15,000 to 30,000 that checking takes, and the 5,000 to 10,000 of the report.
    assert take is not None
    assert take.tokens == (12_500, 25_000)
    assert take.usd == pytest.approx((0.125, 0.25))
    uncompared = run(*planned(), *every(ALL), SUPPORTED[0], SUPPORTED[2])
    assert outlook(uncompared, rerun(uncompared)).take == ESTIMATE.writing, "no claim is checked again"
    unpriced = ESTIMATE.model_copy(update={"rest": Take(tokens=(20_000, 40_000), usd=None), "writing": None})
    state.estimate = unpriced
    assert "cost unknown" in resume_sentence(state)


def test_a_fork_says_what_it_takes_over() -> None:
    events = [created(), *planned(), *every(["supply", "economics", "market"]), *failed("law")]
    runs_law = "Fork of R: takes over 3 finished spokes, runs 4 Law (not begun) and the report."
    assert fork_sentence("R", events) == runs_law
    assert fork_sentence("R", events, f" {QUESTION} ") == runs_law
    assert fork_sentence("R", events, "Why?").endswith("every spoke of the plan runs again.")
    edited = PLAN.with_subtask(PLAN.subtask("supply").model_copy(update={"objective": "Another."}))
    assert "takes over 2 finished spokes, runs 1 Supply (not begun), 4 Law" in fork_sentence(
        "R", events, plan=edited
    )
    less = PLAN.model_copy(update={"subtasks": PLAN.subtasks[:1]})
    assert fork_sentence("R", events, plan=less).endswith("takes over 1 finished spoke, runs no spoke again.")
    assert fork_sentence("R", events[:1]) == "", "which the fork itself refuses"
