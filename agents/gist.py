"""What a text that gives one value says: the words that state it, and those that only stand beside it.

What qualifies a value is told by where it stands, not by which words it is: in brackets, after a comma, in a field
or a sentence of its own. So two texts are of one thing when what states the value in each is said anywhere in the
other.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from agents.places import Where, where
from agents.quantities import Quantity
from agents.subjects import OPPOSED, stems

_PARTS = re.compile(r"[,;:|()\[\]?!\n\t=]|\s[–—-]+\s|[–—]|\.(?=\s|$)|\.{2,}")
_PREPOSITION = re.compile(
    r"\b(?:in|at|on|across|along|within|throughout|outside|inside|among(?:st)?|for|by|from|to|with|without|under"
    r"|over|between|around|near|through|of)\b",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"[,;:|()]|\b(?:is|was|are|were|be|been|has|have|had|do|did|does|that|which|who|where|while)\b|\0",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\b(?:all|whole|entire|every|everyone|any|each|both|together|overall|only|alone|nation-?wide|country-?wide"
    r"|world-?wide|as a whole|including|excluding|without)\b",
    re.IGNORECASE,
)
# A date, however it is told: its words measure nothing.
_SPAN = (
    "first|second|third|fourth|early|late|mid|whole|full|twelve|six|three|months?|quarters?|half|years?|winter|spring"
    "|summer|autumn|financial|fiscal|calendar|end|start|beginning|season|weeks?|january|february|march|april|may|june"
    "|july|august|september|october|november|december"
)
_DATE = re.compile(
    rf"\b(?:(?:in|at|on|by|for|since|until|during|over|as of|to|from|through(?:out)?|between|of|and|the|{_SPAN})\s+)*"
    r"(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?\d\d(?:\d\d)?)?\b(?:\s(?:season|year))?"
    rf"|\b(?:in|at|by|during|over|for|as of)\s(?:(?:the|of|{_SPAN}|last|past|previous|this)\s)*(?:{_SPAN})\b",
    re.IGNORECASE,
)
_IMPLIED = {"metre": "long", "gram": "weigh", "second": "last", "°C": "temperatur"}
"""What a unit says without the word."""
_FEWEST = 2
"""Stems that a part must hold to state what a value is of."""


@dataclass(frozen=True)
class Gist:
    """The stems of a text that gives one value.

    `core` are those that state it, `light` the part of them that stands in a phrase that may only say of whom or
    where, `said` all of the text; `every` whether it speaks of a whole or a part, and `opposed` the words that
    name one of a pair ("first", "upper"); `where` the places that it names.
    """

    core: frozenset[str]
    light: frozenset[str]
    said: frozenset[str]
    every: bool
    opposed: frozenset[str]
    where: Where


@lru_cache(maxsize=4_096)
def gist(text: str, at: int, value: Quantity) -> Gist:
    """The gist of a text that gives the value, which is a quantity of its sentence that begins at `at`."""
    start, end = at + value.start, at + value.end
    noun = " ".join(re.findall(r"[^\W\d]{3,}", value.text)) if value.counts else ""
    masked = f"{text[:start]} \0{noun}\0 {text[end:]}"
    masked = _DATE.sub(lambda match: " " * len(match.group()), masked)
    parts: list[str] = []
    edge = 0
    for match in _PARTS.finditer(masked):
        parts.append(masked[edge : match.start()])
        edge = match.end()
    parts.append(masked[edge:])
    here = next((n for n, part in enumerate(parts) if "\0" in part), 0)
    near = [here, *range(here - 1, -1, -1), *range(here + 1, len(parts))]
    chosen = next((parts[n] for n in near if len(stems(_plain(parts[n]))) >= _FEWEST), masked)
    core = frozenset(stems(_plain(chosen)))
    core = core - {_IMPLIED.get(value.unit, "")} or core
    return Gist(
        core=core,
        light=core & frozenset(word for phrase in _phrases(chosen) for word in stems(phrase)),
        said=frozenset(stems(_plain(masked))),
        every=bool(_EVERY.search(masked)),
        opposed=frozenset(word.lower() for word in OPPOSED.findall(_plain(chosen))),
        where=where(text),
    )


def likeness(one: Gist, two: Gist) -> float:
    """How far two texts state one thing, 0 to 1: by what is stated in each and not said in the other."""
    if not (one.every or two.every) and one.opposed - two.opposed and two.opposed - one.opposed:
        return 0.0
    shared = len((one.core & two.said) | (two.core & one.said))
    alone = one.core - two.said, two.core - one.said
    if not shared or (shared == 1 and any(alone)):
        return 0.0
    # "In the valley" and "in the whole country" say where; "in parliament" and "on boards" may be two things.
    aside = one.light & alone[0], two.light & alone[1]
    light = 0.15 if one.every or two.every else 1.0 if all(aside) else 0.5
    fewer, more = sorted(len(words) - (1 - light) * len(some) for words, some in zip(alone, aside, strict=True))
    return shared / (shared + 2 * fewer + 0.35 * more)


def _plain(text: str) -> str:
    """The text without the names of its places, which say where, not what."""
    names = where(text).names
    return re.sub(r"[^\W\d_][\w’'-]*", lambda match: "" if match.group() in names else match.group(), text)


def _phrases(text: str) -> list[str]:
    """The phrases that begin with a preposition, other than those that say what a noun is of."""
    edges = sorted({*(m.start() for m in _PREPOSITION.finditer(text)), *(m.start() for m in _TURN.finditer(text))})
    found: list[str] = []
    for start, end in pairwise([*edges, len(text)]):
        head = _PREPOSITION.match(text, start)
        if head and (head.group().lower() != "of" or _EVERY.search(text, start, end)):
            found.append(text[start:end])
    return found
