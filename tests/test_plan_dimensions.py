"""The plan review scores the plan, as it is edited, by the dimensions of the question."""

import asyncio
from collections.abc import Callable, Coroutine

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from sessions.plan import Dimension, Plan, Subtask
from sessions.state import RunState
from tests.hostile import HOSTILE
from tui.plan_edits import Draft, deleted, toggled
from tui.plan_rows import coverage
from tui.screens.plan_review import PlanReview

PLAN = Plan(subtasks=tuple(Subtask(id=id, title=id.title(), objective="x") for id in ("music", "film", "law")))
DIMENSIONS = (
    Dimension(name="income", covered_by=("music", "film")),
    Dimension(name="training data", covered_by=("law",)),
    Dimension(name="tools", covered_by=("film",)),
)
WARNS = "$text-warning"


def line(draft: Draft, dimensions: tuple[Dimension, ...] = DIMENSIONS) -> tuple[str, bool]:
    """What is said of the coverage, and whether it warns."""
    said = coverage(draft, dimensions)
    assert said is not None
    return said.plain, any(span.style == WARNS for span in said.spans)


def test_a_plan_that_covers_everything_is_told_plainly() -> None:
    assert line(Draft(PLAN)) == ("covers 3 of 3 dimensions", False)
    assert line(Draft(PLAN), DIMENSIONS[:1]) == ("covers 1 of 1 dimension", False)


def test_what_is_dropped_covers_nothing_but_what_another_covers_stays_covered() -> None:
    assert line(toggled(Draft(PLAN), "music")) == ("covers 3 of 3 dimensions", False)
    assert line(toggled(Draft(PLAN), "law")) == ("! covers 2 of 3 dimensions · not: training data", True)
    assert line(deleted(Draft(PLAN), "film")) == ("! covers 2 of 3 dimensions · not: tools", True)
    none = toggled(toggled(toggled(Draft(PLAN), "music"), "film"), "law")
    assert line(none) == ("! covers 0 of 3 dimensions · not: income, training data, tools", True)


def test_what_nothing_ever_covered_is_named() -> None:
    assert line(Draft(PLAN), (*DIMENSIONS, Dimension(name="teaching"))) == (
        "! covers 3 of 4 dimensions · not: teaching",
        True,
    )


def test_a_plan_that_nobody_scored_says_nothing() -> None:
    assert coverage(Draft(PLAN), ()) is None


def reviewed(
    body: Callable[[PlanReview, Pilot[None]], Coroutine[None, None, None]], state: RunState | None
) -> None:
    review = PlanReview("Q?", PLAN, (), roles={"researcher": "x"}, max_spokes=7, engine="embedded", state=state)

    class Reviewing(App[None]):
        def on_mount(self) -> None:
            self.push_screen(review)

    async def main() -> None:
        async with Reviewing().run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await body(review, pilot)

    asyncio.run(main())


def about(review: PlanReview) -> str:
    return str(review.query_one("#about Static", Static).content)


def test_every_edit_scores_the_plan_anew() -> None:
    async def body(review: PlanReview, pilot: Pilot[None]) -> None:
        assert "covers 3 of 3 dimensions" in about(review) and "!" not in about(review)
        await pilot.press("end", "space")
        assert "! covers 2 of 3 dimensions · not: training data" in about(review)
        await pilot.press("space")
        assert "covers 3 of 3 dimensions" in about(review) and "!" not in about(review)
        await pilot.press("d")
        assert "not: training data" in about(review)
        await pilot.press("u")
        assert "not:" not in about(review)

    reviewed(body, RunState(dimensions=DIMENSIONS))


def test_without_a_score_the_plan_stands_as_before() -> None:
    async def body(review: PlanReview, pilot: Pilot[None]) -> None:
        assert "covers" not in about(review)

    reviewed(body, None)
    reviewed(body, RunState())


def test_a_dimension_s_hostile_name_is_only_words() -> None:
    said, _ = line(Draft(PLAN), (Dimension(name=HOSTILE),))
    assert said.isprintable() and "[/red]" in said
