"""The disagreements: all values side by side, each opens what it stands on."""

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sessions.events import AnyEvent, ConflictReconciled, LedgerBuilt, ReportFinished
from sessions.findings import Conflict, ConflictValue
from sessions.load import fold_all
from tests.dashboards import screen_text, until
from tests.hostile import HOSTILE
from tests.screen_reports import at_the_report, finished
from tui.app import Dashboard
from tui.screens.citation import CitationScreen
from tui.screens.disagreements import DisagreementsScreen, cited
from tui.screens.report import ReportScreen
from tui.widgets.markdown_view import MarkdownView

SMALL, LARGE = (80, 24), (200, 60)


def value(n: int, **fields: str) -> ConflictValue:
    """A value of claim `cn`, which the finished run has for 1 to 5."""
    source = "music-survey-2025.md" if n < 3 else "film-survey-2025.md"
    given = {"value": f"{n} kg", "unit": "gram", "quote": f"It weighs {n} kg.", "source": source}
    return ConflictValue.model_validate({"claim": f"c{n}", **given, **fields})


def with_conflicts(*conflicts: Conflict) -> tuple[AnyEvent, ...]:
    """The finished run with these conflicts and no others."""
    return tuple(
        event.model_copy(update={"conflicts": conflicts}) if isinstance(event, LedgerBuilt) else event
        for event in finished()
        if not isinstance(event, ConflictReconciled)
    )


def conflict(*values: ConflictValue, **fields: str) -> Conflict:
    given = {"id": "k1", "subject": "weight", "explanation": "They weighed other things.", **fields}
    return Conflict.model_validate({"values": values, **given})


async def open_them(app: Dashboard, pilot: Pilot[int]) -> MarkdownView:
    await pilot.press("d")
    await until(pilot, lambda: isinstance(app.screen, DisagreementsScreen))
    view = app.screen.query_one(MarkdownView)
    await until(pilot, lambda: view.lines())
    await pilot.pause()
    return view


def whole(view: MarkdownView) -> str:
    """All that is there, in view or not."""
    return "\n".join(line.text for line in view.lines())


async def opened(app: Dashboard, pilot: Pilot[int], *keys: str) -> str:
    """What a citation says that these keys open; goes back from it."""
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(app.screen, CitationScreen))
    await until(pilot, lambda: "verdict" in screen_text(app))
    shown = screen_text(app)
    await pilot.press("escape")
    assert isinstance(app.screen, DisagreementsScreen)
    return shown


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_all_values_stand_side_by_side_with_what_explains_them(own_home: Path, size: tuple[int, int]) -> None:
    async def main() -> None:
        async with at_the_report(own_home, size) as (app, pilot):
            view = await open_them(app, pilot)
            lines = whole(view).splitlines()
            rows = {line.split()[0]: line for line in reversed(lines) if line.split()}
            assert "1. share of musicians" in lines and "2. fewer hours for visual effects" in lines
            assert any("45% [1]" in line and "12% [2]" in line for line in lines)
            assert "any use" in rows["definition"] and "daily use" in rows["definition"]
            assert rows["source"].count("music-survey-2025.md") == 2
            assert "2024" in rows["date"]
            assert "“45% of musicians in Northmark" in rows["quote"] and "“12% of musicians" in rows["quote"]
            assert "Explanation (different definition): One counts any use in the year, the other" in whole(view)
            assert "Explanation (restated): The council put its own figure right in 2025." in whole(view)
            assert "1 of 2 disagreements" in screen_text(app)
            await pilot.press("d")
            assert isinstance(app.screen, ReportScreen)

    asyncio.run(main())


def test_the_keys_go_to_each_value_and_open_it_also_one_that_the_report_does_not_cite(own_home: Path) -> None:
    async def main() -> None:
        async with at_the_report(own_home, SMALL) as (app, pilot):
            view = await open_them(app, pilot)
            assert "45% of musicians used AI tools in 2024." in await opened(app, pilot, "enter")
            assert "12% used AI tools daily." in await opened(app, pilot, "]", "enter")
            await pilot.press("n")
            await until(pilot, lambda: "2 of 2 disagreements" in screen_text(app))
            assert "Effects take 13% fewer hours." in await opened(app, pilot, "enter")
            # The report has [1] to [4]; the value that is refuted is opened all the same, and says so.
            assert "31% [5]" in whole(view) and "does not cite it" in " ".join(whole(view).split())
            shown = await opened(app, pilot, "]", "enter")
            assert "[5]" in shown and "✗ contradicted" in shown and "Effects take 31% fewer hours." in shown
            # Around the end, and back; the cursor takes the head along.
            await pilot.press("n")
            await until(pilot, lambda: "1 of 2 disagreements" in screen_text(app))
            await pilot.press("N")
            await until(pilot, lambda: "2 of 2 disagreements" in screen_text(app))
            await pilot.press("[")
            await until(pilot, lambda: "1 of 2 disagreements" in screen_text(app))
            await pilot.press("y")
            assert all(words in app.clipboard for words in ("**45%** [1]", "**12%** [2]", "**31%** [5]"))
            await until(pilot, lambda: "Sent to the clipboard" in screen_text(app))
            await pilot.press("escape")
            assert isinstance(app.screen, ReportScreen)

    asyncio.run(main())


