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
        width: 64; max-width: 95%; height: auto; max-height: 95%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "back", id="help.back")
    ]

    app = getters.app(app_type)

    def __init__(self, active: dict[str, ActiveBinding]) -> None:
        super().__init__()
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

        keys: dict[tuple[str, str], list[str]] = {}
        for active in self._active.values():
            binding = active.binding
            if binding.description and not binding.system:
                keys.setdefault((binding.action, binding.description), []).append(
                    self.app.get_key_display(binding)
                )
        lines = [
            Content.assemble((f"{' '.join(names):>16}  ", "bold $accent"), description)
            for (_, description), names in keys.items()
        ]
        legend = [Content.assemble((f"{look.glyph:>16}  ", look.style), look.word) for look in LEGEND]
        return Content("\n").join([*lines, Content(""), *legend])
