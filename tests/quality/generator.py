"""Makes pairs of statements of every kind of conflict, and of every sort of agreement that looks like one.

The kinds are made from their definitions. A pair of one thing by two sources, with two values, is a conflict of
- different_period: the values are of two times, or of a time and a part of it;
- different_definition: what counts as the thing differs;
- different_population: who or what was asked or counted differs;
- different_scope: the area differs, one within the other;
- different_method: how the value was got differs;
- restated: one source corrects or updates the other;
- rescaled: the same digits stand in another scale, so that one value is wrong or of another base;
- unexplained: nothing in the words tells them apart.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.quality import values
from tests.quality.pairs import Pair, Statement

Two = tuple[str, str]


@dataclass(frozen=True)
class Metric:
    """A thing that sources give figures for.

    `first` and `second` are two wordings of one statement, with {v} for the value and {p} for " in PLACE" (or
    nothing); `other` is a statement about another thing, with a value of the same unit.
    """

    unit: str
    label: str
    first: str
    second: str
    other: str
    place: str
    scopes: Two
    populations: Two
    definitions: Two


@dataclass(frozen=True)
class Said:
    """What is to be said, before it has a style: `when` and `aside` are phrases or empty."""

    metric: Metric
    wording: str
    value: str
    place: str
    when: str
    aside: str = ""
    field: str = ""
    """Which field of the finding holds the aside as well, where the style uses fields."""

    @property
    def sentence(self) -> str:
        """The wording with value and place, no time and no stop."""
        return self.wording.format(v=self.value, p=self.place)


Style = Callable[[Said, Random], Statement]


@dataclass(frozen=True)
class Wordings:
    """How the parts that do not depend on a metric are worded.

    `corrections` have {s} for a sentence; the label of a metric begins with a small letter where it is put in.
    """

    periods: tuple[Two, ...]
    methods: tuple[Two, ...]
    corrections: tuple[str, ...]
    now: tuple[str, ...]
    changes: tuple[str, ...]
    """Sentences of a change over time: {label}, {p}, {a}, {x} (a year), {b}, {y} (a later year)."""
    measures: tuple[str, ...]
    """Sentences that measure something else about the subject, in a unit that no metric has: {label}, {p}, {n}."""
    points: tuple[str, ...]
    """Sentences of a change in percentage points: {label}, {p}, {n}."""
    targets: tuple[str, ...]
    """Sentences of an aim: {label}, {p}, {v}."""
    elsewhere: tuple[str, ...]
    """Places that neither hold nor lie in any other, as " in PLACE"."""


@dataclass(frozen=True)
class Half:
    """One part of the data: what it is about, how it is worded, and how its documents look."""

    metrics: tuple[Metric, ...]
    wordings: Wordings
    styles: tuple[Style, ...]
    prose: Style


def sentence(text: str) -> str:
    """The text as a sentence, with a capital and a stop."""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def generate(half: Half, seed: int) -> list[Pair]:
    """At least 200 pairs with a conflict and 200 without, the same for the same seed."""
    random = Random(seed)
    pairs: list[Pair] = []
    for metric in half.metrics:
        maker = _Maker(half, metric, random)
        for _ in range(2):
            pairs += maker.conflicts()
            pairs += maker.agreements()
    return pairs


class _Maker:
    def __init__(self, half: Half, metric: Metric, random: Random) -> None:
        self._half, self._metric, self._random = half, metric, random
        self._words = half.wordings

    def conflicts(self) -> Iterator[Pair]:
        metric, pick = self._metric, self._random.choice
        yield self._differing("different_period", whens=pick(self._words.periods))
        yield self._differing("different_definition", asides=metric.definitions, field="definition")
        yield self._differing("different_population", asides=metric.populations, field="scope")
        yield self._differing("different_scope", places=metric.scopes)
        yield self._differing("different_method", asides=pick(self._words.methods))
        yield self._restated()
        scaled = values.misscaled(metric.unit, self._random)
        if scaled is not None:
            first, second = self._two(*scaled)
            yield self._pair("rescaled", True, first, second)
        yield self._differing("unexplained")

    def agreements(self) -> Iterator[Pair]:
        metric, random = self._metric, self._random
        one, two = values.draw_two(metric.unit, random)
        first, second = self._two(one.text, two.text)
        yield self._pair("other subject", False, first, replace(second, wording=metric.other), prose=True)
        first, second = self._two(*(value.text for value in values.draw_two(metric.unit, random)))
        elsewhere = replace(second, place=random.choice(self._words.elsewhere))
        yield self._pair("other place", False, first, elsewhere)
        yield self._against("other unit", random.choice(self._words.measures), n=random.randint(3, 70))
        yield self._pair("same value", False, *self._two(*values.same(metric.unit, random)))
        yield self._pair("same value", False, *self._two(one.text, one.text))
        yield self._pair("rounding", False, *self._two(*values.rounded(metric.unit, random)))
        yield self._pair("range", False, *self._two(*values.with_range(metric.unit, random)))
        yield self._pair("bound", False, *self._two(*values.with_bound(metric.unit, random)))
        yield self._changed(one.text, two.text)
        years = (replace(first, when="in 2024"), replace(first, when="in 2019", value=two.text))
        yield self._pair("change in one source", False, *years, together=True)
        if metric.unit == "percent":
            yield self._against("percentage points", random.choice(self._words.points), n=random.randint(2, 9))
        yield self._against("target", random.choice(self._words.targets), v=values.draw(metric.unit, random).text)
        yield self._currencies()

    def _two(self, one: str, two: str) -> tuple[Said, Said]:
        metric, when = self._metric, self._random.choice(self._words.now)
        first = Said(metric, metric.first, one, metric.place, when)
        return first, replace(first, wording=metric.second, value=two)

    def _differing(
        self,
        kind: str,
        *,
        whens: Two | None = None,
        asides: Two = ("", ""),
        places: Two | None = None,
        field: str = "",
    ) -> Pair:
        one, two = values.draw_two(self._metric.unit, self._random)
        first, second = self._two(one.text, two.text)
        sides: list[Said] = []
        for side, said in enumerate((first, second)):
            when = whens[side] if whens else said.when
            place = f" {places[side]}" if places else said.place
            sides.append(replace(said, when=when, place=place, aside=asides[side], field=field))
        if self._random.random() < 0.5:
            sides.reverse()
        return self._pair(kind, True, sides[0], sides[1])

    def _restated(self) -> Pair:
        one, two = values.draw_two(self._metric.unit, self._random)
        first, second = self._two(one.text, two.text)
        plain = self._half.prose(second, self._random)
        text = self._random.choice(self._words.corrections)
        said = plain.text.rstrip(".")
        # After a colon both are right; within a sentence only a small letter is.
        inner = said[0].lower() + said[1:] if ", {s}" in text else said
        corrected = sentence(text.format(s=inner))
        return Pair("restated", True, self._styled(first), Statement(corrected, second.value))

    def _changed(self, one: str, two: str) -> Pair:
        metric, random = self._metric, self._random
        change = random.choice(self._words.changes)
        told = sentence(change.format(label=self._label(), p=metric.place, a=two, x=2018, b=one, y=2024))
        now = Said(metric, metric.first, one, metric.place, "in 2024")
        return Pair("change over time", False, self._half.prose(now, random), Statement(told, one))

    def _currencies(self) -> Pair:
        random = self._random
        euro, dollars = (values.draw(unit, random).text for unit in ("euro", "dollar"))
        place = random.choice(self._words.elsewhere)
        spent = Statement(sentence(f"{euro} was spent{place} on rent in 2021"), euro)
        taken = Statement(sentence(f"{dollars} was taken{place} in ticket sales in 2021"), dollars)
        return Pair("currencies", False, spent, taken)

    def _against(self, sort: str, text: str, **parts: str | int) -> Pair:
        """A value of the metric against a sentence about it that gives no value of it."""
        first, _ = self._two(values.draw(self._metric.unit, self._random).text, "")
        told = sentence(text.format(label=self._label(), p=self._metric.place, **parts))
        return Pair(sort, False, self._half.prose(first, self._random), Statement(told, ""))

    def _label(self) -> str:
        return self._metric.label[0].lower() + self._metric.label[1:]

    def _styled(self, said: Said) -> Statement:
        return self._random.choice(self._half.styles)(said, self._random)

    def _pair(
        self, kind: str, conflict: bool, first: Said, second: Said, *, prose: bool = False, together: bool = False
    ) -> Pair:
        style = self._half.prose if prose else None
        one, two = ((style(said, self._random) if style else self._styled(said)) for said in (first, second))
        if together:
            one, two = replace(one, source="one.md"), replace(two, source="one.md")
        return Pair(kind, conflict, one, two)
