"""The parts of a question, and whether a statement answers one: it must speak of what the part asks for."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from agents.embedded.extraction import Passages, Picked
from agents.embedded.question import Question, read_question
from agents.embedded.text import COMMON, GENERIC, STOP_WORDS, distinct, stem, words

_ENOUGH = 0.7
"""So much of what a part asks for a statement and what stands around it must hold to answer it."""

_EVERYDAY = 0.5
"""What a word of every day counts there: documents say it in many ways."""

_AROUND, _ELSEWHERE = 0.8, 0.4
"""What a word counts that stands in the sentence beside, or elsewhere in the document."""

_MOST_ABSENT = 1 / 3
"""Of an open question a larger part of the words may not be missing everywhere."""

_NEXT = re.compile(
    r"(?:[?;]\s+(?:and\s+)?|,?\s+(?:and|or|but)\s+(?:also\s+)?)"
    r"(?=(?:(?:in|at|by|for|from|of|on|to|with)\s+)?(?:how|what|when|where|which|who|whom|whose|why)\b)",
    re.IGNORECASE,
)
_LEANS = re.compile(r"\b(?:it|its|they|them|their|these|those|this|that|he|she|his|her)\b", re.IGNORECASE)
_DOES = re.compile(r"\b(?:do|does|did)\b.*\s([^\W\d_]+)\W*$", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_YEAR_ASKED = re.compile(
    rf"(?<!since )(?<!after )(?<!before )(?<!until )(?<!from )(?<!between ){_YEAR.pattern}", re.IGNORECASE
)
_COUNTS = re.compile(
    r"\d|\b(?:no|none|nobody|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundreds?|"
    r"thousands?|millions?|half|halves|thirds?|quarters?|fifths?|tenths?|twice|once|all|every|free)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """One thing that a question asks."""

    text: str
    leans: bool = False
    """Whether it speaks of what an earlier part named: `and what do they earn`."""

    @cached_property
    def question(self) -> Question:
        """It as a question of its own."""
        return read_question(self.text)

    @cached_property
    def years(self) -> frozenset[str]:
        """The years it asks for; the bounds of a period are none."""
        return frozenset(_YEAR_ASKED.findall(self.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """The terms that it writes as names; none where most words are written so."""
        later = [word for word in words(self.text)[1:] if word.lower() not in STOP_WORDS]
        named = [word for word in later if word[:1].isupper()]
        return frozenset(map(stem, named)) if len(named) * 2 <= len(later) + 1 else frozenset()

    @property
    def deed(self) -> str:
        """The term for what is done, where its place tells: `who wrote …`, `… does a mask weigh?`; else empty."""
        if self.text.lower().startswith("who "):
            return self.content[0] if self.content else ""
        last = _DOES.search(self.text)
        return stem(last[1]) if last and stem(last[1]) in self.content else ""

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Its other terms that tell."""
        return tuple(term for term in self.question.strong if term not in self.years | self.names)

    def lacking(self, one: Picked, passages: Passages) -> list[str]:
        """The terms for which a statement does not answer it, the most telling first; none if it answers."""
        own, around, document = passages.context(one)
        text = one.statement.text
        # A statement that names no year is of the year that is spoken of around it, or of its document's.
        years = set(_YEAR.findall(text)) or {*own, *around, one.segment.date[:4]}
        lacking = [*sorted(self.years - years), *sorted(self.names - document)]
        if not self.question.narrow:
            absent = [term for term in self.content if term not in passages.everything]
            return [*lacking, *absent] if lacking or len(absent) > _MOST_ABSENT * len(self.content) else []
        held = {term: _held(term, own, around, document) for term in self.content}
        lacking += [term for term in self.content if _tells(term) and term not in passages.everything]
        total = sum(map(_worth, held))
        if sum(_worth(term) * part for term, part in held.items()) < _ENOUGH * total:
            lacking += [term for term, part in held.items() if not part] or list(held)
        # What is said of the same thing in another respect, such as its price for its weight, is no answer.
        if self.deed and held[self.deed] < _AROUND:
            lacking.append(self.deed)
        if self.question.counts and not _COUNTS.search(text):
            lacking += [term for term in held if term not in lacking]
        return distinct(lacking)


def asked_parts(texts: Iterable[str]) -> list[Part]:
    """The parts of questions, each once; what says nothing by itself stays with what is beside it."""
    found: list[Part] = []
    for text in texts:
        pieces: list[str] = []
        for piece in _NEXT.split(text.strip()):
            if pieces and not (read_question(piece).terms and read_question(pieces[-1]).terms):
                pieces[-1] += f" and {piece}"
            else:
                pieces.append(piece)
        whole = len(pieces) == 1
        found += [
            Part(text.strip() if whole else _sentence(piece), bool(number and _LEANS.search(piece)))
            for number, piece in enumerate(pieces)
        ]
    return list(dict.fromkeys(found))


def unanswered(parts: Sequence[Part], picked: Sequence[Picked], passages: Passages) -> list[str]:
    """The parts that no statement answers, each with the words of it that nothing was found on."""
    told: list[str] = []
    for part in parts:
        lacking = min((part.lacking(one, passages) for one in picked), key=len, default=None)
        if lacking is None or lacking:
            forms = distinct(word for word in words(part.text) if stem(word) in (lacking or ()))
            told.append(f"{part.text} (nothing found on: {', '.join(forms)})" if forms else part.text)
    return told


def _held(term: str, own: Collection[str], around: Collection[str], document: Collection[str]) -> float:
    return 1.0 if term in own else _AROUND if term in around else _ELSEWHERE if term in document else 0.0


def _tells(term: str) -> bool:
    return term not in COMMON and term not in GENERIC


def _worth(term: str) -> float:
    return 1.0 if _tells(term) else _EVERYDAY


def _sentence(piece: str) -> str:
    text = piece.strip().rstrip("?!.,; ")
    return f"{text[:1].upper()}{text[1:]}?"
