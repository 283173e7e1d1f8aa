"""Money, and what a run is thought to take, as they are written."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

from sessions.words import usd as usd

if TYPE_CHECKING:
    from sessions.estimate import Take


def estimate_line(take: Take, max_usd: float | None = None) -> str:
    """What a plan takes, in a line; it names the cap on money (USD) when that may be passed.

    Such as `est $0.90–1.60 · 120k–400k tokens`. What costs nothing is `free`: its tokens concern nobody.
    """
    tokens = f"{_range(*map(_about, take.tokens))} tokens"
    if take.usd is None:
        return f"cost unknown · {tokens}"
    low, high = take.usd
    if not high:
        return "free"
    cap = [f"cap {usd(max_usd)}"] if max_usd is not None and high > max_usd else []
    return " · ".join([f"est {_range(usd(low), usd(high))}", *cap, tokens])


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high.removeprefix('$')}"


def _about(count: int) -> str:
    """A number of tokens to two digits, such as `950`, `44k`, `1.2M`: it is a guess, and looks like one."""
    rounded = round(count, 1 - floor(log10(count))) if count else 0
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if rounded >= size:
            return f"{rounded / size:g}{unit}"
    return str(rounded)
