"""Values in text: what kind of value a number is, how it is bounded, and where it stands."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from agents.stemming import stem
from agents.values.amounts import NUMBER, SHARE, Amount, amount, share
from agents.values.units import BASE_UNITS, is_money, rate_at, unit_at

QuantityKind = Literal["level", "change", "baseline", "sample", "year"]
"""A level, a change of one, the level a change began at, the size of a sample, a year that is itself the fact."""


@dataclass(frozen=True)
class Quantity:
    """A value as it stands at code points [start, end) of its text.

    `low` and `high` are in the base unit (scale words, and units such as hours, are multiplied out) and equal
    for a single number; `slack` is how far another value may lie and still be the same one, rounded. `unit`
    is "%", "pp", a currency, "×", a base unit such as "second", or the stem of the noun that is counted, with
    "/month" and the like after it; "" for a bare number. A decrease is negative.
    """

    text: str
    start: int
    end: int
    low: Decimal
    high: Decimal
    slack: Decimal
    unit: str
    kind: QuantityKind

    @property
    def counts(self) -> bool:
        """Whether it counts things, whose noun is then its unit."""
        return bool(self.unit) and self.kind != "year" and self.unit.split("/")[0] not in BASE_UNITS


def agree(a: Quantity, b: Quantity) -> bool:
    """Whether two values of one unit may be the same one, rounded or bounded differently."""
    return max(a.low - b.high, b.low - a.high) <= max(a.slack, b.slack)


def same_value(a: Quantity, b: Quantity) -> bool:
    """Whether two values are the same number in the same unit, however they are written."""
    return a.unit == b.unit and (abs(a.low), abs(a.high)) == (abs(b.low), abs(b.high))


# Dates, times, places in a document, citations and addresses hold numbers that measure nothing.
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
LABEL = (
    r"(?!(?:we|they|it|he|she|the|an?|in|on|at|by|for|only|some)\b)"
    r"(?-i:[A-Z])(?:(?!\w*(?:s|ed)\s)[a-z]+\s){1,3}"
)
"""The words of a label before its number, in a pattern without case: "Key finding 3", not "Firms sold 40"."""
_NO_VALUES = re.compile(
    r"https?://\S+|\[[\s^c0-9,;&–-]{1,60}\]|\b\d{4}-\d\d?(?:-\d\d?)?\b|\b\d\d?([./])\d\d?\1(?:\d\d|\d{4})\b"
    rf"|\b\d\d?(?:st|nd|rd|th)?\s{_MONTH}(?=\W)(?:\s\d{{4}})?"
    rf"|\b{_MONTH}\s\d\d?(?:st|nd|rd|th)?\b(?!\s?%|[.,]\d)"
    r"|\b\d\d?:\d\d(?::\d\d)?\b|\bv\d[\d.]*"
    r"|\b(?!\d{1,3}(?:\.\d{3})+\b)\d+\.\d+\.\d+(?:\.\d+)*\b|^\s{0,12}\d{1,3}[.)](?=\s)"
    r"|\b(?P<place>(?:section|table|figure|fig\.|chapter|pages?|pp?\.|nos?\.|step|article|part|volume|version|appendix|line"
    r"|item|question|phase|level) \d[\d.]*(?:,\d{3})*(?:\s?[–-]\s?\d+)?)(?!\s?%|\d)"
    # "Key finding 3: …"
    rf"|^\W{{0,12}}{LABEL}\d{{1,3}}(?:[.:]\s|\s[–—]\s)(?=.*\d)",
    re.IGNORECASE | re.MULTILINE,
)
_RANGE = re.compile(r"\s?[–—-]\s?|\s(?:to|and)\s", re.IGNORECASE)
_SIGN = re.compile(r"[$€£¥]?")
_NOUN = re.compile(r"\s([A-Za-z][\w'’-]*)")
_NO_NOUN = frozenset(
    "of in on at to by for from with and or but is was are were has have had as than that which who per the a an "
    "this their it they more less fewer plus use used using will can may say said".split()
)
_PLURALS = frozenset("people women men children staff series data police media teeth feet".split())

_ABOUT = r"about|around|roughly|approximately|nearly|almost|some|circa|ca\.|close to|just over|just under|~|≈"
_MORE = r"more than|over|above|at least|exceeding|upwards of|greater than|no fewer than|no less than|>|≥"
_LESS = r"less than|fewer than|under|below|<"
_UP_TO = r"(?<!add )(?<!adds )(?<!added )(?<!sums )(?<!summed )up to|at most|no more than|not more than|≤"
_MODIFIER = re.compile(rf"(?<!\w)(?:({_ABOUT})|({_MORE})|({_LESS})|({_UP_TO}))\s*$", re.IGNORECASE)
_PRACTICE = Decimal("1.5")
""""More than 40 %" is not meant to hold for 90 %: a bound reaches so much further."""

_OFTEN = 100
"""So many times are how often, fewer may be how much more."""

_RISE = r"ris\w+|rose|increas\w+|gr[eo]w\w*|climb\w*|jump\w*|gain\w*|surg\w+|(?<!ma[kd]e )(?<!makes )up|expand\w*"
_FALL = r"f[ae]ll\w*|drop\w*|declin\w+|decreas\w+|shr[aiu]nk\w*|lost|loss\w*|cuts?|reduc\w+|down|lower\w*|slip\w*"
_CHANGE_BEFORE = re.compile(
    rf"(?<!-)\b(?:(?:{_RISE})|({_FALL}))(?:(?:\s(?!to\b|from\b)\w+){{0,5}}?\s(?:by|of)|(?:\s\w+ly)?)\s$"
    r"|\bgrowth\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
_CHANGE_AFTER = re.compile(
    r"\s(?:\w+\s)?(?:increase|rise|growth|gain|more|higher|faster|longer"
    r"|(decrease|fall|decline|drop|reduction|cut|loss|fewer|less|lower|slower|shorter))\b",
    re.IGNORECASE,
)
# A loss in money or hours is an amount, not the change of one.
_LOST = re.compile(r"\b(?:(?:loss(?:es)?|gains?)\s(?:of|was|were|is)|lost|gained)\s$", re.IGNORECASE)
# "Brought up 20 tonnes of ore", "a loss of 5 % of the water": what is counted "of" is no change.
_PART_OF = re.compile(r"\sof\s")
_AMOUNT = re.compile(r"\b(?:up|down|(?:a|the)\s\w+\sof)\s$", re.IGNORECASE)
# "Came to from 4 to 6 million" is a range.
_FROM = re.compile(r"(?<!\bto )(?<!\bby )(?<!\bat )(?<!\bof )(?<!\bwas )(?<!\bwere )\bfrom\s$", re.IGNORECASE)
_MOVED = re.compile(rf"\b(?:{_RISE}|{_FALL}|chang\w+|mov\w+|went)\b[^.;]*$", re.IGNORECASE)
_AGAINST = re.compile(r"\b(?:compared (?:with|to)|against|versus|vs\.?)\s$", re.IGNORECASE)
_SAMPLE = re.compile(
    r"\b(?:survey\w*|poll\w*|sampl\w+|panel|interview\w*|questionnaires?|asked(?!:)|answered by"
    r"|answers(?: came)? from|responses from|based on|n)\s?(?:of|with|among|from|to|=|:)?\s?"
    r"(?:(?:all|the|its) )?(?:the )?$",
    re.IGNORECASE,
)
_SAMPLED = re.compile(
    r"(?:\s[\w-]+){0,4}?\s(?:respondents|interviewees|participants|responses|interviews|surveyed|polled|interviewed"
    r"|questioned|responded|(?<!were )(?<!was )(?<!be )(?<!been )answered|took part)\b",
    re.IGNORECASE,
)
# "over the past 3 years", "aged 30", "5 years ago": where and when, not how much.
_SETTING_BEFORE = re.compile(
    r"\b(?:past|last|next|within|previous|recent|first|coming|every|after|age[ds]?|aged between)\s$", re.IGNORECASE
)
_SETTING_AFTER = re.compile(r"\s(?:ago|earlier|later|old|before|after|of age)\b", re.IGNORECASE)
# An interval, a deadline or an age may be the fact itself.
_MEASURED_TIME = re.compile(
    r"\b(?:must|shall|ha(?:s|ve) to|required|due|payable|deliver\w*|valid)\b.*\bwithin\s$|\S\severy\s$"
    r"|\b(?:is|was|are|were|makes?|dat\w+)\s(?:[\w’'-]+\s){0,3}$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
_YEAR_MEASURED = re.compile(
    r"\b(?:founded|established|launched|released|opened|introduced|born|created|formed|adopted|passed|enacted|built"
    r"|abolished|dissolved|died|invented|mentioned|settled|completed|discovered|published|began|ended|signed|erected"
    r"|inaugurated|incorporated|constructed|destroyed|patented|ratified|into force|t(?:akes?|ook) effect"
    r"|year(?: of \w+)?|dates? from|dating from|dates? back to)"
    r"(?:\s(?:in|on|as of|since)|:)?\s?(?:\w+\s)?$",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The values in a text, in order; dates, years that only date, ages, times and references are none."""
    plain = _NO_VALUES.sub(_blanked, text)
    found: list[Quantity | None] = []
    for match in SHARE.finditer(plain):
        if (part := share(match)) is not None:
            found.append(_quantity(text, plain, part, part))
            plain = plain[: part.start] + " " * (part.end - part.start) + plain[part.end :]
    position = 0
    while match := NUMBER.search(plain, position):
        position = match.end()
        if (first := amount(plain, match)) is None:
            continue
        last = _upper(plain, first) or first
        value = _quantity(text, plain, first, last)
        position = value.end if value else last.end
        found.append(value)
    return tuple(sorted((q for q in found if q is not None), key=lambda quantity: quantity.start))


