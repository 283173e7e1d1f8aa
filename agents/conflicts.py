"""Values that disagree: found among the claims, and explained from the words around them."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from agents.measures import Measure, measures, spoken
from agents.qualifiers import Cues, cues, periods
from agents.quantities import agree
from agents.stemming import stem
from sessions.findings import Claim, Conflict, ConflictKind, ConflictValue, Finding, Quote

SAME_SUBJECT = 0.66
"""How alike two subjects must be for their values to disagree (0 to 1)."""

_STANDS = re.compile(
    r"(?:[:=|(]|\b(?:is|was|are|were|been|at|of|to|by|reach\w*|hit|scor\w+|total\w*|equal\w*|averag\w*|rated|rank\w*))\s*$",
    re.IGNORECASE,
)
_CODE = re.compile(r"[{}]|::|\(\)|==|=>|\w=\w")
_GENERIC = frozenset(map(stem, "total value rate percentage count amount result number default".split()))


@dataclass(frozen=True)
class _Value:
    """One value of a quote, with its claim; `place` is where its sentence begins in the source."""

    claim: Claim
    quote: Quote
    measure: Measure
    place: int
    periods: frozenset[str]

    @property
    def subject(self) -> frozenset[str]:
        """The stems of what it measures."""
        return frozenset(self.measure.subject)

    @property
    def source(self) -> str:
        """What names the source's text."""
        return self.quote.span.source_sha256 if self.quote.span else self.quote.source


def find_conflicts(claims: Iterable[Claim]) -> tuple[Conflict, ...]:
    """The values for one thing that disagree, as conflicts k1, k2 … in the order of the claims; not yet explained.

    Values are read in the quotes that stand in evidence. Two disagree when subject and unit are the same, they
    come from different sentences, and neither rounding nor a bound makes them one. Within a source they do only
    when nothing in its own words tells them apart. Over sources another period, definition, population, scope or
    method is left to the explanation; but where one source states both periods, it explains the change itself.
    """
    values = [value for claim in claims for value in _values(claim)]
    weights = _weights(values)
    pairs = [(a, b) for a, b in combinations(values, 2) if _disagree(a, b, weights, values)]
    groups: list[list[_Value]] = []
    # The most alike first, so that each value finds the group of what it is most about.
    for a, b in sorted(pairs, key=lambda pair: -_alike(*pair, weights)):
        homes = [group for group in groups if a in group or b in group]
        home = next((group for group in homes if all(_joins(v, group, weights) for v in (a, b))), None)
        if home is None and all(any(v in group for group in homes) for v in (a, b)):
            continue
        if home is None:
            groups.append(home := [])
        home.extend(value for value in (a, b) if value not in home)
    order = {id(value): number for number, value in enumerate(values)}
    for group in groups:
        group.sort(key=lambda value: order[id(value)])
    groups.sort(key=lambda group: [order[id(value)] for value in group])
    return tuple(_conflict(f"k{number}", group) for number, group in enumerate(groups, start=1))


def _values(claim: Claim) -> list[_Value]:
    """The values that the claim's quotes give: those the claim names, or all when it names none."""
    named = measures(claim.finding.claim)
    found: dict[tuple[str, str, str], _Value] = {}
    for quote in claim.finding.resolved:
        start = quote.span.start if quote.span else 0
        for measure in measures(quote.text):
            value = measure.quantity
            same = next((other for other in named if agree(other.quantity, value)), None)
            if named and same is None:
                continue
            if same is not None and measure.sentence.startswith("|"):
                # A row without its table's header says too little: the claim says the rest.
                measure = replace(measure, subject={**same.subject, **measure.subject})
            if _tells(measure):
                dated = measure.periods or (same.periods if same else None) or periods(claim.finding.date)
                found.setdefault(
                    (quote.source, value.text, measure.sentence),
                    _Value(claim, quote, measure, start + measure.start, dated),
                )
    return list(found.values())


def _tells(measure: Measure) -> bool:
    """Whether its words say what a value is of; a bare number must stand where a value stands."""
    before = measure.sentence[: max(0, measure.quantity.start)]
    stands = measure.sentence.startswith("|") or (_STANDS.search(before) and not _CODE.search(measure.sentence))
    return bool((measure.unit or stands) and (measure.subject.keys() - _GENERIC or measure.quantity.counts))


