"""Finds quotes in a text: exactly, or with the same words, or with words left out where the quote says so."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from sessions.quote_forms import Words, is_mark, is_unkeyed, key_of, plain, visible

MOST_LEFT_OUT = 400
"""Code points that an ellipsis may stand for."""

LEAST_PART = 12
"""Bytes of the key of a quote's part beside an ellipsis: shorter ones stand everywhere."""

MOST_PARTS = 5

MOST_TRIES, MOST_TRIED = 300, 60_000
"""Places that are looked at for one quote, and the code points of them all: more come of hostile texts alone."""

_MARKUP = 2_000
"""Code points that a match may have beyond twice those of the quote: white space, markup, addresses of links."""

_MARGIN = 64
"""How far from a match a mark at a quote's end may stand, over white space and markup."""

_BESIDE = 2
"""Code points beside a match that decide what its markup is."""

_BLOCK = 1_024

_ELLIPSIS = re.compile(r"\[\s*(?:\.{3}|…)\s*\]|\(\s*(?:\.{3}|…)\s*\)|\.{3,}|…")
_CUT_FIGURE = re.compile(r"\d\0[.,]?\d|\d[.,]\0\d")

Place = tuple[int, int]
"""Code points [start, end) of the text."""


class QuoteFinder:
    """One text, prepared once for any number of quotes.

    A match never cuts a figure (`5 %` does not stand in `45 %`) nor an accent off its letter. Time is linear in
    the text, whatever the quote.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def find(self, quote: str) -> Place | None:
        """The first place of a quote: an exact one if there is any, else one with the same words."""
        return self.exact(quote) or self.alike(quote) or self.elided(quote)

    def exact(self, quote: str) -> Place | None:
        """Where the quote stands letter for letter."""
        wanted = quote.strip()
        at = self.text.find(wanted) if wanted else -1
        for _ in range(MOST_TRIES):
            if at < 0:
                break
            if not self._cuts(at) and not self._cuts(at + len(wanted)):
                return at, at + len(wanted)
            at = self.text.find(wanted, at + 1)
        return None

    def alike(self, quote: str) -> Place | None:
        """Where the same words stand, as `sessions.quote_forms` has it."""
        return next(self._places(quote, 0, len(self.text)), None)

    def elided(self, quote: str) -> Place | None:
        """Where the parts of a quote with ellipses stand in their order, each soon after the last.

        The place goes from the first part to the last with all between: what was left out is shown, too. An
        ellipsis at an end only says that the source goes on.
        """
        parts = [part for part in map(str.strip, _ELLIPSIS.split(quote)) if part]
        if len(parts) == 1:
            return self.exact(parts[0]) or self.alike(parts[0]) if parts[0] != quote.strip() else None
        if not 1 < len(parts) <= MOST_PARTS or any(len(key_of(visible(part))) < LEAST_PART for part in parts):
            return None
        first, *rest = parts
        for start, end in self._places(first, 0, len(self.text)):
            for part in rest:
                reach = min(len(self.text), end + MOST_LEFT_OUT + _longest(part))
                found = next(self._places(part, end, reach), None)
                if found is None or found[0] - end > MOST_LEFT_OUT:
                    break
                end = found[1]
            else:
                return start, end
        return None

    @cached_property
    def _visible(self) -> str:
        return visible(self.text)

    @cached_property
    def _key(self) -> tuple[bytes, list[int]]:
        """The text's key, and where in it each block of the text begins."""
        blocks = [key_of(self._visible[at : at + _BLOCK]) for at in range(0, len(self.text), _BLOCK)]
        return b"".join(blocks), list(accumulate(map(len, blocks), initial=0))

    def _places(self, quote: str, start: int, end: int) -> Iterator[Place]:
        """Where the quote's words stand between two offsets, in order."""
        shown = visible(quote)
        words, wanted = Words(plain(shown)), key_of(shown)
        if not wanted:
            return
        key = self._key[0]
        first, last = self._in_key(start), self._in_key(end)
        at = key.find(wanted, first, last)
        for _ in range(min(MOST_TRIES, 1 + MOST_TRIED // len(wanted))):
            if at < 0:
                return
            place = self._place(at, at + len(wanted), words)
            if place[1] - place[0] <= _longest(quote) and self._says(place, words):
                yield place
            at = key.find(wanted, at + 1, last)

    def _place(self, first: int, last: int, words: Words) -> Place:
        """The code points whose keys a stretch of the key touches, with what belongs to them."""
        start, end = self._character(first), self._character(last - 1) + 1
        while end < len(self.text) and unicodedata.combining(self.text[end]):
            end += 1
        # A mark that the key passes over stands outside of the stretch.
        if is_unkeyed(words.first):
            start = self._mark(words.first, range(start - 1, -1, -1), start)
        if is_unkeyed(words.last):
            end = self._mark(words.last, range(end, len(self.text)), end - 1) + 1
        return start, end

    def _mark(self, mark: str, offsets: range, otherwise: int) -> int:
        """The first of the offsets with that mark, with nothing that has a key before it."""
        for offset in offsets[:_MARGIN]:
            character = self._visible[offset]
            if is_mark(character, mark):
                return offset
            if not is_unkeyed(character):
                break
        return otherwise

    def _says(self, place: Place, words: Words) -> bool:
        start, end = place
        if self._cuts(start) or self._cuts(end):
            return False
        before = min(start, _BESIDE)
        shown = plain(self._visible[start - before : end + _BESIDE])
        return Words(shown[before : before + end - start]).same(words)

    def _cuts(self, at: int) -> bool:
        """Whether a figure or an accented letter stands across this offset."""
        if at < len(self.text) and unicodedata.combining(self.text[at]):
            return True
        around = f"{self.text[max(0, at - 2) : at]}\0{self.text[at : at + 2]}"
        return _CUT_FIGURE.search(around) is not None

    def _in_key(self, offset: int) -> int:
        """Where in the key what stands at that offset of the text begins."""
        block = offset // _BLOCK
        return self._key[1][block] + len(key_of(self._visible[block * _BLOCK : offset]))

    def _character(self, at: int) -> int:
        """The offset of the code point that a byte of the key belongs to."""
        starts = self._key[1]
        block = bisect_right(starts, at) - 1
        piece = self._visible[block * _BLOCK : (block + 1) * _BLOCK]

        def length(end: int) -> int:
            return len(key_of(piece[:end]))

        return block * _BLOCK + bisect_right(range(len(piece) + 1), at - starts[block], key=length) - 1


def _longest(quote: str) -> int:
    """How long the place of a quote may be."""
    return 2 * len(quote) + _MARKUP
