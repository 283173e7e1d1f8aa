"""What is said of a resume is one thing everywhere: in the list, on the keys, and in the sentence before it."""

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from agents.port.link import in_thread
from agents.port.messages import Begin
from agents.run_settings import Settings
from sessions.events import AnyEvent, DisagreementsFound, LedgerBuilt, ReportFinished, RunEnded
from sessions.findings import Gap, Verdict
from sessions.load import load
from sessions.meta import META, read_meta
from sessions.rerun import rerun
from sessions.store import Store
from tests.dashboards import dashboard, screen_text, until
from tests.example_runs import QUESTION, RUN, finished_run
from tests.test_rerun import ALL, REPORT, SUPPORTED, claims, every, failed, planned
from tests.test_sessions_screen import Browser, browse
from tests.test_store import save
from tui.app import Dashboard
from tui.cli import main as command
from tui.forks import foretold
from tui.screens.confirm import ConfirmScreen
from tui.screens.report import ReportScreen
from tui.screens.sessions import SessionChoice
from tui.session_rows import resume_line, resumes
from tui.start import Start

PLANNED = finished_run()[:1] + planned()
DONE = RunEnded(status="done", exit=0)


def unchecked() -> list[AnyEvent]:
    """A run that came to its end with claims that nobody checked, though every spoke is done."""
    told = [*PLANNED, *every(ALL)]
    claims = next(event.claims for event in finished_run() if isinstance(event, LedgerBuilt))
    report = ReportFinished(step="report/1", markdown="# R\n")
    return [*told, LedgerBuilt(step="ledger/1", claims=claims), report, RunEnded(status="gaps", exit=3)]


@pytest.mark.parametrize(
    ("events", "line"),
    [
        (PLANNED[:1], "resume begins with the plan"),
        (PLANNED[:2], "resume reviews the plan, which then waits for you"),
        (PLANNED[:4], "resume shows the plan, which waits for you"),
        ([*PLANNED, *failed("supply")], "resume runs 1 failed spoke, 3 spokes (not begun) and the report"),
        (unchecked(), "resume runs the checks and the report"),
        ([*finished_run()[:-1], DONE], "resume runs 1 failed spoke and the report"),
        (
            [event for event in unchecked() if not isinstance(event, LedgerBuilt)][:-1],
            "resume runs the checks and the report",
        ),
    ],
)
def test_the_row_says_what_the_resume_does(tmp_path: Path, events: list[AnyEvent], line: str) -> None:
    directory = save(Store(tmp_path), events=events)
    row = read_meta(directory)
    assert resumes(row)
    assert resume_line(row) == line
    assert row.resume == rerun(load(directory)).begins
    # One that was kept by a version that did not know says the same.
    kept = (directory / META).read_text(encoding="utf-8")
    (directory / META).write_text(kept.replace(f'"resume":"{row.resume}",', ""), encoding="utf-8")
    assert read_meta(directory) == row


@pytest.mark.parametrize(("ended", "offered"), [([], True), ([DONE], False)])
def test_a_run_with_all_but_its_end_is_only_ended(tmp_path: Path, ended: list[AnyEvent], offered: bool) -> None:
    whole = [*PLANNED, *every(ALL), *SUPPORTED, REPORT, *ended]
    row = read_meta(save(Store(tmp_path), events=whole))
    assert resumes(row) == offered
    said = "resume runs nothing again: what is finished stays" if offered else "resume: not needed"
    assert resume_line(row) == said


def test_a_finished_run_with_something_left_is_resumed_from_the_list(own_home: Path) -> None:
    save(Store(own_home), events=unchecked())

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "resume runs the checks and the report" in app.about())
        await pilot.press("c")

    assert browse(body).answers == [SessionChoice(RUN, "resume")]


@pytest.mark.parametrize("left", [True, False])
def test_the_run_offers_a_resume_where_there_is_something_left(own_home: Path, left: bool) -> None:
    """Its state alone does not say: a run is done, too, whose claims were never compared."""
    compared = [step for step in SUPPORTED if not (left and isinstance(step, DisagreementsFound))]
    whole = [*PLANNED, *every(ALL), *compared, REPORT, DONE]
    save(Store(own_home), events=whole)

    async def main() -> None:
        async with dashboard(size=(80, 24)) as (app, pilot):
            await app.open(RUN)
            await until(pilot, lambda: QUESTION[:20] in screen_text(app))
            assert app.seat is not None
            assert app.seat.state.status == "done"
            assert ("resume" in app.run_screen.timely()) == left

    asyncio.run(main())


@pytest.mark.parametrize(
    "words", [["fork", "last", "--spoke", "1", "--brief", "Another."], ["retry", "last"], ["resume", "last"]]
)
def test_last_is_the_same_run_all_the_way(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """By the time that an engine has begun, another may be the last one."""
    save(Store(own_home))
    begun: list[Start] = []
    monkeypatch.setattr("tui.cli._on_terminal", lambda: True)
    monkeypatch.setattr("tui.cli.open_dashboard", begun.append)
    command(words)
    (start,) = begun
    assert RUN in (start.fork, start.resume)


@pytest.mark.parametrize("left", [True, False])
def test_a_report_offers_to_run_its_gaps_again_where_that_does_something(own_home: Path, left: bool) -> None:
    unanswered = Gap(spoke="supply", what="What a cell costs", why="The documents do not answer it.")
    report = REPORT.model_copy(update={"gaps": (unanswered,)})
    checked = claims(Verdict.SUPPORTED, Verdict.NOT_CHECKED if left else Verdict.SUPPORTED)
    whole = [*PLANNED, *every(ALL), *checked, report, RunEnded(status="gaps", exit=3)]
    save(Store(own_home), events=whole)

    async def main() -> None:
        app = Dashboard(Start(), in_thread())
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: app.loaded)
            await app.open(RUN)
            await pilot.press("o")
            await until(pilot, lambda: isinstance(app.screen, ReportScreen))
            await until(pilot, lambda: "esc back" in screen_text(app).splitlines()[-1])
            assert ("rerun gaps" in screen_text(app)) == left
            await pilot.press("R")
            told = "Resume runs the checks of 1 claim and the report" if left else "The run is finished"
            await until(pilot, lambda: told in " ".join(screen_text(app).split()))
            assert isinstance(app.screen, ConfirmScreen) == left

    asyncio.run(main())


def test_what_is_said_of_a_resume_knows_that_its_plan_was_approved_unseen(own_home: Path) -> None:
    save(Store(own_home), events=PLANNED[:4])
    begin = Begin(id=0, resume=RUN, settings=Settings(), approved=True)
    assert "approves the plan as it is" in asyncio.run(foretold(begin))
