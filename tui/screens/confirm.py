"""One question with a few answers, over whatever asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from typing_extensions import override

from tui.safe import safe, safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

Choice = tuple[str, str, str]
"""The key, the label and the result of a choice."""


class ConfirmScreen(ModalScreen[str]):
    """Asks, and answers the result of the choice that was made; an empty string is none."""

    DEFAULT_CSS = """
    ConfirmScreen {
        align: center middle;
        & > Vertical {
            width: 64;
            max-width: 90%;
            height: auto;
            max-height: 90%;
            padding: 1 2;
            border: round $primary;
            background: $surface;
        }
        #question { height: auto; max-height: 12; margin-bottom: 1; }
        OptionList { height: auto; border: none; padding: 0; background: $surface; }
        OptionList:focus { border: none; background-tint: transparent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", "back", id="confirm.back")]

    def __init__(self, question: str, choices: Sequence[Choice]) -> None:
        """The first of the choices is highlighted."""
        super().__init__()
        self._question = question
        self._choices = choices
        self._made = False
        """The first key counts: another one in the same burst would be an answer to whatever is below."""

    @override
    def compose(self) -> ComposeResult:
        width = max(len(key) for key, _, _ in self._choices)
        with Vertical():
            with VerticalScroll(id="question", can_focus=False):
                yield Static(Content(safe(self._question)))
            yield OptionList(
                *(Option(Content(f"{key:<{width}}  {safe_line(label)}")) for key, label, _ in self._choices)
            )

    def on_mount(self) -> None:
        """The choices take the keys at once."""
        self.query_one(OptionList).focus()

    def on_key(self, event: events.Key) -> None:
        """A choice's own key makes it."""
        for key, _, result in self._choices:
            if key in (event.key, event.character):
                event.stop()
                self._make(result)
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter makes the highlighted choice."""
        self._make(self._choices[event.option_index][2])

    def _make(self, result: str) -> None:
        if not self._made and self.is_current:
            self._made = True
            self.dismiss(result)
