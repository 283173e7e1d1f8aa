"""Plain text cut into rows of terminal cells, and kept cut while it grows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from rich.cells import split_graphemes

TAB = "    "
"""What a tab becomes: of one width everywhere, so that text cut in the middle is cut the same."""

_RANGES = ((0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x2FF), (0x370, 0x482), (0x2010, 0x2027), (0x2030, 0x205E))
NARROW = frozenset(chr(code) for first, last in _RANGES for code in range(first, last + 1))
"""Characters of one cell that join no others: text of these alone needs no measuring."""

STYLES = ("text", "thinking", "tool", "note", "error", "title")
"""What an entry can look like."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of text in one style that begins on a row of its own.

    The text has passed `safe()` and may hold newlines. A style that is not one of `STYLES` is shown as text.
    """

    text: str
    style: str = "text"


class Line(Protocol):
    """A line on the screen; `wrapped` if its text goes on with the line above."""

    @property
    def text(self) -> str: ...
    @property
    def wrapped(self) -> bool: ...


class Row(NamedTuple):
    """One line on the screen; `wrapped` if it goes on with the row above. Blanks at its end may hang over."""

    text: str
    style: str
    wrapped: bool


@dataclass(slots=True)
class _Block:
    """An entry and the number of its rows."""

    entry: Entry
    rows: int


class WrappedText:
    """Entries as rows: closed ones, which only go away at the front, and a tail that is replaced as it grows.

    Every method that changes it returns the first row that is new, or None if nothing changed.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.width = 0
        """In cells; while it is 0, nothing is cut and there are no rows."""
        self._closed: list[_Block] = []
        self._tail: list[_Block] = []

    @property
    def text(self) -> str:
        """All of it, as it was given."""
        return "\n".join(block.entry.text for block in (*self._closed, *self._tail))

    def clear(self) -> int | None:
        """Drop everything."""
        changed = bool(self._closed or self._tail)
        self.rows.clear()
        self._closed.clear()
        self._tail.clear()
        return 0 if changed else None

    def add(self, entries: Sequence[Entry]) -> int | None:
        """Put closed entries behind the closed ones, before the tail."""
        first = self._tail_start()
        tail = self.rows[first:]
        del self.rows[first:]
        self._closed += [self._cut(entry) for entry in entries]
        self.rows += tail
        return first if entries else None

    def set_tail(self, entries: Sequence[Entry]) -> int | None:
        """Replace the tail; what stayed is kept, and of one that grew only the last row is cut again."""
        tail = self._tail
        same = 0
        while same < min(len(tail), len(entries)) and tail[same].entry == entries[same]:
            same += 1
        if same == len(tail) == len(entries):
            return None
        first = len(self.rows) - sum(block.rows for block in tail[same:])
        if same == len(tail) - 1 and same < len(entries) and _grew(tail[same].entry, entries[same]):
            first = self._grow(tail[same], entries[same])
            same += 1
        else:
            del self.rows[first:]
        del tail[same:]
        tail += [self._cut(entry) for entry in entries[same:]]
        return first

    def prune(self, limit: int) -> int:
        """Drop whole entries at the front while the closed ones exceed so many characters; returns the rows gone.

        The newest closed entry stays, however long it is.
        """
        size = sum(len(block.entry.text) for block in self._closed)
        count = 0
        while size > limit and count < len(self._closed) - 1:
            size -= len(self._closed[count].entry.text)
            count += 1
        gone = sum(block.rows for block in self._closed[:count])
        del self._closed[:count]
        del self.rows[:gone]
        return gone

    def resize(self, width: int) -> int | None:
        """Cut everything to another width."""
        if width == self.width:
            return None
        self.width = width
        self.rows.clear()
        self._closed = [self._cut(block.entry) for block in self._closed]
        self._tail = [self._cut(block.entry) for block in self._tail]
        return 0

    def offset(self, row: int) -> int:
        """Where a row begins, in characters from the start: the same at every width."""
        return start_of(self.rows, row)

    def row_at(self, offset: int) -> int:
        """The row that shows the character at an offset."""
        for number, row in enumerate(self.rows):
            offset -= len(row.text) + (not row.wrapped)
            if offset < 0:
                return number
        return max(0, len(self.rows) - 1)

    def _tail_start(self) -> int:
        return len(self.rows) - sum(block.rows for block in self._tail)

    def _cut(self, entry: Entry) -> _Block:
        before = len(self.rows)
        self.rows += self._cuts(entry.text, entry.style)
        return _Block(entry, len(self.rows) - before)

    def _grow(self, block: _Block, entry: Entry) -> int:
        """Cut what an entry grew by. Rows are filled greedily, so that no row but the last can change."""
        more = entry.text[len(block.entry.text) :]
        block.entry = entry
        if not self.rows:
            return 0
        last = self.rows.pop()
        first = len(self.rows)
        self.rows += self._cuts(last.text + more, entry.style, last.wrapped)
        block.rows += len(self.rows) - first - 1
        return first

    def _cuts(self, text: str, style: str, wrapped: bool = False) -> Iterator[Row]:
        if not self.width:
            return
        for line in text.replace("\t", TAB).split("\n"):
            for piece in wrap(line, self.width):
                yield Row(piece, style, wrapped)
                wrapped = True
            wrapped = False


