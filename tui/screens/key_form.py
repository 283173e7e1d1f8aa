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

from tui.mends import mend
from tui.safe import safe, safe_line
from tui.widgets.fields import Line

if TYPE_CHECKING:
    from pydantic import SecretStr
    from textual.app import ComposeResult

    from sessions.failures import Failure
    from tui.mends import Field

_SHORTEST_KEY = 20
"""Characters. Of keys nothing else is known: those of gateways begin as they please."""

_LONGEST_KEY, _LONGEST_MODEL = 500, 100
"""Characters."""


class Another(NamedTuple):
    """With what else a run goes on; None stays as it is."""

    key: SecretStr | None
    model: str | None


class _Secret(Line):
    """A field whose text is shown nowhere, and goes from it to no clipboard."""

    def action_copy(self) -> None:
        """Copies nothing."""

    def action_cut(self) -> None:
        """Cuts without copying."""
        self.delete_selection()


class KeyForm(ModalScreen[Another | None]):
    """Says what the server said, and asks for another key or model; answers None when it is left."""

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

    def __init__(self, failure: Failure, *, model: str = "", refused_too: str = "") -> None:
        """`failure` is what stopped the run, `model` the one it was of.

        `refused_too` is what was typed here before and changed nothing.
        """
        super().__init__()
        self._failure = failure
        self._model = model
        self._refused_too = refused_too
        self._mend = mend(failure)

    @override
    def compose(self) -> ComposeResult:
        from tui.looks import failure_line

        again = f"That {self._refused_too} was refused too. " if self._refused_too else ""
        # A key is refused whatever the model.
        of_a_model = "model" in self._mend.fields and self._model
        model = f"\nrefused: {safe_line(self._model, _LONGEST_MODEL)}" if of_a_model else ""
        with Vertical():
            said = Content.assemble(
                (f"{again}The server stopped the run; it is saved.\n", "bold"),
                (f"✗ {failure_line(self._failure)}\n", "$text-error"),
                safe(self._failure.message),
                model,
            )
            yield Static(said, id="said")
            for field in self._mend.fields:
                if field == "key":
                    yield Label("another API key (kept in memory only)")
                    yield _Secret(password=True, id="key", max_length=_LONGEST_KEY)
                else:
                    yield Label("another model, by its id; it replaces every role's")
                    yield Line(id="model", max_length=_LONGEST_MODEL)
            yield Static(id="problem")
            yield Static(Content(f"enter goes on with it · esc leaves it; {self._mend.leaving}"), id="keys")

    def on_mount(self) -> None:
        """What is likeliest to mend it takes the keys at once."""
        self.query_one(f"#{self._mend.fields[0]}").focus()

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

        key, model = self._typed("key"), self._typed("model")
        if not key and not model:
            names = {"key": "a key", "model": "a model's id"}
            either = " or ".join(names[field] for field in self._mend.fields)
            self._tell(f"Type {either}; escape leaves it as it is.")
        elif key and not _plausible(key):
            self._tell(f"No API key looks like that: it has {_SHORTEST_KEY} characters or more, and no blanks.")
            self.query_one("#key").focus()
        else:
            for field in self.query(Input):
                field.clear()
            self.dismiss(Another(SecretStr(key) if key else None, safe_line(model) or None))

    def _typed(self, field: Field) -> str:
        """What stands in a field, if it is there."""
        return self.query_one(f"#{field}", Input).value.strip() if field in self._mend.fields else ""

    def _tell(self, sentence: str) -> None:
        problem = self.query_one("#problem", Static)
        problem.update(Content(sentence))
        problem.display = bool(sentence)


def _plausible(key: str) -> bool:
    return len(key) >= _SHORTEST_KEY and key.isascii() and key.isprintable() and " " not in key
