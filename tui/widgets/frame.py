"""A border around the lines of a view, put together once a line.

The library styles, pads and borders every line anew that moved. Where text streams, that is all lines of all panes
many times a second, and most of what there is to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.style import Style

from tui.widgets.rows import strip

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.color import Color
    from textual.geometry import Region
    from textual.widget import Widget

_BOXES = {"round": "╭─╮│╰╯", "heavy": "┏━┓┃┗┛"}
"""Top left, line, top right, side, bottom left, bottom right."""

_SCREENFULS = 3


class Frame:
    """The border that a widget's styles ask for, with one cell of padding at either side."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._look: tuple[str, Color, Color, int] | None = None
        """Kind and colour of the border, background, width: the lines below were put together for these."""
        self._lines: dict[int, tuple[Strip, Strip]] = {}
        """By their numbers: what stands between the borders, and the line with them."""
        self._edges: dict[bool, tuple[Content, Strip]] = {}
        """The first line (True) and the last, by what stands in them."""
        self._background: Color | None = None

    @property
    def drawn(self) -> bool:
        """Whether the widget has a border that is known here."""
        return self._widget.styles.border_top[0] in _BOXES

    def restyled(self) -> None:
        """Takes note that the widget's styles are others."""
        self._background = self._look = None

    def lines(
        self, crop: Region, top: int, line: Callable[[int], Strip], title: Content, foot: Content
    ) -> list[Strip]:
        """The widget's lines within a region of it; `line` answers what stands on one of those inside.

        `top` is the number of the first line inside, which stays a line's own when it moves.
        """
        width, height = self._widget.outer_size
        self._prepare(width, height)
        strips = [
            self._edge(title, first=True)
            if y == 0
            else self._edge(foot, first=False)
            if y == height - 1
            else self._sided(top + y - 1, line(y - 1))
            for y in crop.line_range
        ]
        start, end = crop.column_span
        return strips if (start, end) == (0, width) else [strip.crop(start, end) for strip in strips]

    def _prepare(self, width: int, height: int) -> None:
        """Forgets what was put together for another look, or is far from the screen."""
        kind, color = self._widget.styles.border_top
        if self._background is None:
            base, background = self._widget.background_colors
            self._background = base + background
        if (look := (kind, self._background + color, self._background, width)) != self._look:
            self._look = look
            self._lines.clear()
            self._edges.clear()
        while len(self._lines) > _SCREENFULS * height:
            del self._lines[next(iter(self._lines))]

    def _sided(self, y: int, inside: Strip) -> Strip:
        """A line with what stands at its sides."""
        known = self._lines.get(y)
        if known is not None and known[0] is inside:
            return known[1]
        assert self._look is not None
        kind, color, background, width = self._look
        side, blank = Style(background, color).rich_style, Style(background).rich_style
        end = Segment(_BOXES[kind][3], side)
        pad = Segment(" ", blank)
        room = inside.adjust_cell_length(width - 4, blank)
        whole = self._filtered(Strip([end, pad, *room, pad, end], width))
        self._lines[y] = inside, whole
        return whole

    def _edge(self, label: Content, *, first: bool) -> Strip:
        """The first line or the last; the title stands at its left, what stands below at the right."""
        known = self._edges.get(first)
        if known is not None and known[0] is label:
            return known[1]
        assert self._look is not None
        kind, color, background, width = self._look
        box, style = _BOXES[kind], Style(background, color)
        left, right = (box[0], box[2]) if first else (box[4], box[5])
        shown = label.truncate(max(0, width - 6), ellipsis=True)
        said = Content.assemble(" ", shown, " ") if shown else Content("")
        fill = Content.styled(box[1] * max(0, width - 3 - said.cell_length), style)
        ends = Content.styled(left, style), Content.styled(right, style)
        line, one = Content.styled(box[1], style), said.stylize_before(self._label_style(first))
        parts = (ends[0], line, one, fill, ends[1]) if first else (ends[0], fill, one, line, ends[1])
        whole = self._filtered(strip(self._widget, Content.assemble(*parts), width))
        self._edges[first] = label, whole
        return whole

    def _label_style(self, first: bool) -> Style:
        """How the styles want a title or what stands below."""
        styles = self._widget.styles
        assert self._background is not None
        if first:
            color, auto, text = (
                styles.border_title_color,
                styles.auto_border_title_color,
                styles.border_title_style,
            )
        else:
            color, auto = styles.border_subtitle_color, styles.auto_border_subtitle_color
            text = styles.border_subtitle_style
        if auto:
            color = self._background.get_contrast_text(color.a)
        return Style.from_rich_style(text) + Style(foreground=self._background + color)

    def _filtered(self, strip: Strip) -> Strip:
        """A line as this terminal wants it."""
        assert self._background is not None
        for each in self._widget.get_line_filters():
            strip = strip.apply_filter(each, self._background)
        return strip
