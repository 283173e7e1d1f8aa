"""A text cut into passages: the pieces that are searched and shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.documents.headings import Heading, Markup, find_headings

FULL_WORDS = 180
"""A passage that has so many words is not added to."""

FEW_WORDS = 60
"""A passage that has fewer goes on past the next heading."""

MAX_WORDS = 250
MAX_CHARACTERS = 3_000
"""A paragraph that is longer than either is cut, at the end of a line or a sentence if it has any."""

_BORDER = re.compile(r"\n[ \t]*\n\s*")
_LINE_END = re.compile(r"\n\s*")
_SENTENCE_END = re.compile(r"(?<=[.!?:;。！？])\s+")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Passage:
    """Code points [start, end) of a text. The passages of a text follow each other without a gap.

    `headings` are those above its beginning, the highest first, and those within it.
    """

    start: int
    end: int
    headings: tuple[str, ...]


@dataclass(frozen=True)
class _Block:
    start: int
    end: int
    words: int
    heading: Heading | None


def cut(text: str, markup: Markup) -> Iterator[Passage]:
    """The passages of a text, in order: paragraphs put together to about 120 to 250 words, new at a heading.

    No word is cut but one that is longer than MAX_CHARACTERS.
    """
    above: list[Heading] = []
    within: list[Heading] = []
    start = words = 0
    for block in _blocks(text, find_headings(text, markup)):
        full = words + block.words > MAX_WORDS or words >= FULL_WORDS or (block.heading and words >= FEW_WORDS)
        too_long = block.end - start > MAX_CHARACTERS
        if block.start > start and (full or too_long):
            yield Passage(start, block.start, _words_of(above, within))
            above, within, start, words = _now_above(above, within), [], block.start, 0
        if block.heading:
            within.append(block.heading)
        words += block.words
    if start < len(text):
        yield Passage(start, len(text), _words_of(above, within))


def _words_of(above: list[Heading], within: list[Heading]) -> tuple[str, ...]:
    # A passage that begins with a heading does not stand under those of the same or a lower level.
    standing = _now_above(above, within[:1])[:-1] if within else above
    return tuple(heading.text for heading in (*standing, *within))


def _now_above(above: list[Heading], within: list[Heading]) -> list[Heading]:
    """The headings that stand above what follows `within`."""
    stack = list(above)
    for heading in within:
        while stack and stack[-1].level >= heading.level:
            stack.pop()
        stack.append(heading)
    return stack


def _blocks(text: str, headings: list[Heading]) -> Iterator[_Block]:
    """Paragraphs and headings, each with the white space after it; long paragraphs in parts."""
    starts = {heading.start: heading for heading in headings}
    borders = {match.end() for match in _BORDER.finditer(text)}
    borders.update(starts, (_skip_newline(text, heading.end) for heading in headings))
    ordered = sorted(border for border in borders if 0 < border < len(text))
    for start, end in zip([0, *ordered], [*ordered, len(text)], strict=True):
        words = len(text[start:end].split())
        if words <= MAX_WORDS and end - start <= MAX_CHARACTERS:
            yield _Block(start, end, words, starts.get(start))
            continue
        for part_start, part_end in _parts(text, start, end):
            yield _Block(part_start, part_end, len(text[part_start:part_end].split()), starts.get(part_start))


def _skip_newline(text: str, end: int) -> int:
    return end + 1 if text.startswith("\n", end) else end


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A long paragraph, cut into parts that are not too long."""
    while True:
        limit = _limit(text, start, end)
        if limit == end:
            yield start, end
            return
        middle = start + (limit - start) // 2
        for pattern in (_LINE_END, _SENTENCE_END, _SPACE):
            last = 0
            for match in pattern.finditer(text, middle, limit):
                last = match.end()
            if last:
                limit = last
                break
        yield start, limit
        start = limit


def _limit(text: str, start: int, end: int) -> int:
    """How far a part may reach: the end of the paragraph, or of the last word that fits."""
    limit = min(end, start + MAX_CHARACTERS)
    for count, match in enumerate(_WORD.finditer(text, start, limit), 1):
        if count > MAX_WORDS:
            return match.start()
    return limit
