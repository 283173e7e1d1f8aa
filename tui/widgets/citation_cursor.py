"""Citations, `[n]`, in Markdown: marked as it is rendered, found on the screen, and a cursor among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import ClassVar, NamedTuple

from rich.console import JustifyMethod
from rich.markdown import Heading, MarkdownContext, MarkdownElement, Paragraph, TableDataElement
from rich.style import Style
from rich.text import Text, TextType
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.widgets.line_view import LineView

_CITATION = re.compile(r"(\[\d{1,4}\])")
_serial = count()


class Mark(NamedTuple):
    """A citation as it stands on the screen: its number, its line, its first character there and the one after."""

    n: int
    line: int
    start: int
    end: int


def marks_on(strips: Sequence[Strip]) -> list[Mark]:
    """The citations on rendered lines, each by its first part where one is broken over lines."""
    marks: dict[int, Mark] = {}
    for line, strip in enumerate(strips):
        start = 0
        for text, style, _ in strip:
            end = start + len(text)
            citation: tuple[int, int] | None = style.meta.get("citation") if style else None
            if citation is not None:
                serial, n = citation
                marks.setdefault(serial, Mark(n, line, start, end))
            start = end
    return list(marks.values())


def _append(to: Text, text: TextType, context: MarkdownContext) -> None:
    """Add to an element's text; a citation's style holds a serial and its number, for `marks_on`."""
    style = context.current_style
    if isinstance(text, Text) or style.meta.get("code"):
        to.append(text, style if isinstance(text, str) else None)
        return
    for piece in filter(None, _CITATION.split(text)):
        if _CITATION.fullmatch(piece):
            meta = Style.from_meta({"citation": (next(_serial), int(piece[1:-1]))})
            to.append(piece, style + context.console.get_style("markdown.citation") + meta)
        else:
            to.append(piece, style)


class _Paragraph(Paragraph):
    def on_text(self, context: MarkdownContext, text: TextType) -> None:
        _append(self.text, text, context)


class _Heading(Heading):
    LEVEL_ALIGN: ClassVar[dict[str, JustifyMethod]] = {}

    def on_text(self, context: MarkdownContext, text: TextType) -> None:
        _append(self.text, text, context)


class _Cell(TableDataElement):
    def on_text(self, context: MarkdownContext, text: TextType) -> None:
        _append(self.content, text, context)


CITED_ELEMENTS: dict[str, type[MarkdownElement]] = {
    "paragraph_open": _Paragraph,
    "heading_open": _Heading,
    "th_open": _Cell,
    "td_open": _Cell,
}
"""Rich's elements that hold text, such that they mark the citations in it; inline code has none."""


class CitedView(LineView):
    """A view of lines with a cursor on one of their citations."""

    DEFAULT_CSS = "CitedView > .cited-view--cursor { text-style: reverse bold; }"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"cited-view--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("]", "next_citation", "citation", id="report.next_citation"),
        Binding("[", "previous_citation", "previous citation", show=False, id="report.previous_citation"),
        Binding("enter", "choose", "source", id="report.choose_citation"),
    ]

    cursor: reactive[int | None] = reactive(None, init=False)
    """The citation that is highlighted, as an index into `citations`."""

    class CitationChosen(Message):
        """A person wants to see what a citation stands on."""

        def __init__(self, n: int) -> None:
            super().__init__()
            self.n = n

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._typed = ""

    @property
    def citations(self) -> Sequence[Mark]:
        """Every citation, in order of appearance on the screen's lines."""
        raise NotImplementedError

    def goto(self, n: int) -> bool:
        """Put the cursor on the first citation with a number; False if there is none."""
        for index, mark in enumerate(self.citations):
            if mark.n == n:
                self._go(index)
                return True
        return False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Text without citations has no keys for them."""
        return bool(self.citations) or action not in ("next_citation", "previous_citation", "choose")

    def action_next_citation(self) -> None:
        """To the citation after the cursor, or the first one from the top of the view on."""
        marks, top = self.citations, self.scroll_offset.y
        if self.cursor is not None:
            self._go(self.cursor + 1)
        else:
            self._go(next((index for index, mark in enumerate(marks) if mark.line >= top), 0))

    def action_previous_citation(self) -> None:
        """To the citation before the cursor, or the last one above the bottom of the view."""
        bottom = self.scroll_offset.y + self.size.height
        above = sum(mark.line < bottom for mark in self.citations)
        self._go((above if self.cursor is None else self.cursor) - 1)

    def action_choose(self) -> None:
        """Ask for what the cursor is on; without a cursor, put it on a citation first."""
        if self.cursor is None:
            self.action_next_citation()
        else:
            self.post_message(self.CitationChosen(self.citations[self.cursor].n))

    def on_key(self, event: events.Key) -> None:
        """Digits go to that citation; more of them make a longer number, if there is such a citation."""
        if event.character is None or event.character not in "0123456789":
            self._typed = ""
            return
        event.stop()
        typed = [self._typed + event.character, event.character]
        self._typed = next((number for number in typed if self.goto(int(number))), "")

    def validate_cursor(self, cursor: int | None) -> int | None:
        """None for a citation that is not there."""
        return cursor if cursor is not None and 0 <= cursor < len(self.citations) else None

    def watch_cursor(self, cursor: int | None) -> None:
        """What it is on comes into view."""
        if cursor is not None:
            self.reveal(self.citations[cursor].line)
        self.refresh()

    def highlights(self, y: int) -> Iterator[tuple[int, int, Style]]:
        """The cursor too."""
        yield from super().highlights(y)
        if self.cursor is not None and self.citations[self.cursor].line == y:
            mark = self.citations[self.cursor]
            yield mark.start, mark.end, self.get_component_rich_style("cited-view--cursor", partial=True)

    def check_cursor(self) -> None:
        """The citations are other ones: the one that the cursor was on may be gone."""
        self.cursor = self.validate_cursor(self.cursor)
        self.refresh_bindings()

    def _go(self, index: int) -> None:
        """Put the cursor on a citation, around the ends, and show it even if it was there."""
        if self.citations:
            self.cursor = index % len(self.citations)
            self.watch_cursor(self.cursor)