def newest(entries: Sequence[Entry], limit: int) -> Sequence[Entry]:
    """The last entries that have at most so many characters together, but one at least."""
    size, first = 0, len(entries)
    while first and (size + len(entries[first - 1].text) <= limit or first == len(entries)):
        first -= 1
        size += len(entries[first].text)
    return entries[first:]


def wrap(line: str, width: int) -> list[str]:
    """A line without tabs and newlines, cut between words and around wide characters into rows of a width (cells).

    Words that are longer than a row are broken. Blanks that do not fit hang over; the rows joined are the line.
    """
    if not NARROW.issuperset(line):
        return _wrap_cells(line, width)
    rows: list[str] = []
    start = 0
    while len(line) - start > width:
        end = line.rfind(" ", start, start + width + 1) + 1
        if not end:
            end = start + width
        while line.startswith(" ", end):
            end += 1
        rows.append(line[start:end])
        start = end
    if start < len(line) or not rows:
        rows.append(line[start:])
    return rows


def _wrap_cells(line: str, width: int) -> list[str]:
    """`wrap` for text whose characters must be measured."""
    rows: list[str] = []
    start = cells = 0  # of the row
    fit = fit_cells = 0  # where the row may end, and its cells until there
    for begin, end, size in split_graphemes(line)[0]:
        blank = line[begin:end] == " "
        if size > 1:
            fit, fit_cells = begin, cells
        if cells + size > width and not blank and begin > start:
            if fit <= start:
                fit, fit_cells = begin, cells
            rows.append(line[start:fit])
            start, cells = fit, cells - fit_cells
        cells += size
        if blank or size > 1:
            fit, fit_cells = end, cells
    rows.append(line[start:])
    return rows


def start_of(lines: Sequence[Line], y: int) -> int:
    """Where a line begins in the text of all, in characters; each but a wrapped one has a newline before it."""
    return sum(len(line.text) + (not line.wrapped) for line in lines[:y])


def search(lines: Sequence[Line], needle: str, last: int, *, back: bool) -> tuple[int, int] | None:
    """The next place (or the previous) from the last one that has these words, in any case and around the end."""
    words = needle.split()
    if not words:
        return None
    text = "".join(line.text if line.wrapped else f"\n{line.text}" for line in lines)
    hits = [hit.span() for hit in re.finditer(r"\s+".join(map(re.escape, words)), text, re.IGNORECASE)]
    if back:
        return next((hit for hit in reversed(hits) if hit[0] < last), hits[-1] if hits else None)
    return next((hit for hit in hits if hit[0] > last), hits[0] if hits else None)


def spans_of(lines: Sequence[Line], start: int, end: int) -> dict[int, tuple[int, int]]:
    """A place in the text of all lines as characters on each line that it touches."""
    spans: dict[int, tuple[int, int]] = {}
    begin = 0
    for y, line in enumerate(lines):
        begin += not line.wrapped
        stop = begin + len(line.text)
        if begin < end and start < stop:
            spans[y] = (max(start, begin) - begin, min(end, stop) - begin)
        begin = stop
    return spans


def _grew(old: Entry, new: Entry) -> bool:
    return old.style == new.style and new.text.startswith(old.text)
