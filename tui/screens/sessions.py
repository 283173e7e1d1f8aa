"""The session browser: every saved run, to open, resume, delete and bring back."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static
from typing_extensions import override

from sessions import paths
from sessions.errors import BadInputError
from tui.safe import safe, safe_line
from tui.session_rows import SessionList, first_live, matches, resume_line, resumes
from tui.widgets.fields import Line
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from sessions.meta import SessionMeta
    from sessions.store import Store

REFRESH_S = 2.0
_PAUSE = 20
"""Reading the list takes at most one part in this many of the time."""

_EMPTY = "No runs are saved yet: go back (escape) and ask a question."


@dataclass(frozen=True)
class SessionChoice:
    """A run, and what to do with it."""

    run: str
    action: Literal["open", "resume", "attach"]


class _Filter(Line):
    """The words to look for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,down", "submit", "to the list", show=False, id="sessions.leave_filter")
    ]

    def on_paste(self, event: events.Paste) -> None:
        """Nothing that a terminal would obey gets in."""
        event.text = safe(event.text)


class SessionsScreen(Screen[SessionChoice | None]):
    """The saved runs, live ones first; answers what was chosen, or None."""

    DEFAULT_CSS = """
    SessionsScreen {
        #head { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        #filter { display: none; border: none; height: 1; padding: 0 1; background: $boost; }
        SessionList { height: 1fr; margin: 0 1; }
        #about { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
        #about.-armed { color: $text-error; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "resume", "resume", id="sessions.resume"),
        Binding("d", "delete", "delete", id="sessions.delete"),
        Binding("u", "undo", "undo", id="sessions.undo"),
        Binding("slash", "filter", "filter", key_display="/", id="sessions.filter"),
        Binding("R,f5", "reload", "reload", key_display="R", id="sessions.reload"),
        Binding("escape,q", "back", "back", key_display="esc", id="sessions.back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._metas: list[SessionMeta] = []
        self._deleted: list[str] = []
        """What was deleted here, the newest last."""
        self._armed = ""
        """The run that another `d` deletes."""
        self._problem = ""
        """Why the list cannot be read."""
        self._next: Timer | None = None

    @override
    def compose(self) -> ComposeResult:
        yield Static(id="head", markup=False)
        yield _Filter(placeholder="words of the question, state or id", id="filter", select_on_focus=False)
        yield SessionList(empty="Reading the saved runs …")
        yield Static(id="about", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begins to read."""
        self._list.focus()
        self._read()

    @property
    def _list(self) -> SessionList:
        return self.query_one(SessionList)

    @property
    def _filter(self) -> Input:
        return self.query_one("#filter", Input)

    @work(exclusive=True, group="sessions", exit_on_error=False)
    async def _read(self, highlight: str = "") -> None:
        """Reads the list, shows it, and comes back for it."""
        if self._next is not None:
            self._next.stop()
        began = time.monotonic()
        try:
            self._metas = first_live(await asyncio.to_thread(lambda: _store().list()))
            self._problem, self._list.empty = "", _EMPTY
        except (BadInputError, OSError) as error:
            self._problem, self._list.empty = safe_line(str(error)), "The saved runs cannot be read."
            self._metas = []
        self._show(highlight)
        took = time.monotonic() - began
        self._next = self.set_timer(max(REFRESH_S, _PAUSE * took), self._read)

    def _show(self, highlight: str = "") -> None:
        wanted = self._filter.value
        shown = [meta for meta in self._metas if matches(meta, wanted)]
        if self._metas and not shown:
            self._list.empty = "No run matches; escape shows them all."
        self._list.show(shown, highlight=highlight)
        live = sum(meta.live for meta in self._metas)
        counted = f"{len(shown)} of {len(self._metas)}" if wanted else str(len(self._metas))
        self.query_one("#head", Static).update(Content(f"Sessions · {counted}{f' · {live} live' if live else ''}"))

    @on(SessionList.Highlighted)
    def _tell(self) -> None:
        """Says below the list what can be done with the highlighted run."""
        meta = self._list.highlighted
        about = self.query_one("#about", Static)
        if meta is None or meta.run != self._armed:
            self._armed = ""
        about.set_class(bool(self._armed), "-armed")
        if meta is None:
            about.update(Content(self._problem))
        elif self._armed:
            named = safe_line(meta.question, 60) or meta.run
            about.update(Content(f"d again deletes “{named}” (u brings it back)"))
        else:
            about.update(Content(f"{meta.run} · {resume_line(meta)}"))

    @on(SessionList.Chosen)
    def _open(self, event: SessionList.Chosen) -> None:
        meta = event.meta
        if meta.status == "unreadable" and not meta.live:
            self._say(meta.error)
            return
        self.dismiss(SessionChoice(meta.run, "attach" if meta.live else "open"))

    def action_resume(self) -> None:
        """Goes on with the highlighted run, where there is anything to go on with."""
        meta = self._list.highlighted
        if meta is None:
            return
        if meta.live:
            self._say("This run is live; enter attaches to it.")
        elif meta.status == "unreadable":
            self._say(meta.error)
        elif not resumes(meta):
            self._say("This run is finished; nothing to resume.")
        else:
            self.dismiss(SessionChoice(meta.run, "resume"))

    def action_delete(self) -> None:
        """Deletes the highlighted run, when it is asked for twice."""
        meta = self._list.highlighted
        if meta is None:
            return
        if meta.live:
            self._say("This run is live; cancel it before you delete it.")
        elif self._armed == meta.run:
            self._armed = ""
            self._delete(meta.run)
        else:
            self._armed = meta.run
            self._tell()

    @work(exit_on_error=False)
    async def _delete(self, run: str) -> None:
        try:
            await asyncio.to_thread(lambda: _store().delete(run))
        except BadInputError as error:
            self._say(str(error))
        else:
            self._deleted.append(run)
            # Shown at once; the list is read again anyway.
            self._metas = [meta for meta in self._metas if meta.run != run]
            self._show()
            self.notify(f"Deleted {run}; u brings it back.", markup=False)
        self._read()

    def action_undo(self) -> None:
        """Brings back what was deleted last."""
        if self._deleted:
            self._restore(self._deleted.pop())
        else:
            self._say("Nothing was deleted here; there is nothing to undo.")

    @work(exit_on_error=False)
    async def _restore(self, run: str) -> None:
        try:
            await asyncio.to_thread(lambda: _store().restore(run))
        except BadInputError as error:
            self._say(str(error))
        self._read(run)

    def action_filter(self) -> None:
        """Opens the filter."""
        self._filter.display = True
        self._filter.focus()

    @on(Input.Changed, "#filter")
    def _filtered(self, event: Input.Changed) -> None:
        if self._metas:
            self._show()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        """Leaves the filter in force."""
        self._filter.display = bool(self._filter.value)
        self._list.focus()

    def action_reload(self) -> None:
        """Reads the list again."""
        self._read()

    def action_back(self) -> None:
        """Clears the filter if there is one, else leaves."""
        if self._filter.display:
            self._filter.value = ""
            self._filter_done()
        else:
            self.dismiss(None)

    def _say(self, sentence: str) -> None:
        self.notify(safe_line(sentence), severity="warning", markup=False)


def _store() -> Store:
    # pydantic takes longer to import than the first paint may.
    from sessions.store import Store

    return Store(paths.home())
