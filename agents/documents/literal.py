"""Where the very words stand in a text, and what stands around them."""

import re

AROUND = 300
"""Characters shown on each side of what was found, where its paragraph goes further."""

_PARAGRAPH = "\n\n"


def literal_pattern(words: str) -> re.Pattern[str]:
    """Matches the words as they are, in capitals or not; white space in them matches any white space.

    No part of the words is a regular expression, and the search takes linear time.
    """
    return re.compile(r"\s++".join(map(re.escape, words.split())), re.IGNORECASE)


def find_places(text: str, pattern: re.Pattern[str], limit: int) -> tuple[int, list[tuple[int, int]]]:
    """How often the pattern matches, and [start, end) of the first places with what stands around them.

    Matches whose surroundings touch are one place; at most `limit` places are given.
    """
    count = 0
    places: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        count += 1
        if places and match.end() <= places[-1][1]:
            continue
        start, end = _around(text, match.start(), match.end())
        if places and start < places[-1][1]:
            places[-1] = (places[-1][0], end)
        elif len(places) < limit:
            places.append((start, end))
    return count, places


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
