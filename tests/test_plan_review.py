"""The plan review, through its keys."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, Static

from sessions.estimate import Estimate
from sessions.plan import LeftOut, Plan, Subtask
from tui.plan_edits import LEFT_OUT
from tui.plan_rows import PlanList
from tui.screens.plan_review import Approved, Decision, PlanReview, SentBack
from tui.screens.prompt import MOST, PromptScreen
from tui.screens.subtask_form import SubtaskForm

SIZES = [(80, 24), (120, 40)]
ROLES = {"researcher": "Reads and extracts.", "critic": "Looks for what is wrong."}
HOSTILE = "[/red] \x1b]52;c;x\x07[@click=app.quit]quit[/] \u202e 漢字"

Body = Callable[["Reviewing", Pilot[int]], Coroutine[None, None, None]]


def subtask(spoke: str, *needs: str, title: str = "") -> Subtask:
    return Subtask(
        id=spoke,
        title=title or spoke.title(),
        objective=f"Find out about {spoke}.",
        key_questions=(f"Why {spoke}?",),
        boundaries=f"Only {spoke}.",
        depends_on=needs,
    )


PLAN = Plan(
    subtasks=(subtask("chemistry"), subtask("policy", "chemistry"), subtask("market")),
    assumptions="global, since 2020",
    left_out=(LeftOut(title="Law", why="out of scope"),),
)


class Reviewing(App[int]):
    """Shows the screen over an empty one, and keeps what it answers."""

    def __init__(
        self, plan: Plan, missing: tuple[str, ...], max_spokes: int, estimate: Estimate | None = None
    ) -> None:
        super().__init__()
        self.decisions: list[Decision] = []
        self.taken = True
        """Whether what is decided counts."""
        self.review = PlanReview(
            HOSTILE,
            plan,
            missing,
            roles=ROLES,
            max_spokes=max_spokes,
            engine="embedded [/x]",
            estimate=estimate,
            max_usd=1.5,
            send=self.send,
        )

    def on_mount(self) -> None:
        self.push_screen(self.review, self.decisions.append)

    async def send(self, decision: Approved | SentBack) -> bool:
        return self.taken

    @property
    def plan_list(self) -> PlanList:
        return self.review.query_one(PlanList)

    def lines(self) -> list[str]:
        """The lines of the list that are in view."""
        return [self.plan_list.render_line(y).text.rstrip() for y in range(self.plan_list.size.height)]

    def text(self, of: str) -> str:
        return str(self.review.query_one(f"#{of} Static", Static).content)

    def notices(self) -> str:
        return " ".join(str(notice.message) for notice in self._notifications)


def review(
    body: Body,
    plan: Plan = PLAN,
    missing: tuple[str, ...] = (),
    size: tuple[int, int] = (80, 24),
    max_spokes: int = 7,
    estimate: Estimate | None = None,
    taken: bool = True,
) -> list[Decision]:
    app = Reviewing(plan, missing, max_spokes, estimate)
    app.taken = taken

    async def main() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            await body(app, pilot)
            await pilot.pause()

    asyncio.run(main())
    return app.decisions


def after(*keys: str, plan: Plan = PLAN, max_spokes: int = 7) -> list[Decision]:
    """What is decided by these keys."""

    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        await pilot.press(*keys)

    return review(body, plan, max_spokes=max_spokes)


def approved(*keys: str) -> Plan:
    """The plan that is approved after these keys."""
    (decision,) = after(*keys, "a")
    assert isinstance(decision, Approved)
    return decision.plan


def ids(plan: Plan) -> list[str]:
    return [subtask.id for subtask in plan.subtasks]


@pytest.mark.parametrize("size", SIZES)
def test_the_plan_is_shown_whole(size: tuple[int, int]) -> None:
    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        assert "Plan · 3 of 3 spokes · embedded [/x] · assumes: global, since 2020" in app.text("about")
        assert "! no room: Second life" in app.text("about")
        assert "- left out: Law (out of scope)" in app.text("about")
        assert [line.split() for line in app.lines()[:3]] == [
            [">[x]", "1", "chemistry", "Chemistry", "researcher"],
            ["[x]", "2", "policy", "Policy", "researcher", "after", "1"],
            ["[x]", "3", "market", "Market", "researcher"],
        ]
        await pilot.press("down")
        await pilot.pause()
        shown = app.text("details")
        parts = ("Policy", "Find out about policy.", "• Why policy?", "Only policy.", "Waits for chemistry")
        assert all(part in shown for part in parts)
        assert (app.review.query_one("#details").region.x > 0) == (size[0] >= 100)

    assert review(body, missing=("Second life",), size=size) == []


@pytest.mark.parametrize(
    ("key", "decision"), [("a", Approved(PLAN)), ("y", Approved(PLAN)), ("q", None), ("escape", None)]
)
def test_an_untouched_plan_is_approved_or_left_by_one_key(key: str, decision: Decision) -> None:
    assert after(key) == [decision]


def test_a_plan_that_was_answered_elsewhere_is_not_decided_again() -> None:
    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        app.review.dismiss(None)
        app.review.action_approve()
        await pilot.pause()
        assert len(app.screen_stack) == 1

    assert review(body) == [None]


def test_what_is_dropped_stays_in_sight_and_is_left_out() -> None:
    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        await pilot.press("space")
        assert app.lines()[0].split() == [">[", "]", "1", "chemistry", "Chemistry", "(skipped)"]
        assert "after" not in app.lines()[1] and "2 of 3 spokes" in app.text("about")
        assert app.notices() == "Without chemistry: policy no longer waits for it."
        await pilot.press("a")

    (decision,) = review(body)
    assert isinstance(decision, Approved)
    assert ids(decision.plan) == ["policy", "market"] and decision.plan.subtasks[0].depends_on == ()
    assert decision.plan.left_out[1:] == (LeftOut(title="Chemistry", why=LEFT_OUT),)


def test_what_was_dropped_comes_back_as_it_was() -> None:
    assert approved("space", "down", "up", "space") == PLAN


def test_deleting_releases_who_waits_and_keeps_the_highlight_in_the_list() -> None:
    plan = approved("d")
    assert ids(plan) == ["policy", "market"] and plan.subtasks[0].depends_on == () and len(plan.left_out) == 1
    assert ids(approved("end", "d", "d")) == ["chemistry"]


def test_moving_takes_the_highlight_along_and_ends_at_the_ends() -> None:
    assert ids(approved("J", "J", "J", "k")) == ["policy", "market", "chemistry"]
    assert ids(approved("j", "j", "K", "K", "K")) == ["market", "chemistry", "policy"]


def test_every_edit_is_undone_one_by_one() -> None:
    edits = ["J", "space", "d", "e", "X", "f2", "plus", "N", "tab", "o", "f2", "end", "K"]

    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        states = [app.lines()]
        for key in edits:
            await pilot.press(key)
            await pilot.pause()
            if app.screen is app.review and app.lines() != states[-1]:
                states.append(app.lines())
        assert len(states) == 7, states
        for state in reversed(states[:-1]):
            await pilot.press("u")
            await pilot.pause()
            assert app.lines() == state
        await pilot.press("u")
        assert "nothing to undo" in app.notices()
        await pilot.press("a")

    assert review(body) == [Approved(PLAN)]


@pytest.mark.parametrize("size", SIZES)
def test_a_subtask_is_edited_in_the_form(size: tuple[int, int]) -> None:
    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        await pilot.press("down")
        app.plan_list.action_select()
        app.plan_list.action_select()
        await pilot.pause()
        assert isinstance(app.screen, SubtaskForm) and len(app.screen_stack) == 3
        await pilot.press("end", "2", *["shift+tab"] * 3, "end", "comma", "3", "f2")
        await pilot.pause()
        assert "Policy2" in app.lines()[1] and "after 1, 3" in app.lines()[1]
        await pilot.press("e", "f2", "u", "a")

    assert review(body, size=size) == [Approved(PLAN)]


def test_an_added_subtask_gets_an_id_of_its_own() -> None:
    keys = ("plus", "M", "tab", "F", "f2")
    plan = approved(*keys, *keys)
    assert ids(plan) == ["chemistry", "policy", "market", "m", "m-2"]
    assert plan.subtasks[-1] == Subtask(id="m-2", title="M", objective="F")


def test_what_cannot_run_is_said_and_stays_open() -> None:
    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        await pilot.press("space", "j", "space", "j", "space", "a")
        assert "The plan has no subtasks." in app.notices() and "! The plan has no subtasks." in app.text("about")
        await pilot.press("d", "d", "d", "d", "e", "space", "J", "a")
        assert "+ adds a subtask" in app.text("details") and app.lines() == [""] * len(app.lines())
        assert app.screen is app.review

    assert review(body) == []


def test_a_circle_and_too_many_are_refused() -> None:
    assert after("a", plan=Plan(subtasks=(subtask("a", "b"), subtask("b", "a")))) == []
    assert after("a", max_spokes=2) == []
    assert len(after("end", "space", "a", max_spokes=2)) == 1


def test_it_is_sent_back_with_a_note() -> None:
    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        await pilot.press("p", "space", "enter")
        assert "The note is empty" in app.notices() and app.screen is app.review
        await pilot.press("p", "x", "escape")
        assert app.screen is app.review
        await pilot.press("p")
        assert isinstance(app.screen, PromptScreen)
        app.screen.query_one(Input).value = "x" * (MOST + 1)
        await pilot.press("enter")
        assert "4,001 characters; there is room for 4,000" in app.notices()
        assert isinstance(app.screen, PromptScreen), "what was written is not lost"
        app.screen.query_one(Input).value = "no \x1b[31mhistory "
        await pilot.press("enter")

    assert review(body) == [SentBack("no history")]


def test_what_is_not_taken_stays_as_it_was_edited() -> None:
    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        await pilot.press("space", "a")
        assert app.screen is app.review and "(skipped)" in app.lines()[0]
        await pilot.press("p", "n", "o", "enter")
        assert app.screen is app.review and "(skipped)" in app.lines()[0]
        await pilot.press("p")
        assert app.screen.query_one(Input).value == "no"
        app.taken = True
        await pilot.press("enter")

    assert review(body, taken=False) == [SentBack("no")]


def test_edits_are_not_lost_by_one_key() -> None:
    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        await pilot.press("space", "q")
        assert "Your edits are not kept" in app.notices() and app.screen is app.review
        await pilot.press("space", "escape")
        assert app.screen is app.review
        await pilot.press("escape")

    assert review(body) == [None]