def _weights(values: Sequence[_Value]) -> dict[str, float]:
    """How much a subject word tells: 1 for one that a single claim holds, less the more claims hold it."""
    held = Counter(word for words in {(v.claim.id, v.subject) for v in values} for word in words[1])
    total = len({value.claim.id for value in values})
    return {word: 0.3 + 0.7 * math.log(1 + total / n) / math.log(1 + total) for word, n in held.items()}


def _alike(a: _Value, b: _Value, weights: Mapping[str, float]) -> float:
    """How far two subjects are the same, 0 to 1; what each has alone counts more than what only one adds."""
    one, two = dict(a.measure.subject), dict(b.measure.subject)
    if a.measure.unit != b.measure.unit or not one or not two:
        # "Members: 1,200" against "1,500 members": what is counted is the label of the other.
        one, two = one | {a.measure.unit: 1.0}, two | {b.measure.unit: 1.0}
        one, two = ({word: part for word, part in x.items() if word} for x in (one, two))
    shared = sum(weights.get(word, 1.0) * min(one[word], two[word]) for word in one.keys() & two.keys())
    only = sorted(sum(x[word] for word in x.keys() - y.keys()) for x, y in ((one, two), (two, one)))
    return shared / (shared + 0.8 * only[0] + 0.4 * only[1]) if shared else 0.0


def _same_thing(a: _Value, b: _Value, weights: Mapping[str, float]) -> bool:
    one, two = a.measure, b.measure
    units = {one.unit, two.unit}
    if one.sense != two.sense or (len(units) > 1 and not ("" in units and units - {""} <= a.subject | b.subject)):
        return False
    # "45 % of classical musicians" and "of jazz musicians" are shares of different things.
    apart = not one.whole & two.whole or (one.whole - two.whole and two.whole - one.whole)
    if one.whole and two.whole and apart:
        return False
    if one.does and two.does and one.does not in two.subject and two.does not in one.subject:
        return False
    return _alike(a, b, weights) >= SAME_SUBJECT


def _disagree(a: _Value, b: _Value, weights: Mapping[str, float], values: Sequence[_Value]) -> bool:
    one, two = a.measure, b.measure
    if one.quantity.kind != two.quantity.kind or agree(one.quantity, two.quantity):
        return False
    if one.sentence == two.sentence or _overlap(a, b) or not _same_thing(a, b, weights):
        return False
    if a.source == b.source:
        only = sorted((len(a.subject - b.subject), len(b.subject - a.subject)))
        return a.periods == b.periods and one.cues == two.cues and only in ([0, 0], [0, 1])
    return not _stated_change(a, b, values, weights) and not _stated_change(b, a, values, weights)


def _overlap(a: _Value, b: _Value) -> bool:
    """Whether both stand in one sentence of one source, of which the quotes may hold different parts."""
    ends = a.place + len(a.measure.sentence), b.place + len(b.measure.sentence)
    return a.source == b.source and a.place < ends[1] and b.place < ends[0]


def _stated_change(a: _Value, b: _Value, values: Sequence[_Value], weights: Mapping[str, float]) -> bool:
    """Whether a's source itself gives b's value for b's period, so that the two are a change over time."""
    if a.periods & b.periods or not b.periods:
        return False
    series = [m for m in measures(a.measure.sentence) if m.quantity.unit in ("", b.measure.quantity.unit)]
    stated = [v.measure for v in values if v.source == a.source and _same_thing(v, b, weights)]
    return any(m.periods & b.periods and agree(m.quantity, b.measure.quantity) for m in (*series, *stated))


def _joins(value: _Value, group: Sequence[_Value], weights: Mapping[str, float]) -> bool:
    return value in group or all(_same_thing(value, other, weights) for other in group)


