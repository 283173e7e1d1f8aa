"""What a question asks, part by part, and which parts the embedded engine says that no document answers."""

import asyncio
from pathlib import Path

import pytest

from agents.embedded.asked import asked_parts
from agents.embedded.question import read_question
from agents.prompts import brief_prompt, plan_prompt
from agents.replies import FindingsReply, PlanReply
from agents.tool_names import DOCUMENT_TOOLS
from sessions.plan import Brief
from tests.embedded_desk import QUESTION, desk


def found(folder: Path, question: str, *key_questions: str) -> FindingsReply:
    """What the engine answers to the brief on a whole question."""
    title = "The question itself"
    return answer(folder, Brief(question=question, title=title, objective=question, key_questions=key_questions))


def answer(folder: Path, brief: Brief) -> FindingsReply:
    """What the engine answers to a brief."""

    async def main() -> FindingsReply:
        async with desk(folder) as at:
            return await at.ask(brief_prompt(brief), FindingsReply)

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What does a net cost?", ["What does a net cost?"]),
        (
            "What does a net cost, and who sews it?",
            ["What does a net cost?", "Who sews it?"],
        ),
        (
            "How much is lost and in which year did it begin?",
            ["How much is lost?", "In which year did it begin?"],
        ),
        ("When was it sown? How many came up?", ["When was it sown?", "How many came up?"]),
        ("When and where do the moths fly?", ["When and where do the moths fly?"]),
        ("Growers, who light heaters, and moths?", ["Growers, who light heaters, and moths?"]),
    ],
)
def test_a_question_falls_into_the_things_it_asks(question: str, parts: list[str]) -> None:
    assert [part.text for part in asked_parts([question])] == parts


def test_a_later_part_may_lean_on_an_earlier_one() -> None:
    assert [part.leans for part in asked_parts(["What do its nets cost, and who sews them?"])] == [False, True]


@pytest.mark.parametrize(
    "question",
    [
        "How much does a drip line cost a hectare?",
        "What does a net cost a hectare?",
        "How much of the apricot blossom did frost kill in April 2024?",
        "How many broods of insects are there in a year?",
    ],
)
def test_what_the_documents_answer_is_not_said_to_be_open(tmp_path: Path, question: str) -> None:
    reply = found(tmp_path, question)
    assert reply.findings and reply.not_found == []


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("How much of the apricot blossom did frost kill in April 2019?", "2019"),
        ("How much does a drip line in Holmstad cost a hectare?", "Holmstad"),
        ("How much does a drip line of copper cost a hectare?", "copper"),
        ("Who invented the drip line?", "invented"),
        ("How much does a drip line weigh?", "weigh"),
    ],
)
def test_all_but_one_thing_is_no_answer_and_the_thing_is_named(
    tmp_path: Path, question: str, lacking: str
) -> None:
    reply = found(tmp_path, question)
    assert len(reply.not_found) == 1
    assert lacking in reply.not_found[0].removeprefix(question) or not reply.findings


def test_the_year_of_a_document_is_that_of_a_statement_without_one(tmp_path: Path) -> None:
    assert found(tmp_path, "On how many nights of frost were heaters lit in 2024?").not_found == []
    assert "2023" in found(tmp_path, "On how many nights of frost were heaters lit in 2023?").not_found[0]


def test_of_two_things_asked_one_is_answered_and_the_other_named(tmp_path: Path) -> None:
    question = "What does a drip line cost a hectare and who plays the cello?"

    async def main() -> PlanReply:
        async with desk(tmp_path) as at:
            return await at.ask(plan_prompt(question, {"researcher": "Reads."}, 7), PlanReply, DOCUMENT_TOOLS[:2])

    whole = asyncio.run(main()).subtasks[0]
    assert whole.key_questions == ["What does a drip line cost a hectare?", "Who plays the cello?"]
    reply = found(tmp_path, question, *whole.key_questions)
    assert "2,300 euro" in reply.findings[0].claim
    assert [told.partition("?")[0] for told in reply.not_found] == ["Who plays the cello"]


def test_the_bounds_of_a_period_are_no_year_that_is_asked_for() -> None:
    first, second = asked_parts(["How did frost change since 1990?", "What did frost take in 1990?"])
    assert (first.years, second.years) == (frozenset(), {"1990"})


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("What share of growers light heaters?", True),
        ("What does a net cost?", True),
        ("What was the median price of a tree?", True),
        ("What does a warmer climate mean for the cost of living?", False),
        ("What do growers do about frost?", False),
    ],
)
def test_only_a_number_answers_some_questions(question: str, counts: bool) -> None:
    assert read_question(question).counts is counts
    assert "share" not in read_question(question).terms


@pytest.mark.parametrize("title", ["The question itself", "Heaters"])
def test_a_brief_without_key_questions_asks_what_its_objective_says(tmp_path: Path, title: str) -> None:
    objective = "Find how many broods of insects there are."
    reply = answer(tmp_path, Brief(question=QUESTION, title=title, objective=objective))
    assert any("three broods" in finding.claim for finding in reply.findings)
    assert not any("heaters" in finding.claim for finding in reply.findings)
    lost = answer(tmp_path, Brief(question=QUESTION, title=title, objective="Find who plays the cello."))
    assert (lost.findings, lost.not_found) == ([], ["Find who plays the cello."])


def test_an_objective_that_was_edited_is_asked_beside_the_key_questions(tmp_path: Path) -> None:
    brief = Brief(
        question="What does a drip line cost a hectare?",
        title="The question itself",
        objective="Find how many broods of insects there are.",
        key_questions=("What does a drip line cost a hectare?",),
    )
    told = " ".join(finding.claim for finding in answer(tmp_path, brief).findings)
    assert "2,300 euro" in told and "three broods" in told
