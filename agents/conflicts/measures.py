"""What a value measures: the words of its sentence that belong to it, and what they say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from agents.conflicts.frames import undated, unframed
from agents.conflicts.parts import row_of
from agents.conflicts.places import Where, where
from agents.conflicts.qualifiers import Cues, cues, periods, sense, unqualified
from agents.conflicts.sentences import ROW, barred, sentences
from agents.conflicts.subjects import PLURAL, STOP, WORD, identifiers, one_meaning, stems, subject
from agents.values.labels import labelled
from agents.values.quantities import Quantity, quantities
from agents.values.units import rate_at

_MOST_VALUES = 16
"""Values of a sentence; one that holds more is a listing, in which words and values cannot be matched."""


@dataclass(frozen=True)
class Measure:
    """A value with what it measures.

    `sentence` (a sentence, or a row of a table) begins at code point `start` of the text. `subject` holds the
    stems of the words that belong to the value, without what qualifies it, each with its part (1, or less for a
    word of a name); `whole` the stems of what it is a share of, and `does` what that whole does;
    `names` what names it among others of its kind; `unit` is the
    quantity's, words of one meaning made one. `sense` says whether it is denied, and whether it is only meant to
    be so; `periods` what it is dated with, `where` the places it is for, `cues` what else its
    sentence qualifies it by.
    """

    quantity: Quantity
    unit: str
    sentence: str
    start: int
    subject: Mapping[str, float]
    whole: frozenset[str]
    does: str
    names: frozenset[str]
    sense: tuple[bool, bool]
    periods: frozenset[str]
    cues: Cues
    where: Where


_CLAUSE = re.compile(
    r";|\s[–—-]\s|,?\s(?:while|whereas|although|though)\s|,?\sand\s(?=(?:of|among)\s)"
    r"|,\s(?:but|with|against|compared)\s",
    re.IGNORECASE,
)
_LEADING_WHOLE = re.compile(
    r"\s*(?:[^,:]{0,60}[,:]\s)?(?:of|among)\s(?P<head>[\w’'-]+(?:\s(?!(?:who|that|which|with)\b)[\w’'-]+)*)[^,]*,",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\s?(?:of|among)\s+((?:all|the|its|their|our|these|those|every|surveyed|his|her)\s+)*"
    r"(?P<words>[\w’'-]+(?:\s[\w’'-]+){0,3})"
)
_LATER_RATE = re.compile(
    r"\sper\s(?:capita|head|person|inhabitant|resident|citizen|child|pupil|student|household|employee|worker|patient"
    r"|user|customer|hectare|kilo|litre|unit)\b",
    re.IGNORECASE,
)
# "Plant 17 produced 4,100 tonnes": the first number is a name.
_NUMBERED = re.compile(r"\b[A-Z][A-Za-z]*[ -]\d{1,4}$")
_SCALE_NOTE = re.compile(r"\s\((?:in )?(?:thousand|million|billion|€|\$|£)[^()]*\)", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:[,;)|.]|$|(?:and|or)\b)")
_PART_END = re.compile(r",|\s(?:and|or)\b")
_HEAD_PHRASE = re.compile(
    r"^\s*(?:of|in|among|for|from|at)\s+(?:[\w-]+\s+){0,2}?[\w-]+(?:s|people|men|women)\b"
    r"|^\s*(?:in|for|from|at)\s+[\w-]+"
)
_RULE = re.compile(r"[\s|:+=-]+")


@lru_cache(maxsize=2_048)
def measures(text: str) -> tuple[Measure, ...]:
    """Every value of a text with what it measures, in order; the sizes of samples are none."""
    found: list[Measure] = []
    header: list[str] = []
    for start, end in sentences(text):
        sentence = barred(text[start:end])
        row = bool(ROW.match(sentence))
        cells = _cells(sentence) if row else []
        if row and _RULE.fullmatch(text[end : end + 400].removeprefix("\n").split("\n")[0] or "x"):
            header = [cell for _, cell in cells]
            continue
        header = header if row else []
        values = [
            quantity
            for quantity in quantities(sentence)
            if quantity.kind != "sample" and (quantity.unit or not _NUMBERED.search(sentence, 0, quantity.end))
        ]
        if len(values) <= _MOST_VALUES:
            said, told = cues(sentence), unframed(sentence)
            for value in values:
                words = _row_words(cells, header, value) if row else _words(told, values, value)
                found.append(_measure(value, sentence, start, words, said))
    return tuple(found)


@dataclass(frozen=True)
class _Words:
    """The words that belong to a value: all, its own, what it is a share of, what that does, and its label."""

    about: str
    own: str
    whole: str = ""
    does: str = ""
    label: str = ""


def _measure(value: Quantity, sentence: str, start: int, words: _Words, said: Cues) -> Measure:
    value = labelled(value, words.label)
    unit, about = one_meaning(value.unit), words.about
    if unit and "/" not in unit and (rate := _LATER_RATE.search(about)) and (per := rate_at(about, rate.start())):
        unit, about = f"{unit}/{per.base}", f"{about[: rate.start()]} {about[per.end :]}"
    parts = subject(about)
    if not parts and not value.counts:
        # "Members: 1,200": a qualifier that stands alone is what is measured.
        parts = dict.fromkeys(stems(about), 1.0)
    dated = periods(undated(sentence))
    # A sentence of several dates dates none of its values but those the dates stand beside.
    near = (
        periods(undated(words.own))
        or periods(undated(words.about))
        or (dated if len(dated) == 1 else frozenset[str]())
    )
    return Measure(
        quantity=value,
        unit=unit,
        sentence=sentence,
        start=start,
        subject={word: part for word, part in parts.items() if word != unit},
        whole=frozenset(subject(words.whole)),
        does=next(iter(stems(unqualified(words.does))), ""),
        names=identifiers(about),
        sense=sense(about),
        periods=near if value.kind != "year" else frozenset(),
        cues=said,
        where=where(about),
    )


def _cells(row: str) -> list[tuple[int, str]]:
    """The cells of a table's row, each with where it begins."""
    edges = [0, *(match.end() for match in re.finditer(r"\|", row)), len(row) + 1]
    return [(a, row[a : b - 1].strip()) for a, b in pairwise(edges) if row[a : b - 1].strip()]


