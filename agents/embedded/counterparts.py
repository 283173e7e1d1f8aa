"""Statements of other documents that give another figure for what a picked statement gives one for."""

from collections.abc import Iterable, Sequence

from agents.conflicts.detector import find_conflicts
from agents.embedded.extraction import ALIKE, Passages, Picked
from agents.embedded.text import terms
from agents.values.quantities import quantities
from sessions.findings import Claim, Finding, Quote, Span

_MOST = 6
"""Statements that are added to the findings of one subtask."""


def counterparts(picked: Sequence[Picked], passages: Passages) -> list[Picked]:
    """What disagrees with the picked statements in the passages, each as sure as the one it stands against.

    A reader who has found a figure looks whether others give the same one, however few of the question's words
    their sentences hold. It must be told in much the same words: a search for disagreement finds what only looks
    like one, too.
    """
    figured = [one for one in picked if quantities(one.statement.text)]
    if not figured:
        return []
    known = {_place(one) for one in picked}
    pool = [one for one in passages.stated() if _place(one) not in known and quantities(one.statement.text)]
    read = {f"c{number}": one for number, one in enumerate((*figured, *pool), start=1)}
    found: dict[tuple[str, int], Picked] = {}
    for conflict in find_conflicts(_claims(read.items())):
        held = [read[value.claim] for value in conflict.values]
        for one in held:
            against = [other.score for other in held if _place(other) in known and _worded_alike(one, other)]
            if against and _place(one) not in known:
                found.setdefault(_place(one), Picked(one.segment, one.statement, max(against)))
    return list(found.values())[:_MOST]


def _place(one: Picked) -> tuple[str, int]:
    return one.segment.source, one.segment.start + one.statement.start


def _worded_alike(one: Picked, other: Picked) -> bool:
    """Whether two statements say the same but for their figures."""
    left, right = ({term for term in terms(picked.statement.text) if term.isalpha()} for picked in (one, other))
    return len(left & right) >= ALIKE * max(1, len(left | right))


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
