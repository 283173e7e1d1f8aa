"""The root that words of one family share: "departures" and "depart", "coverage" and "covers"."""

import re
from functools import lru_cache

from agents.conflicts.subjects import stems

_ENDING = re.compile(r"(\w{3,}?)(?:at|or)|(\w{4,}?)(?:ion|er|ist|ment|age?|ur|ant|ent|anc|enc|iv|al|ship|[ei])")
# "Resurfaced" is given a surface.
_AGAIN = re.compile(r"^re-?(?=\w{5})")


@lru_cache(maxsize=8_192)
def roots(text: str) -> tuple[str, ...]:
    """The roots of the words of a text that tell."""
    return tuple(root(word) for word in stems(text))


@lru_cache(maxsize=16_384)
def root(stem: str) -> str:
    """A stem without the endings that make a noun of a verb, or who does it; "wolves" is "wolf"."""
    stem = _AGAIN.sub("", stem)
    while match := _ENDING.fullmatch(stem):
        stem = match[1] or match[2]
    return stem[:-1] + "f" if stem.endswith("v") else stem
