"""What a report says by itself, and whether that holds a given fact.

A fact is plain words, in which figures are compared by value ("45 %" is "45 percent"), or a regular expression
between slashes, of any case.
"""

import re

from agents.reporting.draft import Draft, bare
from agents.values.quantities import Quantity, quantities

GAPS, SOURCES = "gaps", "sources"
LISTS = (GAPS, "left out", "not read", SOURCES)
"""The sections that only list things, by their headings as `bare` gives them."""

_MARKUP = re.compile(r"(?<!\\)\[\d+\]|\\(?=[^\w\s])|[*`]|(?<!\w)_|_(?!\w)")


def pattern(fact: str) -> re.Pattern[str] | None:
    """What a fact between slashes looks for; None for one in plain words. Raises re.error."""
    if len(fact) > 2 and fact.startswith("/") and fact.endswith("/"):
        return re.compile(fact[1:-1], re.IGNORECASE)
    return None


def statements(report: Draft) -> tuple[str, ...]:
    """Each paragraph, list item, table row and line of code, without markup and `[n]`.

    Not what the report does not state: its title, which repeats the question, and its lists.
    """
    titles = {start for start, end in _headings(report) if _level(report, start, end) == 1}
    skipped = titles | listed(report, *LISTS)
    places = [(block.start, min(block.end, len(report.lines))) for block in report.blocks]
    known = {number for start, end in places for number in range(start, end)}
    places += [(number, number + 1) for number in range(len(report.lines)) if number not in known]
    texts = ("\n".join(report.lines[start:end]) for start, end in sorted(places) if start not in skipped)
    return tuple(_MARKUP.sub("", text) for text in texts if text.strip())


def listed(report: Draft, *names: str) -> set[int]:
    """The lines of the sections with those headings, whatever headings stand in them."""
    headings = _headings(report)
    lines: set[int] = set()
    for place, (start, end) in enumerate(headings):
        level = _level(report, start, end)
        if level > 1 and bare(report.lines[start]) in names:
            after = (first for first, last in headings[place + 1 :] if _level(report, first, last) <= level)
            lines.update(range(start, next(after, len(report.lines))))
    return lines


def _headings(report: Draft) -> list[tuple[int, int]]:
    """The lines [start, end) of every heading."""
    return sorted((block.start, block.end) for block in report.blocks if block.kind == "heading")


def _level(report: Draft, start: int, end: int) -> int:
    """The level of the heading at those lines: of its number signs, or of the line below it."""
    line = report.lines[start].lstrip()
    signs = len(line) - len(line.lstrip("#"))
    return signs or (1 if report.lines[end - 1].lstrip().startswith("=") else 2)


def says(statement: str, fact: str) -> bool:
    """Whether a statement holds a fact: its pattern, or its words in this order with figures of the same value."""
    if (wanted := pattern(fact)) is not None:
        return bool(wanted.search(" ".join(statement.split())))
    words = _words(fact)
    if not any(isinstance(word, Quantity) for word in words):
        return f" {bare(fact)} " in f" {bare(statement)} "
    there = _words(statement)
    # What stands around a number decides whether it is a figure: where it is none, it is a word like others.
    return _holds(there, words) or _holds(there, bare(fact).split())


def _words(text: str) -> list[str | Quantity]:
    """The words of a text and its figures, in order."""
    words: list[str | Quantity] = []
    end = 0
    for quantity in quantities(text):
        words += [*bare(text[end : quantity.start]).split(), quantity]
        end = quantity.end
    return [*words, *bare(text[end:]).split()]


def _holds(there: list[str | Quantity], wanted: list[str] | list[str | Quantity]) -> bool:
    return any(
        all(_same(word, other) for word, other in zip(wanted, there[start:], strict=False))
        for start in range(len(there) - len(wanted) + 1)
    )


def _same(wanted: str | Quantity, other: str | Quantity) -> bool:
    """Whether a word or figure is the one that is wanted; a bare number is found with any unit."""
    if isinstance(wanted, str) or isinstance(other, str):
        return wanted == other
    ends = [(abs(quantity.low), abs(quantity.high)) for quantity in (wanted, other)]
    return ends[0] == ends[1] and wanted.unit in ("", other.unit)
