"""What a value measures: the words of its sentence that belong to it, and what they say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import nupunkt

from agents.qualifiers import Cues, cues, periods, sense, unqualified
from agents.quantities import Quantity, quantities
from agents.stemming import stem

_MOST_VALUES = 16
"""Values of a sentence; one that holds more is a listing, in which words and values cannot be matched."""


@dataclass(frozen=True)
class Measure:
    """A value with what it measures.

    `sentence` (a sentence, or a row of a table) begins at code point `start` of the text. `subject` holds the
    stems of the words that belong to the value, without what qualifies it, each with its part (1, or less for a
    word of a name); `whole` the stems of what it is a share of, and `does` what that whole does; `unit` is the
    quantity's, words of one meaning made one. `sense` says whether it is denied, and whether it is only meant to
    be so; `periods` what it is dated with, `cues` what else its sentence qualifies it by.
    """

    quantity: Quantity
    unit: str
    sentence: str
    start: int
    subject: Mapping[str, float]
    whole: frozenset[str]
    does: str
    sense: tuple[bool, bool]
    periods: frozenset[str]
    cues: Cues


_STOP = frozenset(
    """a about above across after all almost along also although am among amount an and any are as at back be
    because been before being below between both but by came can come comes could did do does doing during
    each either even every few fewer for from further gave get gives give had has have having he her here his
    how however i if in into is it it's its just last least less made make makes many may more most much must
    near nearly no not now of off on once one only or other others our out over own per put puts rather same
    she should since so some still such than that the their them then there these they this those through thus
    to together too total toward towards under until up upon very was we were what when where whether which
    while who whom whose why will with within without would yet you your

    according account accounted ahead already amounted annual answer answered approximately around asked
    association average averaged averages base based calculated case common compared count counted counting
    counts currently data day days decline declined decrease decreased document documents down drop dropped
    estimate estimated estimates fall fallen falling falls fell figure figured figures finding findings found
    grew grow grown grows higher hit include included including increase increased increases latest level
    lower main mean median month months new number numbers organisation organization overall part participants
    people percent percentage person persons point points proportion ratio reach reached reaches recent record
    recorded remain remained remains report reported reporting reports respondent respondents result results
    rise risen rises rising rose roughly said sample say says share shares show showed shows source sources
    stand stands statistic statistics stood studied studies study sum survey surveyed surveys throughout today
    totalled totals value week weeks year years""".split()
)
"""Words that say nothing of a subject: function words, and what every report of a figure holds."""

_SAME = {
    stem(word): stem(group.split()[0])
    for group in (
        "use used using usage adoption adopt adopted employ utilise utilize deploy rely user users tried trialled "
        "experimented",
        "buy bought",
        "sell sold",
        "lose lost",
        "write wrote written",
        "spend spent",
        "build built",
        "win won",
        "teach taught",
        "hold held",
        "choose chose chosen",
        "revenue turnover sales",
        "pay paid wage wages salary salaries earnings earn income",
        "worker workers employee employees staff workforce workplace",
        "company companies firm firms business businesses enterprise enterprises",
        "artist artists creator creators",
        "fear worry worried afraid concerned concern",
        "ai genai",
        "price prices cost costs",
        "film films movie movies",
    )
    for word in group.split()
}
"""Stems of one meaning."""

_WORD = re.compile(r"[A-Za-zÀ-ɏ][\w’'-]*")
_PLURAL = re.compile(r".*[^s]s|people|women|men|children|staff", re.IGNORECASE)
# "Motion A" and "Model 3" are not motion B and Model 4.
_NUMBERED = re.compile(r"(?<=[a-z] )[A-Z](?![\w’'.-])|\b[A-Z][A-Za-z]*[ -]\d{1,3}\b(?![,.]\d|\s?%)")
_RANKED = re.compile(
    r"\b(?:came|comes?|ranked|ranks|placed)\s(?:first|second|third|fourth|fifth|last)\b", re.IGNORECASE
)
_NAME = re.compile(r"[A-ZÀ-Ý][\w’'-]+(?:\s+(?:of\s+|for\s+|and\s+)?[A-ZÀ-Ý][\w’'-]*)+")
_SAYS = r"(?:found|finds?|shows?|showed|reports?|reported|says?|said|estimates?|estimated|suggests?|states?)"
_ATTRIBUTION = re.compile(
    r"^[^,;]{0,120}?\b(?:survey|study|poll|report|research|census|panel|analysis|register|yearbook|barometer"
    r"|statistics|researchers|office|institute|agency)\b[^,;]{0,60}?"
    rf"\b(?:{_SAYS}|puts?|indicates?|concluded?|concludes|recorded|counted)\b(?:\s+that\b)?"
    rf"|^(?:[^,;]{{0,60}},\s)?[^,;]{{0,80}}?\b{_SAYS}\s+that\b"
    r"|^(?:by|in|from|on)\s[^,;]{0,60}\b(?:data|logs?|surveys?|questionnaires?|records|estimates?|registers?|census"
    r"|figures|accounts|count),|\b(?:according to|as reported by|as measured by|based on)\s[^,;:]+(?:,|$)"
    rf"|,\s(?:the|a|its)\s[^,;]{{0,60}}\b{_SAYS}\b[^,;]*$",
    re.IGNORECASE,
)
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
_ENDS = re.compile(r"\s*(?:[,;)|.]|$|(?:and|or)\b)")
_PART_END = re.compile(r",|\s(?:and|or)\b")
_HEAD_PHRASE = re.compile(
    r"^\s*(?:of|in|among|for|from|at)\s+(?:[\w-]+\s+){0,2}?[\w-]+(?:s|people|men|women)\b"
    r"|^\s*(?:in|for|from|at)\s+[\w-]+"
)
_BLOCK = re.compile(r"\s*(?:[-*+•]\s|\d{1,3}[.)]\s|#|\|)|[^.:|\n]{1,60}:\s")
_ROW = re.compile(r"\s*\||.*\|.*\|")
_RULE = re.compile(r"[\s|:+=-]+")


def subject(text: str) -> dict[str, float]:
    """The stems of the words that say what is measured; the words of a name share the part of one word."""
    text = unqualified(_RANKED.sub(" ", _ATTRIBUTION.sub(" ", text)))
    parts = dict.fromkeys(_stems(_NAME.sub(" ", text)), 1.0)
    for name in _NAME.findall(text):
        words = _stems(name)
        parts = {word: 1 / len(words) for word in words} | parts
    return parts


def spoken(text: str, wanted: frozenset[str]) -> str:
    """The words of a text that have these stems, each once, in order."""
    words: dict[str, str] = {}
    for match in _WORD.finditer(text):
        for word in _stems(match.group())[:1]:
            words.setdefault(word, match.group())
    return " ".join(word for stemmed, word in words.items() if stemmed in wanted) or " ".join(sorted(wanted))


def measures(text: str) -> tuple[Measure, ...]:
    """Every value of a text with what it measures, in order; the sizes of samples are none."""
    found: list[Measure] = []
    header: list[str] = []
    for start, end in sentences(text):
        sentence = text[start:end]
        row = bool(_ROW.match(sentence))
        cells = _cells(sentence) if row else []
        if row and _RULE.fullmatch(text[end : end + 400].removeprefix("\n").split("\n")[0] or "x"):
            header = [cell for _, cell in cells]
            continue
        header = header if row else []
        values = [quantity for quantity in quantities(sentence) if quantity.kind != "sample"]
        if len(values) <= _MOST_VALUES:
            said = cues(sentence)
            for value in values:
                words = _row_words(cells, header, value) if row else _words(sentence, values, value)
                found.append(_measure(value, sentence, start, words, said))
    return tuple(found)


@dataclass(frozen=True)
class _Words:
    """The words that belong to a value: all, its own alone, what it is a share of, and what follows that."""

    about: str
    own: str
    whole: str = ""
    does: str = ""


def _measure(value: Quantity, sentence: str, start: int, words: _Words, said: Cues) -> Measure:
    unit = _same(value.unit)
    # "Members: 1,200": a qualifier that stands alone is what is measured.
    parts = subject(words.about) or dict.fromkeys(_stems(words.about), 1.0)
    dated = periods(sentence)
    # A sentence of several dates dates none of its values but those the dates stand beside.
    near = periods(words.own) or periods(words.about) or (dated if len(dated) == 1 else frozenset[str]())
    return Measure(
        quantity=value,
        unit=unit,
        sentence=sentence,
        start=start,
        subject={word: part for word, part in parts.items() if word != unit},
        whole=frozenset(subject(words.whole)),
        does=next(iter(_stems(unqualified(words.does))), ""),
        sense=sense(words.about),
        periods=near if value.kind != "year" else frozenset(),
        cues=said,
    )


def _cells(row: str) -> list[tuple[int, str]]:
    """The cells of a table's row, each with where it begins."""
    edges = [0, *(match.end() for match in re.finditer(r"\|", row)), len(row) + 1]
    return [(a, row[a : b - 1].strip()) for a, b in pairwise(edges) if row[a : b - 1].strip()]


