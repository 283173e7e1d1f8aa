"""What a text that gives one value says of it, and how alike two such texts are.

What qualifies a value is told by where it stands, not by which words it is: in brackets, after a comma, in a field
or a sentence of its own. So two texts are of one thing when what states the value in each is said anywhere in the
other, in words of the same root.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from agents.conflicts.parts import ALONE, EVERY, PLACED, VALUE, WHOLE, masked, phrases, plain, row_of, stated
from agents.conflicts.places import Where, where
from agents.conflicts.roots import roots
from agents.conflicts.subjects import NAME, OPPOSED, stems
from agents.values.quantities import Quantity

_IMPLIED = {"metre": "long", "gram": "weigh", "second": "last", "°C": "temperatur"}
"""What a unit says without the word."""
_LACKS = re.compile(r"\b(?:no|not|never|none|without|lack\w*|missing|\w+n['’]t)\b", re.IGNORECASE)
_LACKING = re.compile(
    r"\b(?:cuts?|outages?|shortages?|absen\w+|interruptions?|failures?|gaps?|deficits?)\b", re.IGNORECASE
)
"""What says in a noun that something lacks, and so may stand for a text that denies it."""
_AMOUNT_OF = re.compile(r"\0\s+(?:a|per|each)?\s*(?:\w+\s)?of\s+([^\W\d]+)")
_SHARE_OF = re.compile(
    r"\0\s+(?:of|among|in)\s+((?:[\w’'-]+\s){0,2}?[^\W\d][\w’'-]*(?:s|people|men|women|staff)\b)"
)
_CASE = "case"
""""In 5 % of cases" says no whole."""
_IN_NAME = 0.6
"""What a word of a longer name counts less."""
_ASIDE, _UNSURE = 0.15, 0.5
"""What a word counts that says where or of whom: surely, and perhaps."""
_FEWER, _MORE = 2.0, 0.5
"""What a word counts that only one text says: in the one that has fewer of them, and in the other."""


@dataclass(frozen=True)
class Gist:
    """The roots of a text that gives one value.

    `core` are those that state it, `order` the same as they stand, with a mark for the value; `light` is the part
    of them that stands in a phrase that may only say of whom or where, `named` the words of longer names. `of` is
    what the value is an amount of, `whole` what it is a share of. `said` are all of the text; `every` is whether a
    light phrase speaks of a whole or a part, `lacks` whether the text denies, `lacking` whether it names a lack,
    `opposed` the words that name one of a pair ("first", "upper"), `where` the places that it names.
    """

    core: frozenset[str]
    order: tuple[str, ...]
    light: frozenset[str]
    named: frozenset[str]
    of: frozenset[str]
    whole: frozenset[str]
    said: frozenset[str]
    every: bool
    lacks: bool
    lacking: bool
    opposed: frozenset[str]
    where: Where


@lru_cache(maxsize=4_096)
def gist(text: str, at: int, value: Quantity) -> Gist:
    """The gist of a text that gives the value, which is a quantity of its sentence that begins at `at`."""
    noun = " ".join(re.findall(r"[^\W\d]{3,}", value.text)) if value.counts else ""
    mask = masked(text, at + value.start, at + value.end, noun)
    said, beside = stated(mask)
    told = tuple(phrases(said))
    placed = {word for phrase in told if WHOLE.search(phrase) or where(phrase).names for word in roots(phrase)}
    core = frozenset(roots(plain(said)))
    core = core - placed or core
    core = core - {_IMPLIED.get(value.unit, "")} or core
    counted = (_SHARE_OF if value.unit == "%" else _AMOUNT_OF).finditer(said)
    of = frozenset(word for match in counted for word in roots(plain(match[1])) if word != _CASE)
    whole = of if value.unit == "%" else frozenset[str]()
    if value.unit == "%" and not whole:
        # "Sector: music; share: 5 %" is a share of what the row is of.
        whole = frozenset(roots(plain(row_of(mask)))) - core
    return Gist(
        core=core,
        order=_order(said, core),
        light=core & frozenset(word for phrase in told for word in roots(phrase)),
        named=frozenset(word for name in NAME.findall(said) for word in roots(name)),
        of=of if value.unit != "%" else frozenset(),
        whole=whole,
        said=frozenset(roots(plain(mask))),
        every=any(EVERY.search(phrase) for phrase in told),
        lacks=bool(_LACKS.search(said)),
        lacking=bool(_LACKING.search(said)),
        opposed=frozenset(word.lower() for word in OPPOSED.findall(plain(said))),
        where=_where(text, beside),
    )


def likeness(one: Gist, two: Gist, weights: Mapping[str, float]) -> float:
    """How far two texts state one thing, 0 to 1: by what is stated in each and not said in the other.

    What both say weighs by `weights` (1 for a word that is not in it).
    """
    if _apart(one, two):
        return 0.0
    alone = one.core - two.said, two.core - one.said
    both = (one.core & two.said) | (two.core & one.said)
    if not one.core & two.core or (len(both) == 1 and any(alone) and not (one.of | two.of)):
        return 0.0
    # "In the valley" and "in the whole country" say where; "in parliament" and "on boards" may be two things.
    aside = one.light & alone[0], two.light & alone[1]
    light = _ASIDE if one.every or two.every else 1.0 if all(aside) else _UNSURE
    fewer, more = sorted(len(words) - (1 - light) * len(some) for words, some in zip(alone, aside, strict=True))
    # What one text states and the other only mentions is shared by half.
    stated_by_both, named = one.core & two.core, one.named | two.named
    shared = sum(
        weights.get(word, 1.0) * ((1.0 if word in stated_by_both else 0.5) - _IN_NAME * (word in named))
        for word in both
    )
    return shared / (shared + _FEWER * fewer + _MORE * more)


def _apart(one: Gist, two: Gist) -> bool:
    """Whether two texts are of two things, however many words they share."""
    if one.lacks != two.lacks and not (two if one.lacks else one).lacking:
        return True
    if (one.of and not one.of & two.said) or (two.of and not two.of & one.said):
        return True
    wholes = one.whole | two.whole
    if one.whole and two.whole and not (one.whole & two.whole and (one.core & two.core) - wholes):
        return True
    if one.every or two.every:
        return False
    return bool(one.opposed - two.opposed and two.opposed - one.opposed) or contrast(one, two)


def contrast(a: Gist, b: Gist) -> bool:
    """Whether two texts are worded alike but for one word, which then is what they are about.

    "Coal supplies 22 % of power" and "gas supplies 35 % of power" are such; other words in another order are not.
    """
    one, two = a.order, b.order
    shorter = min(len(one), len(two))
    begin = next((n for n in range(shorter) if one[n] != two[n]), shorter)
    rest = shorter - begin
    end = next((n for n in range(rest) if one[-1 - n] != two[-1 - n]), rest)
    left, right = one[begin : len(one) - end], two[begin : len(two) - end]
    if VALUE in (*left, *right) or begin + end < 2:
        return False
    sizes = sorted((len(left), len(right)))
    if sizes == [1, 1]:
        return True
    # "5 % of drivers were on sick leave", "5 % of drivers belong to a union": what they do is all that differs.
    does = VALUE in one[:begin] and sizes[0] > 0 and (end == 0 or sizes == [1, 2])
    # "The search index covers 60 languages", "the speech model covers 102 languages": who does it is.
    who = begin == 0 and sizes[0] > 1 and VALUE in one[len(one) - end :]
    return (does or who) and not set(left) & set(right)


def _order(said: str, core: frozenset[str]) -> tuple[str, ...]:
    """The roots of the core as they stand, with a mark for the value; the names with a number are left out."""
    before, _, rest = said.partition(VALUE)
    kept = [[word for word in roots(plain(text)) if word in core and word.islower()] for text in (before, rest)]
    return (*kept[0], VALUE, *kept[1])


def _where(text: str, beside: list[str]) -> Where:
    """The places of a text, with the names that stand alone beside what it states: "Oslo: …", "(Oslo)"."""
    found = where(text)
    names = {part.strip() for part in beside if ALONE.fullmatch(part)}
    # "Strictly, …" and the keys of fields are no names.
    alone = {
        name
        for name in names
        if not re.search(rf"\S\s+{re.escape(name)}:|^\s*{re.escape(name)}(?:,|:.*(?:[;\n|]|,[^,]+:))", text)
    }
    other = " ".join(beside)
    wide = found.wide or bool(EVERY.search(other) and PLACED.search(other))
    words = frozenset(word for name in alone for word in name.split() if stems(word))
    return replace(found, names=found.names | words, countries=found.countries and not words, wide=wide)
