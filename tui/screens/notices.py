"""What was said in this window, to be read again: every notice with its time, the newest first."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.notices import STYLES
from tui.safe import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.notices import Notice


class NoticesScreen(ModalScreen[None]):
    """An overlay; any of its keys takes it away."""

    CSS = """
    NoticesScreen { align: center middle; }
    NoticesScreen > VerticalScroll {
        width: 110; max-width: 95%; height: auto; max-height: 95%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,f4", "dismiss", "back", id="notices.back")]

    def __init__(self, said: Sequence[Notice]) -> None:
        """`said` has the oldest first."""
        super().__init__()
        self._said = said

    def compose(self) -> ComposeResult:
        """A notice after the other, whole."""
        with VerticalScroll():
            yield Static(Content("\n").join(map(_line, reversed(self._said))) or Content("Nothing yet."))

    def on_mount(self) -> None:
        """Names itself and takes the keys."""
        box = self.query_one(VerticalScroll)
        box.border_title = Content("what was said")
        box.border_subtitle = Content("escape: back · ↑↓ scroll")
        box.focus()


def _line(notice: Notice) -> Content:
    at = time.strftime("%H:%M:%S", time.localtime(notice.at))
    return Content.assemble((f"{at}  ", "$text-muted"), (safe_line(notice.text), STYLES[notice.severity]))