def _row_words(cells: list[tuple[int, str]], header: list[str], value: Quantity) -> _Words:
    """A cell's labels: the other cells of its row that hold no value, and the header of its column."""
    column = max(n for n, (at, _) in enumerate(cells) if at <= value.start)
    label = " ".join(cell for n, (_, cell) in enumerate(cells) if n != column and not quantities(cell))
    about = f"{label}: {header[column] if column < len(header) else ''}"
    return _Words(about, about)


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
    if len(here) == 1:
        own = f"{head} {sentence[begin : value.start]} {sentence[value.end : finish]}"
        about = own if len(subject(own)) > 1 else _without(sentence, values)
        return _Words(about, own, whole, does)
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
    own = f"{before[at]} {behind[at]}"
    return _Words(f"{head} {label} {own} {tail}", own, whole, does)


def _whole(value: Quantity, after: str) -> tuple[str, str]:
    """What a share is of, and the words after it, or after what is counted, which say what that does."""
    match = _WHOLE.match(after) if value.unit == "%" else None
    if match is None:
        return "", after if value.counts else ""
    kept: list[str] = []
    end = match.end()
    for word in _WORD.finditer(after, match.start("words"), match.end("words")):
        if word.group().lower() in _STOP:
            return " ".join(kept), after[word.start() :]
        kept.append(word.group())
        if _PLURAL.fullmatch(word.group()):
            return " ".join(kept), after[word.end() :]
    return " ".join(kept), after[end:]


def _without(sentence: str, values: list[Quantity]) -> str:
    for value in reversed(values):
        sentence = f"{sentence[: value.start]} {sentence[value.end :]}"
    return sentence


def _stems(text: str) -> list[str]:
    words = (word.lower().replace("’", "'").removesuffix("'s").strip("'-") for word in _WORD.findall(text))
    return [_same(stem(word)) for word in words if word not in _STOP] + _NUMBERED.findall(text)


def _same(word: str) -> str:
    return _SAME.get(word, word)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences and table rows of a text, as [start, end) of it; a line break does not end a sentence."""
    begin = at = 0
    row = False
    for line in [*text.splitlines(keepends=True), ""]:
        new = not line.strip() or row or bool(_BLOCK.match(line))
        if new and text[begin:at].strip():
            for start, end in [(0, at - begin)] if row else nupunkt.sent_spans(text[begin:at]):
                kept = text[begin + start : begin + end]
                if kept.strip():
                    start += len(kept) - len(kept.lstrip())
                    yield begin + start, begin + start + len(kept.strip())
        if new:
            begin = at
        row = bool(_ROW.match(line))
        at += len(line)
