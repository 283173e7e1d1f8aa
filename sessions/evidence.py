"""Evidence: the text that tools really returned, and the spans that quotes resolve to in it."""

import hashlib
from collections.abc import Iterable

from sessions.findings import Quote, Span
from sessions.model import Record
from sessions.quote_matching import QuoteFinder


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


class QuoteResolver:
    """What tools returned, prepared once for any number of quotes."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self._finders = [(segment, QuoteFinder(segment.text)) for segment in segments]

    def resolve(self, quote: Quote) -> Quote:
        """The quote with its exact span, and the source's own words, if it stands inside one of the segments.

        The source that the quote names is preferred, and in it an exact place; a quote that stands only in another
        source is put right.
        """
        named = [found for found in self._finders if found[0].source == quote.source]
        others = [found for found in self._finders if found[0].source != quote.source]
        for finders in (named, others):
            for find in (QuoteFinder.exact, QuoteFinder.alike, QuoteFinder.elided):
                for segment, finder in finders:
                    place = find(finder, quote.text)
                    if place is not None:
                        return _spanned(segment, *place)
        return quote.model_copy(update={"span": None})


def _spanned(segment: Segment, start: int, end: int) -> Quote:
    span = Span(
        source=segment.source,
        source_sha256=segment.source_sha256,
        start=segment.start + start,
        end=segment.start + end,
    )
    return Quote(text=segment.text[start:end], source=segment.source, span=span)
