"""Units as they are written: which base unit each stands for, and how many of it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

# A base unit, how many of it, and the forms it is written in; where forms overlap, the longer ones come first.
_TABLE: tuple[tuple[str, str, str], ...] = (
    ("pp", "1", r"(?:percentage|percent|%)[ -]points?|ppt?"),
    ("pp", "0.01", r"basis points?|bps"),
    ("%", "1", r"%|per\s?cent|pct"),
    ("%", "0.1", r"‰|per\s?mill?e?|promille"),
    ("%", "0.0001", r"ppm|parts per million"),
    ("C$", "1", r"c(?:an?)?\$|canadian dollars?|cad"),
    ("A$", "1", r"au?\$|australian dollars?|aud"),
    ("$", "1", r"(?:us)?\$|(?:us )?dollars?|usd"),
    ("€", "1", r"€|euros?|eur"),
    ("£", "0.01", r"pence"),
    ("£", "1", r"£|pounds(?: sterling)?|gbp"),
    ("CNY", "1", r"yuan|renminbi|rmb|cny"),
    ("¥", "1", r"¥|yen|jpy"),
    ("CHF", "1", r"(?:swiss )?francs?|chf"),
    ("KR", "1", r"kron(?:er|or|a|e)|sek|nok|dkk"),
    ("PLN", "1", r"zł|złot(?:y|ych)|zlotys?|pln"),
    ("RUB", "1", r"₽|rou?bles?"),
    ("₹", "1", r"₹|(?:indian )?rupees?|inr"),
    ("₺", "1", r"₺|liras?"),
    ("₩", "1", r"₩|krw"),
    ("BRL", "1", r"r\$|reais|brl"),
    ("PESO", "1", r"pesos?|mxn"),
    ("¢", "0.01", r"¢|cents?"),
    ("×", "1", r"times|fold|x|×"),
    ("second", "0.001", r"milliseconds?|ms"),
    ("second", "1", r"seconds?|secs?|(?<=\s)s"),
    ("second", "60", r"minutes?|mins?"),
    ("second", "3600", r"hours?|hrs?"),
    ("second", "86400", r"days?"),
    ("second", "604800", r"weeks?"),
    ("month", "1", r"months?"),
    ("month", "12", r"years?|yrs?"),
    ("square metre", "10000", r"hectares?|ha"),
    ("square metre", "4046.8564224", r"acres?"),
    ("square metre", "1000000", r"square kilomet(?:er|re)s?|sq\.? ?km|km²|km2"),
    ("square metre", "2589988.110336", r"square miles?|sq\.? ?mi"),
    ("square metre", "0.09290304", r"square f(?:ee|oo)t|sq\.? ?ft"),
    ("square metre", "1", r"square met(?:er|re)s?|sq\.? ?m|m²|m2"),
    ("litre", "1000000000000", r"cubic kilomet(?:er|re)s?|km³|km3"),
    ("litre", "1000", r"cubic met(?:er|re)s?|m³|m3"),
    ("litre", "0.001", r"cubic centimet(?:er|re)s?|cm³|cm3|millilit(?:er|re)s?|ml"),
    ("litre", "100", r"hectolit(?:er|re)s?|hl"),
    ("litre", "1", r"lit(?:er|re)s?|l"),
    ("metre", "0.001", r"millimet(?:er|re)s?|mm"),
    ("metre", "0.01", r"centimet(?:er|re)s?|cm"),
    ("metre", "1000", r"kilomet(?:er|re)s?|km"),
    ("metre", "1609.344", r"miles?"),
    ("metre", "0.3048", r"feet|foot|ft"),
    ("metre", "0.0254", r"inch(?:es)?"),
    ("metre", "1", r"met(?:er|re)s?|m"),
    ("metre/hour", "1609.344", r"mph|miles per hour"),
    ("metre/hour", "1000", r"kph"),
    ("gram", "0.000001", r"micrograms?|µg|μg|mcg"),
    ("gram", "0.001", r"milligrams?|mg"),
    ("gram", "1000", r"kilograms?|kilos?|kg"),
    ("gram", "1000000000000", r"megatonnes?|(?-i:Mt)"),
    ("gram", "1000000000", r"kilotonnes?|kt"),
    ("gram", "1000000", r"(?:metric )?ton(?:ne)?s?|t"),
    ("gram", "453.59237", r"lbs?"),
    ("gram", "28.349523125", r"ounces?|oz"),
    ("gram", "1", r"grams?|(?-i:g)"),
    ("watthour", "1000", r"kwh|kilowatt[ -]hours?"),
    ("watthour", "1000000", r"mwh|megawatt[ -]hours?"),
    ("watthour", "1000000000", r"gwh|gigawatt[ -]hours?"),
    ("watthour", "1000000000000", r"twh|terawatt[ -]hours?"),
    ("watthour", "1", r"wh|watt[ -]hours?"),
    ("joule", "1000", r"kj|kilojoules?"),
    ("joule", "1000000", r"mj|megajoules?"),
    ("joule", "1000000000", r"gj|gigajoules?"),
    ("joule", "4184", r"kcal|kilocalories"),
    ("joule", "1", r"joules?"),
    ("watt", "1000", r"kw|kilowatts?"),
    ("watt", "1000000", r"mw|megawatts?"),
    ("watt", "1000000000", r"gw|gigawatts?"),
    ("watt", "1", r"(?-i:W)|watts?"),
    ("byte", "1000", r"ki?b|kilobytes?"),
    ("byte", "1000000", r"mi?b|megabytes?"),
    ("byte", "1000000000", r"gi?b|gigabytes?"),
    ("byte", "1000000000000", r"ti?b|terabytes?"),
    ("bit", "1000000", r"mbits?|megabits?"),
    ("bit", "1000000000", r"gbits?|gigabits?"),
    ("bit/second", "1000000", r"mbps"),
    ("bit/second", "1000000000", r"gbps"),
    ("hertz", "1000", r"khz|kilohertz"),
    ("hertz", "1000000", r"mhz|megahertz"),
    ("hertz", "1000000000", r"ghz|gigahertz"),
    ("hertz", "1", r"hz|hertz"),
    ("°C", "1", r"°\s?c|degrees celsius"),
    ("°F", "1", r"°\s?f|degrees fahrenheit"),
)
_FORMS = re.compile(
    "(?:" + "|".join(f"(?P<u{n}>{form})" for n, (_, _, form) in enumerate(_TABLE)) + ")(?![a-z0-9])", re.IGNORECASE
)
CURRENCIES = tuple("C$ A$ $ € £ CNY ¥ CHF KR PLN RUB ₹ ₺ ₩ BRL PESO ¢".split())
BASE_UNITS = frozenset(base.split("/")[0] for base, _, _ in _TABLE)
"""Every unit that is measured; the unit of what is counted is its noun."""

_BEFORE = re.compile(
    r"(?:(?:us|ca?|au?|r)?\$|[€£¥₹₽₺₩]|\b(?:usd|eur|gbp|jpy|chf|sek|nok|dkk|pln|inr|cny|rmb|cad|aud|brl"
    r"|mxn|krw))\s?$",
    re.IGNORECASE,
)

_TIMES = {
    "second": ("day", Decimal(86_400)),
    "minute": ("day", Decimal(1_440)),
    "hour": ("day", Decimal(24)),
    "week": ("day", 1 / Decimal(7)),
    "month": ("year", Decimal(12)),
    "quarter": ("year", Decimal(4)),
}
_SHORT = {
    **dict.fromkeys("s sec".split(), "second"),
    "min": "minute",
    **dict.fromkeys("h hr".split(), "hour"),
    "night": "day",
    **dict.fromkeys("yr annum".split(), "year"),
    **dict.fromkeys("capita head inhabitant resident citizen people individual".split(), "person"),
}
_HEADS = frozenset(
    """person child pupil student household family employee worker patient user customer member adult
    woman man""".split()
)
_MANY = r"1(?:0{2,6}|0{0,2}[,.\s]000)(?![\d,.]*\d)|thousand|million"
_PER_NUMBER = re.compile(rf"\s(?:in every|in|per|for every)\s(?P<number>{_MANY})\b(?!\s?%)", re.IGNORECASE)
_PER = re.compile(
    r"\s?(?:/\s?|\b(?:per|each|every|for every)\s)"
    rf"(?:(?P<number>{_MANY})\s(?:of\s)?)?(?P<of>[a-z²³]+)\b"
    r"|\s(?:an?)\s(?P<time>second|minute|hour|day|night|week|month|quarter|year|person|head|kilo|litre"
    r"|kilometre)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Unit:
    """A base unit, how many of it the written one is, and where its words end."""

    base: str
    factor: Decimal
    end: int


def unit_at(text: str, at: int) -> Unit | None:
    """The unit written at `at`."""
    match = _FORMS.match(text, at)
    if match is None or match.lastgroup is None:
        return None
    base, factor, _ = _TABLE[int(match.lastgroup[1:])]
    return Unit(base, Decimal(factor), match.end())


def currency_before(text: str, end: int) -> tuple[str, int] | None:
    """The currency that stands before a number at `end`, and where it begins."""
    match = _BEFORE.search(text, max(0, end - 6), end)
    unit = unit_at(match.group().strip(), 0) if match else None
    return (unit.base, match.start()) if match and unit else None


def rate_at(text: str, at: int) -> Unit | None:
    """What a value is a rate of: "per month", "a day", "/kg", "per 1,000 inhabitants"; its base is "month" …

    A rate of persons is of a "person", however they are called.
    """
    match = _PER.match(text, at)
    if match is None:
        return None
    word = (match["of"] or match["time"]).lower()
    word = word if len(word) < 4 or word.endswith("ss") else word.removesuffix("s")
    return Unit(_SHORT.get(word, word), 1 / Decimal(_many(match["number"] or "1")), match.end())


def per_number(text: str, at: int) -> Unit | None:
    """The share that "24 per 100,000" or "3 per thousand" gives, in percent."""
    match = _PER_NUMBER.match(text, at)
    return Unit("%", 100 / Decimal(_many(match["number"])), match.end("number")) if match else None


def _many(number: str) -> int:
    return {"thousand": 1_000, "million": 1_000_000}.get(number.lower()) or int(re.sub(r"\D", "", number))


def common_rate(unit: str) -> tuple[str, Decimal]:
    """The unit with what it is a rate of in days or years, and what turns one into the other."""
    measured, _, of = unit.partition("/")
    if measured in ("second", "month"):
        return unit, Decimal(1)  # "6 days a week" and "8 hours a day" are not of one thing
    base, times = _TIMES.get(of, (of, Decimal(1)))
    return (f"{measured}/{base}" if of else unit), times


def is_money(unit: str) -> bool:
    """Whether a unit, or what is given a rate in, is a currency."""
    return unit.split("/")[0] in CURRENCIES


@lru_cache(maxsize=1_024)
def family(unit: str) -> str:
    """The units that may stand for one another: money, one base unit, or what is counted, its noun said or not."""
    measured = unit.split("/")[0]
    return "money" if is_money(unit) else measured if measured in BASE_UNITS else "count"


def is_per_head(unit: str) -> bool:
    """Whether a unit is a rate of persons, or of what stands for persons."""
    return unit.partition("/")[2] in _HEADS
