"""Where the sentences of a text begin and end, and the rows of its tables."""

import re
from collections.abc import Iterator

from agents.prose import sentence_spans, trimmed

_BLOCK = re.compile(r"\s*(?:[-*+•]\s|\d{1,3}[.)]\s|#|\|)|[^.:|\n]{1,60}:\s")
ROW = re.compile(r"\s*\||.*\|.*\|")
"""A line of a table whose cells bars part."""
_QUOTED = r'"[^"\n]*"'
# A comma that parts fields has no space after it, and is no decimal or thousands comma.
_EDGES = tuple(
    re.compile(rf"{_QUOTED}|({edge})")
    for edge in (r"\t", r"\s;\s|;(?=\S)", r",(?=[^\s\d])|(?:(?<!\d)|(?<=\d{4})),(?=\d)")
)
_PAUSE = re.compile(rf"{_QUOTED}|(,\s)")
_FEWEST = 2
"""Edges between the fields of a line that is a row."""


def barred(line: str) -> str:
    """The line with bars between its fields, when tabs, semicolons or commas part them; as long as before."""
    if "|" in line or not ("\t" in line or ";" in line or line.count(",") >= _FEWEST):
        return line
    for edge in _EDGES:
        if sum(bool(match[1]) for match in edge.finditer(line)) >= _FEWEST:
            paused = any(match[1] for match in _PAUSE.finditer(line))
            return line if paused else edge.sub(lambda m: "|".center(len(m[1])) if m[1] else m[0], line)
    return line


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences and table rows of a text, as [start, end) of it; a line break does not end a sentence."""
    begin = at = 0
    row = False
    for line in [*text.splitlines(keepends=True), ""]:
        new = not line.strip() or row or bool(_BLOCK.match(line))
        if new and text[begin:at].strip():
            if row:
                yield trimmed(text, begin, at)
            else:
                yield from sentence_spans(text, begin, at)
        if new:
            begin = at
        row = bool(ROW.match(barred(line)))
        at += len(line)
