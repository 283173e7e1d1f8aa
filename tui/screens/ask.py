"""The first screen: what this is, and the form with which a run begins."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from sessions.errors import BadInputError
from tui.recent import RecentRuns
from tui.safe import safe_line

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

REFRESH_S = 2.0
"""So often the list of recent runs is read while this screen is in front."""

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
        self._recent = RecentRuns()
        self._problem = ""
        """Why the recent runs cannot be read."""

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

    def on_screen_resume(self) -> None:
        """In front again, the list is up to date."""
        if not self._opening:
            self.follow()

    def on_unmount(self) -> None:
        """Lets the index go."""
        asyncio.get_running_loop().run_in_executor(None, self._recent.close)

    @work(exclusive=True, group="recent", exit_on_error=False)
    async def follow(self) -> None:
        """Keeps the list of recent runs as they stand, until another screen comes before it."""
        from tui.screens.ask_form import AskForm

        while self.is_active:
            problem = ""
            try:
                self.query_one(AskForm).show_recent(await asyncio.to_thread(self._recent.read))
            except (BadInputError, OSError) as error:
                problem = safe_line(str(error))
            if problem and problem != self._problem:
                self.notify(problem, severity="warning", markup=False)
            self._problem = problem
            await asyncio.sleep(REFRESH_S)
