"""A golden set: questions with what their reports must and must not hold, and the deterministic score of a run."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from agents.documents.search import STOP_WORDS
from agents.evaluation.statements import GAPS, LISTS, SOURCES, listed, pattern, says, statements
from agents.reporting.draft import Draft, bare
from agents.stemming import stem
from sessions.model import Record
from sessions.state import RunState
from sessions.sub_domains import Fate, sub_domains

_ENOUGH = 0.5
"""The share of a question's words that stands in a passage on what is missing, if it is about that question."""

_MISSING = re.compile(
    r"\b(?:do|does|did|is|are|was|were) not (?:\w+ )?"
    r"(?:say|state|answer|give|name|mention|contain|cover|found|known|available)\w*"
    r"|\b(?:say|says|said|found) nothing\b|\bno (?:evidence|sources?|findings?|answers?|information|documents?)\b",
    re.IGNORECASE,
)

CheckKind = Literal["answer", "source", "must_say", "must_not_say", "must_cover"]


def _checkable(fact: str) -> str:
    try:
        plain = pattern(fact) is None
    except re.error as error:
        raise ValueError(f"{fact} is no regular expression ({error})") from None
    if plain and not bare(fact):
        raise ValueError(f"{fact!r} has no word to look for; a pattern stands between slashes, such as /→/")
    return fact


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Fact = Annotated[Words, AfterValidator(_checkable)]
"""Plain words or a regular expression, as `agents.evaluation.statements` reads them."""
Source = Annotated[Words, AfterValidator(lambda path: str(PurePosixPath(path)))]


class Question(BaseModel):
    """A question and what is expected of its report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Words
    sources: tuple[Source, ...] = ()
    """Documents that it must cite: paths in the folder."""
    must_say: tuple[Fact, ...] = ()
    must_not_say: tuple[Fact, ...] = ()
    must_cover: tuple[Fact, ...] = ()
    """Sub-domains that must be in the report."""
    not_there: bool = False
    """The documents do not hold the answer, and the report must say so."""


class GoldenSet(BaseModel):
    """Questions to one folder, and how each of their runs is worked on; the caps are those of one run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    docs: Words
    """The folder; a relative path begins at the set's own folder."""
    provider: Literal["auto", "claude", "embedded"] | None = None
    model: Words | None = None
    max_parallel: Annotated[int, Field(ge=1, le=20)] | None = None
    max_spokes: Annotated[int, Field(ge=1, le=20)] | None = None
    max_turns: Annotated[int, Field(ge=1, le=100_000)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=10**9)] | None = None
    max_usd: Annotated[float, Field(gt=0, le=100_000)] | None = None
    max_minutes: Annotated[float, Field(gt=0, le=100_000)] | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Check(Record):
    """One thing that was expected of a report, and whether it holds."""

    kind: CheckKind
    expected: str
    passed: bool
    why: str = ""
    """What is wrong, where it does not hold."""


def score(question: Question, state: RunState) -> tuple[Check, ...]:
    """Everything that was expected of a question's run; nothing holds of a run without a report."""
    checks = tuple(_checks(question, state))
    if state.report is not None:
        return checks
    why = f"There is no report. {state.message}".strip()
    return tuple(check.model_copy(update={"passed": False, "why": why}) for check in checks)


def _checks(question: Question, state: RunState) -> Iterator[Check]:
    report = Draft(state.report.markdown if state.report else "")
    cited = {citation.source for citation in state.report.citations} if state.report else set[str]()
    if question.not_there:
        admits = not cited or _admits(report, question.question)
        yield _check(
            "answer", "not there", admits, "It cites sources and does not say that the answer is missing."
        )
    else:
        yield _check("answer", "there", bool(cited), "It cites nothing.")
    for source in question.sources:
        yield _check("source", source, source in cited, "It is not cited.")
    stated = statements(report)
    for fact in question.must_say:
        yield _check("must_say", fact, any(says(statement, fact) for statement in stated), "It is not said.")
    for fact in question.must_not_say:
        found = next((statement for statement in stated if says(statement, fact)), "")
        yield _check("must_not_say", fact, not found, f"It is said: “{' '.join(found.split()).lstrip('-*+ ')}”")
    covered = _covered(report, state)
    for topic in question.must_cover:
        names = any(_names(title, topic) for title in covered)
        yield _check("must_cover", topic, names, f"The report covers {', '.join(covered) or 'nothing'}.")


def _check(kind: CheckKind, expected: str, passed: bool, why: str) -> Check:
    return Check(kind=kind, expected=expected, passed=passed, why="" if passed else why)


def _admits(report: Draft, question: str) -> bool:
    """Whether a report says of the question that its answer was not found."""
    wanted = _stems(" ".join(word for word in bare(question).split() if word not in STOP_WORDS))
    gaps, sources = listed(report, GAPS), listed(report, SOURCES)
    for block in report.blocks:
        if block.kind == "heading" or block.start in sources:
            continue
        words = "\n".join(report.lines[block.start : block.end])
        missing = block.start in gaps or _MISSING.search(words)
        if missing and len(wanted & _stems(words)) >= _ENOUGH * len(wanted):
            return True
    return False


def _covered(report: Draft, state: RunState) -> tuple[str, ...]:
    """The sub-domains that the report rests on, and the headings under which it cites something."""
    titles = [part.title for part in sub_domains(state, ()) if part.fate is Fate.IN_REPORT]
    lists = listed(report, *LISTS)
    headings = [
        " ".join(block.heading.strip("#=- \n").split())
        for block in report.blocks
        if block.kind != "heading" and report.cited(block) and block.start not in lists
    ]
    return tuple(dict.fromkeys((*titles, *filter(None, headings))))


def _names(title: str, topic: str) -> bool:
    """Whether a title has all the words of a topic, in any form and order, or its pattern."""
    wanted = pattern(topic)
    return bool(wanted.search(title)) if wanted else _stems(topic) <= _stems(title)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in bare(text).split()}
