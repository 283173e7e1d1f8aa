"""What a run that the server turned away needs to go on: another API key, or another model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static
from typing_extensions import override

from tui.safe import safe, safe_line
from tui.widgets.fields import Line

if TYPE_CHECKING:
    from pydantic import SecretStr
    from textual import events
    from textual.app import ComposeResult

    from sessions.failures import Failure

_OF_A_MODEL = ("not_found", "permission")
"""Kinds of failure that another model may mend."""

_LONGEST_KEY, _LONGEST_MODEL = 500, 100
"""Characters."""


class Another(NamedTuple):
    """With what else a run goes on; None stays as it is."""

    key: SecretStr | None
    model: str | None


class _Field(Line):
    """A field of one line."""

    def on_paste(self, event: events.Paste) -> None:
        """Nothing that a terminal would obey gets in."""
        event.text = safe_line(event.text)


class _Secret(_Field):
    """A field whose text is shown nowhere, and goes from it to no clipboard."""

    def action_copy(self) -> None:
        """Copies nothing."""

    def action_cut(self) -> None:
        """Cuts without copying."""
        self.delete_selection()


class KeyForm(ModalScreen[Another | None]):
    """Says what the server said, and asks for another key; answers None when it is left."""

    DEFAULT_CSS = """
    KeyForm {
        align: center middle;
        & > Vertical {
            width: 72;
            max-width: 90%;
            height: auto;
            max-height: 90%;
            padding: 1 2;
            border: round $error;
            background: $surface;
        }
        #said { height: auto; max-height: 8; margin-bottom: 1; }
        Label { color: $text-muted; }
        Line { height: 1; border: none; padding: 0 1; background: $boost; margin-bottom: 1; }
        Line:focus { border: none; background: $panel; }
        #problem { display: none; height: auto; color: $text-error; margin-bottom: 1; }
        #keys { height: auto; color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "not now", id="key.back"),
        Binding("tab,down", "app.focus_next", "next field", id="key.next"),
        Binding("shift+tab,up", "app.focus_previous", "previous field", show=False, id="key.previous"),
    ]

    def __init__(self, failure: Failure) -> None:
        """`failure` is what stopped the run."""
        super().__init__()
        self._failure = failure
        self._of_a_model = failure.kind in _OF_A_MODEL

    @override
    def compose(self) -> ComposeResult:
        from tui.looks import failure_line

        with Vertical():
            said = Content.assemble(
                ("The server stopped the run; it is saved.\n", "bold"),
                (f"✗ {failure_line(self._failure)}\n", "$text-error"),
                safe(self._failure.message),
            )
            yield Static(said, id="said")
            yield Label("another API key (kept in memory only)")
            yield _Secret(password=True, id="key", max_length=_LONGEST_KEY)
            if self._of_a_model:
                yield Label("another model, by its id")
                yield _Field(id="model", max_length=_LONGEST_MODEL)
            yield Static(id="problem")
            yield Static(Content("enter goes on with it · esc leaves it; c resumes as it was"), id="keys")

    def on_mount(self) -> None:
        """The field that may mend it takes the keys at once."""
        self.query_one("#model" if self._of_a_model else "#key").focus()

    @on(Input.Changed)
    def _edited(self) -> None:
        self._tell("")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Answers what was typed, or says in a sentence what cannot be used."""
        event.stop()
        if not self.is_current:
            return
        from pydantic import SecretStr  # not before the first frame

        field = self.query_one("#key", Input)
        key, model = field.value.strip(), self._model()
        if not key and not model:
            either = "a key, a model's id, or both" if self._of_a_model else "a key"
            self._tell(f"Type {either}; escape leaves it as it is.")
        elif " " in key or not (key.isascii() and key.isprintable()):
            self._tell("A key has no blanks and only plain letters; paste it whole.")
        else:
            field.clear()
            self.dismiss(Another(SecretStr(key) if key else None, model or None))

    def _model(self) -> str:
        return safe_line(self.query_one("#model", Input).value).strip() if self._of_a_model else ""

    def _tell(self, sentence: str) -> None:
        problem = self.query_one("#problem", Static)
        problem.update(Content(sentence))
        problem.display = bool(sentence)
