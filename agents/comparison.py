"""Comparison: what a model finds that claims disagree on beside plain figures, and what of that holds."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import ceil
from typing import NamedTuple

from pydantic import JsonValue

from agents.replies import MOST_DISAGREEMENTS, Disagreement, DisagreementsReply
from agents.reporting.draft import bare
from agents.reporting.figures import invents
from agents.reporting.gates import figure
from agents.stemming import stem
from agents.values.quantities import Quantity, agree
from sessions.findings import Claim, Conflict, ConflictValue, Quote
from sessions.quote_matching import QuoteFinder

READING = 120
"""Claims that a comparer gets at most."""


class _Said(NamedTuple):
    """What a claim says of a thing, in words of its quote."""

    claim: Claim
    quote: Quote
    words: str

    def differs(self, other: "_Said") -> bool:
        """Whether the two may disagree: other words, no rounding of one figure, not in one quote of one claim."""
        if (self.claim.id, self.quote.span) == (other.claim.id, other.quote.span):
            return False
        one, two = figure(self.words), figure(other.words)
        if one and two:
            return not _one_value(one, two)
        return bare(self.words) != bare(other.words)

    def is_in(self, conflict: Conflict) -> bool:
        """Whether it is one of the conflict's values, perhaps with more or fewer of the words around it."""
        return any(
            value.claim == self.claim.id
            and value.source == self.quote.source
            and (_within(value.value, self.words) or _within(self.words, value.value))
            for value in conflict.values
        )

    def value(self) -> ConflictValue:
        """It as a conflict's value; what qualifies it is what its finding says."""
        finding, known = self.claim.finding, figure(self.words)
        return ConflictValue(
            claim=self.claim.id,
            value=self.words,
            unit=known.unit if known else "",
            quote=self.quote.text,
            source=self.quote.source,
            date=finding.date,
            scope=finding.scope,
            definition=finding.definition,
        )


def readings(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The claims as comparers get them, in as few readings as they fit in; none where there is nothing to compare.

    Claims of one topic, which share the commonest words, are read together.
    """
    if len(claims) < 2:
        return []
    number = ceil(len(claims) / READING)
    if number == 1:
        return [list(claims)]
    words = {claim.id: {stem(word) for word in _words(claim.finding.claim)} for claim in claims}
    held = Counter(word for some in words.values() for word in some)

    def place(claim: Claim) -> list[tuple[int, str]]:
        return sorted((-held[word], word) for word in words[claim.id])

    ordered = sorted(claims, key=place)
    size = ceil(len(ordered) / number)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def reading_inputs(claims: Sequence[Claim], known: Sequence[Conflict]) -> JsonValue:
    """What a reading depends on, for a step's id."""
    return {
        "claims": [claim.model_dump(mode="json") for claim in claims],
        "known": [conflict.model_dump(mode="json") for conflict in known],
    }


def disagreements(
    reply: DisagreementsReply, claims: Iterable[Claim], known: Sequence[Conflict], reading: int
) -> tuple[Conflict, ...]:
    """What a comparer found that holds: new conflicts, and known ones with their further values.

    A value holds if it stands in a quote of its claim, a disagreement if two such values differ and not all are in
    one that is known. Each reading (from 1) numbers its own after `known`, with room for all it may find, so that
    readings need not wait for each other.
    """
    by_id = {claim.id: claim for claim in claims}
    conflicts = {conflict.id: conflict for conflict in known}
    number = len(known) + (reading - 1) * MOST_DISAGREEMENTS
    for told in reply.disagreements:
        said = list(_stated(told, by_id))
        subject = " ".join(told.subject.split())
        if not any(a.differs(b) for a, b in combinations(said, 2)):
            continue
        if not subject or invents(subject, [one.claim for one in said]):
            continue
        home = max(conflicts.values(), key=lambda conflict: _shared(said, conflict), default=None)
        if home is None or not _shared(said, home):
            number += 1
            home = Conflict(id=f"k{number}", subject=subject, values=())
        more = tuple(one.value() for one in said if not one.is_in(home))
        conflicts[home.id] = home.model_copy(update={"values": (*home.values, *more)})
    return tuple(conflict for conflict in conflicts.values() if conflict not in known)


def _stated(told: Disagreement, claims: Mapping[str, Claim]) -> Iterator[_Said]:
    """The values of a disagreement that stand in a quote of their claim, each once."""
    known: set[tuple[str, str]] = set()
    for value in told.values:
        claim = claims.get(value.claim)
        for quote in claim.finding.resolved if claim else ():
            words = _standing(value.value, quote.text)
            if claim and words:
                if (claim.id, bare(words)) not in known:
                    known.add((claim.id, bare(words)))
                    yield _Said(claim, quote, words)
                break


def _standing(value: str, text: str) -> str:
    """The value in the text's own words, "" where it does not stand there; a word is not cut."""
    place = QuoteFinder(text).find(value) if bare(value) else None
    if place is None:
        return ""
    start, end = place
    cut = any(re.fullmatch(r"[^\W_]{2}", text[max(0, at - 1) : at + 1]) for at in (start, end))
    return "" if cut else " ".join(text[start:end].split())


def _shared(said: Iterable[_Said], conflict: Conflict) -> int:
    """How many of the values the conflict has."""
    return sum(one.is_in(conflict) for one in said)


def _one_value(a: Quantity, b: Quantity) -> bool:
    return a.kind == b.kind and a.unit == b.unit and agree(a, b)


def _within(part: str, whole: str) -> bool:
    return f" {bare(part)} " in f" {bare(whole)} "


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]{4,}", text.casefold())
