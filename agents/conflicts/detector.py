"""Values that disagree, found among the claims."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product

from agents.conflicts.explanations import explain as explain
from agents.conflicts.gist import Gist, gist
from agents.conflicts.likeness import Likeness, Topic
from agents.conflicts.measures import Measure, measures
from agents.conflicts.qualifiers import DEFINITION, periods
from agents.conflicts.sentences import ROW
from agents.conflicts.subjects import spoken
from agents.stemming import stem
from agents.values.quantities import Quantity, agree
from agents.values.units import common_rate, family, is_per_head
from sessions.findings import Claim, Conflict, ConflictValue, Quote

_STANDS = re.compile(
    r"(?:[:=|(]|\b(?:is|was|are|were|been|at|of|to|by|reach\w*|hit|scor\w+|total\w*|equal\w*|averag\w*|rated|rank\w*)"
    r"|\b(?:at|of|is|was|are|were)\s[a-z]{4,})\s*$",
    re.IGNORECASE,
)
_CODE = re.compile(r"[{}]|::|\(\)|==|=>|\w=\w")
_BECAME = re.compile(
    r"\b(?:from\b.{1,60}?\bto|ris\w+|rose|grew|grow\w*|f[ae]ll\w*|climb\w*|dropp?\w*|increas\w+|decreas\w+|declin\w+|up"
    r"|down|before|earlier|previous\w*|later|ago|then|after|chang\w+|doubl\w+|halv\w+)\b|→|->",
    re.IGNORECASE | re.DOTALL,
)
_DIGIT = re.compile(r"\d")
_GENERIC = frozenset(map(stem, "total value rate percentage count amount result number default".split()))


@dataclass(frozen=True)
class _Value:
    """One value of a quote, with its claim; `place` is where its sentence begins in the source."""

    claim: Claim
    quote: Quote
    measure: Measure
    place: int
    periods: frozenset[str]
    gist: Gist | None

    @cached_property
    def subject(self) -> frozenset[str]:
        """The stems of what it measures."""
        return frozenset(self.measure.subject)

    @cached_property
    def common(self) -> Quantity:
        """Its quantity, a rate of time in days or years."""
        value = self.measure.quantity
        unit, times = common_rate(self.measure.unit)
        return replace(value, low=value.low * times, high=value.high * times, slack=value.slack * times, unit=unit)

    @cached_property
    def turns(self) -> tuple[Measure, ...]:
        """The other values of its text, when the text says that one became another."""
        text = self.quote.text
        if len(periods(text)) < 2 and not _BECAME.search(text):
            return ()
        return tuple(m for m in measures(text) if m.quantity.text != self.measure.quantity.text)

    @property
    def source(self) -> str:
        """The name of its source."""
        return self.quote.source


def find_conflicts(claims: Iterable[Claim]) -> tuple[Conflict, ...]:
    """The values for one thing that disagree, as conflicts k1, k2 … in the order of the claims; not yet explained.

    Values are read in the quotes that stand in evidence. Two disagree when subject and unit are the same, they
    come from different sentences, and neither rounding nor a bound makes them one; a total and what it is per
    head, or amounts in two currencies, disagree whatever their numbers. Within a source they do only when nothing
    in its own words tells them apart. Over sources another period, definition, population, scope or method is left
    to the explanation; but where one source states both periods, it explains the change itself.
    """
    found = _Values([value for claim in claims for value in _values(claim)])
    groups = sorted(sorted(group) for group in _groups(found))
    return tuple(
        _conflict(f"k{number}", [found.values[n] for n in group]) for number, group in enumerate(groups, start=1)
    )


def _values(claim: Claim) -> list[_Value]:
    """The values that the claim's quotes give: those the claim names, or all when it names none."""
    named = measures(claim.finding.claim)
    found: dict[tuple[str, str, str], _Value] = {}
    for quote in claim.finding.resolved:
        start = quote.span.start if quote.span else 0
        read = measures(quote.text)
        for measure in read:
            value = measure.quantity
            same = next((other for other in named if agree(other.quantity, value)), None)
            if named and same is None:
                continue
            if same is not None and ROW.match(measure.sentence):
                # A row without its table's header says too little: the claim says the rest.
                whole = measure.whole or same.whole
                measure = replace(measure, subject={**same.subject, **measure.subject}, whole=whole)
            said = _gist(claim.finding.claim, same, named) if same else _gist(quote.text, measure, read)
            if _tells(measure) or (same and said and said.core):
                dated = measure.periods or (same.periods if same else None) or periods(claim.finding.date)
                found.setdefault(
                    (quote.source, value.text, measure.sentence),
                    _Value(claim, quote, measure, start + measure.start, dated, said),
                )
    return list(found.values())


