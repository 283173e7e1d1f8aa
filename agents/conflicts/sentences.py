"""Where the sentences of a text begin and end, and the rows of its tables."""

import re
from collections.abc import Iterator

import nupunkt

_BLOCK = re.compile(r"\s*(?:[-*+•]\s|\d{1,3}[.)]\s|#|\|)|[^.:|\n]{1,60}:\s")
ROW = re.compile(r"\s*\||.*\|.*\|")
"""A line of a table."""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences and table rows of a text, as [start, end) of it; a line break does not end a sentence."""
    begin = at = 0
    row = False
    for line in [*text.splitlines(keepends=True), ""]:
        new = not line.strip() or row or bool(_BLOCK.match(line))
        if new and text[begin:at].strip():
            for start, end in [(0, at - begin)] if row else nupunkt.sent_spans(text[begin:at]):
                kept = text[begin + start : begin + end]
                if kept.strip():
                    start += len(kept) - len(kept.lstrip())
                    yield begin + start, begin + start + len(kept.strip())
        if new:
            begin = at
        row = bool(ROW.match(line))
        at += len(line)