def _blanked(match: re.Match[str]) -> str:
    """Spaces for a number that measures nothing; "hedges line 12 km of road" does measure."""
    end = match.end() + (match.string[match.end() : match.end() + 1] == " ")
    return match.group() if match["place"] and unit_at(match.string, end) else " " * len(match.group())


def _before(text: str, start: int) -> str:
    """The words that lead to a value, in its own clause."""
    return re.split(r"[;|]|\n\s*\n|[.!?]\s", text[max(0, start - 90) : start])[-1]


def _upper(text: str, first: Amount) -> Amount | None:
    """The upper end of a range that begins with `first`; None if it is no range."""
    between = _RANGE.match(text, first.end)
    if between is None:
        return None
    before, word = _before(text, first.start), between.group().strip().lower()
    if word == "and" and not before.lower().endswith("between "):
        return None
    if word == "to" and _FROM.search(before) and _MOVED.search(before):
        return None
    sign = _SIGN.match(text, between.end())
    match = NUMBER.match(text, sign.end() if sign else between.end())
    last = amount(text, match) if match else None
    if last is None or (first.unit and last.unit and first.unit != last.unit):
        return None
    if not first.unit and _YEAR.fullmatch(text, first.start, first.end):
        # "From 1 million in 2023 to 4 million", "Trips – 2023 – 12,400".
        spaced = between.group().strip() != between.group() and word in ("–", "—", "-")
        if last.unit or (spaced and not _YEAR.fullmatch(text, last.start, last.end)):
            return None
    rises = first.value.scaleb(first.scale or last.scale) <= last.value.scaleb(last.scale)
    return last if rises else None


