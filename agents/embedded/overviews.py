"""Overviews: which document tells of the others, and the parts that it lists."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from agents.embedded.seen import SeenDocument
from agents.embedded.statements import statements
from agents.embedded.text import COMMON, GENERIC, LIGHT, STOP_WORDS, distinct, plain, stem, terms

_TELLS_OF, _MORE_THAN_NEXT = 0.3, 1.3
"""An overview tells of this part of the others, so many times as many as the next one does."""

_SPREAD = 0.3
"""A word in a larger part of the documents links none of them."""

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


def overview_of(documents: Sequence[SeenDocument], fits: Mapping[str, float]) -> SeenDocument | None:
    """The document that tells of the others: it names what many of them say again and again.

    `fits` tells how much of the question each document holds: an overview of the question's subject names it.
    """
    if len(documents) < _FEWEST:
        return None
    counts = {d.source: Counter(filter(_tells, terms(f"{d.title} {d.source} {d.text}"))) for d in documents}
    held = Counter(term for count in counts.values() for term in count)
    linking = {term for term, count in held.items() if 1 < count <= max(_FEWEST, _SPREAD * len(documents))}

    def told(source: str) -> float:
        mine = counts[source].keys() & linking
        named = sum(any(counts[other][term] > 1 for term in mine) for other in counts if other != source)
        return named / (len(counts) - 1) * (1 + fits.get(source, 0.0))

    tells = {source: told(source) for source in counts}
    documents = [document for document in documents if not _sorted_in(document, documents)]
    if len(documents) < _FEWEST:
        return None
    first, second, *_ = sorted(documents, key=lambda d: (-tells[d.source], d.source))
    stands_out = tells[first.source] >= _MORE_THAN_NEXT * tells[second.source]
    return first if tells[first.source] >= _TELLS_OF and stands_out else None


def _sorted_in(document: SeenDocument, documents: Sequence[SeenDocument]) -> bool:
    """Whether it lies in a directory with some of the others, which makes it one of them."""
    directory = PurePosixPath(document.source).parent
    beside = sum(PurePosixPath(other.source).parent == directory for other in documents)
    return directory.name != "" and 1 < beside < len(documents) / 2


def _tells(term: str) -> bool:
    return not (term in LIGHT or term in GENERIC or term in COMMON) and len(term) > 2


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
    """What a part is called: its first telling words, up to the stop word behind them; words of every day go."""
    name: list[str] = []
    for word in re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", part):
        if word.lower() not in STOP_WORDS:
            name.append(word)
        elif name:
            break
        if len(name) == _LONGEST_NAME:
            break
    return " ".join([word for word in name if stem(word) not in COMMON] or name)
