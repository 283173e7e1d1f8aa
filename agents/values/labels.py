"""Units and scales that stand in a label: "Revenue (€m)", "Sales, in thousands", "Share (%)"."""

import re
from dataclasses import replace
from decimal import Decimal

from agents.stemming import stem
from agents.values.quantities import Quantity
from agents.values.units import is_money, unit_at

_SCALES = {"thousand": 3, "k": 3, "million": 6, "m": 6, "mn": 6, "mln": 6, "billion": 9, "bn": 9, "trillion": 12}
_MONEY = r"(?:us)?\$|[€£¥₹]|\b(?:usd|eur|gbp|chf|jpy|cny|sek|nok|dkk)\b"
_LABEL = re.compile(
    r"(?:[(\[]\s?(?:in\s)?|\bin\s)"
    rf"(?:(?P<money>{_MONEY})\s?(?:'?(?P<thousands>000)|(?P<letter>k|mn?|mln|bn))|(?P<letter_first>m|mn"
    rf"|bn|k)\s?(?P<after>{_MONEY})"
    rf"|(?:(?P<first>{_MONEY})\s)?(?P<scale>thousand|million|billion"
    rf"|trillion)s?\b(?:\s(?:of\s)?(?P<of>[^()\[\],:]{{1,30}}))?"
    r"|(?P<unit>[^()\[\],:]{1,30}))\s?(?:[)\]]|(?=\s*[:|,]?\s*$))",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"thousand|million|billion|trillion|[\dk](?:k|m|bn?)\b", re.IGNORECASE)


def labelled(value: Quantity, label: str) -> Quantity:
    """The value with the unit and scale that its label gives; what is written at the number itself goes before."""
    match = _LABEL.search(label)
    if match is None or value.kind == "year":
        return value
    word = match["scale"] or match["letter"] or match["letter_first"] or ("thousand" if match["thousands"] else "")
    power = 0 if _WRITTEN.search(value.text) else _SCALES.get(word.lower(), 0)
    named = match["money"] or match["after"] or match["of"] or match["unit"] or match["first"] or ""
    unit, factor = value.unit, Decimal(1)
    if not unit and named:
        known = unit_at(named.strip(), 0)
        if known and known.end == len(named.strip()):
            unit, factor = known.base, known.factor
        elif match["of"]:
            unit = stem(named.split()[-1])
    if unit in ("%", "pp") or not (unit or power) or (power and not (unit == "" or is_money(unit) or match["of"])):
        power = 0
    times = factor.scaleb(power)
    return replace(value, low=value.low * times, high=value.high * times, slack=value.slack * times, unit=unit)
