"""Saved runs as the rows of a list: what a row says, what fits of it, and the list itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from typing_extensions import override

from tui.looks import RUNS, counted
from tui.money import usd
from tui.safe import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events

    from sessions.meta import SessionMeta

_TONES = {
    "queued": "queued",
    "planning": "running",
    "running": "running",
    "waiting": "warning",
    "done": "done",
    "gaps": "warning",
    "interrupted": "warning",
    "failed": "error",
    "unreadable": "error",
}
_STATE = len("⏸ interrupted")
_GAP = 2
_HERE = ">"
"""What the highlighted run begins with, which is seen without colour too."""

_AGE, _SPOKES, _PAID, _RUN = 4, 7, 7, 18
_QUESTION = 32
"""A question is given at least so many cells; of the other columns, those that do not fit are dropped."""


def first_live(metas: Iterable[SessionMeta]) -> list[SessionMeta]:
    """Live runs first, then the others as they come (used last first), then what cannot be read."""
    return sorted(metas, key=lambda meta: (not meta.live, meta.status == "unreadable"))


def age(seconds: float) -> str:
    """How long ago, in at most four cells: `now`, `12m`, `5h`, `2d`, `40w`."""
    if seconds < 60:
        return "now"
    for unit, size, end in (("m", 60, 3_600), ("h", 3_600, 86_400), ("d", 86_400, 14 * 86_400)):
        if seconds < end:
            return f"{int(seconds // size)}{unit}"
    return f"{min(999, int(seconds // (7 * 86_400)))}w"


def tokens(count: int) -> str:
    """A number of tokens in at most five cells: `950`, `12k`, `1.2M`."""
    if count < 1_000:
        return str(count)
    return f"{count // 1_000}k" if count < 1_000_000 else f"{min(999, count / 1e6):.3g}M"


def paid(meta: SessionMeta, unit: str = "") -> str:
    """What a run cost, or its tokens (with this unit) where nothing was paid or a price is not known."""
    if meta.usd and meta.provider != "embedded":
        return usd(meta.usd)
    return f"{tokens(meta.tokens)}{unit}" if meta.tokens else ""


def spokes(meta: SessionMeta) -> str:
    """The spokes that are done, failed and cancelled, such as `4✓1✗1⊘`."""
    failed = f"{meta.spokes_failed}✗" if meta.spokes_failed else ""
    cancelled = f"{meta.spokes_cancelled}⊘" if meta.spokes_cancelled else ""
    return f"{meta.spokes_done}✓{failed}{cancelled}" if meta.spokes_total else ""


def resumes(meta: SessionMeta) -> bool:
    """Whether a resume has anything to do, and nobody else does it already."""
    return bool(meta.resume) and not meta.live


def resume_line(meta: SessionMeta) -> str:
    """What a resume would run again, in a line."""
    from tui.resume_text import does  # after the first paint

    if meta.live:
        return "live: enter attaches to it"
    if meta.status == "unreadable":
        return safe_line(meta.error)
    if not resumes(meta):
        return "resume: not needed"
    spokes = [
        counted(number, "failed spoke") if why == "failed" else f"{counted(number, 'spoke')} ({why})"
        for why, number in meta.again
    ]
    return f"resume {does(meta.resume, spokes)}"


def row(meta: SessionMeta, width: int, now: float) -> tuple[str, str]:
    """A run in so many cells: its state (glyph and word), and the rest."""
    state = set_cell_size(f"{RUNS[meta.status].glyph} {meta.status}", min(_STATE, width))
    columns = [
        (_AGE, age(now - meta.updated) if meta.updated else ""),
        (_SPOKES, spokes(meta)),
        (_PAID, paid(meta)),
        (_RUN, meta.run),
    ]
    while columns and _room(width, columns) < _QUESTION:
        columns.pop()
    room = _room(width, columns)
    tags = shown_tags(meta.tags, room // 2)
    name = cut(safe_line(meta.name) or meta.error, room - cell_len(tags))
    name = fitted(f"{name}{tags}", room)
    # What is longer than its column takes of the gap before it.
    cells = [" " * _GAP + name, *(text.rjust(_GAP + size) for size, text in columns)]
    return state, set_cell_size("".join(cells), width - cell_len(state))


def shown_tags(tags: Sequence[str], room: int) -> str:
    """As many tags as have room in so many cells, each whole, and how many more there are: ` #ai #art +2`."""
    shown = ""
    for number, tag in enumerate(tags):
        longer = f"{shown} #{safe_line(tag)}"
        left = len(tags) - number - 1
        if cell_len(longer) + (len(f" +{left}") if left else 0) > room:
            return f"{shown} +{left + 1}"
        shown = longer
    return shown


def hidden_tags(meta: SessionMeta, width: int, now: float) -> int:
    """How many of a run's tags have no room in its row."""
    _, told = row(meta, width, now)
    return sum(f" #{safe_line(tag)}" not in told for tag in meta.tags)


def _room(width: int, columns: Sequence[tuple[int, str]]) -> int:
    """The cells that are left for the question."""
    return max(0, width - _STATE - _GAP - sum(size + _GAP for size, _ in columns))


