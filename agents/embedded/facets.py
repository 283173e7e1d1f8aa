"""The facets of a question: the sub-domains into which the documents that matter to it fall.

A facet is a directory of the folder, the value of a header field, a part that an overview names, or a word or
two that documents share in their titles and file names. Documents under one word belong together when they also
share other words; that tells a sub-domain ("music") from a word that merely recurs ("survey").
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from agents.embedded.candidates import Basis, Candidate, candidates, listed
from agents.embedded.likeness import Likeness
from agents.embedded.question import Question
from agents.embedded.seen import SeenDocument
from agents.embedded.text import terms


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
    question: Question, documents: Sequence[SeenDocument], overviews: Sequence[SeenDocument] = ()
) -> list[Facet]:
    """The facets among the documents, the most telling first; those of the question's own words are none.

    What somebody meant as a subject (directories, header fields, what an overview lists) comes before what
    documents merely share.
    """
    if len(documents) < 2:
        return []
    likeness = Likeness(documents)
    found = candidates(documents, question.terms)
    most = max(2, math.ceil(0.6 * len(documents)))
    found = [c for c in found if len(c.strengths) <= most and (len(c.strengths) > 1 or c.basis is Basis.PLACE)]
    found = [c for c in found if not _splits(c, found)]
    mentioned = {term for overview in overviews for term in terms(overview.text)}
    others = [document for document in documents if document not in overviews]
    tiers = (
        [c for c in found if c.basis >= Basis.FIELD],
        listed(overviews, others, question.terms),
        [c for c in found if c.basis <= Basis.TITLE and mentioned & set(c.key)],
        [c for c in found if c.basis is Basis.TITLE],
        [c for c in found if c.basis is Basis.TEXT],
    )
    covered: set[str] = set()
    facets: list[Facet] = []
    for tier in tiers:
        rest = {id(c): (c, _worth(c, likeness)) for c in tier}
        while rest:
            best, _ = max(rest.values(), key=lambda known: (_gain(known[0], covered) * known[1], known[0].label))
            del rest[id(best)]
            group = set(best.strengths)
            fresh = group - covered
            # A group of which little is new is another name for one that is known.
            if len(fresh) < (2 if best.basis <= Basis.TITLE else 1) or len(fresh) * 2 < len(group):
                continue
            named = best if best.basis > Basis.TITLE else _name(group, found, likeness)
            group |= named.strengths.keys()
            query = f"{named.within} {named.label}".strip()
            facets.append(
                Facet(
                    named.label, tuple(sorted(group)), likeness.typical(group), query, named.basis >= Basis.FIELD
                )
            )
            covered |= group
    return facets


def _splits(candidate: Candidate, others: Iterable[Candidate]) -> bool:
    """Whether a word is half the name of several groups ("arts" of visual and performing arts), so of none."""
    longer = [
        set(o.strengths) for o in others if len(o.key) > len(candidate.key) and set(candidate.key) < set(o.key)
    ]
    return any(one.isdisjoint(other) for one, other in combinations(longer, 2))


def _name(group: Collection[str], candidates: Iterable[Candidate], likeness: Likeness) -> Candidate:
    """The candidate that best names a group: it stands all through the group, and hardly anywhere else."""

    def fit(candidate: Candidate) -> tuple[float, str]:
        inside = len(candidate.strengths.keys() & group) / len(group)
        alone = len(candidate.strengths) <= len(group) + 1
        told = sum(candidate.strengths.values()) / len(candidate.strengths)
        fits = likeness.presence(candidate.key, group) * inside * told if alone and inside > 0.5 else 0.0
        return fits, candidate.label

    return max(candidates, key=fit)


def _gain(candidate: Candidate, covered: Collection[str]) -> float:
    return sum(s * (0.1 if document in covered else 1.0) for document, s in candidate.strengths.items())


def _worth(candidate: Candidate, likeness: Likeness) -> float:
    group = list(candidate.strengths)
    short = 1.0 if len(candidate.key) <= 2 else 0.5
    return short * likeness.concentration(candidate.key, group) * likeness.cohesion(group) ** 2
