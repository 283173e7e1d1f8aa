"""The first screen: what this is, and the form with which a run begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from sessions.meta import SessionMeta

LOW = 16
"""Below so many lines there is room for the form alone."""

_WHAT = (
    "One question in, a cited report out: a coordinator plans, a few research agents read your documents side by "
    "side, and every claim of the report is checked against the passage it cites."
)


class AskScreen(Screen[None]):
    """Where a bare `hubspoke` begins."""

    class Asked(Message):
        """A question to begin a run with; `docs` is None for the sample library."""

        def __init__(self, question: str, docs: Path | None, provider: str) -> None:
            super().__init__()
            self.question = question
            self.docs = docs
            self.provider = provider

    class Opened(Message):
        """A recent run was chosen."""

        def __init__(self, run: str, live: bool) -> None:
            super().__init__()
            self.run = run
            self.live = live

    class SessionsWanted(Message):
        """The session browser was asked for."""

    DEFAULT_CSS = """
    AskScreen {
        #title { padding: 0 2; text-style: bold; color: $text-primary; }
        #what { padding: 0 2; color: $text-muted; margin-bottom: 1; }
    }
    """

    def __init__(self, *, opening: bool = False) -> None:
        """`opening`: the form, which takes longer to make than the rest, comes after the first frame."""
        super().__init__()
        self._opening = opening

    @override
    def compose(self) -> ComposeResult:
        yield Static("hubspoke", id="title", markup=False)
        yield Static(_WHAT, id="what", markup=False)
        if not self._opening:
            from tui.screens.ask_form import AskForm  # not before the first frame

            yield AskForm()

    async def furnish(self) -> None:
        """Adds the form where it is still to come."""
        if self._opening:
            self._opening = False
            from tui.screens.ask_form import AskForm

            await self.mount(AskForm())

    def on_resize(self) -> None:
        """On a low screen the form comes first."""
        self.query_one("#what").display = self.size.height >= LOW

    def show_recent(self, metas: Sequence[SessionMeta]) -> None:
        """Fills the list of recent runs, live ones first."""
        from tui.screens.ask_form import AskForm

        self.query_one(AskForm).show_recent(metas)
