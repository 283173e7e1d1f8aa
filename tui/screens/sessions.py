"""The session browser: every saved run, to find, look at, open, resume, name, delete and bring back."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Input, Static
from typing_extensions import override

from sessions import paths
from sessions.errors import BadInputError
from tui.live_states import LiveStates
from tui.safe import safe_line
from tui.screens.session_actions import SessionActions
from tui.screens.session_actions import SessionChoice as SessionChoice
from tui.session_preview import SessionPreview
from tui.session_rows import SessionList, first_live, resume_line
from tui.widgets.fields import Line
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from sessions.library import Found, Library, Sort
    from sessions.meta import SessionMeta

REFRESH_S = 2.0
PEEK_S = 0.75
"""So often live runs' engines are asked how these stand."""

_PAUSE = 20
"""Reading the list takes at most one part in this many of the time."""

_AT_ONCE = 100
"""Rows that are shown before all of them are."""

_WIDE = 100
"""From so many columns on the preview has room beside the list."""

_EMPTY = "No runs are saved yet: go back (escape) and ask a question."
_SORTS: dict[Sort, str] = {"used": "last used", "cost": "cost", "state": "state"}


class _Search(Line):
    """The words to look for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,down", "submit", "to the list", show=False, id="sessions.leave_search")
    ]


class SessionsScreen(SessionActions):
    """The saved runs, live ones first; answers what was chosen, or None."""

    DEFAULT_CSS = """
    SessionsScreen {
        #head { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        #search { display: none; border: none; height: 1; padding: 0 1; background: $boost; }
        #runs { height: 1fr; layout: vertical; }
        SessionList { height: 1fr; margin: 0 1; }
        SessionPreview { display: none; height: 3fr; border-top: solid $border-blurred; }
        &.-preview SessionPreview { display: block; }
        &.-wide #runs { layout: horizontal; }
        &.-wide SessionList { width: 8fr; height: 100%; }
        &.-wide SessionPreview { width: 5fr; height: 100%; border-top: none; border-left: solid $border-blurred; }
        #about { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
        #about.-armed { color: $text-error; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search", key_display="/", id="sessions.search"),
        Binding("o", "sort", "sort", id="sessions.sort"),
        Binding("p,space", "preview", "preview", id="sessions.preview"),
        Binding("c", "resume", "resume", id="sessions.resume"),
        Binding("e", "rename", "rename", id="sessions.rename"),
        Binding("number_sign", "tag", "tags", key_display="#", id="sessions.tag"),
        Binding("d", "delete", "delete", id="sessions.delete"),
        Binding("u", "undo", "undo", id="sessions.undo"),
        Binding("t", "replay", "trace", id="sessions.replay"),
        Binding("F", "fork", "fork", id="sessions.fork"),
        Binding("x", "export", "export", id="sessions.export"),
        Binding("i", "import", "import", id="sessions.import"),
        Binding("R,f5", "reload", "reload", show=False, key_display="R", id="sessions.reload"),
        Binding("escape,q", "back", "back", key_display="esc", id="sessions.back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._library: Library | None = None
        self._runs: list[SessionMeta] = []
        self._live = LiveStates()
        self._named = 0
        """So many of the runs shown were found by their names, the others by their texts."""
        self._count = self._unread = 0
        """Of all runs: how many there are, and of how many the texts are still to be read."""
        self._sort: Sort = "used"
        self._wanted = ""
        """The run to highlight when it is there."""
        self._problem = ""
        """Why the list cannot be read."""

    @override
    def compose(self) -> ComposeResult:
        yield Static(id="head", markup=False)
        yield _Search(placeholder="title, question, tag, state, id, or words of the report", id="search")
        with Container(id="runs"):
            yield SessionList(empty="Reading the saved runs …")
            yield SessionPreview()
        yield Static(id="about", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begins to read."""
        self.runs.focus()
        self._follow()
        self._peek()

    def on_unmount(self) -> None:
        """Lets the index go."""
        if self._library is not None:
            asyncio.get_running_loop().run_in_executor(None, self._library.close)

    @property
    @override
    def runs(self) -> SessionList:
        return self.query_one(SessionList)

    @property
    def _search(self) -> Input:
        return self.query_one("#search", Input)

    # What there is

    @work(exclusive=True, group="follow", exit_on_error=False)
    async def _follow(self) -> None:
        """Shows what the index has, then what the disk has, and comes back for it."""
        if self._library is None:
            self._library = await asyncio.to_thread(_library)
            newest, self._count = await asyncio.to_thread(self._library.newest, _AT_ONCE)
            if newest:
                self._show(first_live(newest))
                # Reading all of them at the same time would hold up the first frame.
                await self._painted()
        while True:
            began = time.monotonic()
            try:
                self._count = await asyncio.to_thread(self._library.read)
                self._problem = ""
                self._find()
            except (BadInputError, OSError) as error:
                self._problem, self.runs.empty = safe_line(str(error)), "The saved runs cannot be read."
                self._count = 0
                self._show([])
            now = time.monotonic()
            rest = now + max(REFRESH_S, _PAUSE * (now - began))
            while (left := await asyncio.to_thread(self._library.read_texts)) and time.monotonic() < rest:
                self._unread = left
                self._find()
            self._unread = left
            self._tell_count()
            await asyncio.sleep(max(0.0, rest - time.monotonic()))

    @work(exclusive=True, group="peek", exit_on_error=False)
    async def _peek(self) -> None:
        """Asks the engines of the live runs in the list, and of no others, how these stand."""
        while True:
            await asyncio.sleep(PEEK_S)
            live = [meta.run for meta in self._runs if meta.live]
            if live and self.is_current:
                if await asyncio.to_thread(self._live.ask, live):
                    self._follow()
                elif [self._live.now(meta) for meta in self._runs] != self._runs:
                    self._show(self._runs, self._named)

    async def _painted(self) -> None:
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        await painted.wait()

    @work(exclusive=True, group="find", exit_on_error=False)
    async def _find(self) -> None:
        """Shows the runs that have the words of the search, in the order that is wanted."""
        if self._library is not None and not self._problem:
            found: Found = await asyncio.to_thread(self._library.look, self._search.value, self._sort)
            self._show(found.metas, found.named)

    def _show(self, metas: Sequence[SessionMeta], named: int = 0) -> None:
        gone = set(self.edits.deleted)
        self._runs, self._named = [self._live.now(meta) for meta in metas if meta.run not in gone], named
        if not self._runs and not self._problem:
            searched = self._count and self._search.value
            self.runs.empty = "No run matches; escape shows them all." if searched else _EMPTY
        self.runs.show(self._runs, highlight=self._wanted)
        if any(meta.run == self._wanted for meta in self._runs):
            self._wanted = ""
        self._tell_count()

    def _tell_count(self) -> None:
        live = sum(meta.live for meta in self._runs)
        searched = f"{len(self._runs):,} of " if self._search.value else ""
        parts = [f"Sessions · {searched}{self._count:,}"]
        parts += [f"{live} live"] if live else []
        parts += [f"sort: {_SORTS[self._sort]}"]
        parts += [f"{self._unread:,} reports not yet searched"] if self._unread and self._search.value else []
        self.query_one("#head", Static).update(Content(" · ".join(parts)))

    @on(SessionList.Highlighted)
    @override
    def tell(self) -> None:
        """Says below the list what can be done with the highlighted run, and shows it in the preview."""
        meta = self.runs.highlighted
        about = self.query_one("#about", Static)
        if meta is None or meta.run != self.armed:
            self.armed = ""
        about.set_class(bool(self.armed), "-armed")
        if meta is None:
            about.update(Content(self._problem))
        elif self.armed:
            named = safe_line(meta.name, 60) or meta.run
            about.update(Content(f"d again deletes “{named}” (u brings it back)"))
        else:
            where = " · found in the report or a finding (p)" if self._by_text() else ""
            about.update(Content(f"{meta.run} · {resume_line(meta)}{where}"))
        preview = self.query_one(SessionPreview)
        if self._library is not None and preview.display:
            preview.show(self._library, meta, self._search.value if self._by_text() else "")

    def _by_text(self) -> bool:
        """Whether the highlighted run was found by what its report or findings say."""
        return bool(self._search.value.strip()) and self.runs.cursor >= self._named

    def on_resize(self) -> None:
        """The preview is there by itself where there is room beside the list."""
        wide = self.size.width >= _WIDE
        if wide != self.has_class("-wide"):
            self.set_class(wide, "-wide", "-preview")
        self.call_after_refresh(self.tell)

    @override
    def changed(self, run: str = "") -> None:
        """Something was done to a run: it is read again, and highlighted if it is named."""
        self._wanted = run
        # What was deleted goes at once, and is not counted any more; then the disk is asked.
        shown = len(self._runs)
        self._show(self._runs, self._named)
        self._count -= shown - len(self._runs)
        self._tell_count()
        self._follow()

    # What is shown

    def action_search(self) -> None:
        """Opens the line for words."""
        self._search.display = True
        self._search.focus()

    @on(Input.Changed, "#search")
    def _searched(self) -> None:
        self._find()

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        """Leaves the search in force."""
        self._search.display = bool(self._search.value)
        self.runs.focus()

    def action_sort(self) -> None:
        """The next order."""
        sorts = list(_SORTS)
        self._sort = sorts[(sorts.index(self._sort) + 1) % len(sorts)]
        self._find()

    def action_preview(self) -> None:
        """Shows the preview, or hides it."""
        self.toggle_class("-preview")
        self.call_after_refresh(self.tell)

    def action_reload(self) -> None:
        """Reads everything again."""
        self._follow()

    def action_back(self) -> None:
        """Clears the search if there is one, else leaves."""
        if self._search.display:
            self._search.value = ""
            self._search_done()
        else:
            self.dismiss(None)


def _library() -> Library:
    # pydantic takes longer to import than the first paint may.
    from sessions.library import Library

    return Library(paths.home())
