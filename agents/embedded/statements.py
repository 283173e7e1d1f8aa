"""The statements of a passage: sentences, list items, table rows and lines of code, each where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agents.embedded.text import plain
from agents.prose import sentence_spans

Kind = Literal["sentence", "row", "code"]

_ATX = re.compile(r"#{1,6}\s+\S")
_RULE = re.compile(r"([=\-~^\"'*+#`.:_])\1{2,}\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+\S")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_ROW_RULE = re.compile(r"[\s|:+=\-]+$")
_DIRECTIVE = re.compile(r"\s*\.\. (?P<name>[\w:-]+)::\s*(?P<argument>.*)$")
_NAMING = re.compile(r"(?:\w+:)?(?:option|cmdoption|envvar|variable|command|function|method|class|attribute|data)")
"""Directives of reStructuredText whose argument names what the text below it describes."""
_LITERAL = re.compile(r"(?:.*::|\s*\.\. (?:code|code-block|sourcecode|parsed-literal)::.*)$")
_WORDLIKE = re.compile(r"[\"'(“‘]*[^\W\d_][^\W\d_]*(?:['’-][^\W\d_]+)*[.,;:!?)\"'”’]*")
_FIELD = re.compile(r"[*_]{0,2}[A-Z][\w ]{1,24}:[*_]{0,2} +\S.{0,80}(?<![.!?])$")
"""A line such as `Date: 2025-04-01` in the header of a document: it tells of the document, and states nothing."""

_HEADLINE = re.compile(r"(?!\s)[^\W\d_a-z].*[^.:;,!?]$")
_HEADLINE_WORDS = 14
_LONGEST = 700


@dataclass(frozen=True)
class Statement:
    """One statement: `[start, end)` of the passage, how it reads, and the headings it stands under."""

    start: int
    end: int
    text: str
    kind: Kind
    heading: str = ""
    header: tuple[int, int] | None = None
    """Where the header of its table stands, for a row."""


@dataclass(frozen=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())


def statements(text: str) -> list[Statement]:
    """The statements of a passage in order; headings are none, but name what stands under them."""
    found: list[Statement] = []
    heading, above, fenced, header, literal = "", "", False, None, -1
    paragraph: list[_Line] = []
    lines = list(_lines(text))
    for index, line in enumerate(lines):
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        title = _title(line.text, below) or _headline(line.text, above, below)
        above = line.text
        ends = not line.text.strip() or bool(_FENCE.match(line.text) or _ROW.match(line.text) or title)
        if ends or _ITEM.match(line.text) or _DIRECTIVE.match(line.text):
            found += _close(text, paragraph, heading)
            paragraph = []
        if not _ROW.match(line.text):
            header = None
        if line.text.strip() and line.indent <= literal:
            literal = -1
        if _FENCE.match(line.text):
            fenced = not fenced
        elif fenced or literal >= 0:
            found += _code(line, heading)
        elif title:
            heading = title
        elif directive := _DIRECTIVE.match(line.text):
            heading = directive["argument"] if _NAMING.fullmatch(directive["name"]) else heading
        elif _ROW.match(line.text):
            if header is None:
                header = line
            elif not _ROW_RULE.match(line.text):
                found.append(_row(line, header, heading))
        elif line.text.strip() and not _RULE.match(line.text):
            paragraph.append(line)
        if literal < 0 and not fenced and _LITERAL.match(line.text):
            literal = line.indent
    return found + _close(text, paragraph, heading)


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield _Line(start, line.rstrip())
        start += len(line)


def _title(line: str, below: str) -> str:
    """The heading that a line is, by its own mark or by the rule below it."""
    if _ATX.match(line):
        return plain(line).rstrip("# ")
    underlined = bool(_RULE.match(below)) and len(below) >= 0.6 * len(line)
    return plain(line) if underlined and line.strip() and not _RULE.match(line) else ""


def _headline(line: str, above: str, below: str) -> str:
    """The heading that a short line alone is, where a text has no marks for headings."""
    alone = not above.strip() and not below.strip()
    short = alone and bool(_HEADLINE.match(line)) and len(line.split()) <= _HEADLINE_WORDS
    return plain(line) if short and not _FIELD.match(line) else ""


def _close(text: str, paragraph: list[_Line], heading: str) -> list[Statement]:
    """The sentences of a finished paragraph, or its lines if it is code."""
    if all(_FIELD.match(line.text) for line in paragraph):
        return []
    if not _prose(" ".join(line.text for line in paragraph)):
        return [statement for line in paragraph for statement in _code(line, heading)]
    found: list[Statement] = []
    for start, end in sentence_spans(text, paragraph[0].start, paragraph[-1].end):
        kept = text[start : min(end, start + _LONGEST)]
        found.append(Statement(start, start + len(kept), plain(kept), "sentence", heading))
    return found


def _prose(text: str) -> bool:
    """Whether a paragraph is made of words rather than of code."""
    tokens = plain(text).split()
    return len(tokens) >= 3 and sum(bool(_WORDLIKE.fullmatch(t)) for t in tokens) >= 0.6 * len(tokens)


def _code(line: _Line, heading: str) -> list[Statement]:
    kept = line.text.strip()[:_LONGEST]
    start = line.start + line.indent
    return [Statement(start, start + len(kept), kept, "code", heading)] if kept else []


def _row(line: _Line, header: _Line, heading: str) -> Statement:
    """A row reads as its cells, each behind the name of its column."""
    names, cells = _cells(header.text), _cells(line.text)
    pairs = [f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=False) if cell]
    place = (header.start, header.end)
    return Statement(line.start, line.end, "; ".join(pairs), "row", heading, place)


def _cells(row: str) -> list[str]:
    return [plain(cell) for cell in row.strip().strip("|").split("|")]
