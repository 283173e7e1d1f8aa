"""Numbers as they are written: digits or words, with scale, unit and currency."""

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = tuple(
    (re.compile(form + r"(?![a-z0-9])", re.IGNORECASE), base, Decimal(factor))
    for base, factor, form in (
        ("pp", "1", r"(?:percentage|percent)[ -]points?|ppt?"),
        ("pp", "0.01", r"basis points?|bps"),
        ("%", "1", r"%|per\s?cent|pct"),
        ("$", "1", r"(?:us)?\$|(?:us )?dollars?|usd"),
        ("€", "1", r"€|euros?|eur"),
        ("£", "1", r"£|pounds(?: sterling)?|gbp"),
        ("¥", "1", r"¥|yen|jpy"),
        ("×", "1", r"times|fold|x|×"),
        ("second", "0.001", r"milliseconds?|ms"),
        ("second", "1", r"seconds?|secs?|(?<=\s)s"),
        ("second", "60", r"minutes?|mins?"),
        ("second", "3600", r"hours?|hrs?"),
        ("second", "86400", r"days?"),
        ("second", "604800", r"weeks?"),
        ("month", "1", r"months?"),
        ("month", "12", r"years?|yrs?"),
        ("metre", "0.001", r"millimet(?:er|re)s?|mm"),
        ("metre", "0.01", r"centimet(?:er|re)s?|cm"),
        ("metre", "1000", r"kilomet(?:er|re)s?|km"),
        ("metre", "1", r"met(?:er|re)s?|m"),
        ("gram", "1000", r"kilograms?|kilos?|kg"),
        ("gram", "1000000", r"tonnes?|tons?"),
        ("watthour", "1", r"wh|watt[ -]hours?"),
        ("watthour", "1000", r"kwh|kilowatt[ -]hours?"),
        ("watthour", "1000000", r"mwh|megawatt[ -]hours?"),
        ("watthour", "1000000000", r"gwh|gigawatt[ -]hours?"),
        ("watt", "1000", r"kw|kilowatts?"),
        ("watt", "1000000", r"mw|megawatts?"),
        ("watt", "1000000000", r"gw|gigawatts?"),
        ("byte", "1000", r"kb|kilobytes?"),
        ("byte", "1000000", r"mb|megabytes?"),
        ("byte", "1000000000", r"gb|gigabytes?"),
        ("byte", "1000000000000", r"tb|terabytes?"),
        ("°C", "1", r"°\s?c"),
    )
)
CURRENCIES = ("$", "€", "£", "¥")
BASE_UNITS = frozenset(base for _, base, _ in _UNITS)
"""Every unit that is measured; the unit of what is counted is its noun."""

RATE = re.compile(
    r"\s?(?:/|\b(?:per|an?|each|every)\s)(second|minute|hour|day|week|month|quarter|year|person|capita|user|household"
    r"|song|track|stream|image|kwh|kg|km)\b",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"(?:us\$|[$€£¥]|\b(?:usd|eur|gbp|jpy))\s?$", re.IGNORECASE)
_SCALES = {"hundred": 2, "thousand": 3, "k": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
_SCALE = re.compile(
    r"[\s\u00a0\u202f-]?(?:(?P<hundred>hundred)\s(?=thousand|million))?"
    r"(?P<scale>hundred|thousand|million|billion|mn|bn)\b|(?P<letter>[kmb])(?![a-z0-9])",
    re.IGNORECASE,
)
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_WORDS = {word: n for n, word in enumerate(f"{_ONES} seventeen eighteen nineteen".split())}
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SPELLED = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_WORDS)[1:10])}))?|{'|'.join(reversed(_WORDS))}"
NUMBER = re.compile(
    r"(?<![\w.,/])(?<![A-Za-z][-–])(?:(?<![\w)])[-−])?"
    r"(?:[0-9]{1,3}(?:[ \u00a0\u202f\u2009][0-9]{3})+(?![0-9])|[0-9]+(?:[.,'’][0-9]+)*"
    rf"|(?:{_SPELLED}|an?(?=\s(?:hundred|thousand|million|billion)))\b)",
    re.IGNORECASE,
)
SHARE = re.compile(
    rf"\b(?P<part>[0-9]{{1,6}}|{_SPELLED})\s(?:in|out\sof)\s(?:every\s)?(?P<of>[0-9]{{1,6}}|{_SPELLED}|hundred)\b"
    r"(?!\s?(?:%|per|years?|months?|days?|weeks?|hours?))"
    r"|(?<!first )(?<!second )(?<!and a )\bhalf(?=\s(?:of|the|all)\b)"
    r"|\b(?P<count>an?|one|two|three|four)[ -](?P<fraction>third|quarter|fifth|tenth)s?(?=\sof\b)",
    re.IGNORECASE,
)
_FRACTIONS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}


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
        words = re.split(r"[- ]", token)
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
    if match["fraction"]:
        count = _WORDS.get(match["count"].lower(), 1)
        percent = Decimal(100) * count / _FRACTIONS[match["fraction"].lower()]
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
    if currency := _CURRENCY.search(text, max(0, start - 5), start):
        start = currency.start()
        unit = next(base for form, base, _ in _UNITS if form.match(currency.group().strip()))
    if (scaled := _SCALE.match(text, end)) and _is_scale(text, scaled, unit):
        scale = _SCALES[(scaled["letter"] or scaled["scale"]).lower()] + (2 if scaled["hundred"] else 0)
        end = scaled.end()
    at = end + 1 if text[end : end + 1] in tuple(" \n\u00a0\u202f\u2009-") else end
    for form, base, times in _UNITS if not unit else ():
        measured = form.match(text, at)
        # "45-percent" is a value, "24-hour" an attribute.
        if measured and (text[end] != "-" or base in ("%", "×", "pp")):
            unit, factor, end = base, times, measured.end()
            break
    if re.match(r"[A-Za-z]|-[A-Za-z]", text[end : end + 2]):
        return None
    if unit and (rate := RATE.match(text, end)):
        unit, end = f"{unit}/{rate.group(1).lower()}", rate.end()
    return Amount(start, end, *number, scale, factor, unit)


def _is_scale(text: str, scaled: re.Match[str], currency: str) -> bool:
    """Whether a letter scales: "$5m" and "5m users" do, "5 m" are metres."""
    letter = scaled["letter"]
    plural = letter == "m" and re.compile(r"\s\w+s\b").match(text, scaled.end())
    return not letter or bool(currency) or letter in "kKMB" or bool(plural)
