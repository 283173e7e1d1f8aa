"""The gaps: what was not found out, why, and the keys that do something about it."""

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from sessions.events import AnyEvent, AttemptFinished, AttemptStarted, LedgerBuilt, ReportFinished
from sessions.findings import Claim, Finding, Gap
from sessions.load import fold_all
from sessions.plan import LeftOut
from sessions.state import RunState
from tests.dashboards import screen_text, until
from tests.hostile import HOSTILE
from tests.screen_reports import at_the_report, finished
from tui.app import Dashboard
from tui.looks import CANCELLED, FAILED, RUNNING
from tui.screens.confirm import ConfirmScreen
from tui.screens.gaps import CUT_SHORT, LEFT_OUT, NARROWED, UNANSWERED, UNCHECKED, GapsScreen, Missing, gaps
from tui.screens.report import ReportScreen
from tui.screens.run import RunScreen
from tui.screens.zoom import ZoomScreen

WIDE = (120, 40)
SHORT = "The run's budget of 400 turns was used up."


def missing_of(events: tuple[AnyEvent, ...], *, state: RunState | None = None) -> list[Missing]:
    """What the screen would show of a run."""
    (report,) = (event for event in events if isinstance(event, ReportFinished))
    return gaps(state or fold_all(events), report)


def reporting(
    events: tuple[AnyEvent, ...], *lacking: Gap, left_out: tuple[LeftOut, ...] = ()
) -> tuple[AnyEvent, ...]:
    """The run with a report that names these gaps and no others."""
    changed = {"gaps": lacking, "left_out": left_out}
    return tuple(
        event.model_copy(update=changed) if isinstance(event, ReportFinished) else event for event in events
    )


def with_claims(count: int) -> tuple[AnyEvent, ...]:
    """The finished run with so many claims that nobody checked."""
    claims = tuple(
        Claim(id=f"c{n}", spokes=("music",), finding=Finding(claim=f"Claim {n}.")) for n in range(1, count + 1)
    )
    return tuple(
        event.model_copy(update={"claims": claims}) if isinstance(event, LedgerBuilt) else event
        for event in finished()
    )


async def open_them(app: Dashboard, pilot: Pilot[int]) -> None:
    await pilot.press("G")
    await until(pilot, lambda: isinstance(app.screen, GapsScreen))
    await until(pilot, lambda: "gaps  " in screen_text(app))


def test_what_failed_comes_first_then_the_other_gaps_then_what_was_left_out() -> None:
    found = missing_of(finished())
    assert [(it.look, it.what, it.spoke, it.mendable) for it in found] == [
        (FAILED, "Publishing and translation", "publishing", True),
        (CANCELLED, "Visual arts", "arts", False),
        (UNANSWERED, "What it does to income", "music", False),
        (UNCHECKED, "1 of 6 claims", "", True),
        (LEFT_OUT, "Advertising", "", False),
    ]


def test_a_failed_spoke_says_what_it_failed_of_and_what_it_left() -> None:
    told = "\n".join(missing_of(finished())[0].lines)
    for words in (
        "rate_limited · HTTP 429 · req_011CSHoEeqs5C35K2UUqR7Fy",
        "0:44 · 10,500 tokens",
        "1 finding kept",
        "2 passages read",
        "• Fees per page fell by 18% in two years.",
        "to try: literary translation only",
    ):
        assert words in told, words


def test_a_failed_spoke_that_the_report_does_not_name_is_named_here() -> None:
    found = missing_of(reporting(finished()))
    assert [(it.look, it.what) for it in found] == [
        (FAILED, "Publishing and translation"),
        (CANCELLED, "Visual arts"),
    ]


def test_an_answer_that_was_cut_short_is_told_from_one_that_was_narrowed() -> None:
    events = tuple(
        event.model_copy(update={"cut_short": SHORT})
        if isinstance(event, AttemptFinished) and event.spoke == "games"
        else event
        for event in finished()
    )
    cut = Gap(spoke="games", what="Games", why=f"It had to answer before it was done. {SHORT}")
    narrow = Gap(
        spoke="games", what="Games", why="After an attempt at all of it had failed, only this was asked: x"
    )
    found = [it for it in missing_of(reporting(events, cut, narrow)) if it.spoke == "games"]
    assert [(it.look, it.mendable) for it in found] == [(CUT_SHORT, False), (NARROWED, False)]
    assert SHORT in found[0].lines[0]


