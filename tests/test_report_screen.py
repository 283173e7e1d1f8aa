"""The report through its keys, and what a citation in it opens."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sessions.events import AnyEvent, AttemptStarted, LedgerBuilt, ReportFinished, ToolReturned
from sessions.findings import Claim, Verdict
from tests.dashboards import screen_text, until
from tests.hostile import HOSTILE
from tests.screen_reports import TEXTS, at_the_report, finished
from tests.screen_runs import RUN
from tui.app import Dashboard
from tui.screens.citation import CitationScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.report import ReportScreen
from tui.screens.run import RunScreen
from tui.screens.zoom import ZoomScreen

Body = Callable[[Dashboard, Pilot[int]], Coroutine[None, None, None]]
WIDE = (120, 40)


def show(home: Path, body: Body, size: tuple[int, int] = WIDE, events: tuple[AnyEvent, ...] = ()) -> None:
    async def main() -> None:
        async with at_the_report(home, size, events) as (app, pilot):
            await body(app, pilot)

    asyncio.run(main())


async def cite(app: Dashboard, pilot: Pilot[int], n: int) -> str:
    """Opens a citation; answers what is on the screen."""
    await pilot.press(str(n), "enter")
    await until(pilot, lambda: isinstance(app.screen, CitationScreen))
    await until(pilot, lambda: "verdict" in screen_text(app))
    return screen_text(app)


def judged(claim: str, **fields: object) -> tuple[AnyEvent, ...]:
    """The finished run with a claim changed."""

    def change(event: AnyEvent) -> AnyEvent:
        if not isinstance(event, LedgerBuilt):
            return event
        claims = tuple(it.model_copy(update=fields) if it.id == claim else it for it in event.claims)
        return event.model_copy(update={"claims": claims})

    return tuple(map(change, finished()))


def test_a_citation_says_all_that_is_known_of_its_words(own_home: Path) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        shown = await cite(app, pilot, 4)
        for words in (
            "[4]",
            "The council's first edition gave 31%, by mistake.",
            "! insufficient · confidence high: the passage does not say who made the error",
            "film-survey-2025.md · Correction of the report on visual effects · 2025-06-03",
            "2024 · Northmark",
            "Film and television, Games",
            "Film and television: attempt 1, turn 1, at 0:25: search_documents query: visual effects hours",
            "characters 270–304",
            # The quote stands between what is before and after it.
            "by 13% of working hours in 2023.",
            "The first edition gave 31%, which was a typing error.",
        ):
            assert words in shown, words
        assert "partial" not in shown
        await pilot.press("enter")
        assert isinstance(app.screen, ReportScreen)

    show(own_home, body)


def test_a_partial_result_and_one_that_nobody_checked_say_so(own_home: Path) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        shown = await cite(app, pilot, 4)
        assert "partial result: the attempt that found it failed afterwards" in shown
        assert "· not checked" in shown and "confidence" not in shown

    show(own_home, body, events=judged("c4", partial=True, verdict=Verdict.NOT_CHECKED, note=""))


def test_other_claims_on_the_same_words_are_told_with_their_verdicts(own_home: Path) -> None:
    def with_twin(event: AnyEvent) -> AnyEvent:
        if not isinstance(event, LedgerBuilt):
            return event
        finding = event.claims[0].finding.model_copy(update={"claim": "Nearly half used them."})
        twin = Claim(id="c9", spokes=("music",), finding=finding, verdict=Verdict.QUALIFIED)
        return event.model_copy(update={"claims": (*event.claims, twin)})

    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        assert "too (! qualified): Nearly half used them." in await cite(app, pilot, 1)
        await pilot.press("escape")
        assert "too (" not in await cite(app, pilot, 2)

    show(own_home, body, events=tuple(map(with_twin, finished())))


def test_z_zooms_to_the_attempt_that_was_told_the_words_and_escape_comes_back(own_home: Path) -> None:
    def twice(event: AnyEvent) -> list[AnyEvent]:
        """Music is attempted again after the attempt that saw the words."""
        if not isinstance(event, LedgerBuilt):
            return [event]
        return [AttemptStarted(spoke="music", attempt=2, role="researcher", model="m", t=172.0), event]

    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        await cite(app, pilot, 1)
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, ZoomScreen))
        await until(pilot, lambda: "1 Music" in screen_text(app) and "attempt 1 of 2" in screen_text(app))
        # Its tools, among them the one that returned the words.
        assert "→ search_documents query: musicians AI tools share" in screen_text(app)
        assert "music-survey-2025.md" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CitationScreen))

    show(own_home, body, events=tuple(it for event in finished() for it in twice(event)))


def test_without_a_trace_or_a_source_it_says_so(own_home: Path) -> None:
    def traceless(event: AnyEvent) -> AnyEvent:
        return event.model_copy(update={"segments": ()}) if isinstance(event, ToolReturned) else event

    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        for kept in (own_home / "sessions" / RUN / "evidence").iterdir():
            kept.unlink()
        shown = await cite(app, pilot, 3)
        assert "no tool's return in the trace holds these words" in shown
        assert "“by 13% of working hours in 2023”" in shown
        assert "the quote cannot be shown in its place" in shown
        await pilot.press("z")
        assert isinstance(app.screen, CitationScreen)
        await until(pilot, lambda: "No tool's return in the trace holds these words." in screen_text(app))

    show(own_home, body, events=tuple(map(traceless, finished())))


def test_a_small_screen_scrolls_a_long_citation(own_home: Path) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        shown = await cite(app, pilot, 1)
        assert "The guild warns" not in shown
        await pilot.press(*["j"] * 60)
        await until(pilot, lambda: "The guild warns against comparing" in screen_text(app))
        await pilot.press(*["k"] * 60)
        await until(pilot, lambda: "✓ supported" in screen_text(app))

    show(own_home, body, (80, 24), judged("c1", note=" ".join(["as the guild said"] * 60)))


@pytest.mark.parametrize("size", [(80, 24), WIDE])
def test_hostile_words_in_a_citation_are_only_words(own_home: Path, size: tuple[int, int]) -> None:
    def hostile(event: AnyEvent) -> AnyEvent:
        if isinstance(event, ReportFinished):
            fields = {"source": f"s{HOSTILE}", "title": f"t{HOSTILE}", "date": f"d{HOSTILE}", "quote": HOSTILE}
            cited = tuple(it.model_copy(update=fields) for it in event.citations)
            return event.model_copy(update={"citations": cited})
        return event

    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        shown = await cite(app, pilot, 1)
        assert all(line.isprintable() for line in shown.splitlines())
        # Nothing of it is markup: its brackets stand there as they are.
        assert "[/red]" in shown

    changed = judged("c1", note=f"n{HOSTILE}", spokes=("music", f"x{HOSTILE}"))
    show(own_home, body, size, tuple(map(hostile, changed)))


def test_the_report_re_runs_its_gaps_after_asking(own_home: Path) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await until(pilot, lambda: "Retry Publishing and translation" in screen_text(app))
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))

    show(own_home, body)


def test_a_report_that_lacks_nothing_says_so(own_home: Path) -> None:
    def whole(event: AnyEvent) -> list[AnyEvent]:
        if isinstance(event, LedgerBuilt):
            return [event.model_copy(update={"conflicts": ()})]
        if isinstance(event, ReportFinished):
            return [event.model_copy(update={"gaps": (), "left_out": ()})]
        # Without the spokes that failed or were cancelled, and without what explained the disagreements.
        left = event.kind == "conflict_reconciled" or getattr(event, "spoke", "") in ("publishing", "arts")
        return [] if left else [event]

    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        await pilot.press("d")
        assert isinstance(app.screen, ReportScreen)
        await until(pilot, lambda: "No disagreement was recognised among 6 claims" in screen_text(app))
        await pilot.press("G")
        assert isinstance(app.screen, ReportScreen)
        await until(pilot, lambda: "Nothing is missing" in screen_text(app))

    show(own_home, body, events=tuple(it for event in finished() for it in whole(event)))


def test_the_texts_are_those_that_the_citations_stand_in() -> None:
    (report,) = (event for event in finished() if isinstance(event, ReportFinished))
    assert all(any(it.quote == text[it.start : it.end] for text in TEXTS) for it in report.citations)
