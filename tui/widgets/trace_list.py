"""The trace as a list: a line an event, formatted when it comes into view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.widgets.wrapping import STYLES

if TYPE_CHECKING:
    from tui.trace_row import Row

Format = Callable[[int], "Row"]
"""What stands on the line of a place in the film."""


class TraceList(ScrollView, can_focus=False):
    """Shows some places of a film, one of which is the one that one is at; those after it are still to come."""

    DEFAULT_CSS = """
    TraceList {
        border: round $foreground 30%; border-title-color: $text; border-subtitle-color: $text-muted;
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; background: $background;
    }
    TraceList > .trace-list--text { color: $foreground; }
    TraceList > .trace-list--thinking { text-style: italic; }
    TraceList > .trace-list--tool { color: $text-accent; }
    TraceList > .trace-list--note { color: $text-muted; }
    TraceList > .trace-list--error { color: $text-error; }
    TraceList > .trace-list--title { text-style: bold; }
    TraceList > .trace-list--to-come { text-style: dim; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"trace-list--{style}" for style in (*STYLES, "to-come")}

    virtual_size = var(Size(0, 0))
    """As every widget's, but growth lays nothing out anew: the scrollbar is always there."""

    class Chosen(Message):
        """A line was clicked; `place` is its event's place in the film."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__()
        self._places: Sequence[int] = ()
        self._format: Format | None = None
        self._cursor = -1

    def show(self, places: Sequence[int], cursor: int, format: Format) -> None:
        """Shows these places; `cursor` counts in them and is -1 before the first."""
        moved = cursor != self._cursor or places is not self._places
        self._places, self._cursor, self._format = places, cursor, format
        self.virtual_size = Size(self.scrollable_content_region.width, len(places))
        self.vertical_scrollbar.window_virtual_size = len(places)
        if moved:
            self._reveal()
        self.refresh()

    def on_resize(self) -> None:
        """What one is at stays in view."""
        self._reveal()

    def _reveal(self) -> None:
        height = self.scrollable_content_region.height
        y, top = max(0, self._cursor), self.scroll_offset.y
        if height and not top <= y < top + height:
            # A page further, or back: the line is where reading goes on.
            to = y - 1 if y >= top + height else y - height + 2
            to = max(0, min(to, len(self._places) - height))
            self.scroll_to(y=to, animate=False, force=True, immediate=True)

    def render_line(self, y: int) -> Strip:
        """A line, cut to the width."""
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        if self._format is None or at >= len(self._places):
            return Strip.blank(width, self.rich_style)
        text, style = self._format(self._places[at])
        look = self.get_component_rich_style(f"trace-list--{style}", default=self.rich_style)
        if at == self._cursor:
            look += Style(reverse=True)
        elif at > self._cursor:
            look += self.get_component_rich_style("trace-list--to-come", partial=True)
        line = f"{'>' if at == self._cursor else ' '}{text}"
        return Strip([Segment(set_cell_size(line, width), look)], width)

    def on_click(self, event: events.Click) -> None:
        """To the event that was clicked."""
        at = event.y - self.gutter.top + self.scroll_offset.y
        if 0 <= at < len(self._places):
            self.post_message(self.Chosen(self._places[at]))
