"""From a question to the words that are searched for, and from hits to the passages that are shown.

The weights were measured on 117 questions with one right file each, in eight trees of documentation (140 to 5,834
files: Markdown, reStructuredText, HTML): 65 to choose them, 52 to check.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from agents.stemming import stem

MAX_TERMS = 40

PER_DOCUMENT = 2
"""Passages of one document that an answer holds, unless it would have room left."""

_NAME_WEIGHT = 2.0
"""How much more a document counts whose title or path says just what is asked than one whose name says nothing."""

_NEXT_PASSAGE = 0.5
"""What each further passage of a document counts of its score, next to the one before."""

_COUNTED = 3
"""Passages that a document is judged by."""

STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below
    between both but by can cannot could did do does doing done down during each either else ever every few for
    from further get gets getting give given go goes going had has have having he her here hers him his how
    however i if in into is it its itself just keep let like made make makes making many may me might more most
    much must my need needs no nor not now of off often on once one only onto or other our out over own per
    please same see shall she should since so some still such take tell than that the their theirs them then
    there these they this those through thus to too under until up upon us use used uses using very via want was
    way were we what when where whether which while who whom whose why will with within without work works would
    yet you your yours""".split()
)
"""Question words and words that say nothing of a subject: they cost time and find everything."""

_TERM = re.compile(r"\w+(?:[-_.'’/]\w+)*")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")


@dataclass(frozen=True)
class Entry:
    """A document in the index; `length` counts the code points of its stored text."""

    id: int
    path: str
    sha256: str
    title: str
    date: str
    length: int


@dataclass(frozen=True)
class Hit:
    """A passage that holds words of the query: code points [start, start + len(text)) of its document's text.

    `score` is its BM25, the higher the better.
    """

    document: Entry
    start: int
    text: str
    score: float


def query_terms(query: str) -> list[str]:
    """The words of a query that tell something, each once; all of its words if none of them does."""
    words = [_POSSESSIVE.sub("", word) for word in _TERM.findall(query)]
    telling = [word for word in words if re.split("['’]", word.casefold())[0] not in STOP_WORDS]
    return list({word.casefold(): word for word in telling or words}.values())[:MAX_TERMS]


def match_expression(terms: Iterable[str]) -> str:
    """An FTS5 query for passages with any of the terms, each in quotes, where it is no syntax.

    A term such as `max_requests` becomes a phrase, as the tokenizer cuts it.
    """
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)


def name_words(name: str) -> list[str]:
    """The words of a title, a path or an identifier, also where only a capital letter tells them apart."""
    return _NAME_PART.findall(name)


def name_of(path: str) -> str:
    """A path without its suffix."""
    return str(PurePosixPath(path).with_suffix(""))


def best(hits: Sequence[Hit], terms: Sequence[str], limit: int) -> list[Hit]:
    """The passages to show, the best first.

    A document counts by its best passages, and more if its title or its path says what is asked: BM25 cannot see
    that a short name is met whole. No document fills an answer while others match, and of those with the same text
    only one is shown.
    """
    documents: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.document.path, hit.start)):
        found = documents.setdefault(hit.document.sha256, [])
        if not found or found[0].document == hit.document:
            found.append(hit)
    asked = _stems(" ".join(terms))
    valued: list[tuple[bool, float, Hit]] = []
    for found in documents.values():
        document = found[0].document
        likeness = max(_likeness(asked, _stems(name)) for name in (document.title, name_of(document.path)))
        score = sum(hit.score * _NEXT_PASSAGE**rank for rank, hit in enumerate(found[:_COUNTED]))
        score *= 1 + _NAME_WEIGHT * likeness
        for rank, hit in enumerate(found):
            share = hit.score / found[0].score * _NEXT_PASSAGE**rank
            valued.append((rank >= PER_DOCUMENT, -score * share, hit))
    valued.sort(key=lambda item: (item[0], item[1], item[2].document.path, item[2].start))
    return [hit for _, _, hit in valued[:limit]]


def _likeness(asked: set[str], name: set[str]) -> float:
    """How much two sets of words have in common, 0 to 1 (Dice)."""
    return 2 * len(asked & name) / (len(asked) + len(name)) if name else 0.0


def _stems(name: str) -> set[str]:
    """The stems of a name's words, stop words left out."""
    return {stem(word, "porter") for word in {word.casefold() for word in name_words(name)} - STOP_WORDS}
