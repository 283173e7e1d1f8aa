"""Coverage: the facets of the question that a plan neither covers nor leaves out."""

from dataclasses import dataclass

from agents.embedded.conversation import Ask, Conversation
from agents.embedded.facets import Facet
from agents.embedded.planner import facet_subtask
from agents.embedded.question import read_question
from agents.embedded.records import SubtaskLine, read_left_out, read_subtasks
from agents.embedded.survey import look
from agents.embedded.text import LIGHT, counted, terms
from agents.replies import CoverageReply, PlannedSubtask, ScoredDimension

_TYPICAL = 3
"""So many of a facet's typical words in a subtask mean that it covers the facet under another name."""

_DIMENSIONS = 30
"""A review scores so many, the most telling first."""


def review(talk: Conversation) -> Ask | CoverageReply:
    """The searches to make first, or what the plan lacks."""
    question = read_question(talk.section("question"))
    survey = look(talk, question)
    if isinstance(survey, Ask):
        return survey
    subtasks = read_subtasks(talk.section("plan"))
    known = set(question.terms) | LIGHT
    told = [_Told(set(terms(subtask.title)) - known, _all(subtask) - known) for subtask in subtasks]
    left_out = [set(terms(item.title)) - known for item in read_left_out(talk.section("left_out"))]
    told += [_Told(words, words) for words in left_out]
    taken = {subtask.id for subtask in subtasks}
    missing: list[PlannedSubtask] = []
    dimensions: list[ScoredDimension] = []
    for facet in survey.facets[:_DIMENSIONS]:
        covering = [subtask.id for subtask, one in zip(subtasks, told, strict=False) if one.covers(facet)]
        if not any(one.covers(facet) for one in told):
            subtask = facet_subtask(facet, question)
            covering = [subtask.id]
            missing += [subtask] if subtask.id not in taken else []
        elif not covering:
            continue  # it is left out on purpose
        dimensions.append(ScoredDimension(name=facet.label, covered_by=covering[:20]))
    lacking = f"The plan lacks {counted(len(missing), 'facet')} that the documents show."
    note = lacking if missing else "Every facet that the documents show is in the plan."
    return CoverageReply(dimensions=dimensions, missing=missing[:20], note=note)


def _all(subtask: SubtaskLine) -> set[str]:
    told = [subtask.id.replace("-", " "), subtask.title, subtask.objective, *subtask.key_questions]
    return set(terms(" ".join(told)))


@dataclass(frozen=True)
class _Told:
    """The terms that set a part of the plan apart from the question: those of its title, and all of them."""

    title: set[str]
    all: set[str]

    def covers(self, facet: Facet) -> bool:
        """Whether it speaks of a facet: by its name, by several typical words, or by a title made of them."""
        typical = {term for word in facet.typical for term in terms(word)}
        named = set(terms(facet.label))
        alike = len(self.title & (typical | named)) * 2 > len(self.title)
        return named <= self.all or alike or len(typical & self.all) >= _TYPICAL
