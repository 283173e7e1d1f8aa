"""How far values measure one thing: alike in subject, of comparable units, in one sense."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.conflicts.gist import Gist, contrast, likeness
from agents.conflicts.measures import Measure
from agents.conflicts.places import Where
from agents.conflicts.roots import root
from agents.conflicts.subjects import OPPOSED
from agents.stemming import stem
from agents.values.units import common_rate, family, is_money, is_per_head

SAME_SUBJECT = 0.70
"""How alike two subjects must be for their values to disagree (0 to 1)."""

_SAME_GIST = 0.28
_TIMES = frozenset(("day", "week", "month", "year"))
"""What a rate may leave unsaid: "15 hours" may be "15 hours a month"."""
_TELLING = 3
"""Words of a gist, the rarest, of which another of one thing says one."""

_FEWER, _MORE = 0.8, 0.4
"""What a word counts that one subject has alone: in the one that has fewer of them, and in the other."""


@dataclass(frozen=True)
class Topic:
    """What a value measures: all that decides which other values it is compared with."""

    subject: tuple[tuple[str, float], ...]
    unit: str
    whole: frozenset[str]
    does: str
    names: frozenset[str]
    called: frozenset[str]
    """The names that are no place's, and none of a pair such as "first"."""
    sense: tuple[bool, bool]
    where: Where
    gist: Gist | None

    @classmethod
    def of(cls, measure: Measure, gist: Gist | None) -> "Topic":
        """The topic of a measure, and the gist of a text that gives no other value; rates are in days or years."""
        place = gist.where if gist else measure.where
        places = frozenset(map(stem, place.names))
        return cls(
            subject=tuple(sorted(measure.subject.items())),
            unit=common_rate(measure.unit)[0],
            whole=measure.whole,
            does=measure.does,
            names=measure.names,
            called=frozenset(name for name in measure.names - places if not OPPOSED.fullmatch(name)),
            sense=measure.sense,
            where=place,
            gist=gist,
        )


def comparable(one: str, two: str) -> bool:
    """Whether values of two units can be of one thing.

    They can when the unit is the same, when both are money, and when one is per head what the other is in all; a
    percentage and percentage points cannot, nor can rates of two things.
    """
    (first, _, of), (second, _, of_other) = one.partition("/"), two.partition("/")
    if first != second and not (is_money(one) and is_money(two)):
        return False
    return of == of_other or (not (of and of_other) and (is_per_head(one) or is_per_head(two)))


def _countable(one: str, two: str) -> bool:
    """Whether values of two units can be of one thing, where a count's noun or a rate's time may be unsaid."""
    (first, _, of), (second, _, of_other) = one.partition("/"), two.partition("/")
    if family(one) != family(two) or (family(one) not in ("count", "money") and first != second):
        return False
    if of == of_other or is_per_head(one) or is_per_head(two):
        return True
    return not (of and of_other) and (of or of_other) in _TIMES


def _contrast(one: Gist | None, two: Gist | None) -> bool:
    """Whether two texts differ in one word, and in no phrase that speaks of a whole or a part."""
    return one is not None and two is not None and not (one.every or two.every) and contrast(one, two)


def _weights(held: Mapping[str, int], total: int) -> dict[str, float]:
    """What each word weighs, by how many of all hold it: 1 if one does, less the more do."""
    return {
        word: 0.3 + 0.7 * min(1.0, math.log(1 + total / max(1, n - 1)) / math.log(1 + total))
        for word, n in held.items()
    }


