"""Figures as sources write them: drawn by a seed, one value in several forms, or in a wrong scale."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Drawn:
    """A figure: its number in the unit of its kind, and how it is written here."""

    number: float
    text: str


_FORMS: dict[str, tuple[str, ...]] = {
    "percent": ("{n}%", "{n} %", "{n} per cent", "{n} percent"),
    "count": ("{n}",),
    "euro": ("€{n} million", "{n} million euro", "EUR {n} million"),
    "dollar": ("${n} million", "{n} million dollars", "USD {n}m"),
    "tonnes": ("{n} tonnes", "{n} t"),
    "km": ("{n} km", "{n} kilometres"),
    "hours": ("{n} hours",),
    "index": ("{n}",),
}

_RANGES: dict[str, tuple[float, float, int]] = {
    "percent": (8, 46, 0),
    "count": (1_300, 29_000, -1),
    "euro": (1.2, 9.4, 1),
    "dollar": (1.3, 9.1, 1),
    "tonnes": (210, 2_900, 0),
    "km": (14, 480, 0),
    "hours": (11, 58, 0),
    "index": (61, 148, 1),
}

UNITS = tuple(_FORMS)


def shown(number: float) -> str:
    """A number with commas, and no needless decimals."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def written(unit: str, number: float, random: Random) -> Drawn:
    """The number in one of the forms of its unit."""
    return Drawn(number, random.choice(_FORMS[unit]).format(n=shown(number)))


def draw(unit: str, random: Random) -> Drawn:
    """Any figure of that unit."""
    low, high, digits = _RANGES[unit]
    return written(unit, round(random.uniform(low, high), digits), random)


def draw_two(unit: str, random: Random) -> tuple[Drawn, Drawn]:
    """Two figures that no rounding makes one: a fifth or more apart."""
    first = draw(unit, random)
    factor = random.uniform(1.25, 1.9) if random.random() < 0.5 else random.uniform(0.45, 0.8)
    return first, written(unit, round(first.number * factor, _RANGES[unit][2]), random)


def misscaled(unit: str, random: Random) -> tuple[str, str] | None:
    """The same digits in a scale that makes another value of them; None where the unit has no scale."""
    number = shown(draw(unit, random).number)
    forms = {
        "percent": [(f"{number}%", f"{number}‰"), (f"{number} per cent", f"{number} per mille")],
        "count": [
            (f"{number} thousand", f"{number} million"),
            (f"{number}", f"{number} thousand"),
            (f"{number} million", f"{number}"),
        ],
        "euro": [
            (f"€{number} million", f"€{number} billion"),
            (f"€{number}m", f"€{number}k"),
            (f"{number} million euro", f"{number} thousand euro"),
        ],
        "dollar": [
            (f"${number} million", f"${number} billion"),
            (f"${number}bn", f"${number}m"),
            (f"{number} million dollars", f"{number} thousand dollars"),
        ],
        "tonnes": [(f"{number} t", f"{number} kg"), (f"{number} tonnes", f"{number} thousand tonnes")],
        "km": [(f"{number} km", f"{number} m"), (f"{number} kilometres", f"{number} metres")],
        "hours": [(f"{number} hours", f"{number} minutes"), (f"{number} hours", f"{number} days")],
    }
    return random.choice(forms[unit]) if unit in forms else None


_WORDS = {
    25: ("a quarter", "25%"),
    50: ("half", "50%"),
    20: ("one in five", "20 %"),
    75: ("three quarters", "75 per cent"),
    10: ("one in ten", "10%"),
    40: ("two fifths", "40 percent"),
    12: ("twelve per cent", "12%"),
    35: ("thirty-five per cent", "35 %"),
}


