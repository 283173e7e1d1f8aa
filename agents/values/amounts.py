"""Numbers as they are written: digits or words, with scale, unit and currency."""

import re
from dataclasses import dataclass
from decimal import Decimal

from agents.values.units import CURRENCIES as CURRENCIES
from agents.values.units import currency_before, per_number, rate_at, unit_at

_SCALES = {
    word: power
    for power, words in (
        (2, "hundred"),
        (3, "thousand k"),
        (6, "million m mn mln"),
        (9, "billion b bn"),
        (12, "trillion tn"),
    )
    for word in words.split()
}
_SCALE = re.compile(
    r"[\s\u00a0\u202f-]?(?:(?P<hundred>hundred)\s(?=thousand|million|billion))?"
    r"(?P<scale>hundred|thousand|million|billion|trillion|mln|mn|bn|tn)\b|(?P<letter>[kmb])(?![a-z0-9])",
    re.IGNORECASE,
)
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_WORDS = {word: n for n, word in enumerate(f"{_ONES} seventeen eighteen nineteen".split())}
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SPELLED = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_WORDS)[1:10])}))?|{'|'.join(reversed(_WORDS))}"
_HALVED = "million|billion|percentage point|point|hour|day|year|century|kilo|litre|tonne|metre|mile"
NUMBER = re.compile(
    r"(?<![\w.,/])(?<![A-Za-z][-–])(?:(?<![\w)])[-−])?"
    r"(?:[0-9]{1,3}(?:[ \u00a0\u202f\u2009][0-9]{3})+(?![0-9])|[0-9]+(?:[.,'’][0-9]+)*"
    rf"|(?:(?:(?:half )?a|{_SPELLED})[ ]dozen|(?:{_SPELLED})[ ]and[ ]a[ ]half|half(?:[ ]an?)?(?=[ ](?:{_HALVED}))"
    rf"|{_SPELLED}|an?(?=\s(?:hundred|thousand|million|billion|trillion|(?:hour|year|month|week"
    rf"|day)[ ]and[ ]a[ ]half)))\b)",
    re.IGNORECASE,
)
SHARE = re.compile(
    rf"(?<![\w.,])(?P<part>[0-9]{{1,6}}|{_SPELLED})\s(?:in|out\sof)\s(?:every\s)?"
    rf"(?P<of>(?!(?:1[5-9]|20)[0-9]{{2}}\b)[0-9]{{1,6}}|{_SPELLED}|hundred)\b"
    r"(?!\s?(?:%|per|years?|months?|days?|weeks?|hours?))"
    r"|(?<!first )(?<!second )(?<!and a )\bhalf(?=\s(?:of|the|all)\b)"
    r"|\b(?P<count>an?|one|two|three|four)[ -](?P<fraction>third|quarter|fifth|sixth|tenth)s?(?=\sof\b)"
    r"|\b(?P<counted>two|three|four)[ -](?P<parts>third|quarter|fifth|sixth|tenth)s(?!\s(?:majority|of an?\b))"
    r"|\bevery\s(?P<every>second|third|fourth|fifth|tenth)\s(?!(?:minute|hour|day|week|month|year"
    r"|time)s?\b)(?=[a-z])",
    re.IGNORECASE,
)
_FRACTIONS = {"second": 2, "third": 3, "fourth": 4, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_AND_A_HALF = re.compile(r"\sand\sa\shalf\b", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """A number at [start, end) of its text, its unit and scale with it.

    Worth `value` × 10^`scale` × `factor` of its base `unit`; `place` is the place of its last digit that counts.
    """

    start: int
    end: int
    value: Decimal
    place: Decimal = Decimal(1)
    scale: int = 0
    factor: Decimal = Decimal(1)
    unit: str = ""


def parse_number(token: str) -> tuple[Decimal, Decimal] | None:
    """A number and the place of its last digit that counts; None if it is not clear which number it is.

    A comma is a decimal one only where it cannot group thousands: "1,5" and "0,125", but not "1,200".
    """
    sign = -1 if token[0] in "-−" else 1
    token = token.lstrip("-−").lower()
    if token[0].isalpha():
        half = Decimal("0.5") if token.endswith("half") or token.startswith("half") else Decimal(0)
        words = [word for word in re.split(r"[- ]", token) if word not in ("half", "and", "dozen")]
        if token.endswith("dozen"):
            count = Decimal(_WORDS.get(words[0], 1)) if words else Decimal(1)
            return 12 * (half or count), Decimal(1)
        if half:
            words = [word for word in words if word not in ("a", "an")]
            return sum((Decimal(_TENS.get(w, _WORDS.get(w, 0))) for w in words), half), Decimal("0.1")
        return Decimal(sum(_TENS.get(word, _WORDS.get(word, 1)) for word in words)), Decimal(1)
    token = re.sub(r"[\s'’]", "", token)
    point = max(token.rfind("."), token.rfind(","))
    mark = token[point] if point >= 0 else ""
    whole, fraction = (token[:point], token[point + 1 :]) if mark else (token, "")
    grouped = mark and re.fullmatch(rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+", token)
    if grouped and (mark == "," or token.count(".") > 1):
        whole, fraction = token.replace(mark, ""), ""
    elif other := re.search(r"[.,]", whole):
        if other.group() == mark or not re.fullmatch(rf"\d{{1,3}}(?:\{other.group()}\d{{3}})+", whole):
            return None
        whole = whole.replace(other.group(), "")
    if len(whole) + len(fraction) > 18:
        return None
    zeros = len(whole) - len(whole.rstrip("0"))
    place = Decimal(1).scaleb(-len(fraction) if fraction else zeros if 2 <= zeros < len(whole) else 0)
    return sign * Decimal(f"{whole}.{fraction or 0}"), place


def share(match: re.Match[str]) -> Amount | None:
    """A match of `SHARE` ("one in five", "half", "two thirds") as percent."""
    if fraction := match["fraction"] or match["parts"] or match["every"]:
        count = _WORDS.get((match["count"] or match["counted"] or "a").lower(), 1)
        percent = Decimal(100) * count / _FRACTIONS[fraction.lower()]
    elif match["part"]:
        part, of = (_whole_number(match["part"]), _whole_number(match["of"]))
        if not 0 < part < of <= 100_000:
            return None
        percent = 100 * part / of
    else:
        percent = Decimal(50)
    return Amount(match.start(), match.end(), percent, Decimal("0.1"), unit="%")


def _whole_number(word: str) -> Decimal:
    number = parse_number(word)
    return Decimal(100) if word.lower() == "hundred" else number[0] if number else Decimal(0)


def amount(text: str, match: re.Match[str]) -> Amount | None:
    """A match of `NUMBER` with what is written to it; None if it is part of a name, an ordinal or an attribute."""
    number = parse_number(match.group())
    if number is None:
        return None
    start, end = match.span()
    scale, factor, unit = 0, Decimal(1), ""
    if currency := currency_before(text, start):
        unit, start = currency
    if (scaled := _SCALE.match(text, end)) and _is_scale(text, scaled, unit):
        scale = _SCALES[(scaled["letter"] or scaled["scale"]).lower()] + (2 if scaled["hundred"] else 0)
        end = scaled.end()
    at = end + 1 if text[end : end + 1] in tuple(" \n\u00a0\u202f\u2009-") else end
    measured = None if unit else (unit_at(text, at) or per_number(text, end))
    # "45-percent" is a value, "24-hour" an attribute.
    if measured and (text[end] != "-" or measured.base in ("%", "×", "pp")):
        unit, factor, end = measured.base, measured.factor, measured.end
    if re.match(r"[A-Za-z]|-[A-Za-z]", text[end : end + 2]):
        return None
    if (halved := _AND_A_HALF.match(text, end)) and number[1] == 1:
        number, end = (number[0] + Decimal("0.5"), Decimal("0.1")), halved.end()
    if unit and "/" not in unit and (rate := rate_at(text, end)):
        unit, factor, end = f"{unit}/{rate.base}", factor * rate.factor, rate.end
    return Amount(start, end, *number, scale, factor, unit)


def _is_scale(text: str, scaled: re.Match[str], currency: str) -> bool:
    """Whether a letter scales: "$5m" and "5m users" do, "5 m" are metres."""
    letter = scaled["letter"]
    plural = letter == "m" and re.compile(r"\s\w+s\b").match(text, scaled.end())
    return not letter or bool(currency) or letter in "kKMB" or bool(plural)
