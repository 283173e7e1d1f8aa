"""Words: stems, stop words, how much a word tells, and text without its markup."""

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from importlib import import_module
from typing import Protocol

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_ISE = re.compile(r"^(\w{3,})is(e|ed|es|ing|er|ers|ation|ations)$")
_IZE = re.compile(r"^(\w{3,})iz(e|ed|es|ing|er|ers|ation|ations)$")
_OUR = re.compile(r"^(\w{3,})our(|s|ed|ing|al|ful)$")

STOP_WORDS = frozenset(
    """a about above after again against all almost along already also although always am among an and another any
    anyone anything are aren't around as at away be became because become been before behind being below
    between both but by can can't cannot could did didn't do does doesn't doing don't done down during each
    either else enough etc even ever every everything few for from further get gets getting give given gives
    go goes going got had has have haven't having he her here hers him his how however i i'm if in indeed
    instead into is isn't it it's its itself just least less let like likely made mainly make makes making
    many may me might more most much must my myself near need needs neither never no nobody none nor not
    nothing now of off often on once one only onto or other others otherwise our ours out over own part per
    perhaps please put quite rather really same shall she should shouldn't since so some something still
    such take taken takes than that that's the their theirs them themselves then there therefore these they
    this those through thus to together too toward towards under until up upon us very via want wants was
    wasn't way ways we well were weren't what what's when where whether which while who whole whom whose why
    will with within without won't would yes yet you your yours""".split()
)
"""Words that carry no subject in any question."""

_LIGHT_WORDS = """
    actual affect answer ask available aspect basic become best better bring case cause certain change
    common compare concern consider contain current define depend describe detail different difference
    difficult document effect effective evidence exact example exist explain fact find follow form future
    general good happen have help high impact important include increase influence involve issue keep
    key kind know large last latest learn like look low major matter mean     new overall overview particular people place point possible present problem
    provide question recent relate report result right role say see
    set several shape show significant similar simple situation sort start
    specific stay study subject suggest summary tell thing think today topic trend true turn type understand
    use user usual various view work year"""
"""Words that many questions hold whatever their subject: they say a little, and never decide."""

LIGHT_WEIGHT = 0.3


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


_new_stemmer: Callable[[str], _Stemmer] = import_module("snowballstemmer").stemmer


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The English stem of a word, in lower case; a word with a digit stays as it is."""
    lower = word.lower().replace("’", "'")
    if any(character.isdigit() for character in lower):
        return lower
    # A stemmer keeps state while it works, so each call has its own: engines run in threads.
    return _new_stemmer("english").stemWord(_american(lower.removesuffix("'s")))


def _american(word: str) -> str:
    return _ISE.sub(r"\1iz\2", _OUR.sub(r"\1or\2", word))


def spellings(word: str) -> list[str]:
    """A word as it stands, and as it is spelt on the other side of the Atlantic where that differs."""
    lower = word.lower()
    return distinct([word, *(other for other in (_american(lower), _IZE.sub(r"\1is\2", lower)) if other != lower)])


LIGHT = frozenset(map(stem, _LIGHT_WORDS.split()))


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

    Its rarity among the passages that a search found would say the opposite: what they are about is in all of them.
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
