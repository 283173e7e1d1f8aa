"""Sentences of running text: the one place that knows the tokenizer.

What counts as running text is for the caller to say: lists, tables, headings and code are not looked for here.
"""

from collections.abc import Iterator

from nupunkt import sent_spans


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences within [start, end) of a text, in order: each as [start, end) of it, no white space around it.

    Neither a line break nor the full stop of an abbreviation ends one.
    """
    for first, last in sent_spans(text[start:end]):
        if text[start + first : start + last].strip():
            yield trimmed(text, start + first, start + last)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) of a text without the white space at either end of it; it is not all white space."""
    piece = text[start:end]
    return end - len(piece.lstrip()), start + len(piece.rstrip())
