"""A draft of the report as it reads: its blocks, what looks like a citation, and what must not be in it."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from markdown_it import MarkdownIt

NO_SOURCE = "(no source)"
"""What stands behind a figure that no claim carries."""


@dataclass(frozen=True)
class Block:
    """Lines [start, end) of a draft that belong together, and the heading they stand under."""

    kind: Literal["heading", "text", "row"]
    start: int
    end: int
    heading: str


@dataclass(frozen=True)
class Mark:
    """What looks like a citation, at [start, end) of a draft: `ids` in lower case, such as "c12", or "99"."""

    start: int
    end: int
    ids: tuple[str, ...]
    linked: bool
    """It is the text of a link, and would lead elsewhere."""


# Between the brackets a hostile draft may hide white space, escapes, emphasis and characters of no width.
_FILL = r"\s\\*_^\u200b-\u200f\u2060\ufeff"
_MARK = re.compile(
    rf"\\?\[[{_FILL}]*c?\d+(?:(?:[{_FILL},;&–—-]|and)+c?\d+)*[{_FILL}]*\]|【[^】\n]*】", re.IGNORECASE
)
_LINK = re.compile(
    r"(?<=\])\((?:[^()\s]|\([^()\s]*\))*(?:\s+[\"'(][^\"')]*[\"')])?\s*\)|<[a-z][a-z0-9+.-]*:[^<>\s]*>"
)
_ADDRESS = re.compile(r"\bhttps?://[^\s<>()\[\]]+")
_HTML = re.compile(r"<(?=[a-zA-Z/!?])(?![a-zA-Z][a-zA-Z0-9+.-]*:[^<>\s]*>)|&(?=#|[lr](?:brack|sqb|bbrk)\b)")
_TICKS = re.compile(r"`+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["inline", "text_join"])


class Draft:
    """A draft as it reads: `text` with plain line ends; `prose` the same length, with code blanked."""

    def __init__(self, draft: str) -> None:
        self.text = re.sub(r"\r\n?", "\n", draft).replace("\0", "\ufffd")
        self.lines = self.text.split("\n")
        environment: dict[str, object] = {}
        tokens = _MARKDOWN.parse(f"{self.text}\n\n# end", environment)
        self.links_defined = bool(environment.get("references"))
        """It defines links, which do not show and turn marks into links."""
        self.open_code = "" if [(t.type, t.level) for t in tokens[-3:-2]] == [("heading_open", 0)] else "```"
        self.blocks: list[Block] = []
        taken = [not line.strip() for line in [*self.lines, "", ""]]
        code = [False] * len(taken)
        heading = ""
        for token in tokens:
            if token.map is None or (token.type == "heading_open" and token.map[0] > len(self.lines)):
                continue
            start, end = token.map
            if token.type in ("fence", "code_block"):
                code[start:end] = [True] * (end - start)
                if token.type == "fence" and self.open_code and token.level == 0:
                    self.open_code = token.markup
            elif token.type == "heading_open":
                heading = "\n".join(self.lines[start:end])
                self.blocks.append(Block("heading", start, end, heading))
            elif token.type in ("paragraph_open", "tr_open"):
                self.blocks.append(Block("row" if token.type == "tr_open" else "text", start, end, heading))
            elif token.type not in ("table_open", "hr"):
                continue
            taken[start:end] = [True] * (end - start)
        # What the parser leaves out (too deep, or no content) is read line by line: other readers may show it.
        for number in range(len(self.lines)):
            if not taken[number] and not code[number]:
                self.blocks.append(Block("text", number, number + 1, ""))
        self.prose = self._prose(code)

    def _prose(self, code: list[bool]) -> str:
        prose = "\n".join(" " * len(line) if code[n] else line for n, line in enumerate(self.lines))
        for block in self.blocks:
            start, end = self.span(block)
            prose = prose[:start] + _without_code(prose[start:end]) + prose[end:]
        return prose

    @cached_property
    def unaddressed(self) -> str:
        """The prose with the addresses of its links blanked, too."""
        return without_addresses(self.prose)

    @cached_property
    def offsets(self) -> list[int]:
        """Where each line begins, and where one after the last would."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def span(self, block: Block) -> tuple[int, int]:
        """Where a block stands, as [start, end) of the text."""
        end = min(block.end, len(self.lines))
        return self.offsets[block.start], self.offsets[end] - 1

    def words(self, block: Block) -> str:
        """The prose of a block."""
        start, end = self.span(block)
        return self.prose[start:end]

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Everything in the prose that looks like a citation."""
        return tuple(
            Mark(
                match.start(),
                match.end(),
                tuple(name.lower() for name in re.findall(r"c?\d+", match.group(), re.IGNORECASE)),
                bool(re.match(r"\]?\(", self.text[match.end() :][:2])) or self.text[: match.start()].endswith("!"),
            )
            for match in _MARK.finditer(self.unaddressed)
        )

    def cited(self, block: Block | None = None) -> frozenset[str]:
        """The ids that are cited, in a block or anywhere."""
        start, end = self.span(block) if block else (0, len(self.text))
        return frozenset(name for mark in self.marks if start <= mark.start < end for name in mark.ids)

    @cached_property
    def own_sources(self) -> tuple[tuple[int, int], ...]:
        """Where the draft lists sources itself, as [start, end) of the text."""
        headings = [block for block in self.blocks if block.kind == "heading"]
        ends = [*(self.offsets[block.start] for block in headings[1:]), len(self.text)]
        return tuple(
            (self.offsets[block.start], end)
            for block, end in zip(headings, ends, strict=False)
            if bare(self.lines[block.start]) in ("sources", "references", "bibliography")
        )

    @cached_property
    def html(self) -> tuple[int, ...]:
        """Where raw HTML begins, or an entity that could hide a bracket."""
        found = _HTML.finditer(self.prose)
        return tuple(match.start() for match in found if not _escaped(self.prose, match.start()))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _escaped(text: str, at: int) -> bool:
    before = text[max(0, at - 100) : at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _without_code(text: str) -> str:
    """A paragraph with its code spans blanked (CommonMark 0.31, 6.1: a run of backticks closes one as long)."""
    runs = [(match.start(), match.end()) for match in _TICKS.finditer(text)]
    position = 0
    while position < len(runs):
        start, end = runs[position]
        length = end - start - _escaped(text, start)
        closing = next((n for n, (a, b) in enumerate(runs[position + 1 :], position + 1) if b - a == length), None)
        if length and closing is not None:
            blank = re.sub(r"[^\n]", " ", text[start : runs[closing][1]])
            text = text[:start] + blank + text[runs[closing][1] :]
            position = closing
        position += 1
    return text


def without_addresses(text: str) -> str:
    """A text of the same length with its web addresses and the targets of its links blanked."""
    return _ADDRESS.sub(_blank, _LINK.sub(_blank, text))


def plain(text: str) -> str:
    """A text as a line of Markdown that shows it as it stands; what looks like a citation gets round brackets."""
    line = " ".join(text.replace("\0", "\ufffd").split())
    line = re.sub(r"【([^】]*)】", r"(\1)", line)
    line = re.sub(r"\[(?=[^\]]*\d)([^\[\]]{0,80})\]", r"(\1)", line)
    line = re.sub(r"([\\`*\[\]<]|&(?=#|\w+;))", r"\\\1", line)
    line = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", line)
    return re.sub(
        r"^([#>+~-])|^(\d{1,9})([.)])(?=\s|$)", lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line
    )


def bare(text: str) -> str:
    """A text for comparing: lower case, without markup and escapes, one space between words."""
    return " ".join(re.findall(r"[^\W_]+(?:[.,][^\W_]+)*|[%$€£]", text.replace(NO_SOURCE, " ").casefold()))
