"""The embedded planner follows a person's notes as far as it can read them, and says where it cannot."""

import asyncio
from pathlib import Path

import pytest

from agents.embedded.notes import Notes, read_notes
from agents.prompts import coverage_prompt, plan_prompt
from agents.replies import CoverageReply, PlanReply
from agents.tool_names import DOCUMENT_TOOLS
from tests.embedded_desk import QUESTION, desk
from tests.test_embedded_engine import ROLES, as_plan

LABELS = ("frost", "irrigation", "heat pumps", "labels")


@pytest.mark.parametrize(
    ("said", "wanted", "out"),
    [
        (["Drop the labels."], [], ["labels"]),
        (["Please leave out frost and irrigation"], [], ["frost", "irrigation"]),
        (["Labels can be left out"], [], ["labels"]),
        (["leave labels out; skip frost"], [], ["labels", "frost"]),
        (["I don't want the heat pump"], [], ["heat pumps"]),
        (["No pumps, no frost"], [], ["frost", "heat pumps"]),
        (["Add a subtask on the price of cider."], ["price of cider"], []),
        (["More on bees, without labels"], ["bees"], ["labels"]),
        (["Skip frost but add bees"], ["bees"], ["frost"]),
        (["add bees", "drop the bees"], [], ["bees"]),
        (["drop frost", "also cover frost"], ["frost"], []),
        (["Frost!"], ["Frost"], []),
        (["How did Zürich’s growers fare?"], ["Zürich’s growers fare"], []),
    ],
)
def test_notes_name_what_is_wanted_and_what_is_out(said: list[str], wanted: list[str], out: list[str]) -> None:
    section = "\n".join(f"- {note}" for note in said)
    assert read_notes(section, LABELS) == Notes(tuple(wanted), tuple(out), ())


@pytest.mark.parametrize("said", ["Fewer, broader subtasks, please", "Drop the zebras", "Not what I want"])
def test_a_note_that_names_nothing_is_not_made_up_into_something(said: str) -> None:
    assert read_notes(f"- {said}.", LABELS) == Notes((), (), (said,))


def planned(folder: Path, question: str, *notes: str, room: int = 7) -> PlanReply:
    async def run() -> PlanReply:
        async with desk(folder) as at:
            plan = await at.ask(plan_prompt(question, ROLES, room, notes), PlanReply, DOCUMENT_TOOLS[:2])
            # What a note leaves out is no gap that the review fills again.
            review = coverage_prompt(question, as_plan(plan), ROLES, room)
            missing = (await at.ask(review, CoverageReply, DOCUMENT_TOOLS[:2])).missing
            assert not notes or not missing
            return plan

    return asyncio.run(run())


def test_the_plan_follows_the_notes(tmp_path: Path) -> None:
    before = planned(tmp_path, QUESTION)
    plan = planned(
        tmp_path, QUESTION, "Drop the insects.", "Also look at the price of cider.", "Be more specific!"
    )
    titles = [subtask.title for subtask in plan.subtasks]
    assert titles == [
        "The question itself",
        "Price of cider",
        *(subtask.title for subtask in before.subtasks[1:] if subtask.title != "Insects"),
    ]
    cider = plan.subtasks[1]
    assert cider.id == "price-of-cider"
    assert cider.objective == f"Find what the documents say on price of cider, for the question: {QUESTION}"
    assert [(item.title, item.why) for item in plan.left_out] == [("insects", "Your note leaves it out.")]
    unread = " Your note “Be more specific” names nothing that could be planned."
    assert plan.assumptions == before.assumptions + unread


def test_notes_stay_within_the_room(tmp_path: Path) -> None:
    plan = planned(tmp_path, QUESTION, "Add cider.", "Add pears.", room=2)
    assert [subtask.title for subtask in plan.subtasks] == ["The question itself", "Cider"]
    assert plan.left_out[0].title == "pears"
    narrow = planned(tmp_path, "How much does a drip line cost a hectare?", "And the nets?")
    assert [subtask.title for subtask in narrow.subtasks] == ["The question itself", "Nets"]
    # However long a note is.
    plan = planned(tmp_path, QUESTION, "cider " * 600)
    assert len(plan.subtasks[1].title) <= 100
