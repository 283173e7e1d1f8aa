"""What a text that gives one value says: the words that state it, and those that only stand beside it.

What qualifies a value is told by where it stands, not by which words it is: in brackets, after a comma, in a field
or a sentence of its own. So two texts are of one thing when what states the value in each is said anywhere in the
other.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from agents.conflicts.places import Where, where
from agents.conflicts.subjects import NAME, OPPOSED, stems
from agents.values.quantities import Quantity

PARTS = re.compile(r"[,;:|()\[\]?!\n\t=]|\s[–—-]+\s|[–—]|\.(?=\s|$)|\.{2,}")
_PREPOSITION = re.compile(
    r"\b(?:in|at|on|across|along|within|throughout|outside|inside|among(?:st)?|for|by|from|to|with|without|under"
    r"|over|between|around|near|through|of)\b",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"[,;:|()]|\b(?:is|was|are|were|be|been|has|have|had|do|did|does|that|which|who|where|while)\b|\0",
    re.IGNORECASE,
)
EVERY = re.compile(
    r"\b(?:all|whole|entire|every|everyone|any|both|together|overall|only|alone|nation-?wide|country-?wide"
    r"|world-?wide|as a whole|including|excluding|without)\b",
    re.IGNORECASE,
)
# A date, however it is told: its words measure nothing.
_SPAN = (
    "first|second|third|fourth|early|late|mid|whole|full|twelve|six|three|months?|quarters?|half|years?|winter|spring"
    "|summer|autumn|financial|fiscal|calendar|end|start|beginning|season|weeks?|january|february|march|april|may|june"
    "|july|august|september|october|november|december"
)
DATE = re.compile(
    rf"\b(?:(?:in|at|on|by|for|since|until|during|over|as of|to|from|through(?:out)?|between|of|and|the"
    rf"|{_SPAN})\s+)*"
    r"(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?\d\d(?:\d\d)?)?\b(?:\s(?:season|year))?"
    rf"|\b(?:in|at|by|during|over|for|as of)\s(?:(?:the|of|{_SPAN}|last|past|previous|this)\s)*(?:{_SPAN})\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\s*[A-ZÀ-Ý][a-zß-ɏ’']+(?:[\s-][A-ZÀ-Ý][a-zß-ɏ’']+){0,2}\s*")
_PLACED = re.compile(
    r"\b(?:region|area|district|country|province|state|city|county|nation|coast|place)\w*", re.IGNORECASE
)
_IMPLIED = {"metre": "long", "gram": "weigh", "second": "last", "°C": "temperatur"}
"""What a unit says without the word."""
_LACKS = re.compile(r"\b(?:no|not|never|none|without|lack\w*|missing|\w+n['’]t)\b", re.IGNORECASE)
_IN_NAME = 0.6
"""What a word of a longer name counts less."""
_FEWEST = 2
"""Stems that a part must hold to state what a value is of."""


@dataclass(frozen=True)
class Gist:
    """The stems of a text that gives one value.

    `core` are those that state it, `light` the part of them that stands in a phrase that may only say of whom or
    where, `named` the words of longer names; `said` are all of the text; `every` is whether such a phrase
    speaks of
    a whole or a part, `lacks` whether it denies, and `opposed` the words that name one of
    a pair ("first", "upper"); `where` the places that it names.
    """

    core: frozenset[str]
    light: frozenset[str]
    named: frozenset[str]
    said: frozenset[str]
    every: bool
    lacks: bool
    opposed: frozenset[str]
    where: Where


@lru_cache(maxsize=4_096)
def gist(text: str, at: int, value: Quantity) -> Gist:
    """The gist of a text that gives the value, which is a quantity of its sentence that begins at `at`."""
    start, end = at + value.start, at + value.end
    noun = " ".join(re.findall(r"[^\W\d]{3,}", value.text)) if value.counts else ""
    masked = f"{text[:start]} \0{noun}\0 {text[end:]}"
    masked = DATE.sub(lambda match: " " * len(match.group()), masked)
    parts: list[str] = []
    edge = 0
    for match in PARTS.finditer(masked):
        parts.append(masked[edge : match.start()])
        edge = match.end()
    parts.append(masked[edge:])
    here = next((n for n, part in enumerate(parts) if "\0" in part), 0)
    near = [here, *range(here - 1, -1, -1), *range(here + 1, len(parts))]
    chosen = ""
    for n in near:
        if len(stems(_plain(chosen))) < _FEWEST:
            chosen = f"{parts[n]}, {chosen}" if n < here else f"{chosen}, {parts[n]}"
    core = frozenset(stems(_plain(chosen)))
    core = core - {_IMPLIED.get(value.unit, "")} or core
    told = phrases(chosen)
    return Gist(
        core=core,
        light=core & frozenset(word for phrase in told for word in stems(phrase)),
        named=frozenset(word for name in NAME.findall(chosen) for word in stems(name)),
        said=frozenset(stems(_plain(masked))),
        every=any(EVERY.search(phrase) for phrase in told),
        lacks=bool(_LACKS.search(chosen)),
        opposed=frozenset(word.lower() for word in OPPOSED.findall(_plain(chosen))),
        where=_where(text, [part for part in parts if part not in chosen]),
    )


def likeness(one: Gist, two: Gist) -> float:
    """How far two texts state one thing, 0 to 1: by what is stated in each and not said in the other."""
    if not (one.every or two.every) and one.opposed - two.opposed and two.opposed - one.opposed:
        return 0.0
    alone = one.core - two.said, two.core - one.said
    both = (one.core & two.said) | (two.core & one.said)
    if not both or (len(both) == 1 and any(alone)):
        return 0.0
    # "In the valley" and "in the whole country" say where; "in parliament" and "on boards" may be two things.
    aside = one.light & alone[0], two.light & alone[1]
    light = 0.15 if one.every or two.every else 1.0 if all(aside) else 0.5
    fewer, more = sorted(len(words) - (1 - light) * len(some) for words, some in zip(alone, aside, strict=True))
    # What one text states and the other only mentions is shared by half.
    shared = (len(both) + len(one.core & two.core)) / 2 - _IN_NAME * len(both & (one.named | two.named))
    return shared / (shared + 2 * fewer + 0.5 * more)


def _where(text: str, beside: list[str]) -> Where:
    """The places of a text, with the names that stand alone beside what it states: "Oslo: …", "(Oslo)"."""
    found = where(text)
    alone = {
        part.strip()
        for part in beside
        # "Strictly, …" and the keys of fields are no names.
        if _ALONE.fullmatch(part)
        and not re.search(
            rf"(?:(?:^|[;|\n])\s*{part.strip()}:.*[;|\n]|[;|\n]\s*{part.strip()}:|^\s*{part.strip()},)", text
        )
    }
    wide = found.wide or bool(EVERY.search(" ".join(beside)) and _PLACED.search(" ".join(beside)))
    words = frozenset(word for name in alone for word in name.split() if stems(word))
    return replace(found, names=found.names | words, countries=found.countries and not words, wide=wide)


def _plain(text: str) -> str:
    """The text without the names of its places, which say where, not what."""
    names = where(text).names
    return re.sub(r"[^\W\d_][\w’'-]*", lambda match: "" if match.group() in names else match.group(), text)


def phrases(text: str) -> list[str]:
    """The phrases that begin with a preposition, other than those that say what a noun is of."""
    edges = sorted({*(m.start() for m in _PREPOSITION.finditer(text)), *(m.start() for m in _TURN.finditer(text))})
    found: list[str] = []
    for start, end in pairwise([*edges, len(text)]):
        head = _PREPOSITION.match(text, start)
        if head and (head.group().lower() != "of" or EVERY.search(text, start, end)):
            found.append(text[start:end])
    return found
