"""The facets of a question: the sub-domains into which the documents that matter to it fall.

A facet is a directory of the folder, or a word or two that documents share in their titles, file names, header
fields, headings or again and again in their text. Documents under one word belong together when they also share
other words; that tells a sub-domain ("music") from a word that merely recurs ("survey").
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import PurePosixPath

from agents.embedded.question import Question
from agents.embedded.text import LIGHT, STOP_WORDS, stem, words

_GENERIC = frozenset(
    map(
        stem,
        """abstract annex annual appendix archive article assorted background book brief briefing bulletin chapter
        collection column conclusion content contents copy correction date day doc docs documentation
        documents draft edition editorial essay essays evaluation faq file files final finding findings
        folder general guide guides handbook html index interview introduction intro item journal letter
        library limits list log magazine main manual material materials memo method methods minutes misc
        miscellaneous month new news newsletter notes old other outlook outcome page pages panel paper
        papers part pilot post press publisher quarter readme record reference references release report
        reports research results review sample section sector sheet source statement statistics study
        studies summary survey surveys table text title topic topics update version volume week whitepaper
        year yearbook january february march april may june july august september october
        november december""".split(),
    )
)
"""Words that say what kind of document one is, or when it was written, and nothing of its subject."""

_FIELD = re.compile(r"^[*_]{0,2}([A-Z][\w ]{1,24}?):[*_]{0,2} +(\S.{0,58})$", re.MULTILINE)
_HEADER_LENGTH = 700
_HEADING = re.compile(r"^(?:#{1,6} +(.+)|(\S.*)\n[=\-~^]{3,} *$)", re.MULTILINE)
_PLACE, _FIELD_VALUE, _TITLE, _HEADED, _TEXT = 3.0, 2.5, 2.0, 1.0, 1.0
"""How strongly a document is about the words of its directory, header fields, title, headings and text."""
_OFTEN, _DENSE = 3, 0.012
"""How often a subject of a document stands in what was seen of it, and as what part of the words."""


@dataclass
class SeenDocument:
    """What the searches showed of a document."""

    source: str
    title: str = ""
    texts: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Facet:
    """A sub-domain: its name, its documents, and the words that are typical of them, the most telling first."""

    label: str
    documents: tuple[str, ...]
    typical: tuple[str, ...]


@dataclass
class _Candidate:
    key: tuple[str, ...]
    strengths: dict[str, float] = field(default_factory=dict[str, float])
    surfaces: Counter[str] = field(default_factory=Counter[str])
    best: float = 0.0

    @property
    def is_place(self) -> bool:
        """Whether it names a directory, which may be a subject with one document in it."""
        return self.best >= _PLACE

    @property
    def authored(self) -> bool:
        """Whether somebody sorted documents by it, into directories or by a header field."""
        return self.best >= _FIELD_VALUE

    def add(self, document: str, surface: str, strength: float) -> None:
        self.strengths[document] = max(self.strengths.get(document, 0.0), strength)
        self.surfaces[surface] += 1
        self.best = max(self.best, strength)

    @property
    def label(self) -> str:
        """The form it is met in most often; of two, the shorter, then the first by the alphabet."""
        return min(self.surfaces, key=lambda form: (-self.surfaces[form], len(form), form))


def find_facets(question: Question, documents: Sequence[SeenDocument]) -> list[Facet]:
    """The facets among the documents, the most telling first; those of the question's own words are none.

    What somebody sorted the documents by, directories and header fields, comes before what they merely share.
    """
    if len(documents) < 2:
        return []
    space = _Space(documents)
    candidates = _candidates(documents, set(question.terms))
    most = max(2, math.ceil(0.6 * len(documents)))
    usable = [c for c in candidates if (len(c.strengths) > 1 or c.is_place) and len(c.strengths) <= most]
    usable = [c for c in usable if not _splits(c, usable)]
    covered: set[str] = set()
    facets: list[Facet] = []
    for rest in (
        [candidate for candidate in usable if candidate.authored],
        [candidate for candidate in usable if _FIELD_VALUE > candidate.best > _TEXT],
    ):
        worth = {candidate.key: _worth(candidate, space) for candidate in rest}
        while rest:
            best = max(rest, key=lambda c: (_gain(c, covered) * worth[c.key], c.label))
            rest.remove(best)
            group = set(best.strengths)
            fresh = group - covered
            # A group of which little is new is another name for one that is known.
            if len(fresh) < (1 if best.is_place else 2) or len(fresh) * 2 < len(group):
                continue
            named = best if best.authored else _name(group, usable, space)
            group |= named.strengths.keys()
            facets.append(Facet(named.label, tuple(sorted(group)), space.typical(group)))
            covered |= group
    return facets


def _splits(candidate: _Candidate, others: Iterable[_Candidate]) -> bool:
    """Whether a word is half the name of several groups ("arts" of visual and performing arts), so of none."""
    longer = [set(o.strengths) for o in others if len(o.key) > len(candidate.key) and set(candidate.key) < set(o.key)]
    return any(one.isdisjoint(other) for one, other in combinations(longer, 2))


def _name(group: Collection[str], candidates: Iterable[_Candidate], space: "_Space") -> _Candidate:
    """The candidate that best names a group: it stands all through the group, and hardly anywhere else."""

    def fit(candidate: _Candidate) -> tuple[float, str]:
        inside = len(candidate.strengths.keys() & group) / len(group)
        alone = len(candidate.strengths) <= len(group) + 1
        told = sum(candidate.strengths.values()) / len(candidate.strengths)
        fits = space.presence(candidate.key, group) * inside * told if alone and inside > 0.5 else 0.0
        return fits, candidate.label

    return max(candidates, key=fit)


def _gain(candidate: _Candidate, covered: Collection[str]) -> float:
    return sum(s * (0.1 if document in covered else 1.0) for document, s in candidate.strengths.items())


def _worth(candidate: _Candidate, space: "_Space") -> float:
    group = list(candidate.strengths)
    short = 1.0 if len(candidate.key) <= 2 else 0.5
    return short * space.concentration(candidate.key, group) * space.cohesion(group) ** 2


def _candidates(documents: Sequence[SeenDocument], asked: set[str]) -> list[_Candidate]:
    found: dict[tuple[str, ...], _Candidate] = {}

    def note(phrase: str, document: str, strength: float) -> None:
        key = tuple(stem(word) for word in words(phrase) if word.lower() not in STOP_WORDS)
        told = [t for t in key if t not in asked and t not in _GENERIC and t not in LIGHT and len(t) > 2]
        if any(t.isalpha() for t in told) and len(told) * 2 >= len(key):
            found.setdefault(key, _Candidate(key)).add(document, phrase, strength)

    grouping = _grouping_fields(documents)
    for document in documents:
        path = PurePosixPath(document.source)
        for part in path.parts[:-1]:
            note(_phrase(part), document.source, _PLACE)
        for name, value in _fields(document):
            if name in grouping:
                note(value, document.source, _FIELD_VALUE)
        for phrase in {*_grams(document.title), *_grams(_phrase(path.stem))}:
            note(phrase, document.source, _TITLE)
        headings = {m[1] or m[2] for text in document.texts for m in _HEADING.finditer(text)}
        for phrase in {gram for heading in headings for gram in _grams(heading)}:
            note(phrase, document.source, _HEADED)
        for word in _dense_words(document):
            note(word, document.source, _TEXT)
    return [found[key] for key in sorted(found)]


def _phrase(name: str) -> str:
    """A file's or a directory's name as words."""
    return " ".join(words(name))


def _grams(text: str) -> Iterable[str]:
    """The words of a title, and each two that stand side by side."""
    found = words(text)
    telling = [w.lower() not in STOP_WORDS and stem(w) not in _GENERIC and not w.isdigit() for w in found]
    yield from (_plain_case(word) for word, tells in zip(found, telling, strict=True) if tells)
    for (left, tells), (right, tells_too) in pairwise(zip(found, telling, strict=True)):
        if tells and tells_too:
            yield f"{_plain_case(left)} {_plain_case(right)}"


def _plain_case(word: str) -> str:
    return word.lower() if word[1:].islower() or len(word) == 1 else word


def _dense_words(document: SeenDocument) -> list[str]:
    """The words that recur all through what was seen of a document, each in one of its forms."""
    found = [w.lower() for text in document.texts for w in words(text) if w.lower() not in STOP_WORDS]
    forms = {stem(word): word for word in reversed(found)}
    counts = Counter(map(stem, found))
    return [form for key, form in forms.items() if counts[key] >= max(_OFTEN, _DENSE * len(found))]


def _fields(document: SeenDocument) -> list[tuple[str, str]]:
    """The header fields that a document begins with, such as `Sector: Music`; asides in a value left out."""
    text = "\n".join(document.texts)[:_HEADER_LENGTH]
    return [(m[1], re.sub(r"\s*\([^)]*\)", "", m[2]).strip()) for m in _FIELD.finditer(text)]


def _grouping_fields(documents: Sequence[SeenDocument]) -> frozenset[str]:
    """The header fields whose values sort documents into groups, as a date or a publisher does not."""
    values: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        for name, value in _fields(document):
            values[name].append(value)
    return frozenset(name for name, held in values.items() if 2 <= 2 * len(set(held)) <= len(held))


class _Space:
    """How alike documents are, by the terms that are seen in them."""

    def __init__(self, documents: Sequence[SeenDocument]) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for document in documents:
            found = [w.lower() for w in words(" ".join([document.title, *document.texts]))]
            telling = [(stem(word), word) for word in found if word not in STOP_WORDS]
            self._counts[document.source] = Counter(term for term, _ in telling)
            for term, word in telling:
                self._forms[term][word] += 1
        holding = Counter(term for counts in self._counts.values() for term in counts)
        self._rarity = {term: math.log(len(documents) / held) for term, held in holding.items()}
        self._vectors = {source: self._vector(counts) for source, counts in self._counts.items()}
        pairs = [(a, b) for a in self._vectors for b in self._vectors if a < b]
        self._usual = sum(self._alike(a, b) for a, b in pairs) / len(pairs)

    def _vector(self, counts: Counter[str]) -> dict[str, float]:
        raw = {t: (1 + math.log(n)) * self._rarity[t] for t, n in counts.items() if self._rarity[t] > 0}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {term: value / length for term, value in raw.items()}

    def _alike(self, one: str, other: str) -> float:
        left, right = self._vectors[one], self._vectors[other]
        if len(left) > len(right):
            left, right = right, left
        return sum(value * right.get(term, 0.0) for term, value in left.items())

    def cohesion(self, group: Sequence[str]) -> float:
        """How much more alike a group's documents are than documents usually are: about 0.3 to 3."""
        pairs = [(a, b) for a in group for b in group if a < b]
        if not pairs:
            return 1.0
        inner = sum(self._alike(a, b) for a, b in pairs) / len(pairs)
        return min(max(inner / (self._usual or 1.0), 0.3), 3.0)

    def concentration(self, key: tuple[str, ...], group: Collection[str]) -> float:
        """How much of a label's occurrences stands in its own documents: 0 to 1."""
        shares: list[float] = []
        for term in key:
            total = sum(counts[term] for counts in self._counts.values())
            within = sum(self._counts[source][term] for source in group)
            shares.append((within + 1) / (total + 1))
        return sum(shares) / len(shares)

    def presence(self, key: tuple[str, ...], group: Collection[str]) -> float:
        """How much a label stands in a group, by its rarest word, where it is hardly anywhere else."""
        within = min(sum(self._counts[source][term] for source in group) for term in key)
        return within * self.concentration(key, group) ** 2

    def typical(self, group: Collection[str], most: int = 12) -> tuple[str, ...]:
        """The words that stand in a group's documents more than anywhere else, the most telling first."""
        within: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for source, counts in self._counts.items():
            total += counts
            if source in group:
                within += counts
        score = {
            term: count * (count / total[term]) ** 2
            for term, count in within.items()
            if count > 1 and term.isalpha() and term not in LIGHT and term not in _GENERIC and len(term) > 2
        }
        best = sorted(score, key=lambda term: (-score[term], term))[:most]
        return tuple(
            min(forms, key=lambda form: (-forms[form], form)) for forms in map(self._forms.__getitem__, best)
        )
