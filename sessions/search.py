"""What runs are called, found by words as they are typed: begun, misspelt, or with letters left out."""

import re
import threading
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, LCSseq

_FUZZY_FROM = 5
_TWO_SLIPS_FROM = 8
"""Letters of a word in which one slip, and two, are forgiven: of shorter ones too little is left to go by."""

_TOGETHER = 80.0
"""Letters that are strewn over a name say nothing: of each hundred there, so many must be those typed."""

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text, without case and accents: what is typed and what is found are folded alike."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    if not plain.isascii():
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _WORD.findall(plain)


class Names:
    """The words of names, and whose names they stand in. May be used from several threads."""

    def __init__(self) -> None:
        self._names: dict[int, list[str]] = {}
        self._having: dict[str, set[int]] = {}
        self._sorted: list[str] = []
        """The words there are; empty when they are to be sorted anew."""
        self._lock = threading.Lock()

    def put(self, names: Iterable[tuple[int, str]], gone: Iterable[int] = ()) -> None:
        """These are called so from now on, and those are gone."""
        with self._lock:
            for number in gone:
                self._forget(number)
            for number, name in names:
                self._forget(number)
                self._names[number] = words_of(name)
                for word in self._names[number]:
                    self._having.setdefault(word, set()).add(number)
            self._sorted.clear()

    def _forget(self, number: int) -> None:
        for word in self._names.pop(number, ()):
            having = self._having.get(word, set())
            having.discard(number)
            if not having:
                self._having.pop(word, None)

    def beginning(self, typed: str) -> set[int]:
        """The names that have a word which begins so."""
        with self._lock:
            words = self._words()
            begun = words[bisect_left(words, typed) : bisect_left(words, f"{typed}\U0010ffff")]
            return set[int]().union(*(self._having[word] for word in begun))

    def alike(self, typed: str) -> dict[int, float]:
        """The names with a word that begins almost so, or with its letters over several words; how well each fits.

        A number is never misspelt: it is another number.
        """
        if len(typed) < _FUZZY_FROM or not typed.isalpha():
            return {}
        with self._lock:
            found: dict[int, float] = {}
            for slips, word in sorted(self._misspelt(typed), reverse=True):  # the best last
                found.update(dict.fromkeys(self._having[word], 1 / (1 + slips)))
            return found or self._strewn(typed)

    def _misspelt(self, typed: str) -> Iterator[tuple[int, str]]:
        """Words that begin almost so, and in how many letters not."""
        words, slips = self._words(), 1 + (len(typed) >= _TWO_SLIPS_FROM)
        for length in range(len(typed) - 1, len(typed) + 2):
            begun = [word[:length] for word in words]
            close = process.extract(typed, begun, scorer=OSA.distance, score_cutoff=slips, limit=None)
            yield from ((distance, words[place]) for _, distance, place in close)

    def _words(self) -> list[str]:
        self._sorted = self._sorted or sorted(self._having)
        return self._sorted

    def _strewn(self, typed: str) -> dict[int, float]:
        """Names in which the letters stand in order over several words, such as `evbat` in `EV battery`."""
        joined = {number: "".join(name) for number, name in self._names.items()}
        rough = process.extract(typed, joined, scorer=LCSseq.similarity, score_cutoff=len(typed), limit=None)
        scored = ((number, fuzz.partial_ratio(typed, name)) for name, _, number in rough)
        return {number: score / 1_000 for number, score in scored if score >= _TOGETHER}
