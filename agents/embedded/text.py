"""Words: stems, stop words, how much a word tells, and text without its markup."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from agents import stemming
from agents.embedded.vocabulary import COMMON_WORDS, GENERIC_WORDS, LIGHT_WORDS
from agents.embedded.vocabulary import STOP_WORDS as _STOP_WORDS

STOP_WORDS = frozenset(_STOP_WORDS.split())

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_ISE = re.compile(r"^(\w{3,})is(e|ed|es|ing|er|ers|ation|ations)$")
_IZE = re.compile(r"^(\w{3,})iz(e|ed|es|ing|er|ers|ation|ations)$")
_OUR = re.compile(r"^(\w{3,})our(|s|ed|ing|al|ful)$")


LIGHT_WEIGHT = 0.3


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The English stem of a word, in lower case; a word with a digit stays as it is."""
    lower = word.lower().replace("’", "'")
    if any(character.isdigit() for character in lower):
        return lower
    return stemming.stem(_american(lower.removesuffix("'s")))


def _american(word: str) -> str:
    return _ISE.sub(r"\1iz\2", _OUR.sub(r"\1or\2", word))


def spellings(word: str) -> list[str]:
    """A word as it stands, and as it is spelt on the other side of the Atlantic where that differs."""
    lower = word.lower()
    return distinct([word, *(other for other in (_american(lower), _IZE.sub(r"\1is\2", lower)) if other != lower)])


LIGHT, COMMON, GENERIC = (
    frozenset(map(stem, listed.split())) for listed in (LIGHT_WORDS, COMMON_WORDS, GENERIC_WORDS)
)


def words(text: str) -> list[str]:
    """The words of a text as they stand; what joins the parts of an identifier is no part of a word."""
    return _WORD.findall(text)


def terms(text: str) -> list[str]:
    """The stems of a text in order, stop words left out."""
    return [stem(word) for word in words(text) if word.lower().replace("’", "'") not in STOP_WORDS]


def distinct(items: Iterable[str]) -> list[str]:
    """Each once, by first appearance."""
    return list(dict.fromkeys(items))


def weight(term: str) -> float:
    """How much a term of a question tells.

    Its rarity among the passages that a search found would say the opposite: their subject is in all of them.
    """
    return LIGHT_WEIGHT if term in LIGHT else 1.0


def share(wanted: Iterable[str], there: Collection[str]) -> float:
    """How much of what is wanted is there, by weight: 0 to 1."""
    asked = set(wanted)
    total = sum(map(weight, asked))
    return sum(weight(term) for term in asked if term in there) / total if total else 0.0


_MARKUP = (
    (re.compile(r"!\[([^\]]*)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r":[a-z:]+:`([^`<]+?)\s*(?:<[^`>]*>)?`"), r"\1"),
    (re.compile(r"`([^`<]+?)\s*<[^`>]*>`_+"), r"\1"),
    (re.compile(r"``([^`]+)``|`([^`]+)`_*"), r"\1\2"),
    (re.compile(r"(?<!\w)(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|#{1,6}|>)\s+"), ""),
    # A footnote mark would read as a citation.
    (re.compile(r"\[\^?(\d+)\]"), r"(\1)"),
)


def plain(text: str) -> str:
    """A sentence without its Markdown or reStructuredText, on one line."""
    for pattern, kept in _MARKUP:
        text = pattern.sub(kept, text)
    return " ".join(text.split())


_NUMERALS = "no one two three four five six seven eight nine ten eleven twelve".split()


def counted(count: int, one: str, many: str = "") -> str:
    """A count in words, for sentences that cite nothing: `three documents`."""
    spelt = _NUMERALS[count] if count < len(_NUMERALS) else "many" if count > 99 else "over a dozen"
    return f"{spelt} {one if count == 1 else many or one + 's'}"
