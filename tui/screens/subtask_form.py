"""One subtask in a form: of the plan before it runs, or the brief of a spoke that failed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select, Static, TextArea
from typing_extensions import override

from sessions.plan import OBJECTIVE, Subtask
from tui.plan_edits import FieldError, Typed, revised
from tui.safe import safe, safe_line
from tui.widgets.fields import Area, Line
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult

_HIGH = 32
"""Lines of a terminal that has room between the fields."""

_SUGGESTED = "Shown: what the failed attempt named to try · F3 shows the old objective"
_OLD = "Shown: the old objective · F3 shows what the failed attempt named to try"

_DISCARD = "Discard changes? Escape again discards them; F2 saves."


class _Line(Line):
    """A field of one line; enter goes on to the next."""

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()


class _Lines(Area):
    """A field of several lines."""


class SubtaskForm(ModalScreen[Subtask | None]):
    """A subtask to edit; answers it as it was saved, or None."""

    DEFAULT_CSS = """
    SubtaskForm {
        align: center middle;
        & > Vertical {
            width: 100%;
            max-width: 110;
            height: 100%;
            max-height: 36;
            padding: 0 1;
            border: round $primary;
            background: $surface;
        }
        #heading { height: 1; text-style: bold; color: $text-primary; }
        #fields { height: 1fr; scrollbar-size-vertical: 1; }
        .field { height: auto; margin-bottom: 1; }
        .field > Label { width: 15; color: $text-muted; }
        .field:focus-within > Label { color: $text; text-style: bold; }
        #objective-field { height: 2fr; min-height: 5; }
        #key_questions-field { height: 1fr; min-height: 4; }
        #boundaries-field { height: 1fr; min-height: 3; }
        _Line, _Lines { width: 1fr; border: none; padding: 0 1; background: $boost; }
        _Line { height: 1; }
        _Lines { height: 100%; scrollbar-size-vertical: 1; }
        _Line:focus, _Lines:focus { border: none; background: $panel; }
        Select { width: 1fr; background: $boost; }
        Select.-textual-compact > SelectCurrent { padding: 0 1; background: transparent; }
        Select:focus > SelectCurrent { background: $panel; }
        #suggested { height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        #problem { display: none; height: auto; max-height: 3; color: $text-error; }
        #buttons { height: 1; }
        #buttons Button { margin-right: 2; }
        &.-low .field { margin-bottom: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "save", key_display="F2", id="subtask.save"),
        Binding("escape", "cancel", "cancel", key_display="esc", id="subtask.cancel"),
        Binding("tab", "app.focus_next", "next field", id="subtask.next"),
        Binding("f3", "swap", "other objective", key_display="F3", id="subtask.swap"),
    ]

    def __init__(
        self,
        subtask: Subtask,
        *,
        roles: Mapping[str, str],
        others: Sequence[Subtask],
        title: str,
        brief_only: bool = False,
        suggested: str = "",
    ) -> None:
        """`roles` are names with descriptions; `others` are the plan's subtasks in its order, itself among them.

        With `brief_only` what it waits for is not asked and stays as it is. The id stays in any case. The form
        begins with a `suggested` objective in place of the subtask's own, which a key puts back.
        """
        super().__init__()
        self._subtask = subtask
        self._roles = roles
        self._others = None if brief_only else others
        self._heading = title
        self._begun = Typed.of(subtask)
        self._other = ""
        """The objective that is not in its field: the subtask's own, or the suggestion."""
        self._swapped = False
        """Whether it is the suggestion."""
        if objective := safe(suggested).strip()[:OBJECTIVE]:
            self._other = self._begun.objective
            self._begun = replace(self._begun, objective=objective)
        self._asked = False
        """Whether to discard the changes was asked, and nothing was typed since."""

    @override
    def compose(self) -> ComposeResult:
        begun = self._begun
        with Vertical():
            yield Static(Content(safe_line(self._heading)), id="heading")
            with VerticalScroll(id="fields", can_focus=False):
                with Horizontal(classes="field"):
                    yield Label("title")
                    yield _Line(begun.title, id="title", select_on_focus=False)
                with Horizontal(classes="field", id="objective-field"):
                    yield Label("objective")
                    yield _Lines(begun.objective, id="objective")
                with Horizontal(classes="field", id="key_questions-field"):
                    yield Label("key questions,\none a line")
                    yield _Lines(begun.key_questions, id="key_questions")
                with Horizontal(classes="field"):
                    yield Label("role")
                    yield Select(
                        self._role_options(), value=begun.role, allow_blank=False, compact=True, id="role"
                    )
                with Horizontal(classes="field", id="boundaries-field"):
                    yield Label("boundaries")
                    yield _Lines(begun.boundaries, id="boundaries")
                if self._others is not None:
                    with Horizontal(classes="field"):
                        yield Label("waits for")
                        yield _Line(
                            begun.depends_on,
                            placeholder="numbers or ids of subtasks, with commas",
                            id="depends_on",
                            select_on_focus=False,
                        )
            if self._other:
                yield Static(Content(_SUGGESTED), id="suggested")
            yield Static(id="problem")
            with Horizontal(id="buttons"):
                yield Button("Save", id="save", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """The title takes the keys at once."""
        self.query_one("#title").focus()

    def on_resize(self, event: events.Resize) -> None:
        """On a low terminal nothing but the fields is given a line."""
        self.set_class(event.size.height < _HIGH, "-low")

    def _role_options(self) -> list[tuple[Text, str]]:
        """The roles, and the subtask's own where nobody knows it: it is refused when it is saved, not dropped."""
        known = {role: safe_line(f"{role}  {what}", 70) for role, what in self._roles.items()}
        own = self._begun.role
        return [(Text(label), role) for role, label in ({own: f"{safe_line(own, 40)}  (unknown)"} | known).items()]

    @property
    def _role(self) -> Select[str]:
        return cast("Select[str]", self.query_one("#role", Select))

    def _typed(self) -> Typed:
        return Typed(
            title=self.query_one("#title", Input).value,
            objective=self.query_one("#objective", TextArea).text,
            key_questions=self.query_one("#key_questions", TextArea).text,
            role=self._role.selection or "",
            boundaries=self.query_one("#boundaries", TextArea).text,
            depends_on=self._begun.depends_on
            if self._others is None
            else self.query_one("#depends_on", Input).value,
        )

    def action_save(self) -> None:
        """Answers the subtask, or says in a sentence what cannot be used and goes to its field."""
        try:
            self._answer(revised(self._subtask, self._typed(), self._roles, self._others))
        except FieldError as error:
            self._asked = False
            self._tell(str(error))
            self.query_one(f"#{error.field}").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is another objective only where one was suggested."""
        return None if action == "swap" and not self._other else True

    def action_swap(self) -> None:
        """Puts the other objective in the field; what stood there, edited or not, comes back with the same key."""
        field = self.query_one("#objective", TextArea)
        field.text, self._other = self._other, field.text
        self._swapped = not self._swapped
        self.query_one("#suggested", Static).update(Content(_OLD if self._swapped else _SUGGESTED))

    def action_cancel(self) -> None:
        """Leaves; asks once if something was changed."""
        if self._asked or self._typed() == self._begun:
            self._answer(None)
        else:
            self._asked = True
            self._tell(_DISCARD)

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    def _edited(self) -> None:
        self._asked = False
        self._tell("")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()
        else:
            self.action_cancel()

    def _tell(self, sentence: str) -> None:
        problem = self.query_one("#problem", Static)
        problem.update(Content(sentence))
        problem.display = bool(sentence)

    def _answer(self, subtask: Subtask | None) -> None:
        # A button that was pressed twice says so once more when the form has gone.
        if self.is_active:
            self.dismiss(subtask)
