"""The parts that an overview lists, each with the documents that speak of it."""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from agents.embedded.candidates import OFTEN_SAID, SAID, TITLE, Basis, Candidate, plain_case, tells
from agents.embedded.overviews import listings
from agents.embedded.phrases import pairs
from agents.embedded.seen import SeenDocument
from agents.embedded.text import stem, words

Key = tuple[str, ...]

_LINKED = 0.6
"""So much of a list must have documents of its own for the list to be one of sub-domains."""

_MOST = 0.5
"""A part of which a larger part of the documents speaks is none."""

_PAIR = 1.5
"""How much more two words side by side tell than one of them."""


def listed_parts(
    overview: SeenDocument, documents: Sequence[SeenDocument], asked: Collection[str]
) -> list[Candidate]:
    """The parts of the lists in an overview, in order; lists of anything but the documents' subjects are left.

    `asked` are the terms of the question, which set nothing apart.
    """
    strengths = {document.source: _strengths(document) for document in documents}
    found: list[Candidate] = []
    for names in listings(overview.text):
        counts = Counter(term for name in names for term in {stem(word) for word in words(name)})
        # What several parts are called by is what they are parts of.
        shared = {term for term, count in counts.items() if count > 1} | set(asked)
        parts = [part for name in names if (part := _part(name, strengths, shared))]
        if len(parts) >= max(2, _LINKED * len(names)):
            found += [part for part in parts if all(part.key != known.key for known in found)]
    return found


def _part(name: str, strengths: dict[str, dict[Key, float]], shared: Collection[str]) -> Candidate | None:
    """A part, by that of its words, or that pair of them, of which the documents say most."""
    options: list[tuple[float, Key, dict[str, float]]] = []
    single = [(stem(word),) for word in words(name)]
    for key in (*(key for key in single if tells(key[0], shared)), *pairs(name)):
        held = {source: known[key] for source, known in strengths.items() if key in known}
        if held and len(held) <= _MOST * len(strengths):
            options.append((sum(held.values()) * (_PAIR if len(key) > 1 else 1.0), key, held))
    if not options:
        return None
    _, key, held = max(options, key=lambda option: option[:2])
    return Candidate(key, Basis.LISTED, held, Counter([plain_case(name)]))


def _strengths(document: SeenDocument) -> dict[Key, float]:
    """How strongly a document is about each word, and each pair of words, that is seen in it."""
    title = f"{document.title}\n{' '.join(words(PurePosixPath(document.source).stem))}"
    counts: Counter[Key] = Counter((stem(word),) for word in words(document.text))
    counts.update(pairs(document.text))
    named: set[Key] = {(stem(word),) for word in words(title)} | set(pairs(title))
    said = {key: OFTEN_SAID if count > 1 else SAID for key, count in counts.items()}
    return said | dict.fromkeys(named, TITLE)
