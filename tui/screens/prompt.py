"""One line asked of a person."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from tui.widgets.fields import Line

MOST = 4_000
"""Characters of an answer, as a note to the planner may have."""


class PromptScreen(ModalScreen[str | None]):
    """Asks for one line; the result is None when it was left with escape."""

    CSS = """
    PromptScreen { align: center bottom; }
    PromptScreen > Vertical { height: auto; width: 100%; background: $panel; padding: 0 1; }
    PromptScreen Label { width: 100%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "back", id="prompt.back")]

    def __init__(self, question: str, value: str = "") -> None:
        """`value` is what stands there already."""
        super().__init__()
        self._question = question
        self._value = value

    def compose(self) -> ComposeResult:
        """The question and the line."""
        with Vertical():
            yield Label(f"{self._question}: enter takes it, escape goes back", markup=False)
            yield Line(self._value, compact=True, select_on_focus=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The answer; one that is too long stays to be cut."""
        if len(event.value) > MOST:
            said = f"That is {len(event.value):,} characters; there is room for {MOST:,}."
            self.notify(said, severity="warning", markup=False)
        else:
            self.dismiss(event.value)
