"""Where the headings of a text stand: Markdown's, or the underlined ones of reStructuredText and plain text."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Markup = Literal["markdown", "plain"]

MAX_HEADING = 200
"""Characters of a heading; a longer line is text."""

MAX_HEADINGS = 20_000

_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n(?P<fields>(?:(?!\1)[^\n]*\n){0,100})\1[ \t]*(?:\n|\Z)")

_MARKDOWN = re.compile(
    r"^ {0,3}(?:(?P<fence>`{3,}|~{3,})"
    r"|(?P<hashes>#{1,6})[ \t]+(?P<words>\S[^\n]*)"
    r"|(?P<under>=+|-+)[ \t]*$)",
    re.MULTILINE,
)
_RULE = re.compile(r"^(?P<under>([=~^\"'`#*+.:_<>-])\2{2,})[ \t]*$", re.MULTILINE)

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)|:[\w:.+-]+:`([^`<]*)(?:<[^`]*>)?`")
_MARKS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|\{#[^{}]*\}|[ \t]#+[ \t]*$")
_TAGS = re.compile(r"</?[a-z][a-z0-9]*(?:[ /][^<>]*)?>")
_NOT_A_TITLE = re.compile(r"[ \t]*(?:[-*+>|]|\d+[.)] |\n|\Z)")


@dataclass(frozen=True)
class Heading:
    """A heading at code points [start, end) of the text, its underline included; level 1 is the highest."""

    start: int
    end: int
    level: int
    text: str


def front_matter(text: str) -> tuple[str, int]:
    """The fields between the rules at the top of a Markdown text, and where they end; ("", 0) without any."""
    match = _FRONT_MATTER.match(text)
    return (match["fields"], match.end()) if match else ("", 0)


def plain_words(text: str) -> str:
    """A heading without its markup, in one line, cut at MAX_HEADING."""
    text = _LINK.sub(lambda match: match[1] or match[2] or "", text)
    return " ".join(_MARKS.sub("", _TAGS.sub("", text)).split())[:MAX_HEADING]


def find_headings(text: str, markup: Markup) -> list[Heading]:
    """The headings in order, the first MAX_HEADINGS."""
    found = _markdown_headings(text) if markup == "markdown" else _underlined_headings(text)
    return list(itertools.islice(found, MAX_HEADINGS))


def _markdown_headings(text: str) -> Iterator[Heading]:
    fence = ""
    _, body = front_matter(text)
    for match in _MARKDOWN.finditer(text, body):
        mark = match["fence"]
        if mark:
            if not fence:
                fence = mark
            elif mark.startswith(fence):
                fence = ""
        elif fence:
            continue
        elif match["hashes"]:
            words = plain_words(match["words"][: MAX_HEADING * 4])
            if words:
                yield Heading(match.start(), match.end(), len(match["hashes"]), words)
        else:
            start = _line_before(text, match.start(), body)
            words = "" if _NOT_A_TITLE.match(text, start) else _title(text[start : match.start()])
            if words:
                yield Heading(start, match.end(), 1 if match["under"][0] == "=" else 2, words)


def _underlined_headings(text: str) -> Iterator[Heading]:
    """The level of a heading is that of its kind of rule, in the order in which the kinds appear."""
    floor = 0
    kinds: list[tuple[str, bool]] = []
    for match in _RULE.finditer(text):
        start = _line_before(text, match.start(), floor)
        line = text[start : match.start()].rstrip("\n")
        above = _line_before(text, start, floor)
        before = text[above:start].strip() if start else ""
        overlined = before == match["under"]
        if before and not overlined:
            continue
        if not line.strip() or _RULE.match(line) or len(line.rstrip()) > len(match["under"]) + 1:
            continue
        if line[0].isspace() and not overlined:
            continue
        words = _title(line)
        if not words:
            continue
        kind = (match["under"][0], overlined)
        if kind not in kinds:
            kinds.append(kind)
        floor = match.end()
        yield Heading(above if overlined else start, floor, kinds.index(kind) + 1, words)


def _line_before(text: str, start: int, floor: int) -> int:
    """Where the line before the one that starts at `start` begins; `start` itself if there is none."""
    return start if start <= floor else max(floor, text.rfind("\n", floor, start - 1) + 1)


def _title(line: str) -> str:
    return "" if len(line) > MAX_HEADING else plain_words(line)