def same(unit: str, random: Random) -> tuple[str, str]:
    """One value, written in two ways: in words, in another scale or in another unit."""
    n = draw(unit, random).number
    big = round(random.uniform(1.1, 9.4), 1)
    forms = {
        "percent": [*_WORDS.values(), (f"{n:g}%", f"{n:g} per cent"), (f"{n:g}%", f"{n * 10:g} per mille")],
        "count": [
            (f"{big} million", f"{big * 1e6:,.0f}"),
            (f"{big}m", f"{big * 1e6:,.0f}"),
            (f"{n / 1000:g} thousand", f"{n:,.0f}"),
        ],
        "euro": [(f"€{n} million", f"{n * 1e6:,.0f} euro"), (f"€{n}m", f"EUR {n} million")],
        "dollar": [(f"${n} million", f"{n * 1e6:,.0f} dollars"), (f"${n}m", f"USD {n * 1000:,.0f} thousand")],
        "tonnes": [(f"{n:g} t", f"{n * 1000:,.0f} kg"), (f"{n:,.0f} tonnes", f"{n / 1000:g} kilotonnes")],
        "km": [(f"{n:g} km", f"{n * 1000:,.0f} m"), (f"{n:g} kilometres", f"{n * 1000:,.0f} metres")],
        "hours": [(f"{n:g} hours", f"{n * 60:,.0f} minutes"), ("36 hours", "1.5 days"), ("48 hours", "two days")],
        "index": [(f"{n:g}", f"{n:.2f}")],
    }
    return random.choice(forms[unit])


def rounded(unit: str, random: Random) -> tuple[str, str]:
    """A value and its rounding."""
    n = draw(unit, random).number
    tenth = random.choice((0.1, 0.2, 0.3, 0.4))
    fine = shown(n + tenth)
    about = random.choice(("about", "around", "roughly", "some"))
    forms = {
        "percent": [
            (f"{fine}%", f"{n:g}%"),
            (f"{fine} per cent", f"{about} {n:g} %"),
            ("48.7%", "nearly half"),
            ("33.1 %", "about a third"),
            ("24.6%", "roughly a quarter"),
            ("66.9 per cent", "about two thirds"),
            ("51.3%", "just over half"),
        ],
        "count": [(f"{n + 4:,.0f}", f"{about} {n:,.0f}"), (f"{n * 1000 + 3_000:,.0f}", f"{n / 1000:.2f} million")],
        "euro": [
            (f"€{n + 0.03:.2f} million", f"€{n} million"),
            (f"{n * 1e6 + 9_800:,.0f} euro", f"{about} €{n}m"),
        ],
        "dollar": [(f"${n + 0.02:.2f} million", f"${n} million"), (f"${n * 1e6 - 8_700:,.0f}", f"{about} ${n}m")],
        "tonnes": [(f"{n + 0.3:,.1f} tonnes", f"{n:,.0f} tonnes"), (f"{n:,.0f} t", f"{about} {n + 1:,.0f} t")],
        "km": [(f"{fine} km", f"{n:g} km"), (f"{fine} km", f"{about} {n:g} kilometres")],
        "hours": [(f"{fine} hours", f"{n:g} hours"), (f"{fine} hours", f"{about} {n:g} hours")],
        "index": [(f"{n + 0.03:.2f}", f"{n:.1f}")],
    }
    return random.choice(forms[unit])


def with_range(unit: str, random: Random) -> tuple[str, str]:
    """A value and a range that holds it."""
    value = draw(unit, random)
    whole = _FORMS[unit][1 if unit in ("euro", "dollar") else 0]
    low, high = (round(value.number * factor, _RANGES[unit][2]) for factor in (0.85, 1.2))
    form = random.choice(("between {a} and {b}", "from {a} to {b}", "{a}–{b}"))
    return value.text, whole.format(n=form.format(a=shown(low), b=shown(high)))


def with_bound(unit: str, random: Random) -> tuple[str, str]:
    """A value and a bound that it keeps."""
    value = draw(unit, random)
    below, above = (round(value.number * factor, _RANGES[unit][2]) for factor in (0.8, 1.25))
    form, limit = random.choice(
        [(form, below) for form in ("more than", "at least", "over")]
        + [(form, above) for form in ("less than", "at most", "up to")]
    )
    return value.text, f"{form} {value.text.replace(shown(value.number), shown(limit))}"
