"""English word stems: the one place that knows the stemmer."""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Literal, Protocol


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


# The package has no types of its own.
_new_stemmer: Callable[[str], _Stemmer] = import_module("snowballstemmer").stemmer


@lru_cache(maxsize=65_536)
def stem(word: str, algorithm: Literal["english", "porter"] = "english") -> str:
    """The stem of a word, in lower case; `porter` is what SQLite's full-text index uses."""
    # A stemmer holds the word it works on: one for each call is safe in threads, and the cache pays for it.
    return _new_stemmer(algorithm).stemWord(word.lower())
