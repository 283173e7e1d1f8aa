"""The words by which documents may be grouped, and how strongly each document is about each of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from pathlib import PurePosixPath

from agents.embedded.seen import SeenDocument
from agents.embedded.text import GENERIC, LIGHT, STOP_WORDS, stem, words

_FIELD = re.compile(r"^[*_]{0,2}([A-Z][\w ]{1,24}?):[*_]{0,2} +(\S.{0,58})$", re.MULTILINE)
_HEADER_LENGTH = 700
_HEADING = re.compile(r"^(?:#{1,6} +(.+)|(\S.*)\n[=\-~^]{3,} *$)", re.MULTILINE)
PLACE, FIELD_VALUE, TITLE, OFTEN_SAID, SAID = 3.0, 2.5, 2.0, 1.0, 0.6
"""How strongly a document is about the words of its directory, header fields, title, headings and text."""

_OFTEN, _DENSE = 2, 0.012
"""How often a subject of a document stands in what was seen of it, and as what part of the words."""


_NAMED = 100
"""How often a word must be met in text to outweigh the form that a directory or a header field gives it."""


class Basis(IntEnum):
    """What a group of documents goes by; a higher one was more surely meant as a subject."""

    TEXT = 0
    TITLE = 1
    LISTED = 2
    FIELD = 3
    PLACE = 4


@dataclass
class Candidate:
    """A name and the documents that are about it, each with how strongly."""

    key: tuple[str, ...]
    basis: Basis = Basis.TEXT
    strengths: dict[str, float] = field(default_factory=dict[str, float])
    forms: Counter[str] = field(default_factory=Counter[str])
    within: str = ""
    """The header field whose value it is."""

    def add(self, document: str, form: str, strength: float, basis: Basis) -> None:
        """Notes that a document is about it, in the form it is named there."""
        self.strengths[document] = max(self.strengths.get(document, 0.0), strength)
        self.forms[form] += _NAMED if basis >= Basis.FIELD else 1
        self.basis = max(self.basis, basis)

    @property
    def told(self) -> bool:
        """Whether at least one of the documents says it more than once, or in its title."""
        return max(self.strengths.values()) >= OFTEN_SAID

    @property
    def label(self) -> str:
        """The form it is met in most often; of two, the longer, then the first by the alphabet."""
        return min(self.forms, key=lambda form: (-self.forms[form], -len(form), form))


def candidates(documents: Sequence[SeenDocument], asked: Collection[str]) -> list[Candidate]:
    """What the documents' places, header fields, titles, headings and texts may be grouped by.

    `asked` are the terms of the question, which set nothing apart.
    """
    found: dict[tuple[str, ...], Candidate] = {}

    def note(phrase: str, document: str, strength: float, basis: Basis, within: str = "") -> None:
        key = tuple(stem(word) for word in words(phrase) if word.lower() not in STOP_WORDS)
        telling = [term for term in key if tells(term, asked)]
        if any(map(str.isalpha, telling)) and len(telling) * 2 >= len(key):
            candidate = found.setdefault(key, Candidate(key))
            candidate.add(document, phrase, strength, basis)
            candidate.within = candidate.within or within

    grouping = _grouping_fields(documents)
    for document in documents:
        path = PurePosixPath(document.source)
        for part in path.parts[:-1]:
            note(_phrase(part), document.source, PLACE, Basis.PLACE)
        for name, value in _fields(document):
            if name in grouping:
                note(value, document.source, FIELD_VALUE, Basis.FIELD, name)
        for phrase in {*_grams(document.title), *_grams(_phrase(path.stem))}:
            note(phrase, document.source, TITLE, Basis.TITLE)
        headings = {m[1] or m[2] for text in document.texts for m in _HEADING.finditer(text)}
        for phrase in {gram for heading in headings for gram in _grams(heading)}:
            note(phrase, document.source, OFTEN_SAID, Basis.TEXT)
        for word, strength in _dense_words(document):
            note(word, document.source, strength, Basis.TEXT)
    return [found[key] for key in sorted(found)]


def tells(term: str, asked: Collection[str]) -> bool:
    """Whether a term says something of a subject that the question does not say itself."""
    return term not in asked and term not in GENERIC and term not in LIGHT and len(term) > 2


def _phrase(name: str) -> str:
    """A file's or a directory's name as words."""
    return " ".join(words(name))


def _grams(text: str) -> Iterable[str]:
    """The words of a title, and each two that stand side by side."""
    found = words(text)
    telling = [w.lower() not in STOP_WORDS and stem(w) not in GENERIC and not w.isdigit() for w in found]
    yield from (plain_case(word) for word, tells in zip(found, telling, strict=True) if tells)
    for (left, tells), (right, tells_too) in pairwise(zip(found, telling, strict=True)):
        if tells and tells_too:
            yield f"{plain_case(left)} {plain_case(right)}"


def plain_case(word: str) -> str:
    """A word as it stands within a sentence: an acronym stays, a capital at the start goes."""
    return word.lower() if word[1:].islower() or len(word) == 1 else word


def _dense_words(document: SeenDocument) -> list[tuple[str, float]]:
    """The words that make up enough of what was seen of a document, in one form each, with their strength."""
    found = [w.lower() for text in document.texts for w in words(text) if w.lower() not in STOP_WORDS]
    forms = {stem(word): word for word in reversed(found)}
    counts = Counter(map(stem, found))
    return [
        (form, OFTEN_SAID if counts[key] >= _OFTEN else SAID)
        for key, form in forms.items()
        if counts[key] >= _DENSE * len(found)
    ]


def _fields(document: SeenDocument) -> list[tuple[str, str]]:
    """The header fields that a document begins with, such as `Sector: Music`; asides in a value left out."""
    found = _FIELD.finditer(document.opening[:_HEADER_LENGTH])
    return [(match[1], re.sub(r"\s*\([^)]*\)", "", match[2]).strip()) for match in found]


def _grouping_fields(documents: Sequence[SeenDocument]) -> frozenset[str]:
    """The header fields whose values sort documents into groups, as a date or a publisher does not."""
    values: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        for name, value in _fields(document):
            values[name].append(value)
    return frozenset(name for name, held in values.items() if 2 <= 2 * len(set(held)) <= len(held))
