"""What is asked of a model as structured output: one pydantic model a kind of reply, named by its title.

The schema goes over the wire (`output_config.format`); its `title` is how an engine knows what is asked.
Lengths are capped here, so an oversized reply is invalid output and never reaches a journal.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sessions.findings import Confidence, ConflictKind, Verdict

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4_000)]

MOST_DISAGREEMENTS = 40
"""What one comparer may find."""


class Reply(BaseModel):
    """A structured reply; what it holds beyond its schema is dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class PlannedSubtask(Reply):
    """One sub-domain: its brief and what it needs."""

    id: Annotated[str, Field(description="short lower-case slug, unique in the plan", max_length=40)]
    title: Short
    objective: Long
    key_questions: Annotated[list[Short], Field(max_length=12)]
    role: Annotated[str, Field(description="name of a role, usually researcher")] = "researcher"
    depends_on: Annotated[
        list[str], Field(description="ids of subtasks whose findings this one needs", max_length=20)
    ] = []
    boundaries: Annotated[Long, Field(description="what it must not go into")] = ""


class LeftOutTopic(Reply):
    """Something left out on purpose."""

    title: Short
    why: Short


class PlanReply(Reply):
    """The planner's answer."""

    model_config = ConfigDict(title="plan")

    assumptions: Annotated[Long, Field(description="scope, period and reading of the question")] = ""
    subtasks: Annotated[list[PlannedSubtask], Field(max_length=40)]
    left_out: Annotated[list[LeftOutTopic], Field(max_length=40)] = []


class ScoredDimension(Reply):
    """A side of the question that a good answer needs."""

    name: Short
    covered_by: Annotated[list[str], Field(description="ids of the subtasks that cover it", max_length=20)] = []


class CoverageReply(Reply):
    """The reviewer's answer: the question's dimensions, and what the plan neither covers nor leaves out."""

    model_config = ConfigDict(title="coverage")

    dimensions: Annotated[list[ScoredDimension], Field(max_length=30)] = []
    missing: Annotated[list[PlannedSubtask], Field(max_length=20)]
    note: Long = ""


class QuotedText(Reply):
    """Words copied from a source, exactly."""

    source: Annotated[str, Field(description="the source exactly as the tool named it", max_length=1_000)]
    text: Annotated[str, Field(description="copied word for word from the tool's text", max_length=3_000)]


class FoundClaim(Reply):
    """One finding."""

    claim: Annotated[Long, Field(description="one checkable statement in one sentence")]
    quotes: Annotated[list[QuotedText], Field(max_length=8)]
    date: Annotated[Short, Field(description="when the source's figure was collected or published")] = ""
    scope: Annotated[Short, Field(description="who, where or what it holds for")] = ""
    definition: Annotated[Short, Field(description="what exactly was counted or meant")] = ""
    confidence: Confidence = "medium"


class FindingsReply(Reply):
    """A researcher's answer."""

    model_config = ConfigDict(title="findings")

    findings: Annotated[list[FoundClaim], Field(max_length=60)]
    summary: Long = ""
    not_found: Annotated[
        list[Short], Field(description="key questions the sources do not answer", max_length=20)
    ] = []
    alternatives: Annotated[
        list[Short], Field(description="other searches worth trying if too little was found", max_length=10)
    ] = []


class CheckedClaim(Reply):
    """The verdict on one claim."""

    claim: Annotated[str, Field(description="the claim's id, such as c12", max_length=20)]
    verdict: Verdict
    confidence: Annotated[Confidence, Field(description="how sure you are of the verdict")] = "medium"
    note: Short = ""


class VerdictsReply(Reply):
    """A verifier's answer: one verdict for every claim of the batch."""

    model_config = ConfigDict(title="verdicts")

    verdicts: Annotated[list[CheckedClaim], Field(max_length=100)]


class ReconciledValue(Reply):
    """One of the values that disagree, kept."""

    claim: Annotated[str, Field(max_length=20)]
    value: Short
    date: Annotated[Short, Field(description="when the source's figure was collected or published")] = ""
    scope: Annotated[Short, Field(description="where it holds")] = ""
    definition: Annotated[Short, Field(description="what exactly is counted")] = ""
    population: Annotated[Short, Field(description="of whom or what it is counted")] = ""
    period: Annotated[Short, Field(description="the time it is a value of")] = ""


class ReconciliationReply(Reply):
    """A reconciler's answer: every value kept, and what explains the difference."""

    model_config = ConfigDict(title="reconciliation")

    subject: Short
    values: Annotated[list[ReconciledValue], Field(max_length=40)]
    kind: ConflictKind
    explanation: Long


class StatedValue(Reply):
    """What one claim says of a thing on which claims disagree."""

    claim: Annotated[str, Field(description="the claim's id, such as c12", max_length=20)]
    value: Annotated[Short, Field(description="the words that say it, copied from one of the claim's quotes")]


class Disagreement(Reply):
    """One thing of which claims say what cannot all hold."""

    subject: Annotated[Short, Field(description="the thing, in a few words")]
    values: Annotated[list[StatedValue], Field(max_length=40)]


class DisagreementsReply(Reply):
    """A comparer's answer: what the claims disagree on beside what is known."""

    model_config = ConfigDict(title="disagreements")

    disagreements: Annotated[list[Disagreement], Field(max_length=MOST_DISAGREEMENTS)]


class Mark(Reply):
    """One score of a judge and why it was given."""

    score: Annotated[int, Field(ge=0, le=4, description="0, 1, 2, 3 or 4")]
    why: Annotated[Long, Field(description="one sentence")]


class JudgementReply(Reply):
    """The judge's answer."""

    model_config = ConfigDict(title="judgement")

    answers: Mark
    faithful: Mark
    complete: Mark
    honest: Mark

    @property
    def named(self) -> dict[str, Mark]:
        """The marks by their names, in the rubric's order."""
        return {
            "answers": self.answers,
            "faithful": self.faithful,
            "complete": self.complete,
            "honest": self.honest,
        }


REPLIES: dict[str, type[Reply]] = {
    "plan": PlanReply,
    "coverage": CoverageReply,
    "findings": FindingsReply,
    "disagreements": DisagreementsReply,
    "verdicts": VerdictsReply,
    "reconciliation": ReconciliationReply,
    "judgement": JudgementReply,
}
"""Reply models by title: a spec names its reply by this title, so that it stays plain data."""