def _quantity(text: str, plain: str, first: Amount, last: Amount) -> Quantity | None:
    """The quantity from one amount to another (or the same); None if it measures nothing."""
    start, end, unit = first.start, last.end, last.unit or first.unit
    before = _before(plain, start)
    about = more = less = most = ""
    if modifier := _MODIFIER.search(before):
        about, more, less, most = modifier.groups()
        start -= len(before) - modifier.start()
        before = before[: modifier.start()]
    if unit == "×" and _in_base(first.value, first, last) >= _OFTEN:
        unit = ""  # "visited 3,400 times"
    digits = any(map(str.isdigit, plain[first.start : last.end]))
    kind, sign, times = None, 1, Decimal(1)
    if not unit and _YEAR.fullmatch(plain, first.start, first.end):
        if first is not last or not _YEAR_MEASURED.search(before):
            return None
        kind, unit = "year", "year"
    elif unit.split("/")[0] in ("second", "month", ""):
        # "one" is seldom a count.
        noun = "" if unit or (not digits and last.value == 1 and not last.scale) else _counted(plain, end)
        after = _SETTING_AFTER.match(plain, end)
        aged = after is None or after.group().strip().lower() == "old"
        setting = (_SETTING_BEFORE.search(before) or after) and not (aged and _MEASURED_TIME.search(before))
        if setting or (not unit and not noun and (not digits or more or less)):
            return None
        if noun:
            end += len(noun)
            unit = stem(noun.split()[-1])
            if rate := rate_at(plain, end):
                unit, end, times = f"{unit}/{rate.base}", rate.end, rate.factor
    if kind is None:
        kind, sign = _kind(plain, before, last.end, unit)
    ends = sorted(_in_base(part.value, part, last) * sign * times for part in (first, last))
    widest = abs(ends[1]) / 20
    slack = _in_base(last.place, last, last) * times / 2
    slack = slack if unit in ("%", "pp") else min(slack, widest)
    # Shares in words are round by nature.
    slack = max(slack, widest) if about or (first.place < 1 and not digits) else slack
    low = ends[0] / _PRACTICE if less else Decimal(0) if most else ends[0]
    high = ends[1] * _PRACTICE if more else ends[1]
    return Quantity(text[start:end], start, end, min(low, high), max(low, high), slack, unit, kind)


def _in_base(number: Decimal, of: Amount, last: Amount) -> Decimal:
    """A number in its base unit; the lower end of a range takes scale and unit from the upper."""
    return number.scaleb(of.scale or last.scale) * (of.factor if of.unit else last.factor)


def _counted(text: str, end: int) -> str:
    """The words from a number to the noun it counts, "" if none is seen."""
    position = end
    for _ in range(3):
        match = _NOUN.match(text, position)
        if match is None or match.group(1).lower() in _NO_NOUN:
            return ""
        word, position = match.group(1).lower(), match.end()
        if word in _PLURALS or (len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))):
            return text[end:position]
    return ""


def _kind(text: str, before: str, end: int, unit: str) -> tuple[QuantityKind, int]:
    """The kind of a value, and its sign: -1 for a decrease."""
    counts = unit not in ("%", "pp") and not is_money(unit)
    if counts and (_SAMPLE.search(before) or _SAMPLED.match(text, end)):
        return "sample", 1
    if (unit not in ("%", "pp", "") and _LOST.search(before)) or (
        _PART_OF.match(text, end) and _AMOUNT.search(before)
    ):
        return "level", 1
    if (_FROM.search(before) and _MOVED.search(before)) or _AGAINST.search(before):
        return "baseline", 1
    if changed := _CHANGE_AFTER.match(text, end) or _CHANGE_BEFORE.search(before):
        return "change", -1 if changed.group(1) else 1
    return ("change" if unit == "pp" else "level"), 1
