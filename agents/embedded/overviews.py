"""The parts that an overview names: what it lists in a sentence, as points, or as its headings."""

import re
from collections.abc import Iterator

from agents.embedded.statements import statements
from agents.embedded.text import STOP_WORDS, distinct, plain

_BETWEEN = re.compile(r"\s*(?:[,;:](?!\d)|(?<!\w)[–—-](?!\w)|\b(?:and|or|as well as|plus)\b)\s*")
_POINT = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+(.+)$")
_HEADING = re.compile(r"^#{2,6}\s+(.+)$")
_LEAD = re.compile(r"^[^.:;,(–—]{2,60}")
_DIGIT = re.compile(r"\d")
_LONGEST_PART = 8
"""Words of a part of a list; what is longer is a sentence of its own."""

_LONGEST_NAME = 3
_FEWEST = 3
"""Parts that make a list."""


def listings(text: str) -> list[list[str]]:
    """The lists in a text, each as the names of its parts, such as `["ticket income", "energy bill", …]`."""
    found = [*(_in_sentence(s.text) for s in statements(text) if s.kind == "sentence"), *_by_line(text)]
    named = [
        distinct(name for part in parts if (name := _name(part)) and not _DIGIT.search(name)) for parts in found
    ]
    return [names for names in named if len(names) >= _FEWEST]


def _in_sentence(sentence: str) -> list[str]:
    """The longest run of short parts in a sentence; of its first part the end counts, where the list begins."""
    runs: list[list[str]] = [[]]
    for part in _BETWEEN.split(sentence.rstrip(".!? ")):
        long = len(part.split()) > _LONGEST_PART
        if long:
            runs.append([_end(part)])
        elif part:
            runs[-1].append(part)
    best = max(runs, key=len)
    return [_end(best[0]), *best[1:]] if best else []


def _end(part: str) -> str:
    """The last words of a part, from the last stop word on."""
    words = part.split()
    start = max((n for n, word in enumerate(words[:-1]) if word.lower() in STOP_WORDS), default=-1) + 1
    return " ".join(words[start:])


def _by_line(text: str) -> Iterator[list[str]]:
    """Points that stand below each other, and the headings of the text."""
    points: list[str] = []
    headings: list[str] = []
    for line in [*text.splitlines(), ""]:
        point, heading = _POINT.match(line), _HEADING.match(line)
        if heading:
            headings.append(plain(heading[1]))
        if point:
            points += _leads(point[1])
        elif points and not line.startswith((" ", "\t")) and line.strip() == "":
            continue
        elif points and not line.startswith((" ", "\t")):
            yield points
            points = []
    yield points
    yield headings


def _leads(point: str) -> list[str]:
    lead = _LEAD.match(plain(point))
    return [lead[0]] if lead else []


def _name(part: str) -> str:
    """What a part is called: its first telling words, up to the stop word behind them."""
    name: list[str] = []
    for word in re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", part):
        if word.lower() not in STOP_WORDS:
            name.append(word)
        elif name:
            break
        if len(name) == _LONGEST_NAME:
            break
    return " ".join(name)
