"""Markdown as lines, rendered once and kept while more of it comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import ClassVar, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Markdown, MarkdownElement
from rich.padding import Padding
from rich.style import Style
from rich.text import Text
from rich.theme import Theme
from textual.binding import Binding, BindingType
from textual.strip import Strip

from tui.safe import safe
from tui.widgets.citation_cursor import CITED_ELEMENTS, CitedView, Mark, marks_on
from tui.widgets.line_view import LineView

_PARSER = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["table", "strikethrough"])
    .disable(["link", "image", "autolink", "reference"])
)
"""Links, images and HTML stay text, so that nothing is hidden and nothing is live; `[1][2]` is two citations."""


class _Code(CodeBlock):
    """Code as it is, without a highlighter's colours and background."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        code = Text(str(self.text).rstrip(), style=self.style, overflow="fold")
        yield Padding(code, (0, 0, 0, 2)) if options.max_width > 8 else code


class _Rendered(Markdown):
    """Parsed Markdown whose elements mark the citations in their text."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        **CITED_ELEMENTS,
        "fence": _Code,
        "code_block": _Code,
    }


class MarkdownLine(NamedTuple):
    """A rendered line. Where a paragraph was wrapped is not known."""

    strip: Strip
    text: str
    wrapped: bool = False


@dataclass(slots=True)
class _Block:
    """A block at the top level: what was parsed of it, and how it was rendered."""

    tokens: list[Token]
    begins: int
    """Its first line in the source that it was parsed from."""
    top: int = 0
    """Its first line on the screen."""
    lines: list[MarkdownLine] = field(default_factory=list[MarkdownLine])
    marks: list[Mark] = field(default_factory=list[Mark])
    """Citations, by lines of the block."""


def _parsed(source: str) -> list[_Block]:
    """The blocks of a source. What entities became is made harmless, as the source was."""
    blocks: list[_Block] = []
    for token in _PARSER.parse(source):
        if token.level == 0 and token.nesting >= 0:
            blocks.append(_Block([], token.map[0] if token.map else 0))
        blocks[-1].tokens.append(token)
        for child in token.children or ():
            child.content = safe(child.content)
    return blocks


def _finished(source: str, blocks: list[_Block]) -> int:
    """How many blocks no growth of the source can change.

    Those before one that a blank line precedes and whose first line is complete. Less is not enough: `***` is a
    rule until `***bold` makes it part of the paragraph above, and `2` a paragraph until `2.` goes on with a list.
    """
    lines = source.split("\n")
    for index in range(len(blocks) - 1, 0, -1):
        begins = blocks[index].begins
        if begins < len(lines) - 1 and not lines[begins - 1].strip():
            return index
    return 0


class MarkdownView(CitedView):
    """Rendered Markdown, without live links; what it has rendered stays while the text only grows."""

    DEFAULT_CSS = """
    MarkdownView > .markdown-view--heading { color: $text-primary; text-style: bold; }
    MarkdownView > .markdown-view--code { color: $text-accent; }
    MarkdownView > .markdown-view--quote { text-style: italic; }
    MarkdownView > .markdown-view--frame { text-style: dim; }
    MarkdownView > .markdown-view--citation { color: $text-secondary; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"markdown-view--{name}" for name in ("heading", "code", "quote", "frame", "citation")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("}", "heading(1)", "next heading", id="report.next_heading", show=False),
        Binding("{", "heading(-1)", "previous heading", id="report.previous_heading", show=False),
    ]

    class FollowChanged(LineView.FollowChanged):
        """It began or ceased to follow."""

    class CitationChosen(CitedView.CitationChosen):
        """A person wants to see what a citation stands on."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._source = ""
        self._kept = 0
        """How many blocks at the front are finished."""
        self._tail = 0
        """Where in the source the others begin."""
        self._blocks: list[_Block] = []
        self._lines: list[MarkdownLine] = []
        self._marks: list[Mark] = []
        self._renderer = _Rendered("", hyperlinks=False)
        self._styles: dict[str, Style] = {}
        self._width = 0
        """In cells, that the lines were rendered for; 0 before there is a layout, and then there are none."""

    @property
    def citations(self) -> Sequence[Mark]:
        return self._marks

    @property
    def headings(self) -> list[tuple[str, int]]:
        """The headings at the top level, each with its line."""
        headed = (block for block in self._blocks if block.tokens[0].type == "heading_open")
        return [("".join(part.content for part in block.tokens[1].children or ()), block.top) for block in headed]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Text without headings has no keys for them, either."""
        if action == "heading" and not self.headings:
            return False
        return super().check_action(action, parameters)

    def show(self, markdown: str) -> None:
        """Show this instead. If it begins with what is shown, what is finished of that is not rendered again."""
        source = safe(markdown)
        if source == self._source:
            return
        if not source.startswith(self._source[: self._tail]):
            self._kept = self._tail = 0
        self._source = source
        tail = source[self._tail :]
        blocks = _parsed(tail)
        first = self._lay(self._kept, blocks)
        finished = _finished(tail, blocks)
        if finished:
            self._kept += finished
            self._tail += sum(len(line) + 1 for line in tail.split("\n")[: blocks[finished].begins])
        self.forget_hit()
        self.changed(first)

    def action_heading(self, by: int) -> None:
        """To the next heading below the top line, or the one above it."""
        top = self.scroll_offset.y
        lines = [line for _, line in self.headings]
        if by > 0:
            target = next((line for line in lines if line > top), None)
        else:
            target = next((line for line in reversed(lines) if line < top), None)
        if target is not None:
            self.scroll_to(y=target, animate=False, force=True)
            self.following = self.is_vertical_scroll_end

    def lines(self) -> Sequence[MarkdownLine]:
        return self._lines

    def strip(self, y: int) -> Strip:
        return self._lines[y].strip.apply_style(self.ground)

    def recut(self, width: int) -> int:
        top = self.scroll_offset.y
        if width == self._width:
            return top
        place = max(
            (block for block in self._blocks if block.top <= top), key=lambda block: block.top, default=None
        )
        into = (top - place.top) / max(1, len(place.lines)) if place else 0.0
        self._lay(0, self._blocks)
        return place.top + int(into * len(place.lines)) if place else 0

    def notify_style_update(self) -> None:
        """Has the lines rendered in other colours, once those of the parts are known, which is after this."""
        super().notify_style_update()
        if self._blocks and self.columns:
            self.call_later(self._recolour)

    def _recolour(self) -> None:
        if self._styles != self._theme():
            self._painted.drop()
            self._lay(0, self._blocks)
            self.refresh()

    def _lay(self, index: int, blocks: list[_Block]) -> int:
        """Render blocks and put them in the place of those from an index on; returns the first new line."""
        self._blocks = self._blocks[:index]
        first = self._blocks[-1].top + len(self._blocks[-1].lines) if index else 0
        del self._lines[first:]
        self._marks = [mark for mark in self._marks if mark.line < first]
        self._width = self.columns
        self._styles = self._theme() if self._width else {}
        console = Console(file=StringIO(), width=self._width, theme=Theme(self._styles), legacy_windows=False)
        for block in blocks:
            if self._blocks:
                self._lines.append(MarkdownLine(Strip([]), ""))
            block.top = len(self._lines)
            if self._width:
                self._render_block(block, console)
            self._lines += block.lines
            self._marks += [mark._replace(line=mark.line + block.top) for mark in block.marks]
            self._blocks.append(block)
        self.check_cursor()
        return first

    def _render_block(self, block: _Block, console: Console) -> None:
        """Fill in a block's lines and citations, without the blank lines around them that Rich makes."""
        self._renderer.parsed = block.tokens
        strips = [Strip(line) for line in console.render_lines(self._renderer, pad=False)]
        while strips and not strips[0].text.strip():
            del strips[0]
        while strips and not strips[-1].text.strip():
            del strips[-1]
        block.lines = [MarkdownLine(strip, strip.text.rstrip()) for strip in strips]
        block.marks = marks_on(strips)

    def _theme(self) -> dict[str, Style]:
        """Rich's names for the parts of Markdown, in this widget's colours."""

        def style(name: str) -> Style:
            return self.get_component_rich_style(f"markdown-view--{name}", partial=True)

        heading, code, frame = style("heading"), style("code"), style("frame")
        return {f"markdown.h{level}": heading for level in range(1, 7)} | {
            "markdown.h1": heading + Style(underline=True),
            "markdown.code": code + Style.from_meta({"code": True}),
            "markdown.code_block": code,
            "markdown.block_quote": style("quote"),
            "markdown.hr": frame,
            "markdown.item.bullet": heading,
            "markdown.item.number": heading,
            "markdown.table.border": frame,
            "markdown.table.header": Style(bold=True),
            "markdown.citation": style("citation"),
        }
