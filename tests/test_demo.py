"""`hubspoke demo`: what goes wrong in it, what a newcomer does about it by keys, and what the guide says of it."""

import asyncio

import pytest
from textual.app import App, ComposeResult

from agents.embedded import mishaps
from sessions import paths
from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    CheckpointOpened,
    EngineStarted,
    PlanApproved,
    PlanMade,
    ReportFinished,
    RunCreated,
    RunEnded,
    SpokeRetried,
    TryFailed,
)
from sessions.failures import Failure, FailureKind
from sessions.journal_reader import read_journal
from sessions.plan import Plan, Subtask
from sessions.state import RunState, fold
from sessions.store import Store
from tests.dashboards import dashboard, screen_text, until
from tests.example_runs import created
from tests.running import hubspoke
from tests.test_dashboard_life import nothing_left as nothing_left
from tui.cli import main
from tui.demo import QUESTION, guide, start
from tui.screens.confirm import ConfirmScreen
from tui.screens.plan_review import PlanReview
from tui.screens.report import ReportScreen
from tui.widgets.guide import Guide


def recorded() -> list[AnyEvent]:
    """The events of the newest run, as they are on disk."""
    return list(read_journal(Store(paths.home()).find("last")).events)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mishaps are over sooner than a person could read of them."""
    monkeypatch.setattr(mishaps, "SILENCE_S", 0.05)
    monkeypatch.setattr(mishaps, "RETRY_AFTER_S", 1)


def test_the_demo_ends_with_a_gap_that_a_retry_closes(soon: None, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 3
    said = capfd.readouterr()
    assert said.out.startswith("# ") and QUESTION in said.out
    events = recorded()
    run = next(event.run for event in events if isinstance(event, RunCreated))
    assert f"hubspoke retry {run} --spoke 2" in said.err
    # One spoke got no answer in three attempts, the last two on a narrower brief; half an answer was kept.
    failed = [event for event in events if isinstance(event, AttemptFailed)]
    assert [(event.attempt, event.failure.kind) for event in failed] == [
        (number, FailureKind.TIMEOUT) for number in (1, 2, 3)
    ]
    silent = failed[0].spoke
    began = [event for event in events if isinstance(event, AttemptStarted) and event.spoke == silent]
    assert ["Narrower" in event.brief.advice for event in began if event.brief] == [False, True, True]
    assert all(event.failure.partial for event in failed)
    # Each try was a request of its own.
    tries = [event for event in events if isinstance(event, TryFailed) and event.spoke == silent]
    assert len({event.failure.request_id for event in tries}) == len(tries) > 3
    # Another was told to wait, once, and then had its answer in the same attempt; no other met anything.
    (limited,) = [event for event in events if isinstance(event, TryFailed) and event.spoke != silent]
    assert limited.failure.kind is FailureKind.RATE_LIMITED and limited.failure.http_status == 429
    assert limited.wait_s == limited.failure.retry_after_s == 1.0 and limited.failure.request_id
    answered = {event.spoke: event for event in events if isinstance(event, AttemptFinished)}
    assert answered[limited.spoke].attempt == 1 and answered[limited.spoke].t - limited.t >= 0.9
    plan = next(event.plan for event in events if isinstance(event, PlanApproved))
    assert {*answered, silent} == {subtask.id for subtask in plan.subtasks}
    # When its engine is gone, nothing goes wrong on purpose any more.
    again = hubspoke("retry", "last", "--yes")
    assert again.returncode == 0, again.stderr
    assert [e.attempt for e in recorded() if isinstance(e, AttemptFinished) and e.spoke == silent] == [4]


def test_a_newcomer_approves_meets_the_red_pane_and_retries(soon: None, nothing_left: None) -> None:
    begin = start()
    begin.settings["pace"] = 0.003

    async def newcomer() -> None:
        async with dashboard(begin) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            await pilot.press("a")
            await until(pilot, lambda: len(app.run_screen.tiles) > 3 and app.screen is app.run_screen)
            seat = app.seat
            assert seat is not None

            def attempts(spoke: str) -> int:
                return len(seat.state.spokes[spoke].attempts)

            silent = list(seat.state.spokes)[1]
            await until(pilot, lambda: app.run_screen.tiles[silent].has_class("-failed") and attempts(silent) == 3)
            await until(pilot, lambda: "failed, after 3 attempts" in screen_text(app))
            await pilot.press("n")
            assert app.run_screen.selected == silent
            await pilot.press("r")
            # Where the report came first, it asks before it is written anew.
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) or attempts(silent) == 4)
            if isinstance(app.screen, ConfirmScreen):
                await pilot.press("y")
            await until(pilot, lambda: app.seat and app.seat.state.exit == 0)
            assert app.seat is not None
            assert len(app.seat.state.spokes[silent].attempts) == 4
            await pilot.press("o")
            await until(pilot, lambda: isinstance(app.screen, ReportScreen))

    asyncio.run(newcomer())
    state, said = RunState(), list[str]()
    for event in recorded():
        said.append(guide(fold(state, event), event.t))
    _, silent, limited, *_ = (spoke.title for spoke in state.spokes.values())
    chapters = (
        "splits the question",
        "a approves it",
        "z zooms in",
        f"{limited} was told to wait 1 s",
        f"{silent} got no answer in time: attempt 3",
        f"{silent} failed, after 3 attempts",
        f"{silent} is attempted anew, as you asked",
        "Every claim is checked",
        "enter on [1] shows the quote",
    )
    found = [next((n for n, text in enumerate(said) if chapter in text), -1) for chapter in chapters]
    assert -1 not in found and found == sorted(found), list(zip(chapters, found, strict=True))


SPOKES = ("a", "b", "c")
TITLE = "Performing arts, theatre and circus"
PLAN = Plan(subtasks=tuple(Subtask(id=id, title=f"{id} {TITLE}", objective="x") for id in SPOKES))


def began(spoke: str, attempt: int = 1, retry: int = 0) -> AttemptStarted:
    return AttemptStarted(spoke=spoke, attempt=attempt, role="researcher", model="m", retry=retry)


def timed_out(spoke: str, attempt: int) -> AttemptFailed:
    failure = Failure(kind=FailureKind.TIMEOUT, message="Late.", spoke=spoke, attempt=attempt)
    return AttemptFailed(spoke=spoke, attempt=attempt, failure=failure)


def limited(spoke: str) -> TryFailed:
    failure = Failure(kind=FailureKind.RATE_LIMITED, message="Slow.", http_status=429, retry_after_s=6.0)
    return TryFailed(spoke=spoke, attempt=1, turn=2, failure=failure, wait_s=6.0)


def ended(exit: int) -> RunEnded:
    return RunEnded(status="gaps" if exit else "done", exit=exit)


REPORT = ReportFinished(step="write/1-0000000000", markdown="# R", citations=(), gaps=())

TOLD: list[tuple[AnyEvent, str]] = [
    (created(question=QUESTION), "splits the question"),
    (PlanMade(step="plan/1-0000000000", plan=PLAN), "splits the question"),
    (CheckpointOpened(plan=PLAN), "a approves it"),
    (ended(3).model_copy(update={"status": "waiting"}), "a approves it"),
    (EngineStarted(pid=1, version="0", docs="d", provider="embedded", resumed=True), "splits the question"),
    (PlanApproved(step="approve/1-0000000000", plan=PLAN), "z zooms in"),
    (began("a"), "z zooms in"),
    (began("b"), "z zooms in"),
    (limited("b"), "was told to wait 6 s (429)"),
    (timed_out("a", 1), "was told to wait 6 s (429)"),
    (began("b", 2), "failed, after 1 attempt: n goes to it"),
    (began("a", 2, retry=1), "attempt 2, by itself, on a narrower brief"),
    (timed_out("a", 2), "failed, after 2 attempts: n goes to it"),
    (SpokeRetried(spoke="a"), "attempted anew, as you asked"),
    (began("a", 3), "attempted anew, as you asked"),
    (timed_out("a", 3), "r retries it, e edits its brief, D compares"),
    (AttemptFinished(step="spoke:b/2-0000000000", spoke="b", attempt=2, findings=()), "failed, after 3 attempts"),
    (REPORT, "failed, after 3 attempts"),
    (ended(3), "has a gap"),
    (SpokeRetried(spoke="a"), "attempted anew, as you asked"),
    (began("a", 4), "attempted anew, as you asked"),
    (AttemptFinished(step="spoke:a/4-0000000000", spoke="a", attempt=4, findings=()), "z zooms in"),
    (began("c"), "z zooms in"),
    (AttemptFinished(step="spoke:c/1-0000000000", spoke="c", attempt=1, findings=()), "Every claim is checked"),
    (ended(0), "q leaves; `hubspoke` asks your own question"),
]


def test_the_guide_says_what_comes_next_and_fits_two_lines_of_a_small_screen() -> None:
    class Shown(App[None]):
        def compose(self) -> ComposeResult:
            yield Guide()

    async def told() -> None:
        app = Shown()
        async with app.run_test(size=(80, 24)) as pilot:
            widget, state = app.query_one(Guide), RunState()
            widget.look(state, 0.0)
            await pilot.pause()
            assert not widget.display
            for event, said in TOLD:
                fold(state, event)
                widget.look(state, 0.0)
                await pilot.pause()
                assert said in guide(state, 0.0), event
                rows = [strip.text.strip() for strip in widget.render_lines(widget.outer_size.region)]
                assert " ".join(rows) == f"demo  {guide(state, 0.0)}" and len(rows) == 2
            widget.look(fold(RunState(), created()), 0.0)
            assert not widget.display

    asyncio.run(told())
