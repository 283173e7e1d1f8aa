"""The form of one subtask, through its keys."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import cast

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Button, Input, Select, Static, TextArea

from sessions.plan import Subtask
from tui.screens.subtask_form import SubtaskForm

SIZES = [(80, 24), (120, 40)]
ROLES = {"researcher": "Reads [/and] extracts.", "critic": "Looks for what is wrong."}
HOSTILE = "[/red] \x1b]52;c;x\x07[@click=app.quit]quit[/] \u202e 漢字"
SUBTASK = Subtask(
    id="policy",
    title="Policy",
    objective="Compare the rules.\nBy region.",
    key_questions=("Which rules?", "Since when?"),
    depends_on=("chemistry",),
    boundaries="No law.",
)
OTHERS = (
    Subtask(id="chemistry", title="C", objective="O"),
    SUBTASK,
    Subtask(id="market", title="M", objective="O"),
)

Body = Callable[["Filling", Pilot[int]], Coroutine[None, None, None]]


class Filling(App[int]):
    """Shows the form over an empty screen, and keeps what it answers."""

    def __init__(self, form: SubtaskForm) -> None:
        super().__init__()
        self.form = form
        self.answers: list[Subtask | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.form, self.answers.append)

    def problem(self) -> str:
        line = self.form.query_one("#problem", Static)
        return str(line.content) if line.display else ""

    def shown_lines(self, field: str) -> int:
        return self.form.find_widget(self.form.query_one(f"#{field}")).visible_region.height

    @property
    def role(self) -> Select[str]:
        return cast("Select[str]", self.form.query_one("#role", Select))

    def line(self, field: str) -> Input:
        return self.form.query_one(f"#{field}", Input)

    def area(self, field: str) -> TextArea:
        return self.form.query_one(f"#{field}", TextArea)


def fill(
    body: Body,
    subtask: Subtask = SUBTASK,
    size: tuple[int, int] = (80, 24),
    brief_only: bool = False,
    suggested: str = "",
) -> list[Subtask | None]:
    form = SubtaskForm(
        subtask,
        roles=ROLES,
        others=() if brief_only else OTHERS,
        title=HOSTILE,
        brief_only=brief_only,
        suggested=suggested,
    )
    app = Filling(form)

    async def main() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await body(app, pilot)
            await pilot.pause()

    asyncio.run(main())
    return app.answers


@pytest.mark.parametrize("size", SIZES)
def test_it_shows_every_field_and_saves_them_as_they_are(size: tuple[int, int]) -> None:
    async def body(app: Filling, pilot: Pilot[int]) -> None:
        for field in ("title", "objective", "key_questions", "role", "boundaries", "depends_on", "save"):
            assert app.shown_lines(field) >= 1, field
        assert app.shown_lines("objective") >= 5
        assert app.area("key_questions").text == "Which rules?\nSince when?"
        assert app.line("depends_on").value == "chemistry"
        await pilot.press("f2")

    assert fill(body, size=size) == [SUBTASK]


def test_every_field_is_reached_and_edited_by_keys() -> None:
    async def body(app: Filling, pilot: Pilot[int]) -> None:
        await pilot.press("end", "x", "enter", "down", "end", "enter", "A", "tab", "down", "end", "enter", "W")
        await pilot.press(
            "tab", "enter", "down", "enter", "tab", "X", "tab", "end", "comma", "3", "enter", "enter"
        )

    (answer,) = fill(body)
    assert answer == SUBTASK.model_copy(
        update={
            "title": "Policyx",
            "objective": "Compare the rules.\nBy region.\nA",
            "key_questions": ("Which rules?", "Since when?", "W"),
            "role": "critic",
            "boundaries": "XNo law.",
            "depends_on": ("chemistry", "market"),
        }
    )


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("title", "", "The title is empty; type one."),
        ("title", "x" * 201, "The title has 201 characters; 200 are allowed."),
        ("objective", "x" * 2_001, "The objective has 2001 characters; 2000 are allowed."),
        ("depends_on", "policy", "A subtask cannot wait for itself."),
        ("depends_on", "[/red]", "There is no subtask '[/red]' to wait for; type ids or numbers from 1 to 3"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_kept(field: str, text: str, sentence: str) -> None:
    async def body(app: Filling, pilot: Pilot[int]) -> None:
        widget = app.form.query_one(f"#{field}")
        if isinstance(widget, TextArea):
            widget.text = text
        else:
            app.line(field).value = text
        app.area("boundaries").focus()
        await pilot.press("f2")
        await pilot.pause()
        assert app.problem().startswith(sentence) and app.focused is widget
        assert (widget.text if isinstance(widget, TextArea) else app.line(field).value) == text
        await pilot.press("x", "backspace")
        await pilot.pause()
        assert app.problem() == ""

    assert fill(body) == []


def test_a_suggested_objective_stands_first_and_the_old_one_is_one_key_away() -> None:
    async def body(app: Filling, pilot: Pilot[int]) -> None:
        field = app.area("objective")
        assert field.text == "Only the crowns.[/red]"
        hint = app.form.query_one("#suggested", Static)
        assert str(hint.content).startswith("Shown: what the failed attempt named")
        await pilot.press("tab", "X", "f3")
        assert field.text == SUBTASK.objective
        assert str(hint.content).startswith("Shown: the old objective")
        # What was typed is not lost either.
        await pilot.press("f3")
        assert field.text == "XOnly the crowns.[/red]"
        await pilot.press("f2")

    saved = SUBTASK.model_copy(update={"objective": "XOnly the crowns.[/red]"})
    assert fill(body, brief_only=True, suggested=" Only the crowns.[/red]\x1b ") == [saved]


def test_a_suggestion_that_was_not_touched_is_left_at_once_and_without_one_there_is_no_other() -> None:
    async def leave(app: Filling, pilot: Pilot[int]) -> None:
        await pilot.press("escape")

    assert fill(leave, suggested="Only the crowns.") == [None]

    async def swap(app: Filling, pilot: Pilot[int]) -> None:
        assert not app.form.query("#suggested")
        await pilot.press("f3")
        assert app.area("objective").text == SUBTASK.objective

    fill(swap)


def test_escape_leaves_what_was_not_touched() -> None:
    async def body(app: Filling, pilot: Pilot[int]) -> None:
        await pilot.press("x", "backspace", "escape")

    assert fill(body) == [None]


def test_escape_asks_once_where_something_was_changed() -> None:
    async def body(app: Filling, pilot: Pilot[int]) -> None:
        await pilot.press("x", "escape")
        assert app.problem().startswith("Discard changes?") and app.answers == []
        await pilot.press("y", "escape")
        assert app.problem().startswith("Discard changes?") and app.answers == []
        await pilot.press("escape")

    assert fill(body) == [None]


def test_escape_closes_an_open_list_of_roles_first() -> None:
    async def body(app: Filling, pilot: Pilot[int]) -> None:
        app.role.focus()
        await pilot.press("enter", "escape")
        await pilot.pause()
        assert not app.role.expanded and app.screen is app.form
        await pilot.press("escape")

    assert fill(body) == [None]


@pytest.mark.parametrize(("button", "answer"), [("save", SUBTASK), ("cancel", None)])
def test_buttons_do_the_same_and_do_it_once(button: str, answer: Subtask | None) -> None:
    async def body(app: Filling, pilot: Pilot[int]) -> None:
        pressed = app.form.query_one(f"#{button}", Button)
        pressed.focus()
        await pilot.pause()
        pressed.press().press()
        await pilot.pause()
        assert len(app.screen_stack) == 1

    assert fill(body) == [answer]


def test_of_a_brief_nobody_asks_what_it_waits_for() -> None:
    async def body(app: Filling, pilot: Pilot[int]) -> None:
        assert not app.form.query("#depends_on")
        await pilot.press("end", "2", "escape", "f2")

    assert fill(body, brief_only=True) == [SUBTASK.model_copy(update={"title": "Policy2"})]


def test_nothing_hostile_gets_in() -> None:
    evil = Subtask(
        id="h", title=HOSTILE, objective=HOSTILE, key_questions=(HOSTILE,), role=HOSTILE, boundaries=HOSTILE
    )

    async def body(app: Filling, pilot: Pilot[int]) -> None:
        await pilot.press("f2")
        assert app.problem().startswith("There is no role '[/red]")
        assert app.focused is app.role
        await pilot.press("enter", "down", "enter")
        for field in ("title", "objective"):
            app.form.query_one(f"#{field}").focus()
            app.post_message(events.Paste("\x1b[31mA\r\nB"))
            await pilot.pause()
        assert app.line("title").value == "[/red] [@click=app.quit]quit[/] 漢字A B"
        assert app.area("objective").text == "A\nB[/red] [@click=app.quit]quit[/]  漢字"
        for size in (*SIZES, (30, 10)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await pilot.press("f2")

    (answer,) = fill(body, evil)
    assert answer is not None and answer.role == "researcher"
    assert not any(sign in answer.model_dump_json() for sign in ("\\u001b", "\\u0007", "\u202e"))
