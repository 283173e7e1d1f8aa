"""Evidence: the text that tools really returned, and the spans that quotes resolve to in it."""

import hashlib
import re
from collections.abc import Iterable

from sessions.findings import Quote, Span
from sessions.model import Record


def text_sha256(text: str) -> str:
    """The hash that names a source's stored text (lower-case hex of its UTF-8)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class SegmentRef(Record):
    """Where a segment stands: code points [start, start + length) of the source's stored text."""

    source: str
    source_sha256: str
    start: int
    length: int
    title: str = ""
    date: str = ""


class Segment(Record):
    """A stretch of a source as a tool returned it; `source_sha256` is the hash of the whole stored text."""

    source: str
    source_sha256: str
    start: int
    text: str
    title: str = ""
    date: str = ""

    @property
    def ref(self) -> SegmentRef:
        """The segment without its text."""
        return SegmentRef(
            source=self.source,
            source_sha256=self.source_sha256,
            start=self.start,
            length=len(self.text),
            title=self.title,
            date=self.date,
        )


_QUOTE_MARKS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
)


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, white space and quote marks normalised, as [start, end) of the text."""
    words = quote.translate(_QUOTE_MARKS).split()
    if not words:
        return None
    exact = text.find(quote)
    if exact >= 0 and quote == quote.strip():
        return exact, exact + len(quote)
    # Translating keeps the length, so the offsets in the translated text are those of the original.
    pattern = r"\s+".join(re.escape(word) for word in words)
    match = re.search(pattern, text.translate(_QUOTE_MARKS))
    return (match.start(), match.end()) if match else None


def resolve_quote(quote: Quote, segments: Iterable[Segment]) -> Quote:
    """The quote with its exact span, and the source's own words, if it stands inside one of the segments.

    A segment of the source that the quote names is preferred; a quote that names another is put right.
    """
    ordered = sorted(segments, key=lambda segment: segment.source != quote.source)
    for segment in ordered:
        found = find_quote(segment.text, quote.text)
        if found is None:
            continue
        start, end = found
        span = Span(
            source=segment.source,
            source_sha256=segment.source_sha256,
            start=segment.start + start,
            end=segment.start + end,
        )
        return Quote(text=segment.text[start:end], source=segment.source, span=span)
    return quote.model_copy(update={"span": None})
