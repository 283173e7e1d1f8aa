"""Statements that give another figure than a picked one does, or than each other, for one thing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.conflicts.detector import find_conflicts
from agents.embedded.extraction import ALIKE, AT_LEAST, Passages, Picked, Wanted
from agents.embedded.text import terms
from agents.values.quantities import quantities
from sessions.findings import Claim, Finding, Quote, Span

_MOST = 6
"""Statements that are added to the findings of one subtask."""

_HELD = 0.8
"""Or so many of the fewer words of one stand in the other, which adds a detail."""

_FEWEST = 4
"""Words that tell little when they are fewer."""


def counterparts(picked: Sequence[Picked], passages: Passages, wanted: Wanted) -> list[Picked]:
    """What disagrees in the passages with the picked statements, or with another on what is wanted.

    A reader who has found a figure looks whether others give the same one, however few of the question's words
    their sentences hold; and where two sources dispute a figure that was asked for, that is a finding too, however
    many others fit better. It must be told in much the same words: a search for disagreement finds what only looks
    like one as well. What stands against a picked statement goes first, as sure as that.
    """
    if not picked:
        return []
    known = {_place(one): one for one in picked}
    fitting = {_place(one): one for one in passages.scored(wanted) if one.score >= AT_LEAST}
    pool = {_place(one): fitting.get(_place(one), one) for one in passages.stated()} | known
    figured = [one for one in pool.values() if quantities(one.statement.text)]
    read = {f"c{number}": one for number, one in enumerate(figured, start=1)}
    found: dict[tuple[str, int], Picked] = {}
    disputed: dict[tuple[str, int], Picked] = {}
    for conflict in find_conflicts(_claims(read.items())):
        held = [read[value.claim] for value in conflict.values]
        for one in held:
            alike = [_place(other) for other in held if other is not one and _worded_alike(one, other)]
            if _place(one) in known:
                continue
            if against := [known[place].score for place in alike if place in known]:
                found.setdefault(_place(one), replace(one, score=max(against)))
            elif _place(one) in fitting and any(place in fitting for place in alike):
                disputed.setdefault(_place(one), one)
    return list((found | disputed).values())[:_MOST]


def _place(one: Picked) -> tuple[str, int]:
    return one.segment.source, one.segment.start + one.statement.start


def _worded_alike(one: Picked, other: Picked) -> bool:
    """Whether two statements say the same but for their figures, and what one of them adds."""
    left, right = ({term for term in terms(picked.statement.text) if term.isalpha()} for picked in (one, other))
    shared, fewer = len(left & right), min(len(left), len(right))
    return shared >= ALIKE * max(1, len(left | right)) or shared >= _HELD * max(_FEWEST, fewer)


def _claims(read: Iterable[tuple[str, Picked]]) -> Iterable[Claim]:
    for id, one in read:
        segment, statement = one.segment, one.statement
        ends = [*([statement.header] if statement.header else []), (statement.start, statement.end)]
        quotes = tuple(
            Quote(
                text=segment.text[start:end],
                source=segment.source,
                span=Span(
                    source=segment.source,
                    source_sha256=segment.source_sha256,
                    start=segment.start + start,
                    end=segment.start + end,
                ),
            )
            for start, end in ends
        )
        yield Claim(id=id, spokes=(), finding=Finding(claim=statement.text, quotes=quotes))
