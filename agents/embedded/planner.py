"""The plan: the question itself first, then one subtask a facet that the documents fall into."""

import re

from agents.embedded.asked import asked_parts
from agents.embedded.conversation import Ask, Conversation
from agents.embedded.facets import Facet
from agents.embedded.notes import read_notes
from agents.embedded.question import Question, read_question
from agents.embedded.survey import look
from agents.embedded.text import counted, terms
from agents.replies import LeftOutTopic, PlannedSubtask, PlanReply

_BROAD = 7
"""Subtasks of a broad question, unless the limit is lower."""

_NARROW = 1
_WHOLE = 0.5
"""So much of the question some document must hold for a subtask on the question as a whole."""

_TOLD = 5
"""Typical words of a facet that its brief names."""

_PARTS = 12
"""Key questions that a subtask may have."""

_LIMIT = re.compile(r"At most (\d+)")


def plan(talk: Conversation) -> Ask | PlanReply:
    """The searches to make first, or the plan."""
    question = read_question(talk.section("question"))
    survey = look(talk, question)
    if isinstance(survey, Ask):
        return survey
    notes = read_notes(talk.section("notes"), [facet.label for facet in survey.facets])
    settled = [set(terms(label)) for label in (*notes.out, *notes.wanted)]
    facets = [*map(_asked_for, notes.wanted), *(f for f in survey.facets if set(terms(f.label)) not in settled)]
    most = min(room(talk), (_NARROW if survey.narrow else _BROAD) + len(notes.wanted))
    fitting = facets[: most - 1]
    left_out = facets[most - 1 :]
    subtasks = [facet_subtask(facet, question) for facet in fitting]
    # Where no document speaks of the question as a whole, only its parts can be looked for; one thing that it
    # asks beside them is in none of them.
    aside = any(part.question.narrow for part in asked_parts([question.text]))
    if survey.held >= _WHOLE or not subtasks or aside:
        subtasks.insert(0, _whole(question))
    return PlanReply(
        assumptions=(
            "The question is taken in the words it is asked in, for whatever period the documents cover; "
            f"{counted(len(survey.documents), 'document')} of the folder bear on it."
            + "".join(f" Your note “{clause}” names nothing that could be planned." for clause in notes.unread)
        )[:4_000],
        subtasks=list({subtask.id: subtask for subtask in reversed(subtasks)}.values())[::-1],
        left_out=[
            *(LeftOutTopic(title=label, why="Your note leaves it out.") for label in notes.out),
            *(
                LeftOutTopic(title=f.label, why=f"The plan has room for {most} subtasks, and others weigh more.")
                for f in left_out
            ),
        ][:40],
    )


def room(talk: Conversation) -> int:
    """How many subtasks the prompt allows."""
    match = _LIMIT.search(talk.section("limits"))
    return max(1, int(match[1])) if match else _BROAD


def slug(label: str) -> str:
    """A spoke id for a label."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:40].strip("-") or "facet"


def _asked_for(subject: str) -> Facet:
    """A facet that a person's note names: nothing is known of it but its name."""
    return Facet(label=subject, documents=(), typical=(), query=subject, authored=False)


def _whole(question: Question) -> PlannedSubtask:
    return PlannedSubtask(
        id="question",
        title="The question itself",
        objective=f"Find what the documents say to the question in its own words: {question.text}"[:2_000],
        key_questions=[part.text[:300] for part in asked_parts([question.text])][:_PARTS],
    )


def facet_subtask(facet: Facet, question: Question) -> PlannedSubtask:
    """The brief for a facet: its name and the words that are typical of its documents, with the question's own."""
    named = set(terms(facet.label))
    others = [word for word in facet.typical if not named & set(terms(word))][:_TOLD]
    told = f" ({', '.join(others)})" if others else ""
    asked = question.text.rstrip("?!. ")
    return PlannedSubtask(
        id=slug(facet.label),
        title=_capital(facet.label)[:200],
        objective=f"Find what the documents say on {facet.label}{told}, for the question: {question.text}"[:2_000],
        key_questions=[f"{asked}: {facet.label}?"[-300:]],
    )


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