class Likeness:
    """The topics of many values, and which of them are the same; rare words tell more than common ones."""

    def __init__(self, topics: Sequence[Topic], holders: Sequence[str]) -> None:
        """Each value's topic and holder, such as its claim's id: a word is the rarer the fewer hold it."""
        self.topics = tuple(dict.fromkeys(topics))
        self._parts = [dict(topic.subject) for topic in self.topics]
        held = list(zip(topics, holders, strict=True))
        total = len(set(holders))
        self._held = Counter(word for _, word in {(by, word) for topic, by in held for word, _ in topic.subject})
        told = {(by, word) for topic, by in held if topic.gist for word in topic.gist.said}
        self._told = Counter(word for _, word in told)
        self._weights = _weights(self._held, total)
        self._gist_weights = _weights(self._told, total)
        self._known: dict[tuple[int, int], float] = {}

    def alike(self, a: int, b: int) -> float:
        """How far two topics' subjects are the same; 0 if the topics differ otherwise, or by too much."""
        pair = (a, b) if a <= b else (b, a)
        if self.topics[a].where.apart(self.topics[b].where):
            return 0.0
        known = self._known.get(pair)
        if known is None:
            known = self._known[pair] = self._compare(*pair)
        return known

    def _alike_in_gist(self, a: Topic, b: Topic) -> float:
        """How far two texts of one value each are of one thing; what one counts, the other must name."""
        if a.gist is None or b.gist is None or a.sense[1] != b.sense[1]:
            return 0.0
        if a.called - b.called and b.called - a.called and not (a.gist.every or b.gist.every):
            return 0.0
        if not _countable(a.unit, b.unit):
            return 0.0
        (noun, _, _), (other, _, _) = a.unit.partition("/"), b.unit.partition("/")
        unsaid = (noun and root(noun) not in b.gist.said) or (other and root(other) not in a.gist.said)
        if family(a.unit) == "count" and noun != other and unsaid:
            return 0.0
        score = likeness(a.gist, b.gist, self._gist_weights)
        return score if score >= _SAME_GIST else 0.0

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The topics that are the same, by their places, each pair once, a topic with itself too."""
        met: dict[str, list[int]] = defaultdict(list)
        for number in range(len(self.topics)):
            keys = self._keys(number), self._gist_keys(number)
            asked, kept = ([key for pair in keys for key in pair[side]] for side in (0, 1))
            others = {other for key in asked for other in met[key]} | {number}
            for other in sorted(others):
                if self.alike(other, number):
                    yield other, number
            for key in kept:
                met[key].append(number)

    def _keys(self, number: int) -> tuple[list[str], list[str]]:
        """Keys of which two topics share one if they are the same: what a topic asks for, what it is kept by.

        Alike subjects share one of the rare words of each. A topic without a unit may have another's in its
        subject, and one without a subject is known by its unit alone.
        """
        topic, parts = self.topics[number], self._parts[number]
        words = self._telling(parts)
        if not topic.unit:
            return [*words, *(f"unit {word}" for word in parts)], [*words, *(f"bare {word}" for word in parts)]
        unit = topic.unit.split("/")[0]
        sparse = [f"all {unit}"] if not parts else []
        return (
            [*words, f"bare {unit}", f"sparse {unit}", *sparse],
            [*words, f"unit {unit}", f"all {unit}", *([f"sparse {unit}"] if sparse else [])],
        )

    def _gist_keys(self, number: int) -> tuple[list[str], list[str]]:
        """As `_keys`, by gist: of two texts of one thing, one says a telling word of the other."""
        topic = self.topics[number]
        if topic.gist is None:
            return [], []
        kind = family(topic.unit)
        telling = sorted(topic.gist.core, key=lambda word: (self._told[word], word))[:_TELLING]
        said = [f"{kind} said {word}" for word in topic.gist.said]
        told = [f"{kind} told {word}" for word in telling]
        return (
            [f"{kind} said {word}" for word in telling] + [f"{kind} told {word}" for word in topic.gist.said],
            said + told,
        )

    def _telling(self, parts: Mapping[str, float]) -> list[str]:
        """The rarest words of a subject: with all of them missing, no other subject is like it."""
        words = sorted(parts, key=lambda word: (self._held[word], word))
        bound = (1 - SAME_SUBJECT) / SAME_SUBJECT / _MORE
        missing, rest = 0.0, sum(parts[word] * self._weights[word] for word in words)
        for number, word in enumerate(words):
            if missing > bound * rest:
                return words[:number]
            missing, rest = missing + parts[word], rest - parts[word] * self._weights[word]
        return words

    def _compare(self, first: int, second: int) -> float:
        a, b = self.topics[first], self.topics[second]
        alike = self._alike_in_words(first, second) if a.sense == b.sense else 0.0
        return alike or self._alike_in_gist(a, b)

    def _alike_in_words(self, first: int, second: int) -> float:
        a, b = self.topics[first], self.topics[second]
        one, two = self._parts[first], self._parts[second]
        if a.unit != b.unit and not comparable(a.unit, b.unit):
            named = (a.unit or b.unit).split("/")[0]
            if (a.unit and b.unit) or not (named in one or named in two):
                return 0.0
        if (a.unit != b.unit and not (a.unit and b.unit)) or not one or not two:
            # "Members: 1,200" against "1,500 members": what is counted is the label of the other.
            one, two = ({**x, **({unit: 1.0} if unit else {})} for x, unit in ((one, a.unit), (two, b.unit)))
        # "Model A" is not "Model B", nor the first dose the second.
        if a.names - b.names and b.names - a.names:
            return 0.0
        # "45 % of classical musicians" and "of jazz musicians" are shares of different things.
        if a.whole and b.whole and (not a.whole & b.whole or (a.whole - b.whole and b.whole - a.whole)):
            return 0.0
        if a.does and b.does and a.does not in two and b.does not in one:
            return 0.0
        # "Spent 5 million on lawyers" is not "spent 7 million on dredging".
        if len(one.keys() - two.keys()) == len(two.keys() - one.keys()) == 1 and _contrast(a.gist, b.gist):
            return 0.0
        likeness = self._overlap(one, two) if one and two else 0.0
        return likeness if likeness >= SAME_SUBJECT else 0.0

    def _overlap(self, one: Mapping[str, float], two: Mapping[str, float]) -> float:
        """What two subjects share; what each has alone counts more than what only one of them adds."""
        shared, first, second = 0.0, sum(one.values()), sum(two.values())
        for word in one.keys() & two.keys():
            shared += self._weights.get(word, 1.0) * min(one[word], two[word])
            first, second = first - one[word], second - two[word]
        fewer, more = min(first, second), max(first, second)
        return shared / (shared + _FEWER * fewer + _MORE * more) if shared else 0.0
