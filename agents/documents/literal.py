"""Where the very words stand in a text, and what stands around them."""

import re
from bisect import bisect_right
from collections.abc import Iterator

AROUND = 300
"""Characters shown on each side of what was found, where its paragraph goes further."""

_PARAGRAPH = "\n\n"
_SPACE = re.compile(r"\s+")
_RUN = re.compile(r"\s{2,}")


def find_places(text: str, words: str, limit: int) -> tuple[int, list[tuple[int, int]]]:
    """How often the words stand in a text, and [start, end) of the first places with what stands around them.

    Capitals do not matter, and white space in the words matches any other. Words whose surroundings touch are
    one place; at most `limit` places are given.
    """
    count = 0
    places: list[tuple[int, int]] = []
    for start, end in occurrences(text, words):
        count += 1
        if places and end <= places[-1][1]:
            continue
        first, last = _around(text, start, end)
        if places and first < places[-1][1]:
            places[-1] = (places[-1][0], last)
        elif len(places) < limit:
            places.append((first, last))
    return count, places


def occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    """[start, end) of each occurrence, in time linear in the text: `str.find` is, regular expressions are not."""
    folded = _folded(text)
    wanted = [_folded(word) for word in words.split()]
    if any(word not in folded for word in wanted):
        return
    flat, needle = folded, " ".join(wanted)
    ends, removed = [0], [0]
    if len(wanted) > 1:
        for run in _RUN.finditer(folded):
            ends.append(run.start() - removed[-1] + 1)
            removed.append(removed[-1] + run.end() - run.start() - 1)
        flat = _SPACE.sub(" ", folded)
    at = flat.find(needle)
    while at >= 0:
        last = at + len(needle) - 1
        yield at + removed[bisect_right(ends, at) - 1], last + removed[bisect_right(ends, last) - 1] + 1
        at = flat.find(needle, last + 1)


def _folded(text: str) -> str:
    """The text in small letters, as long as before: a few capitals would become two."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(character if len(character.lower()) > 1 else character.lower() for character in text)


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The paragraph of a match; of a long one, the lines or at least the words near the match."""
    first = text.rfind(_PARAGRAPH, max(0, start - AROUND), start)
    if first >= 0:
        first += len(_PARAGRAPH)
    elif start <= AROUND:
        first = 0
    else:
        first = _next_border(text, start - AROUND, start)
    last = text.find(_PARAGRAPH, end, end + AROUND)
    if last < 0:
        last = len(text) if len(text) <= end + AROUND else _last_border(text, end, end + AROUND)
    return first, last


def _next_border(text: str, start: int, end: int) -> int:
    for border in ("\n", " "):
        found = text.find(border, start, end)
        if found >= 0:
            return found + 1
    return start


def _last_border(text: str, start: int, end: int) -> int:
    for border in ("\n", " "):
        found = text.rfind(border, start, end)
        if found >= 0:
            return found
    return end