def fitted(text: str, width: int) -> str:
    """Untrusted text on one line in exactly so many cells, with an ellipsis where it was cut."""
    return set_cell_size(cut(text, width), width)


def cut(text: str, width: int) -> str:
    """Untrusted text on one line in at most so many cells, with an ellipsis where it was cut."""
    line = safe_line(text)
    if cell_len(line) <= width:
        return line
    return f"{set_cell_size(line, width - 1).rstrip()}…" if width > 0 else ""


class SessionList(ScrollView, can_focus=True):
    """Runs, one a line, with a highlighted one that stays the same run whatever comes and goes around it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "session-list--queued",
        "session-list--running",
        "session-list--done",
        "session-list--warning",
        "session-list--error",
        "session-list--highlighted",
    }
    DEFAULT_CSS = """
    SessionList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & > .session-list--queued { color: $text-muted; }
        & > .session-list--running { color: $text-primary; text-style: bold; }
        & > .session-list--done { color: $text-success; }
        & > .session-list--warning { color: $text-warning; }
        & > .session-list--error { color: $text-error; }
        & > .session-list--highlighted {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
        }
        &:focus > .session-list--highlighted {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "open", id="sessions.open"),
        Binding("up,k", "move(-1)", "up", show=False, id="sessions.up"),
        Binding("down,j", "move(1)", "down", show=False, id="sessions.down"),
        Binding("pageup", "page(-1)", "page up", show=False, id="sessions.page_up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="sessions.page_down"),
        Binding("home", "first", "first", show=False, id="sessions.first"),
        Binding("end", "last", "last", show=False, id="sessions.last"),
    ]

    cursor: reactive[int] = reactive(0)
    """The line of the highlighted run."""

    class Highlighted(Message):
        """Another run, or none, is highlighted, or the same one changed."""

    class Chosen(Message):
        """A run was chosen."""

        def __init__(self, meta: SessionMeta) -> None:
            super().__init__()
            self.meta = meta

    def __init__(self, *, empty: str = "", id: str | None = None) -> None:
        """`empty` is what an empty list says."""
        super().__init__(id=id)
        self.empty = empty
        self._metas: Sequence[SessionMeta] = ()

    @property
    def highlighted(self) -> SessionMeta | None:
        """The highlighted run, or None in an empty list."""
        return self._metas[self.cursor] if self._metas else None

    def show(self, metas: Sequence[SessionMeta], *, highlight: str = "") -> None:
        """Replaces the rows; the highlighted run, or the one named, keeps the highlight and its place."""
        old, offset = self.highlighted, self.cursor - self.scroll_offset.y
        wanted = highlight or (old.run if old else "")
        self._metas = metas
        found = next((line for line, meta in enumerate(metas) if meta.run == wanted), None)
        line = max(0, min(self.cursor, len(metas) - 1)) if found is None else found
        self.virtual_size = Size(0, len(metas))
        self.set_reactive(SessionList.cursor, line)
        if line - self.scroll_offset.y != offset:
            self.scroll_to(y=line - offset, animate=False)
        self._into_view()
        self.refresh()
        self.post_message(self.Highlighted())

    def validate_cursor(self, line: int) -> int:
        """Keeps the highlight in the list."""
        return max(0, min(line, len(self._metas) - 1))

    def watch_cursor(self) -> None:
        """Shows the newly highlighted run."""
        self._into_view()
        self.refresh()
        self.post_message(self.Highlighted())

    def _into_view(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)

    def on_resize(self) -> None:
        """Keeps the highlighted run in view."""
        self._into_view()

    def action_move(self, lines: int) -> None:
        """Moves the highlight."""
        self.cursor += lines

    def action_page(self, pages: int) -> None:
        """Moves the highlight by what is visible."""
        self.cursor += pages * max(1, self.size.height - 1)

    def action_first(self) -> None:
        """Moves the highlight to the first run."""
        self.cursor = 0

    def action_last(self) -> None:
        """Moves the highlight to the last run."""
        self.cursor = len(self._metas) - 1

    def action_choose(self) -> None:
        """Chooses the highlighted run."""
        if self.highlighted is not None:
            self.post_message(self.Chosen(self.highlighted))

    def on_click(self, event: events.Click) -> None:
        """Highlights the run that was clicked; a second click chooses it."""
        line = event.y + self.scroll_offset.y
        if line < len(self._metas):
            self.cursor = line
            if event.chain == 2:
                self.action_choose()

    @override
    def render_line(self, y: int) -> Strip:
        """One run."""
        width, line = self.scrollable_content_region.width, y + self.scroll_offset.y
        base = self.rich_style
        if not self._metas and y == 0:
            return Strip([Segment(set_cell_size(self.empty, width), base)], width)
        if line >= len(self._metas):
            return Strip.blank(width, base)
        meta = self._metas[line]
        state, rest = row(meta, max(0, width - len(_HERE)), time.time())
        tone = self.get_component_rich_style(f"session-list--{_TONES[meta.status]}")
        if line == self.cursor:
            base = tone = self.get_component_rich_style("session-list--highlighted")
        here = _HERE if line == self.cursor else " " * len(_HERE)
        return Strip([Segment(here, base), Segment(state, tone), Segment(rest, base)], width)