def _conflict(name: str, group: Sequence[_Value]) -> Conflict:
    shared = frozenset[str].intersection(*(value.subject for value in group)) or group[0].subject
    kept: dict[tuple[str, str, str], ConflictValue] = {}
    for value in group:
        quantity, finding = value.measure.quantity, value.claim.finding
        kept.setdefault(
            (value.claim.id, quantity.text, value.source),
            ConflictValue(
                claim=value.claim.id,
                value=" ".join(quantity.text.split()),
                unit=quantity.unit,
                quote=value.quote.text,
                source=value.quote.source,
                date=", ".join(sorted(value.measure.periods)) or finding.date,
                scope=finding.scope or ", ".join(sorted(value.measure.cues.get("scope", ()))),
            ),
        )
    return Conflict(id=name, subject=spoken(group[0].measure.sentence, shared), values=tuple(kept.values()))


_KINDS: tuple[tuple[ConflictKind, tuple[str, ...], str], ...] = (
    (
        "different_definition",
        ("how often", "gross or net", "nominal or real", "median or mean", "tax", "what is counted"),
        "The values are counted by different definitions",
    ),
    ("different_population", ("population",), "The values count different groups"),
    ("different_scope", ("scope",), "The values hold for different places"),
    ("different_period", ("period",), "The values are of different periods"),
    ("different_method", ("method",), "The values were found by different methods"),
)
_ORDER = ((0, True), (1, True), (0, False), (1, False), (2, True), (2, False), (3, True))
"""Which reading is asked, and whether the values must name different things there, or one may name nothing."""
_RESTATED = "A source corrects or updates the figure"


def explain(conflict: Conflict, claims: Iterable[Claim]) -> tuple[ConflictKind, str]:
    """What explains a conflict, and a sentence that names for each value what differs.

    Read are the words around each value, then those of its claim's finding, then its source's name and date, then
    the other quotes from that source: what values name differently before what only some of them name. Needs
    nothing but the records, as JSON carries them.
    """
    known = tuple(claims)
    readings = [_readings(value, known) for value in conflict.values]
    for near in range(3):
        told = [reading[near].get("restated", frozenset()) for reading in readings]
        if len(set(told)) > 1:
            return "restated", _sentence(_RESTATED, conflict, told)
    for near, both in _ORDER:
        for kind, dimensions, lead in _KINDS:
            for dimension in dimensions:
                told = [reading[near].get(dimension, frozenset()) for reading in readings]
                stems = [_stemmed(words) for words in told]
                if _differ(stems) if both else len(set(stems)) > 1:
                    return kind, _sentence(lead, conflict, told)
    values = " and ".join(value.value for value in conflict.values)
    return "unexplained", f"Nothing in the words around them explains why the values {values} differ."


def _readings(value: ConflictValue, claims: Sequence[Claim]) -> tuple[Cues, ...]:
    """What qualifies a value: in its sentence; in its finding; with its source's name and date; in that source."""
    found = next((m for m in measures(value.quote) if " ".join(m.quantity.text.split()) == value.value), None)
    sentence = found.sentence if found else value.quote
    dated = found.periods if found else periods(sentence)
    finding = next((claim.finding for claim in claims if claim.id == value.claim), Finding(claim=""))
    quoted = [quote.text for quote in finding.quotes if quote.source == value.source]
    said = " · ".join([value.quote, value.scope, finding.claim, finding.scope, finding.definition, *quoted])
    wider = {**cues(said), "period": dated or periods(value.date)}
    named = cues(re.sub(r"[\W_]+", " ", value.source))
    widest = {**named, **wider, "period": wider["period"] or periods(finding.date)}
    others = [q.text for claim in claims for q in claim.finding.quotes if q.source == value.source]
    return {**cues(sentence), "period": dated}, wider, widest, {**cues(" · ".join(others)), **widest}


def _differ(told: Sequence[frozenset[str]]) -> bool:
    return any(a - b and b - a for a, b in combinations(told, 2))


def _stemmed(words: frozenset[str]) -> frozenset[str]:
    """Cues to compare: "regular" is "regularly"."""
    return frozenset(" ".join(map(stem, phrase.split())) for phrase in words)


def _sentence(lead: str, conflict: Conflict, told: Sequence[frozenset[str]]) -> str:
    parts = [
        f"{value.value} ({', '.join(f'“{word}”' for word in sorted(words)) if words else 'not said'})"
        for value, words in zip(conflict.values, told, strict=True)
    ]
    return f"{lead}: {'; '.join(parts)}."