def _gist(text: str, value: Measure, among: Sequence[Measure]) -> Gist | None:
    """The gist of a text that gives the value; None if it gives others that could be taken for it."""
    others = [other for other in among if other is not value and other.quantity.kind == value.quantity.kind]
    if _DIGIT.search(value.quantity.text):
        # "Extrapolated from twelve sites": beside a figure, a number in words is a detail.
        others = [other for other in others if _DIGIT.search(other.quantity.text)]
    if value.quantity.low == value.quantity.high:
        # "Gaps of less than 5 m are left out": so is a bound.
        others = [other for other in others if other.quantity.low == other.quantity.high]
    if any(family(other.unit) == family(value.unit) for other in others):
        return None
    return gist(text, value.start, value.quantity)


def _tells(measure: Measure) -> bool:
    """Whether its words say what a value is of; a bare number must stand where a value stands."""
    before = measure.sentence[: max(0, measure.quantity.start)]
    stands = ROW.match(measure.sentence) or (_STANDS.search(before) and not _CODE.search(measure.sentence))
    return bool((measure.unit or stands) and (measure.subject.keys() - _GENERIC or measure.quantity.counts))


class _Values:
    """All values, and which of them are of one thing and disagree."""

    def __init__(self, values: Sequence[_Value]) -> None:
        self.values = values
        topics = [Topic.of(value.measure, value.gist) for value in values]
        self._likeness = Likeness(topics, [value.claim.id for value in values])
        places = {topic: number for number, topic in enumerate(self._likeness.topics)}
        self._topics = [places[topic] for topic in topics]
        self._by_source: dict[str, list[int]] = defaultdict(list)
        for number, value in enumerate(values):
            self._by_source[value.source].append(number)
        self._series: dict[str, tuple[Measure, ...]] = {}

    def alike(self, a: int, b: int) -> float:
        """How far two values are of one thing, 0 if they are not."""
        return self._likeness.alike(self._topics[a], self._topics[b])

    def disagreeing(self) -> list[tuple[int, int]]:
        """The pairs that disagree, by their places among the values, the most alike first."""
        members: dict[int, list[int]] = defaultdict(list)
        for number, topic in enumerate(self._topics):
            members[topic].append(number)
        found: list[tuple[float, int, int]] = []
        for one, two in self._likeness.pairs():
            pairs = combinations(members[one], 2) if one == two else product(members[one], members[two])
            rank = -self._likeness.alike(one, two)
            found += [(rank, min(a, b), max(a, b)) for a, b in pairs if self._disagree(a, b)]
        return [(a, b) for _, a, b in sorted(found)]

    def _disagree(self, first: int, second: int) -> bool:
        a, b = self.values[first], self.values[second]
        one, two = a.measure, b.measure
        if one.quantity.kind != two.quantity.kind or _one_value(a.common, b.common):
            return False
        if one.sentence == two.sentence or _overlap(a, b):
            return False
        if a.source == b.source:
            only = sorted((len(a.subject - b.subject), len(b.subject - a.subject)))
            return a.periods == b.periods and one.cues == two.cues and only in ([0, 0], [0, 1])
        return not self._stated_change(a, second) and not self._stated_change(b, first)

    def _stated_change(self, a: _Value, other: int) -> bool:
        """Whether a's source gives the other's value for its period, so that the two are a change over time."""
        b = self.values[other]
        if a.turns and any(
            agree(m.quantity, b.measure.quantity) and not (m.periods and b.periods and not m.periods & b.periods)
            for m in a.turns
            if family(m.unit) == family(b.measure.unit)
        ):
            return True
        if a.periods & b.periods or not b.periods:
            return False
        sentence = a.measure.sentence
        if sentence not in self._series:
            self._series[sentence] = measures(sentence)
        series = [m for m in self._series[sentence] if m.quantity.unit in ("", b.measure.quantity.unit)]
        stated = [self.values[n] for n in self._by_source[a.source] if self.alike(n, other)]
        told = [(m.periods, m.quantity) for m in series] + [(v.periods, v.measure.quantity) for v in stated]
        return any(dated & b.periods and agree(value, b.measure.quantity) for dated, value in told)


