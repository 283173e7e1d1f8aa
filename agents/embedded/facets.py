"""The facets of a question: the sub-domains into which the documents that matter to it fall.

A facet is a directory of the folder, the value of a header field, a part that an overview names, or a word or
two that documents share in their titles and file names. Documents under one word belong together when they also
share other words; that tells a sub-domain ("music") from a word that merely recurs ("survey").
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from agents.embedded.candidates import Basis, Candidate, candidates
from agents.embedded.likeness import Likeness
from agents.embedded.listed_parts import listed_parts
from agents.embedded.question import Question
from agents.embedded.seen import SeenDocument
from agents.embedded.text import stem, terms, words

_MENTIONED = 4.0
"""How much more a word is worth that stands in the overview."""

_KNOWN = 0.1
"""What a document counts that a facet covers already."""

_MOST, _MOST_SAID = 0.6, 0.4
"""A group of a larger part of the documents is none; of a smaller one where the name stands only in the text."""


@dataclass(frozen=True)
class Facet:
    """A sub-domain: its name, its documents, and the words that are typical of them, the most telling first."""

    label: str
    documents: tuple[str, ...]
    typical: tuple[str, ...]
    query: str
    """What finds more of its documents."""
    authored: bool
    """Whether somebody sorted documents by it."""


def find_facets(
    question: Question, documents: Sequence[SeenDocument], overview: SeenDocument | None = None
) -> list[Facet]:
    """The facets among the documents, the most telling first; those of the question's own words are none.

    What somebody meant as a subject (directories, header fields, what an overview lists) comes before what
    documents merely share. An overview is no part of what it tells of.
    """
    documents = [document for document in documents if document is not overview]
    if len(documents) < 2:
        return []
    search = _Search(question, documents, overview)
    found = candidates(documents, question.terms)
    shared = [c for c in found if _sized(c, len(documents)) and (c.told or search.mentions(c))]
    shared = [c for c in shared if not _splits(c, shared)]
    search.take(c for c in shared if c.basis >= Basis.FIELD)
    search.take(listed_parts(overview, documents, question.terms) if overview else ())
    search.take((c for c in shared if c.basis <= Basis.TITLE), names=shared)
    # What the overview speaks of and one title says is a part of which there is one document.
    search.take(c for c in found if c.basis is Basis.TITLE and len(c.strengths) == 1 and search.mentions(c))
    return search.facets


class _Search:
    """The facets found so far, and the documents they cover."""

    def __init__(
        self, question: Question, documents: Sequence[SeenDocument], overview: SeenDocument | None
    ) -> None:
        self.facets: list[Facet] = []
        self._asked = question.terms
        self._overview = overview
        self._mentioned = set(terms(overview.text)) if overview else set[str]()
        self._likeness = Likeness(documents)
        self._covered: set[str] = set()

    def mentions(self, candidate: Candidate) -> bool:
        """Whether the overview speaks of it."""
        return bool(self._mentioned & set(candidate.key))

    def take(self, tier: Iterable[Candidate], names: Sequence[Candidate] = ()) -> None:
        """Takes the best of the candidates, again and again, as long as one adds something.

        `names` are what a group may be called by better than by the candidate that showed it.
        """
        rest = [(candidate, self._worth(candidate)) for candidate in tier]
        while rest:
            best = max(rest, key=lambda known: (self._gain(known[0]) * known[1], known[0].label))
            rest.remove(best)
            self._add(best[0], names)

    def _add(self, candidate: Candidate, names: Sequence[Candidate]) -> None:
        group = set(candidate.strengths)
        fresh = group - self._covered
        meant = candidate.basis > Basis.TITLE or self.mentions(candidate)
        # A group of which little is new is another name for one that is known.
        if len(fresh) < (1 if meant else 2) or len(fresh) * 2 < len(group):
            return
        named = candidate
        if names and not self.mentions(candidate):
            named = max(names, key=lambda other: self._fit(other, group))
        group |= named.strengths.keys()
        label = self._label(named, group)
        self.facets.append(
            Facet(
                label=label,
                documents=tuple(sorted(group)),
                typical=self._likeness.typical(group),
                query=f"{named.within} {label}".strip(),
                authored=named.basis >= Basis.FIELD,
            )
        )
        self._covered |= group

    def _label(self, named: Candidate, group: Collection[str]) -> str:
        """What a group is called: by its overview, by two words that it mostly says together, or by its name."""
        if named.basis > Basis.TITLE or len(named.key) != 1:
            return named.label
        term = " ".join(named.key)
        told = self._overview.text if self._overview else ""
        return (
            self._likeness.phrase_of(term, told, group, self._asked)
            or max((word.lower() for word in words(told) if stem(word) == term), key=len, default="")
            or self._likeness.phrase(term, group, self._asked)
            or named.label
        )

    def _fit(self, candidate: Candidate, group: Collection[str]) -> tuple[float, str]:
        """How well a candidate names a group: it stands all through the group, and hardly anywhere else."""
        inside = len(candidate.strengths.keys() & group) / len(group)
        alone = len(candidate.strengths) <= len(group) + 1
        told = sum(candidate.strengths.values()) / len(candidate.strengths)
        told *= _MENTIONED if self.mentions(candidate) else 1.0
        fits = self._likeness.presence(candidate.key, group) * inside * told if alone and inside > 0.5 else 0.0
        return fits, candidate.label

    def _gain(self, candidate: Candidate) -> float:
        held = candidate.strengths.items()
        # A group twice as large is not twice as telling.
        return math.sqrt(sum(s * (_KNOWN if source in self._covered else 1.0) for source, s in held))

    def _worth(self, candidate: Candidate) -> float:
        group = list(candidate.strengths)
        worth = 1.0 if len(candidate.key) <= 2 else 0.5
        worth *= _MENTIONED if self.mentions(candidate) else 1.0
        return worth * self._likeness.concentration(candidate.key, group) * self._likeness.cohesion(group) ** 2


def _sized(candidate: Candidate, total: int) -> bool:
    most = max(2, math.ceil(total * (_MOST_SAID if candidate.basis is Basis.TEXT else _MOST)))
    return (1 if candidate.basis is Basis.PLACE else 2) <= len(candidate.strengths) <= most


def _splits(candidate: Candidate, others: Iterable[Candidate]) -> bool:
    """Whether a word is half the name of several groups ("arts" of visual and performing arts), so of none."""
    longer = [
        set(o.strengths) for o in others if len(o.key) > len(candidate.key) and set(candidate.key) < set(o.key)
    ]
    return any(one.isdisjoint(other) for one, other in combinations(longer, 2))
