"""Pairs of words that stand side by side, by their stems, such as `heat pump` and `heat pumps`."""

import re
from collections import Counter

from agents.embedded.text import LIGHT, STOP_WORDS, stem

Pair = tuple[str, str]

_PAIR = re.compile(r"(?=(?<![^\W_])([^\W\d_]{2,})[ \n-]([^\W\d_]{2,})(?![^\W_]))")


def pairs(text: str) -> Counter[Pair]:
    """The pairs in a text and how often each stands there; none has a stop word in it, or a light one."""
    found: Counter[Pair] = Counter()
    for match in _PAIR.finditer(text.lower()):
        pair = (stem(match[1]), stem(match[2]))
        if not (set(match.groups()) & STOP_WORDS or set(pair) & LIGHT):
            found[pair] += 1
    return found


def form_of(pair: Pair, text: str) -> str:
    """A pair as it first stands in a text, in lower case; empty if it does not."""
    for match in _PAIR.finditer(text.lower()):
        if (stem(match[1]), stem(match[2])) == pair:
            return f"{match[1]} {match[2]}"
    return ""
