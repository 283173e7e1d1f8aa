"""The ledger: the findings of all spokes as numbered claims, duplicates merged, and the conflicts among them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from agents.conflicts.detector import find_conflicts
from agents.conflicts.qualifiers import periods
from agents.stemming import stem
from agents.values.quantities import quantities
from sessions.findings import Claim, Confidence, Conflict, Finding, Quote

_NEARLY_ALL = 0.8
"""How much of the shorter of two quotes must stand in the longer for both to be the same words."""

_SAME_WORDS = 0.6
"""How many of their words two claims without figures share when they say the same (0 to 1)."""

_WORD = re.compile(r"[^\W_]+(?:[.,][^\W_]+)*|[%$€£]")

_RANK: dict[Confidence, int] = {"low": 0, "medium": 1, "high": 2}


@dataclass(frozen=True)
class SpokeFindings:
    """What a spoke found; `partial` when its attempt failed afterwards."""

    spoke: str
    title: str
    findings: tuple[Finding, ...]
    partial: bool = False


@dataclass(frozen=True)
class LedgerParts:
    """Claims by number, and the conflicts that stand out among them."""

    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...]


def build_ledger(found: Iterable[SpokeFindings]) -> LedgerParts:
    """The findings as claims c1, c2 … in the order given, and their conflicts.

    Findings are one claim when they say the same in the same words, or rest on nearly the same stretch of a source
    with the same figures; a claim then names every spoke that found it and keeps every distinct quote. A finding
    whose quotes stand nowhere stays, without a span; it takes part in no conflict.
    """
    claims: list[Claim] = []
    met: dict[object, set[int]] = defaultdict(set)
    for spoke in found:
        for finding in spoke.findings:
            likely = sorted({n for key in _keys(finding) for n in met[key]})
            twin = next((n for n in likely if _same(claims[n].finding, finding)), None)
            for key in _keys(finding):
                met[key].add(len(claims) if twin is None else twin)
            if twin is None:
                name = f"c{len(claims) + 1}"
                finding = finding.model_copy(update={"quotes": _distinct(finding.quotes)})
                claims.append(Claim(id=name, spokes=(spoke.spoke,), finding=finding, partial=spoke.partial))
            else:
                claims[twin] = _merged(claims[twin], finding, spoke)
    return LedgerParts(tuple(claims), find_conflicts(claims))


def _keys(finding: Finding) -> set[object]:
    """What two findings share at least one of when they are one claim: the same words, or a source."""
    return {_words(finding.claim), *(quote.span.source_sha256 for quote in finding.quotes if quote.span)}


def _same(a: Finding, b: Finding) -> bool:
    context = ((a.date, b.date), (a.scope, b.scope), (a.definition, b.definition))
    if _words(a.claim) == _words(b.claim) and not any(_words(x) != _words(y) for x, y in context if x and y):
        return True
    dates = periods(a.claim), periods(b.claim)
    if all(dates) and dates[0] != dates[1]:
        return False
    shared = [min(x.text, y.text, key=len) for x in a.resolved for y in b.resolved if _covers(x, y)]
    if not shared or (figures := frozenset(_stated(a.claim))) != frozenset(_stated(b.claim)):
        return False
    if figures:
        # Where a figure stands twice in the words quoted, the claims may be of two things.
        return any(all(_stated(text).count(figure) == 1 for figure in figures) for text in shared)
    one, two = set(map(stem, _words(a.claim))), set(map(stem, _words(b.claim)))
    return len(one & two) >= _SAME_WORDS * max(len(one), len(two))


@lru_cache(maxsize=4_096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _stated(text: str) -> list[tuple[Decimal, Decimal]]:
    return [(quantity.low, quantity.high) for quantity in quantities(text)]


def _covers(a: Quote, b: Quote) -> bool:
    """Whether two quotes are practically the same stretch of one source."""
    if a.span is None or b.span is None or a.span.source_sha256 != b.span.source_sha256:
        return False
    shared = min(a.span.end, b.span.end) - max(a.span.start, b.span.start)
    return shared > 0 and shared >= _NEARLY_ALL * min(a.span.end - a.span.start, b.span.end - b.span.start)


def _distinct(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """Each stretch once; of quotes without one, each wording once, unless the same words stand in evidence."""
    kept: dict[object, Quote] = {}
    every = tuple(quotes)
    standing = {(quote.source, _words(quote.text)) for quote in every if quote.span}
    for quote in every:
        worded = (quote.source, _words(quote.text))
        if quote.span:
            kept.setdefault((quote.span.source_sha256, quote.span.start, quote.span.end), quote)
        elif worded not in standing:
            kept.setdefault(worded, quote)
    return tuple(kept.values())


def _merged(claim: Claim, finding: Finding, spoke: SpokeFindings) -> Claim:
    """The claim with one more finding of it: its words stay, its quotes and context grow."""
    first = claim.finding
    surer = _RANK[finding.confidence] > _RANK[first.confidence]
    merged = first.model_copy(
        update={
            "quotes": _distinct((*first.quotes, *finding.quotes)),
            "date": first.date or finding.date,
            "scope": first.scope or finding.scope,
            "definition": first.definition or finding.definition,
            "confidence": finding.confidence if surer else first.confidence,
        }
    )
    return claim.model_copy(
        update={
            "spokes": tuple(dict.fromkeys((*claim.spokes, spoke.spoke))),
            "finding": merged,
            "partial": claim.partial and spoke.partial,
        }
    )
