"""What explains that values disagree: read in the words around them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from agents.conflicts.frames import undated, unframed
from agents.conflicts.measures import Measure, measures
from agents.conflicts.parts import DATE
from agents.conflicts.qualifiers import DEFINITION, Cues, cues, periods
from agents.conflicts.roots import roots
from agents.conflicts.shapes import noted, qualifying
from agents.conflicts.subjects import one_meaning
from agents.stemming import stem
from agents.values.quantities import Quantity, agree
from agents.values.units import common_rate, is_money, is_per_head
from sessions.findings import Claim, Conflict, ConflictKind, ConflictValue, Finding

_KINDS: tuple[tuple[ConflictKind, tuple[str, ...], str], ...] = (
    ("different_definition", DEFINITION, "The values are counted by different definitions"),
    ("different_population", ("population",), "The values count different groups"),
    ("different_scope", ("scope",), "The values hold for different places"),
    ("different_period", ("period", "when"), "The values are of different periods"),
    ("different_method", ("method",), "The values were found by different methods"),
    ("different_definition", ("note",), "The values are noted to count different things"),
)
_ORDER = ((0, True), (1, True), (0, False), (1, False), (2, True), (2, False), (3, True))
"""Which reading is asked, and whether the values must name different things there, or one may name nothing."""
_BASIS = frozenset(("gross or net", "nominal or real", "tax"))
"""What a source may say of all its figures, far from each."""
_ALONE = _BASIS | {"counted as", "population", "scope"}
"""What tells two values apart when only one names it: "once", "average" and "measured" are often only said."""
_FAR = 3
"""The reading of the other quotes from a source."""
_SHAPES: tuple[tuple[ConflictKind, str], ...] = (
    ("different_method", "The values were found by different methods"),
    ("different_definition", "The values are counted by different definitions"),
    ("different_population", "The values count different groups"),
    ("different_scope", "The values hold for different places"),
)
_RESTATED = "A source corrects or updates the figure"
_PER_HEAD = "One value is a total, another is given per unit"
_RESCALED = "The values are alike in digits, but of another scale"
_DATING = re.compile(r"\d+|[a-z]{3,}")
_COMPARED = re.compile(r"\b(?:than|compared (?:with|to)|against|versus|up from|down from)\b[^,;.]*", re.IGNORECASE)
_LEADING = frozenset("the and for between during from over since through throughout until year".split())
"""Words that lead to a date, or say only that it is one."""
_FEW = 5
"""How many times as much a total is at the least as what it is per head: "per household" may be left unsaid."""
_NEAR_SCALE = Decimal("0.02")
"""How far, as a part, a value may lie from a thousand (a million …) times another to be that value rescaled."""


def explain(conflict: Conflict, claims: Iterable[Claim]) -> tuple[ConflictKind, str]:
    """What explains a conflict, and a sentence that names for each value what differs.

    Read are the words around each value, then those of its claim's finding, then its source's name and date, then
    the other quotes from that source: what values name differently before what only some of them name. Needs
    nothing but the records, as JSON carries them.
    """
    known = tuple(claims)
    found = [_measure(value) for value in conflict.values]
    readings = [_readings(value, measure, known) for value, measure in zip(conflict.values, found, strict=True)]
    kind, why = _explained(conflict, found, readings, known)
    money = sorted({m.quantity.unit.split("/")[0] for m in found if m and is_money(m.quantity.unit)} - {"¢"})
    note = f" The amounts are in different currencies ({', '.join(money)}), not converted." if money[1:] else ""
    return kind, why + note


def _explained(
    conflict: Conflict,
    found: Sequence[Measure | None],
    readings: Sequence[tuple[Cues, ...]],
    known: Sequence[Claim],
) -> tuple[ConflictKind, str]:
    for near in range(3):
        told = [reading[near].get("restated", frozenset()) for reading in readings]
        if len(set(told)) > 1:
            return "restated", _sentence(_RESTATED, conflict, told)
    if lead := _rescaled([measure for measure in found if measure]):
        return "rescaled", f"{lead}: {'; '.join(value.value for value in conflict.values)}."
    texts = [_text(value, known).lower() for value in conflict.values]
    counted = {measure.unit.split("/")[0] for measure in found if measure}
    for step, (near, both) in enumerate(_ORDER):
        if step == 1 and (beside := _beside(conflict, known)):
            return beside
        for kind, dimensions, lead in _KINDS:
            for dimension in dimensions:
                if step == 0 and dimension == "note":
                    continue  # how a note begins says more than that it is one
                if not (both or dimension in _ALONE) or (near == _FAR and dimension not in _BASIS):
                    continue
                # A word that says what all values count ("members") tells none of them apart.
                told = [
                    frozenset(w for w in reading[near].get(dimension, ()) if one_meaning(stem(w)) not in counted)
                    for reading in readings
                ]
                if not both:
                    told = [_unsaid(words, n, texts) for n, words in enumerate(told)]
                stems = [_stemmed(words) for words in told]
                if _differ(stems) if both else len(set(stems)) > 1:
                    return kind, _sentence(lead, conflict, told)
    values = " and ".join(value.value for value in conflict.values)
    return "unexplained", f"Nothing in the words around them explains why the values {values} differ."


def _beside(conflict: Conflict, known: Sequence[Claim]) -> tuple[ConflictKind, str] | None:
    """What explains a conflict by what stands beside what the texts state; None if nothing does plainly.

    Asides of both texts tell more than phrases of both, these than their dates, and these than a phrase of one.
    """
    texts = [_text(value, known) for value in conflict.values]
    values = [value.value for value in conflict.values]
    others = [" ".join(texts[:n] + texts[n + 1 :]) for n in range(len(texts))]
    phrases = [dict(qualifying(text, other)) for text, other in zip(texts, others, strict=True)]
    if found := _shaped(conflict, _notes(texts, values), 2) or _shaped(conflict, phrases, 2):
        return found
    dates = [_dated(text, value.value) for text, value in zip(texts, conflict.values, strict=True)]
    if all(dates) and len(set(dates)) > 1:
        return "different_period", _sentence("The values are of different periods", conflict, dates)
    return _shaped(conflict, phrases, 1)


def _notes(texts: Sequence[str], values: Sequence[str]) -> list[dict[str, ConflictKind]]:
    """The asides of each text that not every other makes; those that stand against each other are of one kind."""
    notes: list[dict[str, ConflictKind | None]] = []
    for n, text in enumerate(texts):
        others = [noted(text, values[n], texts[m], values[m]) for m in range(len(texts)) if m != n]
        notes.append({part: kind for found in others for part, kind in found.items()})
    told = [set(found.values()) for found in notes]
    alone: list[ConflictKind] = [kind for kind, _ in _SHAPES if any(kind in kinds for kinds in told)]
    if sum(map(bool, told)) > 1 and not any(sum(kind in kinds for kinds in told) > 1 for kind in alone):
        # Only one says what they tell apart, or each something else: "crops only", "crops and buildings".
        alone.append("different_definition")
        return [dict.fromkeys(found, alone[0]) for found in notes]
    return [{part: kind for part, kind in found.items() if kind} for found in notes]


def _shaped(
    conflict: Conflict, found: Sequence[Mapping[str, ConflictKind]], fewest: int
) -> tuple[ConflictKind, str] | None:
    """What explains a conflict by words of one kind that differ, which so many of its texts hold at the fewest."""
    for kind, lead in _SHAPES:
        told = [frozenset(words for words, shape in one.items() if shape == kind) for one in found]
        if sum(map(bool, told)) >= fewest and len(set(told)) > 1:
            return kind, _sentence(lead, conflict, told)
    return None


def _unsaid(words: frozenset[str], at: int, texts: Sequence[str]) -> frozenset[str]:
    """The words that not every other text holds, too, in some form: "vaccinated" is said by "vaccination"."""
    others = [(text, set(roots(text))) for n, text in enumerate(texts) if n != at]

    def is_said(word: str) -> bool:
        told = set(roots(word))
        return all(word.lower() in text or (told and told <= held) for text, held in others)

    return frozenset(word for word in words if not is_said(word))


def _dated(text: str, value: str) -> frozenset[str]:
    """The words that date a text, without those of a year that is the value, or that it is compared with."""
    alone = _COMPARED.sub(" ", text)
    text = alone if DATE.search(alone) else text
    words = (word for date in DATE.findall(text) if value not in date for word in _DATING.findall(date.lower()))
    return frozenset(word for word in words if word not in _LEADING)


def _text(value: ConflictValue, known: Sequence[Claim]) -> str:
    """All that is said of a value, what its finding says in brackets; its date only where its words have none."""
    finding = next((claim.finding for claim in known if claim.id == value.claim), Finding(claim=value.quote))
    date = "" if DATE.search(finding.claim) else finding.date
    fields = "".join(f" ({field})" for field in (finding.definition, finding.scope, date) if field)
    return unframed(finding.claim) + fields


def _rescaled(found: Sequence[Measure]) -> str:
    """What says that one value is another at a different scale, "" if none is."""
    for one, two in combinations(found, 2):
        a, b = one.quantity, two.quantity
        (unit, times), (other, times_other) = common_rate(one.unit), common_rate(two.unit)
        small, large = sorted((abs(a.low * times), abs(b.low * times_other)))
        if unit != other and is_per_head(unit) != is_per_head(other) and large > _FEW * small:
            return _PER_HEAD
        if unit and other and unit.partition("/")[0] != other.partition("/")[0]:
            continue
        if small and not agree(a, b) and (_of_thousands(large / small) or _digits(a) == _digits(b) != []):
            return _RESCALED
    return ""


def _of_thousands(ratio: Decimal) -> bool:
    return any(abs(ratio / 1000**power - 1) <= _NEAR_SCALE for power in (1, 2, 3))


def _digits(quantity: Quantity) -> list[str]:
    return re.findall(r"\d+", quantity.text) if quantity.low == quantity.high else []


def _measure(value: ConflictValue) -> Measure | None:
    """The value as it stands in its quote."""
    return next((m for m in measures(value.quote) if " ".join(m.quantity.text.split()) == value.value), None)


def _readings(value: ConflictValue, found: Measure | None, claims: Sequence[Claim]) -> tuple[Cues, ...]:
    """What qualifies a value: in its sentence; in its finding; with its source's name and date; in that source."""
    sentence = found.sentence if found else value.quote
    dated = found.periods if found else periods(undated(sentence))
    finding = next((claim.finding for claim in claims if claim.id == value.claim), Finding(claim=""))
    quoted = [quote.text for quote in finding.quotes if quote.source == value.source]
    said = " · ".join([value.quote, value.scope, finding.claim, finding.scope, finding.definition, *quoted])
    wider = {**_cues(said), "period": dated or periods(value.date)}
    named = cues(re.sub(r"[\W_]+", " ", value.source))
    widest = {**named, **wider, "period": wider["period"] or periods(finding.date)}
    others = [q.text for claim in claims for q in claim.finding.quotes if q.source == value.source]
    return {**_cues(sentence), "period": dated}, wider, widest, {**_cues(" · ".join(others)), **widest}


def _cues(text: str) -> Cues:
    """What qualifies a value, in the statement itself; who tells it may say that it is restated."""
    restated = cues(text).get("restated")
    return {**cues(unframed(text)), **({"restated": restated} if restated else {})}


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
