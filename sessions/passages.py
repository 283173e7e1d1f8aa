"""The words around what a search found in a run."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sessions.index import Texts
from sessions.search import words_of

_LENGTH = 24
"""Words of a passage."""

_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
"""A word as it stands in a text, with accents that are characters of their own."""


class Passage(NamedTuple):
    """Where words were found: `parts` are pieces of text, and whether each is one of the words."""

    place: str
    """`report` or `findings`."""
    parts: tuple[tuple[str, bool], ...]


def passage(texts: Texts, words: Sequence[str]) -> Passage | None:
    """Where the report, else the findings, have words that begin like one of these (of `words_of`)."""
    for place, text in zip(Texts._fields, texts, strict=True):
        if parts := _parts(text, words):
            return Passage(place, parts)
    return None


def _parts(text: str, words: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    spans = [match.span() for match in _WORD.finditer(text)]
    hits = {at: begun for at, (start, end) in enumerate(spans) if (begun := _begun(text[start:end], words))}
    if not hits:
        return ()
    first = _first(hits, len(spans))
    last = min(first + _LENGTH, len(spans)) - 1
    parts, told = [("…" if first else "", False)], spans[first][0]
    for at in range(first, last + 1):
        if at in hits:
            start, end = spans[at]
            parts += [(text[told:start], False), (text[start:end], True)]
            told = end
    parts.append((text[told : spans[last][1]] + ("…" if last + 1 < len(spans) else ""), False))
    return tuple((part, found) for part, found in parts if part)


def _begun(word: str, words: Sequence[str]) -> set[str]:
    """Those of the words that this one begins like."""
    return {begin for begin in words for folded in words_of(word) if folded.startswith(begin)}


def _first(hits: dict[int, set[str]], count: int) -> int:
    """Where the passage begins that has most of the words, the first such, with what it has in its middle."""

    def within(start: int) -> list[int]:
        return [at for at in range(start, start + _LENGTH) if at in hits]

    best = max(hits, key=lambda start: len(set[str]().union(*(hits[at] for at in within(start)))))
    before = (_LENGTH - (within(best)[-1] - best + 1)) // 2
    return max(0, min(best - before, count - _LENGTH))