def test_everything_that_qualifies_a_value_is_shown_and_nothing_where_nobody_said_it(own_home: Path) -> None:
    said = {
        "date": "March 2025",
        "period": "in 2024",
        "scope": "Northmark",
        "definition": "wet weight",
        "population": "adult horses",
    }
    run = with_conflicts(conflict(value(1, **said), value(2)), conflict(value(3), value(4), id="k2"))

    async def main() -> None:
        async with at_the_report(own_home, SMALL, run) as (app, pilot):
            view = await open_them(app, pilot)
            first, second = whole(view).split("2. weight")
            for name, words in {**said, "unit": "gram", "source": "music", "quote": "“It weighs 1 kg.”"}.items():
                assert any(line.split()[:1] == [name] and words in line for line in first.splitlines()), name
            assert not any(line.split()[:1] == [name] for line in second.splitlines() for name in said)

    asyncio.run(main())


@pytest.mark.parametrize(("size", "side_by_side"), [(SMALL, 2), ((120, 40), 3), (LARGE, 5)])
def test_many_values_go_below_each_other_where_there_is_no_room(
    own_home: Path, size: tuple[int, int], side_by_side: int
) -> None:
    run = with_conflicts(conflict(*(value(n) for n in range(1, 6))))

    async def main() -> None:
        async with at_the_report(own_home, LARGE, run) as (app, pilot):
            view = await open_them(app, pilot)
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: "1 kg [1]" in screen_text(app))
            await until(
                pilot,
                lambda: max(line.count(" kg [") for line in whole(view).splitlines()) == side_by_side,
            )
            assert all(f"{n} kg [" in whole(view) for n in range(1, 6))

    asyncio.run(main())


def test_a_value_without_evidence_is_shown_and_opens_nothing(own_home: Path) -> None:
    run = with_conflicts(conflict(value(1), value(7)))

    async def main() -> None:
        async with at_the_report(own_home, LARGE, run) as (app, pilot):
            view = await open_them(app, pilot)
            assert [mark.n for mark in view.citations] == [1]
            assert "7 kg" in whole(view) and "its place in the source is not known" in whole(view)

    asyncio.run(main())


def test_where_the_run_explained_nothing_the_words_around_the_values_are_asked(own_home: Path) -> None:
    run = with_conflicts(conflict(value(1), value(2), explanation=""))

    async def main() -> None:
        async with at_the_report(own_home, LARGE, run) as (app, pilot):
            view = await open_them(app, pilot)
            (line,) = (line for line in whole(view).splitlines() if line.startswith("Explanation"))
            kind, _, sentence = line.partition(": ")
            assert kind.startswith("Explanation (") and sentence

    asyncio.run(main())


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_hostile_words_neither_steer_nor_cite_nor_break_the_table(own_home: Path, size: tuple[int, int]) -> None:
    bad = f"[2] &lbrack;3&rbrack; | [[4]] # **x** {HOSTILE}\n## A heading\n| a | b |\n"
    every = {name: f"{name} {bad}" for name in ConflictValue.model_fields if name != "claim"}
    run = with_conflicts(conflict(value(1, **every), value(2), subject=bad, explanation=bad))

    async def main() -> None:
        async with at_the_report(own_home, size, run) as (app, pilot):
            view = await open_them(app, pilot)
            # The first value's words and source are none of its claim's: there is nothing to open.
            assert [mark.n for mark in view.citations] == [2]
            assert len(view.headings) == 1
            assert all(line.isprintable() for line in screen_text(app).splitlines())
            said = "".join(whole(view).split())
            assert all(f"{name}" in said for name in every) and "2kg[2]" in said
            assert "(2)" in said and "[/red]" in said and "&lbrack;3" in said

    asyncio.run(main())


def test_every_value_that_the_report_does_not_cite_has_a_number_of_its_own() -> None:
    run = with_conflicts(conflict(value(1), value(2)), conflict(value(3), value(1), id="k2"))
    (report,) = (event for event in run if isinstance(event, ReportFinished))
    found = cited(fold_all(run), report.model_copy(update={"citations": report.citations[2:]}))
    numbers = [[shown.citation.n if shown.citation else 0 for shown in values] for values in found.values()]
    # [3] and [4] are the report's own; the same words have the same number in every disagreement.
    assert numbers == [[5, 6], [3, 5]]