def _holds_value(cell: str) -> bool:
    """Whether a cell is there for its value: "seen within 4 hours" is not."""
    return bool(values := quantities(cell)) and len(stems(_without(cell, list(values)))) < 2


def _row_words(cells: list[tuple[int, str]], header: list[str], value: Quantity) -> _Words:
    """A cell's labels: the other cells of its row that hold no value, and the header of its column."""
    column = max(n for n, (at, _) in enumerate(cells) if at <= value.start)
    label = " ".join(cell for n, (_, cell) in enumerate(cells) if n != column and not _holds_value(cell))
    about = f"{label}: {header[column] if column < len(header) else ''}"
    return _Words(about, about, label=about)


def _words(sentence: str, values: list[Quantity], value: Quantity) -> _Words:
    """The words of a sentence that belong to one of its values.

    A value's own words follow it ("45 % in music, 30 % in film") or, when it ends its part, go before it
    ("music 45 %, film 30 %"); what stands before the first and after the last value of a clause belongs to all.
    """
    edges = [0, *(edge for match in _CLAUSE.finditer(sentence) for edge in match.span()), len(sentence)]
    begin = max(edge for edge in edges if edge <= value.start)
    finish = min(edge for edge in edges if edge >= value.end)
    head = ""
    if (leading := _LEADING_WHOLE.match(sentence, begin, value.start)) is not None:
        # "Of the authors who signed a contract, 11% found …": who they are is of whom, not what.
        head, begin = leading["head"], leading.end()
    here = [other for other in values if begin <= other.start and other.end <= finish]
    at = here.index(value)
    after = sentence[value.end : here[at + 1].start if at + 1 < len(here) else finish]
    whole, does = (head, after) if head else _whole(value, after)
    if value.unit == "%" and not whole and (row := row_of(sentence)) and not quantities(row):
        whole = row
    if len(here) == 1:
        before = sentence[begin : value.start]
        label = before.rstrip(" :=") if before.rstrip().endswith((":", "=")) else ""
        if label and (note := _SCALE_NOTE.match(after)):
            label, after = label + note.group(), after[note.end() :]
        own = f"{head} {before} {_counted(value)} {after}"
        about = (
            own
            if len(subject(own)) > 1
            else f"{_counted(value)} {_SCALE_NOTE.sub(' ', _without(sentence, values))}"
        )
        return _Words(about, own, whole, does, label)
    ends = [bool(_ENDS.match(sentence, other.end)) for other in here]
    parts: list[tuple[str, str]] = []
    for n, (a, b) in enumerate(pairwise(here)):
        text = sentence[a.end : b.start]
        split = [*_PART_END.split(text, maxsplit=1), ""]
        parts.append((text, "") if not ends[n + 1] else ("", text) if ends[n] else (split[0], split[1]))
    first, last = sentence[begin : here[0].start], sentence[here[-1].end : finish]
    label, _, rest = first.rpartition(":") if ends[0] else (first, "", "")
    before = [rest, *(part[1] for part in parts)]
    behind = [*(part[0] for part in parts), "" if ends[-1] else last]
    tail = last if ends[-1] else "" if value is here[-1] else _HEAD_PHRASE.sub(" ", last)
    own = f"{before[at]} {_counted(value)} {behind[at]}"
    return _Words(f"{head} {label} {own} {tail}", own, whole, does)


def _whole(value: Quantity, after: str) -> tuple[str, str]:
    """What a share is of, and the words after it, or after what is counted, which say what that does."""
    match = _WHOLE.match(after) if value.unit == "%" else None
    if match is None:
        return "", after if value.counts else ""
    kept: list[str] = []
    end = match.end()
    for word in WORD.finditer(after, match.start("words"), match.end("words")):
        if word.group().lower() in STOP:
            return " ".join(kept), after[word.start() :]
        kept.append(word.group())
        if PLURAL.fullmatch(word.group()):
            return " ".join(kept), after[word.end() :]
    return " ".join(kept), after[end:]


def _counted(value: Quantity) -> str:
    """The words within a value that say more of what it counts: "fish" of "1,100 fish species"."""
    return " ".join(WORD.findall(value.text.partition("/")[0])[:-1]) if value.counts else ""


def _without(sentence: str, values: list[Quantity]) -> str:
    for value in reversed(values):
        sentence = f"{sentence[: value.start]} {sentence[value.end :]}"
    return sentence
