"""Rows of content, painted one by one: a row that is as it was is not painted again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget


class Rows(Widget):
    """What `show` was given last, from the top; whoever gives it gives only what there is room for."""

    DEFAULT_CSS = "Rows { text-wrap: nowrap; text-overflow: clip; }"
    ALLOW_SELECT = False

    _rows: Sequence[Content] = ()

    def show(self, rows: Sequence[Content]) -> None:
        """Shows these rows, and paints those that are not as they were."""
        before, self._rows = self._rows, rows
        for y, (old, new) in enumerate(zip_longest(before, rows)):
            if old is None or new is None or not same(old, new):
                self.refresh(Region(0, y, self.size.width, 1))

    @property
    def content(self) -> Content:
        """All rows, as they are painted."""
        return Content("\n").join(self._rows)

    def render_line(self, y: int) -> Strip:
        """A row, cut to the width."""
        row = self._rows[y] if y < len(self._rows) else Content("")
        return strip(self, row, self.size.width)


def same(one: Content, other: Content) -> bool:
    """Whether two rows look the same: their equality is that of the text alone."""
    return one.plain == other.plain and one.spans == other.spans


def strip(widget: Widget, row: Content, width: int) -> Strip:
    """A row of a widget as it is painted, of exactly so many cells."""
    strips = Visual.to_strips(widget, row, width, 1, widget.visual_style, apply_selection=False)
    return strips[0].adjust_cell_length(width, widget.rich_style) if strips else Strip.blank(width)