def test_a_spoke_that_is_attempted_again_is_shown_at_work() -> None:
    events = finished()
    again = AttemptStarted(spoke="publishing", attempt=3, role="researcher", model="m")
    found = missing_of(events, state=fold_all((*events, again)))
    assert [it.look for it in found if it.spoke == "publishing"] == [RUNNING]


def test_a_long_list_of_unchecked_claims_is_counted_not_listed() -> None:
    (found,) = (it for it in missing_of(with_claims(8)) if it.look == UNCHECKED)
    assert found.lines[-2:] == ("• Claim 5.", "and 3 more") and "• Claim 6." not in found.lines


@pytest.mark.parametrize("size", [(80, 24), WIDE])
def test_the_keys_go_through_the_gaps_and_open_the_spoke(own_home: Path, size: tuple[int, int]) -> None:
    async def main() -> None:
        async with at_the_report(own_home, size) as (app, pilot):
            await open_them(app, pilot)
            shown = screen_text(app)
            assert "1 failed · 1 cancelled · 1 not answered · 1 not checked · 1 left out" in shown
            assert "✗ failed  Publishing and translation" in shown and "⊘ cancelled  Visual arts" in shown
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ZoomScreen))
            await until(pilot, lambda: "4 Publishing and translation" in screen_text(app))
            await pilot.press("escape")
            assert isinstance(app.screen, GapsScreen)
            await pilot.press("j", "j", "z")
            await until(pilot, lambda: "1 Music" in screen_text(app))
            await pilot.press("escape", "k", "z")
            await until(pilot, lambda: "6 Visual arts" in screen_text(app))
            await pilot.press("escape", "j", "j", "enter")
            await until(pilot, lambda: "No spoke was asked for this." in screen_text(app))
            await pilot.press("j")
            await until(pilot, lambda: "no document speaks of it" in screen_text(app))
            await pilot.press("y")
            assert "✗ failed  Publishing and translation\n" in app.clipboard
            assert app.clipboard.endswith("- left out  Advertising\nno document speaks of it")
            await pilot.press("G")
            assert isinstance(app.screen, ReportScreen)

    asyncio.run(main())


def test_r_re_runs_the_gaps_after_asking(own_home: Path) -> None:
    async def main() -> None:
        async with at_the_report(own_home) as (app, pilot):
            await open_them(app, pilot)
            await pilot.press("R")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await until(pilot, lambda: "Retry Publishing and translation" in screen_text(app))
            await pilot.press("b")
            await until(pilot, lambda: isinstance(app.screen, RunScreen))

    asyncio.run(main())


def test_r_says_so_where_another_attempt_mends_nothing(own_home: Path) -> None:
    unanswered = Gap(spoke="music", what="What it does to income", why="The documents do not answer it.")
    events = tuple(
        event
        for event in reporting(finished(), unanswered, left_out=(LeftOut(title="Dance", why="x"),))
        if getattr(event, "spoke", "") != "publishing"
    )

    async def main() -> None:
        async with at_the_report(own_home, WIDE, events) as (app, pilot):
            await open_them(app, pilot)
            assert "rerun gaps" not in screen_text(app)
            await pilot.press("R")
            await until(pilot, lambda: "Another attempt mends none of these" in screen_text(app))
            assert isinstance(app.screen, GapsScreen)

    asyncio.run(main())


def test_hostile_words_are_only_words(own_home: Path) -> None:
    bad = Gap(spoke="music", what=f"What {HOSTILE}", why=f"Why {HOSTILE}\n{HOSTILE}")
    events = reporting(finished(), bad, left_out=(LeftOut(title=f"Left {HOSTILE}", why=HOSTILE),))

    async def main() -> None:
        async with at_the_report(own_home, WIDE, events) as (app, pilot):
            await open_them(app, pilot)
            shown = screen_text(app)
            assert all(line.isprintable() for line in shown.splitlines())
            assert "? not answered  What" in shown and "- left out  Left" in shown
            assert shown.count("[/red][@click=app.quit]press") == 5
            assert app.screen.query_one(OptionList).option_count == 4

    asyncio.run(main())
