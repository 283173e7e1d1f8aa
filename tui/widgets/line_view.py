"""Lines that fit the width of a view, painted without child widgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.selection import Selection
from textual.strip import Strip

from tui.widgets.painted import Painted
from tui.widgets.wrapping import Line, search, spans_of, start_of


class LineView(ScrollView, can_focus=True):
    """Lines that fit the width: it follows their end, finds and highlights in them, and lets the mouse select."""

    DEFAULT_CSS = """
    LineView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-background: transparent;
        scrollbar-background-hover: transparent;
        scrollbar-background-active: transparent;
    }
    LineView > .line-view--hit { background: $warning; color: auto; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-view--hit"}
    ALLOW_SELECT = True

    virtual_size = var(Size(0, 0))
    """As every widget's, but it lays nothing out anew: the scrollbar is always there, so growth moves nothing."""

    following: reactive[bool] = reactive(True, init=False)
    """At the end, and staying there; scrolling up releases it, scrolling to the end takes it again."""

    class FollowChanged(Message):
        """It began or ceased to follow."""

        def __init__(self, following: bool) -> None:
            super().__init__()
            self.following = following

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._needle: str = ""
        self._hit: int = -1
        self._hit_spans: dict[int, tuple[int, int]] = {}
        self._painted = Painted()
        self._ground: Style | None = None
        self._thumb = (0, 0)
        self._selection: Selection | None = None

    def on_mount(self) -> None:
        """Has the scrollbar styled now: else that is done, and all laid out for it, when the focus first moves."""
        self.vertical_scrollbar.update_node_styles(animate=False)

    def lines(self) -> Sequence[Line]:
        """All of its lines, first to last."""
        raise NotImplementedError

    def strip(self, y: int) -> Strip:
        """A line as it is painted, not padded."""
        raise NotImplementedError

    def recut(self, width: int) -> int:
        """Cut the text to another width in cells; returns the line that should be on top now."""
        raise NotImplementedError

    @property
    def columns(self) -> int:
        """The cells across that text can take: all but the scrollbar."""
        return self.scrollable_content_region.width

    @property
    def unseen(self) -> int:
        """The number of lines below the view while it does not follow."""
        return 0 if self.following else max(0, len(self.lines()) - self.scroll_offset.y - self.size.height)

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.following = True
        self._to_end()

    def changed(self, first: int | None) -> None:
        """Take note that the lines from the first one on are new ones; None for no change."""
        if first is None:
            return
        self._painted.drop(first)
        if not self.size:
            return
        self._measure()
        if self.following:
            self._to_end()
        elif self.scroll_offset.y > self.max_scroll_y:
            self.call_later(self._move, 0)  # later, for what went may come back at once, as another entry
        self._move_thumb()
        y = max(0, first - self.scroll_offset.y)
        if y < self.size.height:
            self.refresh(Region(0, y, self.columns, self.size.height - y))

    def watch_following(self, following: bool) -> None:
        """A view that is told to follow goes to the end."""
        if following:
            self._to_end()
        self.post_message(self.FollowChanged(following))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whoever scrolls releases it, or takes it again."""
        self._move_thumb()
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)
        self.following = round(new_value) >= self.max_scroll_y

    def release_anchor(self) -> None:
        """Before the first layout there is no place: whoever scrolls then wants to begin at the top."""
        super().release_anchor()
        if not self.size:
            self.following = False

    def on_resize(self) -> None:
        """Fits the lines to the width, and keeps the place that was looked at; also when it is shown again."""
        self._painted.drop()
        if not self.columns or not self.size:  # no place to keep
            return
        if self.columns != self.virtual_size.width:
            self.forget_selection()
        top = self.recut(self.columns)
        self.forget_hit()
        self._measure()
        self.scroll_to(y=self.max_scroll_y if self.following else top, animate=False, force=True)
        self._move_thumb()
        self.refresh()

    def _measure(self) -> None:
        """Take note of how many lines there are."""
        self.virtual_size = Size(self.columns, len(self.lines()))

    def _move_thumb(self) -> None:
        """Tells the scrollbar where the view is. It is painted anew, which is dear, where that is seen."""
        bar = self.vertical_scrollbar
        bar.set_reactive(ScrollBar.window_virtual_size, len(self.lines()))
        bar.set_reactive(ScrollBar.position, bar.validate_position(self.scroll_y))
        thumb = thumb_of(self.scrollable_content_region.height, bar.window_virtual_size, bar.position)
        if thumb != self._thumb:
            self._thumb = thumb
            bar.refresh()

    def _to_end(self) -> None:
        if self.size:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def action_scroll_up(self) -> None:
        self._move(-1)

    def action_scroll_down(self) -> None:
        self._move(1)

    def action_page_up(self) -> None:
        self._move(-self.size.height)

    def action_page_down(self) -> None:
        self._move(self.size.height)

    def action_scroll_home(self) -> None:
        self._move(-len(self.lines()))

    def action_scroll_end(self) -> None:
        self.follow()

    def _move(self, lines: int) -> None:
        """At once, for the next growth would cut an animation short."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)
        self.following = self.is_vertical_scroll_end

    def reveal(self, y: int) -> None:
        """Bring a line into view, if it is not, a third below the top; and stay there."""
        if not 0 <= y - self.scroll_offset.y < self.size.height:
            self.scroll_to(y=y - self.size.height // 3, animate=False, force=True)
        self.following = False

    def find(self, needle: str, *, back: bool = False) -> bool:
        """Go to the next place (or the previous) that has these words, in any case; False for none."""
        lines = self.lines()
        again = self._hit >= 0 and needle == self._needle
        last = self._hit if again else start_of(lines, self.scroll_offset.y) - 1
        self.forget_hit()
        hit = search(lines, needle, last, back=back)
        if hit is None:
            return False
        self._needle, self._hit = needle, hit[0]
        self._hit_spans = spans_of(lines, *hit)
        self.reveal(min(self._hit_spans))
        return True

    def forget_hit(self) -> None:
        """Nothing is highlighted any more."""
        self._hit = -1
        self._hit_spans = {}
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of the view, with what is highlighted and selected, and its offsets for the mouse."""
        y += self.scroll_offset.y
        lines = self.lines()
        if y >= len(lines):
            return Strip.blank(self.columns, self.ground)
        highlights = list(self.highlights(y))
        if not highlights and (painted := self._painted.get(y)):
            return painted
        strip = self.strip(y)
        for start, end, style in highlights:
            text = lines[y].text
            strip = overlaid(strip, cell_len(text[:start]), cell_len(text[:end]), style)
        # The offsets first: else what fills up a line has a style of its own, and the library keeps each.
        strip = strip.apply_offsets(0, y).crop_extend(0, self.columns, self.ground)
        if not highlights:
            self._painted.keep(y, strip, self.size.height)
        return strip

    @property
    def ground(self) -> Style:
        """The style that is under all of its lines."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def notify_style_update(self) -> None:
        """What was painted was painted in other colours."""
        super().notify_style_update()
        self._ground = None
        self._painted.drop()

    def highlights(self, y: int) -> Iterator[tuple[int, int, Style]]:
        """What stands out on a line: first character, end, style."""
        if y in self._hit_spans:
            yield (*self._hit_spans[y], self.get_component_rich_style("line-view--hit"))
        selection = self._selection
        span = selection.get_span(y) if selection else None
        if span is not None:
            start, end = span
            end = len(self.lines()[y].text) if end < 0 else end
            yield start, end, self.screen.get_component_rich_style("screen--selection")

    def selection_updated(self, selection: Selection | None) -> None:
        """Remembers what is selected: to ask the screen at each line would be dear."""
        self._selection = selection
        super().selection_updated(selection)

    def forget_selection(self) -> None:
        """Nothing of it is selected any more: what was has gone, or stands on other lines."""
        if self._selection is not None:
            others = {widget: kept for widget, kept in self.screen.selections.items() if widget is not self}
            self.screen.selections = others

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text; lines that were wrapped are one again."""
        pieces: list[str] = []
        for y, line in enumerate(self.lines()):
            span = selection.get_span(y)
            if span is None:
                continue
            start, end = span
            if pieces and not line.wrapped:
                pieces.append("\n")
            pieces.append(line.text[start : None if end < 0 else end])
        return "".join(pieces), "\n"


def thumb_of(height: int, lines: int, position: float) -> tuple[int, int]:
    """Where the thumb of a scrollbar begins and ends, in eighths of a cell, as the library draws it."""
    if not height or lines <= height:
        return 0, 0
    size = max(1.0, height * height / lines)
    start = int((height - size) * position / (lines - height) * 8)
    return start, start + ceil(size * 8)


def overlaid(strip: Strip, start: int, end: int, style: Style) -> Strip:
    """A strip with a style laid over some of its cells."""
    if start >= end:
        return strip
    middle = strip.crop(start, end)
    styled = Strip(
        [Segment(text, under + style if under else style) for text, under, _ in middle], middle.cell_length
    )
    return Strip.join([strip.crop(0, start), styled, strip.crop(end)])
