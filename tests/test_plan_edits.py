"""A plan's draft and a subtask's form, without a screen."""

import re

import pytest

from sessions.plan import SPOKE_ID, LeftOut, Plan, Subtask, plan_problems
from tui.plan_edits import (
    LEFT_OUT,
    Draft,
    FieldError,
    Typed,
    added,
    changed,
    deleted,
    moved,
    new_id,
    revised,
    toggled,
)

ROLES = {"researcher", "critic"}


def subtask(spoke: str, *needs: str) -> Subtask:
    return Subtask(id=spoke, title=spoke.title(), objective="Find out.", depends_on=needs)


def draft(*subtasks: Subtask) -> Draft:
    return Draft(Plan(subtasks=subtasks, assumptions="global", left_out=(LeftOut(title="Law", why="far"),)))


CHAIN = draft(subtask("a"), subtask("b", "a"), subtask("c", "a", "b"))


def ids(plan: Plan) -> list[str]:
    return [subtask.id for subtask in plan.subtasks]


def needs(plan: Plan) -> dict[str, tuple[str, ...]]:
    return {subtask.id: subtask.depends_on for subtask in plan.subtasks}


def test_an_untouched_draft_is_the_plan() -> None:
    assert CHAIN.approved() == CHAIN.plan


def test_what_is_skipped_is_left_out_and_nobody_waits_for_it() -> None:
    without = toggled(CHAIN, "a")
    plan = without.approved()
    assert needs(plan) == {"b": (), "c": ("b",)}
    assert plan.left_out == (LeftOut(title="Law", why="far"), LeftOut(title="A", why=LEFT_OUT))
    assert plan.assumptions == "global" and plan_problems(plan, ROLES, 7) == []
    assert without.dependants("a") == ("b", "c") and toggled(without, "b").dependants("a") == ("c",)


def test_what_comes_back_is_waited_for_again() -> None:
    assert toggled(toggled(CHAIN, "a"), "a") == CHAIN


def test_what_is_deleted_is_gone_from_everywhere() -> None:
    without = deleted(toggled(CHAIN, "a"), "a")
    assert without.skipped == frozenset()
    assert needs(without.approved()) == {"b": (), "c": ("b",)}
    assert without.approved().left_out == CHAIN.plan.left_out


def test_moving_adding_and_changing() -> None:
    assert ids(moved(CHAIN, 0, 2).plan) == ["b", "c", "a"]
    assert ids(moved(CHAIN, 2, 0).plan) == ["c", "a", "b"]
    assert ids(added(CHAIN, subtask("d")).plan) == ["a", "b", "c", "d"]
    assert changed(CHAIN, subtask("b")).plan.subtask("b").depends_on == ()
    assert CHAIN.plan.subtask("b").depends_on == ("a",)


@pytest.mark.parametrize(
    ("title", "taken", "made"),
    [
        ("Cathode Chemistry!", (), "cathode-chemistry"),
        ("Café & Zürich", (), "cafe-zurich"),
        ("漢字", (), "subtask"),
        ("\x1b]52;c;x\x07", (), "52-c-x"),
        ("A", ("a", "a-2"), "a-3"),
        ("x" * 200, ("x" * 40,), "x" * 38 + "-2"),
        ("x" * 39 + " y", (), "x" * 39),
    ],
)
def test_an_id_is_made_of_the_title(title: str, taken: tuple[str, ...], made: str) -> None:
    assert new_id(title, taken) == made
    assert re.match(SPOKE_ID, made)


def revise(typed: Typed, of: str = "c", draft: Draft | None = CHAIN) -> Subtask:
    return revised(CHAIN.plan.subtask(of), typed, ROLES, draft.plan.subtasks if draft else None)


def typed(**fields: str) -> Typed:
    return Typed(**{**vars(Typed.of(CHAIN.plan.subtask("c"))), **fields})


def test_a_form_that_is_left_as_it_is_changes_nothing() -> None:
    whole = Subtask(id="w", title="W", objective="O", key_questions=("q?", "r?"), boundaries="not x")
    assert revised(whole, Typed.of(whole), ROLES, ()) == whole


def test_what_is_typed_becomes_the_subtask() -> None:
    new = revise(
        typed(
            title=" A  b ",
            objective="Two\nlines\n",
            key_questions="one?\n\n two? \n",
            role="critic",
            boundaries="no",
        )
    )
    assert (new.id, new.title, new.objective) == ("c", "A b", "Two\nlines")
    assert (new.key_questions, new.role, new.boundaries) == (("one?", "two?"), "critic", "no")


def test_what_is_not_known_of_a_subtask_is_kept() -> None:
    newer = Subtask.model_validate({**subtask("n").model_dump(), "budget": 5})
    assert revised(newer, Typed.of(newer), ROLES, ()).model_dump()["budget"] == 5


@pytest.mark.parametrize(
    ("text", "found"),
    [("", ()), (" , ", ()), ("1", ("a",)), ("2,1", ("b", "a")), ("b a,1", ("b", "a")), ("a;", None), ("0", None),
     ("4", None), ("²", None), ("c", None), ("3", None), ("1.5", None), ("9" * 5_000, None)],
)  # fmt: skip
def test_what_it_waits_for_is_named_by_id_or_number(text: str, found: tuple[str, ...] | None) -> None:
    if found is not None:
        assert revise(typed(depends_on=text)).depends_on == found
    else:
        with pytest.raises(FieldError) as error:
            revise(typed(depends_on=text))
        assert error.value.field == "depends_on"
        assert "to wait for; type ids or numbers from 1 to 3" in str(error.value) or "itself" in str(error.value)


def test_an_id_that_is_a_number_is_that_id() -> None:
    plan = draft(subtask("2"), subtask("1"), subtask("x"))
    typed = Typed.of(plan.plan.subtask("x"))
    new = revised(
        plan.plan.subtask("x"), Typed(**{**vars(typed), "depends_on": "1, 3"[:1]}), ROLES, plan.plan.subtasks
    )
    assert new.depends_on == ("1",)


def test_what_it_waits_for_stays_where_it_is_not_asked_for() -> None:
    assert revise(typed(depends_on="nonsense"), draft=None).depends_on == ("a", "b")


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("title", " \x1b[0m", "The title is empty; type one."),
        ("title", "x" * 201, "The title has 201 characters; 200 are allowed."),
        ("objective", "\n", "The objective is empty; type one."),
        ("objective", "x" * 2_001, "The objective has 2001 characters; 2000 are allowed."),
        ("role", "wiz\x1bard", "There is no role 'wizrd'; choose one of critic, researcher."),
    ],
)
def test_what_cannot_be_used_is_one_sentence_about_its_field(field: str, text: str, sentence: str) -> None:
    with pytest.raises(FieldError) as error:
        revise(typed(**{field: text}))
    assert (error.value.field, str(error.value)) == (field, sentence)


def test_nothing_that_a_terminal_obeys_gets_into_the_form() -> None:
    evil = "\x1b]52;c;x\x07\u202ey\r\nz"
    hostile = Subtask(id="h", title=evil, objective=evil, key_questions=(evil,), boundaries=evil)
    shown = Typed.of(hostile)
    assert (shown.title, shown.objective, shown.key_questions, shown.boundaries) == ("y z", "y\nz", "y z", "y\nz")
