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
    documents merely share.
    """
    documents = [document for document in documents if document is not overview]
    if len(documents) < 2:
        return []
    likeness = Likeness(documents)
    found = candidates(documents, question.terms)
    mentioned = set(terms(overview.text)) if overview else set[str]()
    found = [c for c in found if _sized(c, len(documents))]
    found = [c for c in found if c.told or mentioned & set(c.key)]
    found = [c for c in found if not _splits(c, found)]
    tiers = (
        [c for c in found if c.basis >= Basis.FIELD],
        listed_parts(overview, documents, question.terms) if overview else [],
        [c for c in found if c.basis <= Basis.TITLE],
    )
    covered: set[str] = set()
    facets: list[Facet] = []
    for tier in tiers:
        rest = {id(c): (c, _worth(c, likeness) * (_MENTIONED if mentioned & set(c.key) else 1.0)) for c in tier}
        while rest:
            best, _ = max(rest.values(), key=lambda known: (_gain(known[0], covered) * known[1], known[0].label))
            del rest[id(best)]
            group = set(best.strengths)
            fresh = group - covered
            # A group of which little is new is another name for one that is known.
            alone = best.basis > Basis.TITLE or bool(mentioned & set(best.key))
            if len(fresh) < (1 if alone else 2) or len(fresh) * 2 < len(group):
                continue
            named = best if best.basis > Basis.TITLE else _name(group, found, likeness, mentioned)
            group |= named.strengths.keys()
            facets.append(_facet(named, group, likeness, question.terms, overview))
            covered |= group
    return facets


def _facet(
    named: Candidate,
    group: Collection[str],
    likeness: Likeness,
    asked: Collection[str],
    overview: SeenDocument | None,
) -> Facet:
    authored = named.basis >= Basis.FIELD
    label = named.label
    if named.basis <= Basis.TITLE and len(named.key) == 1:
        told = _as_told(named.key[0], overview, likeness, group, asked) if overview else ""
        label = told or likeness.phrase(named.key[0], group, asked) or label
    query = f"{named.within} {label}".strip()
    return Facet(label, tuple(sorted(group)), likeness.typical(group), query, authored)


def _as_told(
    term: str, overview: SeenDocument, likeness: Likeness, group: Collection[str], asked: Collection[str]
) -> str:
    """How an overview calls what a group is about: by two words that the group says, too, or by one of its own."""
    phrase = likeness.phrase_of(term, overview.text, group, asked)
    return phrase or next((word.lower() for word in words(overview.text) if stem(word) == term), "")


def _sized(candidate: Candidate, total: int) -> bool:
    most = max(2, math.ceil(total * (_MOST_SAID if candidate.basis is Basis.TEXT else _MOST)))
    return (1 if candidate.basis is Basis.PLACE else 2) <= len(candidate.strengths) <= most


def _splits(candidate: Candidate, others: Iterable[Candidate]) -> bool:
    """Whether a word is half the name of several groups ("arts" of visual and performing arts), so of none."""
    longer = [
        set(o.strengths) for o in others if len(o.key) > len(candidate.key) and set(candidate.key) < set(o.key)
    ]
    return any(one.isdisjoint(other) for one, other in combinations(longer, 2))


def _name(
    group: Collection[str], candidates: Iterable[Candidate], likeness: Likeness, mentioned: Collection[str]
) -> Candidate:
    """The candidate that best names a group: it stands all through the group, and hardly anywhere else."""

    def fit(candidate: Candidate) -> tuple[float, str]:
        inside = len(candidate.strengths.keys() & group) / len(group)
        alone = len(candidate.strengths) <= len(group) + 1
        told = sum(candidate.strengths.values()) / len(candidate.strengths)
        told *= _MENTIONED if set(candidate.key) & set(mentioned) else 1.0
        fits = likeness.presence(candidate.key, group) * inside * told if alone and inside > 0.5 else 0.0
        return fits, candidate.label

    return max(candidates, key=fit)


def _gain(candidate: Candidate, covered: Collection[str]) -> float:
    return sum(s * (0.1 if document in covered else 1.0) for document, s in candidate.strengths.items())


def _worth(candidate: Candidate, likeness: Likeness) -> float:
    group = list(candidate.strengths)
    short = 1.0 if len(candidate.key) <= 2 else 0.5
    return short * likeness.concentration(candidate.key, group) * likeness.cohesion(group) ** 2
