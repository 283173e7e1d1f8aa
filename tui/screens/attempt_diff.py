"""Two attempts of a spoke side by side, as what differs between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from tui.safe import safe_line
from tui.typed_app import app_type
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App, ComposeResult

    from sessions.spoke_state import AttemptState, SpokeState
    from sessions.state import RunState
    from tui.attempt_diff import Line

ONE_ATTEMPT = "There is only one attempt; nothing to compare it with."

_STYLES = {"#": "bold", "−": "$text-error", "+": "$text-success", " ": "$text-muted"}


def show_diff(app: App[int], state: RunState, spoke: SpokeState, chosen: AttemptState) -> None:
    """Shows an attempt against the one before it (a first one: the one after); says so where there is no other."""
    from tui.attempt_diff import difference

    at = max(1, spoke.attempts.index(chosen))
    if at >= len(spoke.attempts):
        app.notify(ONE_ATTEMPT, markup=False, severity="warning")
        return
    before, after = spoke.attempts[at - 1], spoke.attempts[at]
    title = f"{spoke.title}: attempt {before.number} → {after.number}"
    app.push_screen(AttemptDiffScreen(title, difference(state, before, after)))


class AttemptDiffScreen(Screen[None]):
    """What differs between two attempts; − stands only in the earlier one, + only in the later one."""

    CSS = """
    AttemptDiffScreen {
        #head { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
        VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,D", "app.pop_screen", "back", id="diff.back"),
        Binding("j", "scroll(1)", "down", show=False, id="diff.down"),
        Binding("k", "scroll(-1)", "up", show=False, id="diff.up"),
        Binding("y", "copy", "copy", id="diff.copy"),
    ]

    app = getters.app(app_type)

    def __init__(self, title: str, lines: Sequence[Line]) -> None:
        super().__init__()
        self._title = safe_line(title)
        self._lines = lines

    @override
    def compose(self) -> ComposeResult:
        legend = (("  − only earlier", "$text-error"), ("  + only later", "$text-success"))
        yield Static(Content.assemble((self._title, "bold"), *legend), id="head")
        with VerticalScroll():
            yield Static(
                Content("\n").join(Content.styled(line.plain, _STYLES[line.mark]) for line in self._lines)
            )
        yield KeyLine()

    def on_mount(self) -> None:
        """Can be scrolled at once."""
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, lines: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_copy(self) -> None:
        """All of it, to the clipboard."""
        self.app.copy_to_clipboard("\n".join([self._title, *(line.plain for line in self._lines)]))
        self.notify("Sent to the clipboard.", markup=False)
