"""Statements that bear on a subtask, picked from the passages that the searches brought."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from agents.embedded.question import Question
from agents.embedded.statements import Statement, statements
from agents.embedded.text import LIGHT, distinct, share, terms, weight, words
from sessions.evidence import Segment

MOST, MOST_UNSURE = 6, 9
"""Findings of one subtask, and when no statement fits well: then more documents have a say."""

SURE = 0.6
"""The score of a statement that fits well."""

MOST_OF_A_DOCUMENT = 3
ABSENT = 0.5
"""When so many of the question's own words stand nowhere, the documents are about something else."""

SPOKEN_OF = 0.55
"""Some passage must hold so much of a question: words that meet by chance stand apart."""

AT_LEAST, OF_THE_BEST, UNSURE = 0.28, 0.55, 0.36
"""The best statement's score must reach this, the others' this part of it; less where none fits well."""

ALIKE = 0.6
"""Two statements that share so many of their words say the same."""

_FIT, _RANK = 0.35, 0.35
"""How much it counts that the whole document fits the question, and that the searches put it first."""

_LEANING = re.compile(
    r"(?:this|these|that|those|it|its|they|their|he|she|his|her|such|the (?:figure|former|latter|same|following)|"
    r"however|therefore|thus|otherwise|in addition|furthermore|moreover|for example|see)\b",
    re.IGNORECASE,
)
"""How a statement begins that needs the one before it."""

_HINTS, _HINTED, _ABOUT = 2, 0.8, 0.6
"""So many hints stand for the focus; what they count in a statement, and what the document's focus counts."""

_NUMBER = re.compile(r"\d[\d.,]*")

_HEADING, _NEIGHBOUR = 0.6, 0.3
"""What a word counts that stands in the title or heading above, or in the sentence beside."""


@dataclass(frozen=True)
class Wanted:
    """What statements are looked for.

    `focus` are the terms that set the subtask apart from the question, `hints` those that go with them.
    """

    question: Question
    focus: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picked:
    """A statement that was picked, in its passage, with its score (0 to about 1.3)."""

    segment: Segment
    statement: Statement
    score: float

    @property
    def quotes(self) -> tuple[str, ...]:
        """The exact words of the source that it rests on; a table row needs its header, too."""
        text, one = self.segment.text, self.statement
        header = (text[slice(*one.header)],) if one.header else ()
        return (*header, text[one.start : one.end])


