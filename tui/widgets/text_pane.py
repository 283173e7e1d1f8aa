"""Growing plain text as lines, without child widgets: what every live pane is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip

from tui.widgets.line_view import LineView
from tui.widgets.wrapping import STYLES, Entry, Line, WrappedText, newest

__all__ = ["Entry", "TextPane"]


class TextPane(LineView):
    """Growing plain text: closed entries, and a tail of entries that still stream."""

    DEFAULT_CSS = """
    TextPane > .text-pane--text { color: $foreground; }
    TextPane > .text-pane--thinking { text-style: dim italic; }
    TextPane > .text-pane--tool { color: $text-accent; }
    TextPane > .text-pane--note { text-style: dim; }
    TextPane > .text-pane--error { color: $text-error; }
    TextPane > .text-pane--title { text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"text-pane--{style}" for style in STYLES}

    class FollowChanged(LineView.FollowChanged):
        """It began or ceased to follow."""

    def __init__(self, *, limit: int = 64_000, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._limit = limit
        self._wrapped = WrappedText()

    @property
    def plain(self) -> str:
        """The whole text, as it was given."""
        return self._wrapped.text

    def clear(self) -> None:
        """Drop everything."""
        self.forget_hit()
        self.forget_selection()
        self.changed(self._wrapped.clear())

    def add(self, *entries: Entry) -> None:
        """Close entries for good, in order; whole old ones go at the front when there are too many characters."""
        kept = newest(entries, self._limit)
        if len(kept) < len(entries):
            self.clear()  # all of it is older than what is left out
        first = self._wrapped.add(kept)
        gone = self._wrapped.prune(self._limit)
        if gone:
            self.forget_hit()
            self.forget_selection()
            first = 0
            if not self.following:
                self.scroll_to(y=self.scroll_offset.y - gone, animate=False, force=True)
        self.changed(first)

    def set_tail(self, entries: Sequence[Entry]) -> None:
        """Replace the open end. Only what is new of it costs anything."""
        self.changed(self._wrapped.set_tail(entries))

    def lines(self) -> Sequence[Line]:
        return self._wrapped.rows

    def strip(self, y: int) -> Strip:
        text, style, _ = self._wrapped.rows[y]
        return Strip([Segment(text, self.get_component_rich_style(f"text-pane--{style}", default=self.ground))])

    def recut(self, width: int) -> int:
        place = self._wrapped.offset(self.scroll_offset.y)
        self._wrapped.resize(width)
        return self._wrapped.row_at(place)
