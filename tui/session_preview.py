"""A saved run at a glance: what it asked, how it stands, its plan, what was found in it, how its report begins."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from textual import work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from typing_extensions import override

from tui.looks import BROKEN_OFF, LEGEND, RUNS, counted, cut_off, short_kind
from tui.safe import safe, safe_line
from tui.session_rows import paid, resume_line, tokens

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sessions.library import Library
    from sessions.meta import SessionMeta
    from sessions.passages import Passage
    from sessions.spoke_state import SpokeState
    from sessions.state import RunState

_REST_S = 0.08
"""A run is read when the highlight has rested on it for so long."""

_REPORT = 1_600
"""Characters of the report that are shown."""

_HEADING = re.compile(r"\A# .*\n+")

_KEPT = 64
"""So many runs are remembered."""

_SPOKES = {look.word: look for look in LEGEND}

_Parts = list[Content | str | tuple[str, str]]


class SessionPreview(VerticalScroll):
    """The highlighted run: at once what its row knows, and the rest when it was read."""

    DEFAULT_CSS = """
    SessionPreview { padding: 0 1; scrollbar-size-vertical: 1; }
    SessionPreview:focus { background: $boost; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[SessionMeta, Content] = {}
        self._shown: tuple[SessionMeta | None, str] = None, ""

    @override
    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, library: Library, meta: SessionMeta | None, query: str) -> None:
        """Shows a run, and where the words of a search stand in it."""
        if (meta, query) == self._shown:
            return
        if meta is None or self._shown[0] is None or meta.run != self._shown[0].run:
            self.scroll_home(animate=False)
        self._shown = meta, query
        if meta is None:
            self.query_one(Static).update(Content())
            return
        self._tell(meta, None, self._read.get(meta))
        if query or meta not in self._read:
            self._look(library, meta, query)

    @work(exclusive=True, exit_on_error=False)
    async def _look(self, library: Library, meta: SessionMeta, query: str) -> None:
        await asyncio.sleep(_REST_S)
        passage = await asyncio.to_thread(library.passage, meta.run, query)
        if meta not in self._read:
            if len(self._read) >= _KEPT:
                self._read.clear()
            self._read[meta] = await asyncio.to_thread(_read, library, meta)
        self._tell(meta, passage, self._read[meta])

    def _tell(self, meta: SessionMeta, passage: Passage | None, rest: Content | None) -> None:
        found = _found(passage) if passage else Content()
        self.query_one(Static).update(Content.assemble(_head(meta), found, rest or Content("")))


def _head(meta: SessionMeta) -> Content:
    """What the row knows."""
    parts: _Parts = []
    if meta.title:
        parts += [(safe_line(meta.title), "bold"), "\n"]
    if meta.question:
        parts += [(safe_line(meta.question), "" if meta.title else "bold"), "\n"]
    if meta.tags:
        parts += [(safe_line(" ".join(f"#{tag}" for tag in meta.tags)), "$text-accent"), "\n"]
    look = RUNS[meta.status]
    facts = [safe_line(meta.provider), paid(meta), f"{tokens(meta.tokens)} tokens" if meta.usd else ""]
    parts += ["\n", (f"{look.glyph} {look.word}", look.style), "".join(f" · {fact}" for fact in facts if fact)]
    if meta.forked_from:
        parts += ["\n", (f"fork of {safe_line(meta.forked_from)}", "$text-muted")]
    if meta.live or meta.status == "unreadable":
        parts += ["\n", (resume_line(meta), "$text-muted")]
    parts.append("\n")
    return Content.assemble(*parts)


def _found(passage: Passage) -> Content:
    where = "In the report: " if passage.place == "report" else "In a finding: "
    parts = (
        (safe(text).replace("\n", " "), "bold $text-accent" if found else "") for text, found in passage.parts
    )
    return Content.assemble("\n", (where, "$text-muted"), *parts, "\n")


def _read(library: Library, meta: SessionMeta) -> Content:
    """What only the journal knows. Never raises."""
    from sessions.journal_reader import SessionDamagedError
    from sessions.load import load_standing
    from tui.resume_text import resume_sentence

    if meta.status == "unreadable":
        return Content()
    try:
        state = load_standing(library.path(meta.run))
    except SessionDamagedError as error:
        return Content(f"\n{safe_line(str(error))}")
    return Content.assemble("" if meta.live else (f"{resume_sentence(state)}\n", "$text-muted"), _rest(state))


def _rest(state: RunState) -> Content:
    parts: _Parts = []
    if state.spokes:
        parts.append(("\nPlan\n", "bold"))
        for number, spoke in enumerate(state.spokes.values(), 1):
            parts += _spoke(number, spoke)
    if state.report is not None:
        # It begins with the question, which stands above.
        report = _HEADING.sub("", safe(state.report.markdown))
        more = len(report) - _REPORT
        parts += [("\nReport\n", "bold"), report[:_REPORT].strip()]
        if more > 0:
            parts.append((f"\n… {counted(more, 'more character')}", "$text-muted"))
    elif state.message:
        parts.append(f"\n{safe_line(state.message)}\n")
    return Content.assemble(*parts)


def _spoke(number: int, spoke: SpokeState) -> _Parts:
    look = BROKEN_OFF if cut_off(spoke) else _SPOKES[spoke.status]
    failure = spoke.last.failure if spoke.last and spoke.status == "failed" else None
    why = f" {short_kind(failure)}" if failure else ""
    title = safe_line(spoke.title, 60)
    return [(f"{look.glyph} ", look.style), f"{number} {title} ", (f"{look.word}{why}\n", "$text-muted")]