class Passages:
    """All that the searches brought, each stretch of a document once."""

    def __init__(self, searches: Sequence[Sequence[Segment]], others: Iterable[Segment] = ()) -> None:
        """`searches` are what searches found, the most telling query first, each with the best passage first."""
        self._ranks = _ranks(searches)
        segments = [segment for found in searches for segment in found]
        unique = {(s.source, s.start, len(s.text)): s for s in (*segments, *others)}
        self.segments = list(unique.values())
        self._terms = [set(terms(segment.text)) | _about(segment) for segment in self.segments]
        self._documents: dict[str, set[str]] = {}
        for segment, found in zip(self.segments, self._terms, strict=True):
            self._documents.setdefault(segment.source, set()).update(found)
        self._used: dict[Wanted, tuple[str, ...]] = {}
        self._shares: dict[tuple[str, ...], dict[str, float]] = {}

    @cached_property
    def everything(self) -> set[str]:
        """Every term that stands anywhere."""
        return {term for found in self._terms for term in found}

    def document(self, source: str) -> set[str]:
        """The terms of what was seen of a document."""
        return self._documents[source]

    def context(self, one: Picked) -> tuple[set[str], set[str], set[str]]:
        """The terms of a statement and what stands above it, of the sentences beside it, and of its document."""
        found = statements(one.segment.text)
        place = found.index(one.statement)
        beside = found[max(0, place - 1) : place] + found[place + 1 : place + 2]
        own = {*terms(one.statement.text), *terms(one.statement.heading)} | _about(one.segment)
        return own, {term for other in beside for term in terms(other.text)}, self.document(one.segment.source)

    def _fit(self, source: str, question: Question) -> float:
        """How much of the question a document holds, measured by the one that holds most: 0 to 1."""
        shares = self._shares.get(question.terms)
        if shares is None:
            held = {name: share(question.terms, found) for name, found in self._documents.items()}
            best = max(held.values()) or 1.0
            shares = self._shares[question.terms] = {name: value / best for name, value in held.items()}
        return shares[source]

    def foreign(self, wanted: Wanted) -> bool:
        """Whether the documents speak of something else: the words of the question's subject mostly stand nowhere.

        A subtask that is about something of its own, which they do speak of, is given the benefit of the doubt.
        """
        subject = wanted.question.subject
        if len(subject) < 3 and not wanted.focus:
            # So few words are little to go by: the documents may call the thing otherwise.
            subject = wanted.question.strong
        if not subject:
            return True
        absent = sum(term not in self.everything for term in subject) / len(subject)
        if not wanted.focus:
            strong = wanted.question.strong
            held = max(share(strong, found) for found in self._terms)
            return absent >= ABSENT or held < (SPOKEN_OF if len(strong) > 2 else ABSENT)
        return absent > ABSENT or not any(term in self.everything for term in wanted.focus)

    def pick(self, wanted: Wanted) -> list[Picked]:
        """The best statements, best first, none saying what another says."""
        if not self.segments or not wanted.question.terms or self.foreign(wanted):
            return []
        scored = sorted(self.scored(wanted), key=lambda p: (-p.score, p.segment.source, p.segment.start))
        best = scored[0].score if scored else 0.0
        if best < AT_LEAST:
            return []
        sure = best >= SURE or bool(wanted.focus)
        bar, most_findings = (max(AT_LEAST, OF_THE_BEST * best), MOST) if sure else (UNSURE * best, MOST_UNSURE)
        scored = [one for one in scored if one.score >= bar]
        chosen: list[Picked] = []
        # First one statement a document, so that none fills the findings while others answer, too.
        for most in range(1, MOST_OF_A_DOCUMENT + 1):
            for one in scored:
                same = sum(other.segment.source == one.segment.source for other in chosen)
                if len(chosen) < most_findings and same < most and not any(_alike(one, other) for other in chosen):
                    chosen.append(one)
        return sorted(chosen, key=lambda one: -one.score)

    def stated(self) -> list[Picked]:
        """Every statement of the passages, each once and whole, with no score."""
        places: dict[tuple[str, int], Picked] = {}
        for segment in self.segments:
            for statement in statements(segment.text):
                place = (segment.source, segment.start + statement.start)
                known = places.get(place)
                if known is None or len(statement.text) > len(known.statement.text):
                    places[place] = Picked(segment, statement, 0.0)
        return list(places.values())

    def scored(self, wanted: Wanted) -> list[Picked]:
        """Every statement that speaks of what is wanted, each once, with its score."""
        places: dict[tuple[str, int], Picked] = {}
        for segment in self.segments:
            found = statements(segment.text)
            for index, statement in enumerate(found):
                beside = found[max(0, index - 1) : index] + found[index + 1 : index + 2]
                score = self._score(segment, statement, beside, wanted)
                place = (segment.source, segment.start + statement.start)
                known = places.get(place)
                # Where passages overlap, the one that holds the whole sentence wins.
                if score > 0 and (known is None or score > known.score):
                    places[place] = Picked(segment, statement, score)
        return list(places.values())

    def _score(self, segment: Segment, statement: Statement, beside: Sequence[Statement], wanted: Wanted) -> float:
        own = set(terms(statement.text))
        asked = {term for term in own if term in (*wanted.question.terms, *wanted.focus, *wanted.hints)}
        if not asked - LIGHT:
            return 0.0
        above = set(terms(statement.heading)) | _about(segment)
        near = {term for other in beside for term in terms(other.text)}
        score = self._match(self._asked(wanted), own, above, near)
        fit = self._fit(segment.source, wanted.question)
        if wanted.focus:
            there = self.document(segment.source)
            fit = max(share(wanted.focus, there), min(1.0, sum(hint in there for hint in wanted.hints) / _HINTS))
            hinted = min(1.0, sum(hint in own for hint in wanted.hints) / _HINTS)
            focused = max(self._match(wanted.focus, own, above, near), _HINTED * hinted, _ABOUT * fit)
            score = (0.5 * score + 0.5 * focused) * bool(fit)
        score *= 1 - _FIT - _RANK + _FIT * fit + _RANK * self._ranks.get(segment.source, 0.0)
        return score * _worth(statement, wanted.question)

    def _asked(self, wanted: Wanted) -> tuple[str, ...]:
        """The question's terms that count; in a subtask those that its own documents use, if they use any.

        What a broad question calls its whole subject stands in a survey of it, not in documents on its parts.
        """
        if not wanted.focus:
            return wanted.question.terms
        known = self._used.get(wanted)
        if known is None:
            own = [found for found in self._documents.values() if any(term in found for term in wanted.focus)]
            used = [t for t in wanted.question.strong if sum(t in found for found in own) * 2 > len(own)]
            known = self._used[wanted] = tuple(used) or wanted.question.terms
        return known

    def _match(self, asked: Sequence[str], own: set[str], above: set[str], near: set[str]) -> float:
        known = [term for term in asked if term in self.everything]
        total = sum(map(weight, known))
        if not total:
            return 0.0
        held = 0.0
        for term in known:
            part = 1.0 if term in own else _HEADING if term in above else _NEIGHBOUR if term in near else 0.0
            held += part * weight(term)
        return held / total


def _ranks(searches: Sequence[Sequence[Segment]]) -> dict[str, float]:
    """How well the searches ranked each document: 1 for the first of the first search, less below and later."""
    ranks: dict[str, float] = {}
    for number, found in enumerate(searches):
        for place, source in enumerate(distinct(segment.source for segment in found)):
            ranks[source] = max(ranks.get(source, 0.0), 1 / (1 + 0.25 * place + 0.25 * number))
    return ranks


def _about(segment: Segment) -> set[str]:
    """The terms of a document's title and file name."""
    return {*terms(segment.title), *terms(" ".join(words(PurePosixPath(segment.source).stem)))}


def _worth(statement: Statement, question: Question) -> float:
    """How well a statement reads as a finding, whatever it is about."""
    length = len(statement.text.split())
    worth = 0.75 if statement.kind == "code" else 1.0
    worth *= 0.6 if length < 4 else 0.85 if length > 60 else 1.0
    worth *= 0.5 if statement.text.endswith("?") else 0.85 if _LEANING.match(statement.text) else 1.0
    if _NUMBER.search(statement.text):
        worth *= 1.25 if question.wants_figures else 1.0 if question.narrow else 1.08
    elif question.wants_figures:
        worth *= 0.8
    return worth


def _alike(one: Picked, other: Picked) -> bool:
    """Whether two statements say the same; those with other figures do not, however they are worded."""
    if _NUMBER.findall(one.statement.text) != _NUMBER.findall(other.statement.text):
        return False
    left, right = (set(distinct(terms(picked.statement.text))) for picked in (one, other))
    return len(left & right) >= ALIKE * len(left | right) if left | right else True