def _one_value(a: Quantity, b: Quantity) -> bool:
    """Whether two values may be one, rounded or bounded differently; of two currencies they never are."""
    if not a.unit or not b.unit or a.unit == b.unit or "¢" in (a.unit, b.unit):
        return agree(a, b)
    (one, _, of), (other, _, of_other) = a.unit.partition("/"), b.unit.partition("/")
    if one != other or (of and of_other) or is_per_head(a.unit) or is_per_head(b.unit):
        return False
    return agree(a, b)  # "9,000 trips a day" may be "9,000 trips by bicycle each day"


def _overlap(a: _Value, b: _Value) -> bool:
    """Whether both stand in one sentence of one source, of which the quotes may hold different parts."""
    ends = a.place + len(a.measure.sentence), b.place + len(b.measure.sentence)
    return a.source == b.source and a.place < ends[1] and b.place < ends[0]


def _groups(found: _Values) -> list[list[int]]:
    """The values that disagree, those of one thing together."""
    groups: list[list[int]] = []
    homes: dict[int, set[int]] = defaultdict(set)
    # The most alike first, so that each value finds the group of what it is most about.
    for a, b in found.disagreeing():
        if homes[a] & homes[b]:
            continue
        known = sorted(homes[a] | homes[b])
        home = next((n for n in known if all(_joins(v, n in homes[v], groups[n], found) for v in (a, b))), None)
        if home is None and homes[a] and homes[b]:
            continue
        if home is None:
            home = len(groups)
            groups.append([])
        for value in (a, b):
            if home not in homes[value]:
                groups[home].append(value)
                homes[value].add(home)
    return groups


def _joins(value: int, within: bool, group: Sequence[int], found: _Values) -> bool:
    return within or all(found.alike(value, other) for other in group)


def _conflict(name: str, group: Sequence[_Value]) -> Conflict:
    shared = frozenset[str].intersection(*(value.subject for value in group)) or group[0].subject
    kept: dict[tuple[str, str, str], ConflictValue] = {}
    for value in group:
        kept.setdefault((value.claim.id, value.measure.quantity.text, value.source), _record(value))
    return Conflict(id=name, subject=spoken(group[0].measure.sentence, shared), values=tuple(kept.values()))


def _record(value: _Value) -> ConflictValue:
    """A value as it is kept: what qualifies it is what its finding says, else what stands around it."""
    quantity, finding, said = value.measure.quantity, value.claim.finding, value.measure.cues

    def words(*dimensions: str) -> str:
        return ", ".join(sorted({word for dimension in dimensions for word in said.get(dimension, ())}))

    period = ", ".join(sorted(value.measure.periods)) or words("when")
    return ConflictValue(
        claim=value.claim.id,
        value=" ".join(quantity.text.split()),
        unit=quantity.unit,
        quote=value.quote.text,
        source=value.quote.source,
        date=", ".join(sorted(value.measure.periods)) or finding.date,
        scope=finding.scope or words("scope"),
        definition=finding.definition or words(*DEFINITION),
        population=words("population"),
        period=period,
    )
