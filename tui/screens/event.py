"""One event of the trace, alone on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.safe import safe_line
from tui.typed_app import app_type
from tui.widgets.key_line import KeyLine
from tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.widgets.text_pane import Entry


class EventScreen(Screen[None]):
    """An event whole, to scroll and to search."""

    CSS = """
    EventScreen #head { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    EventScreen TextPane { padding: 0 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "app.pop_screen", "back", id="event.back"),
        Binding("slash", "find", "find", id="event.find"),
        Binding("y", "copy", "copy", id="event.copy"),
        Binding("j", "scroll(1)", "down", show=False, id="event.down"),
        Binding("k", "scroll(-1)", "up", show=False, id="event.up"),
    ]

    app = getters.app(app_type)

    def __init__(self, title: str, entries: Sequence[Entry]) -> None:
        """The entries have passed `safe`."""
        super().__init__()
        self._title = safe_line(title)
        self._entries = entries

    def compose(self) -> ComposeResult:
        """A line of header, the event, the footer."""
        yield Static(Content.styled(self._title, "bold"), id="head")
        yield TextPane(limit=sum(len(entry.text) for entry in self._entries))
        yield KeyLine()

    def on_mount(self) -> None:
        """Shows it from its beginning."""
        pane = self.query_one(TextPane)
        pane.following = False
        pane.add(*self._entries)
        pane.focus()

    def action_scroll(self, lines: int) -> None:
        """A line up or down."""
        self.query_one(TextPane).scroll_relative(y=lines, animate=False)

    def action_find(self) -> None:
        """Asks for words to find."""
        from tui.screens.prompt import PromptScreen

        def found(words: str | None) -> None:
            if words and not self.query_one(TextPane).find(words):
                self.notify(f"“{words}” is not in this event.", markup=False, severity="warning")

        self.app.push_screen(PromptScreen("Find in the event"), found)

    def action_copy(self) -> None:
        """Its text, to the clipboard."""
        self.app.copy_to_clipboard(self.query_one(TextPane).plain)
        self.notify("Sent to the clipboard.", markup=False)
