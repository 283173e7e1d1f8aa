"""Help: every key that works on the screen below, from its live keymap, and what the glyphs mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.typed_app import app_type

if TYPE_CHECKING:
    from textual.binding import ActiveBinding


class HelpScreen(ModalScreen[None]):
    """An overlay; any of its keys takes it away."""

    CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 76; max-width: 95%; height: auto; max-height: 95%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "back", id="help.back")
    ]

    app = getters.app(app_type)

    def __init__(self, active: dict[str, ActiveBinding]) -> None:
        super().__init__()
        # Steering first, moving about last.
        self._active = active

    def compose(self) -> ComposeResult:
        """The keys, one action a line, then the legend."""
        with VerticalScroll():
            yield Static(self._content())

    def on_mount(self) -> None:
        """Names itself and takes the keys."""
        box = self.query_one(VerticalScroll)
        box.border_title = Content("keys")
        box.border_subtitle = Content("escape: back · ↑↓ scroll")
        box.focus()

    def _content(self) -> Content:
        from tui.looks import LEGEND

        keys: dict[str, list[str]] = {}
        for active in self._active.values():
            # Those without an id are the library's: arrows and the like.
            if active.binding.id and active.binding.description:
                names = keys.setdefault(active.binding.description, [])
                names.append(self.app.get_key_display(active.binding))
        lines = [
            Content.assemble((f"{_short(names):>16}  ", "bold $accent"), description)
            for description, names in keys.items()
        ]
        lines.append(Content.assemble((f"{'↑ ↓ pgup pgdn':>16}  ", "bold $accent"), "scroll"))
        legend = Content("  ").join(Content.styled(f"{look.glyph} {look.word}", look.style) for look in LEGEND)
        return Content("\n").join([legend, Content(""), *lines])


def _short(names: list[str]) -> str:
    """A row of digits as its ends."""
    return f"{names[0]}–{names[-1]}" if len(names) > 3 else " ".join(names)
