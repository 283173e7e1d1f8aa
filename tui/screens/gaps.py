"""Gaps: what the run did not find out, each with why, what is left of it, and what another attempt could do."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from typing_extensions import override

from sessions.findings import Gap, Verdict
from tui import failure_text
from tui.looks import BROKEN_OFF, CANCELLED, FAILED, QUEUED, RUNNING, Look, cut_off, failure_line
from tui.safe import safe, safe_line
from tui.typed_app import app_type
from tui.widgets.key_line import KeyLine
from tui.wish import Wish

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual import events
    from textual.app import ComposeResult

    from sessions.events import ReportFinished
    from sessions.spoke_state import SpokeState
    from sessions.state import RunState

_LISTED = 5
"""Claims that a gap lists, at most."""

UNANSWERED = Look("?", "not answered", "$warning")
CUT_SHORT = Look("!", "cut short", "$warning")
NARROWED = Look("!", "only in part", "$warning")
UNCHECKED = Look("·", "not checked", "$warning")
PASSED_OVER = Look("·", "passed over by the check", "$warning")
LEFT_OUT = Look("-", "left out", "$text-muted")


class Missing(NamedTuple):
    """Something that was not found out."""

    look: Look
    what: str
    spoke: str
    """Whose it is; empty where it is no spoke's."""
    lines: tuple[str, ...]
    """Why, and what is known of it."""

    @property
    def mendable(self) -> bool:
        """Whether running the gaps again attempts it; what a person gave up, or the sources lack, stays."""
        return self.look in (FAILED, UNCHECKED)


def gaps(state: RunState, report: ReportFinished) -> list[Missing]:
    """Everything that a report lacks: failed spokes first, then the other gaps, then what was left out."""
    found = [_missing(state, gap) for gap in report.gaps]
    named = {missing.spoke for missing in found if missing.look in (FAILED, CANCELLED)}
    # Whatever the report says: who gave no answer is named here.
    silent = (
        _missing(state, Gap(spoke=spoke.id, what=spoke.title, why=""))
        for spoke in state.spokes.values()
        if spoke.status in ("failed", "cancelled") and spoke.id not in named
    )
    found = sorted(chain(found, silent), key=lambda missing: missing.look not in (FAILED, CANCELLED))
    return [*found, *(Missing(LEFT_OUT, item.title, "", (item.why,)) for item in report.left_out)]


def _missing(state: RunState, gap: Gap) -> Missing:
    spoke = state.spokes.get(gap.spoke)
    if spoke is None:
        unchecked = [claim for claim in state.claims.values() if claim.verdict is Verdict.NOT_CHECKED]
        # Of those that have a note, a check was made that left them out: it is not made again.
        look = PASSED_OVER if unchecked and all(claim.note for claim in unchecked) else UNCHECKED
        return Missing(look, gap.what, "", (gap.why, *_listed(claim.finding.claim for claim in unchecked)))
    look = _look(spoke, gap)
    whose = () if gap.what == spoke.title else (f"asked of {spoke.title}",)
    left = _left(state, spoke) if look in (FAILED, CANCELLED) else ()
    return Missing(look, gap.what, spoke.id, tuple(filter(None, (*whose, gap.why, *left))))


def _look(spoke: SpokeState, gap: Gap) -> Look:
    finished = spoke.last.finished if spoke.last else None
    if gap.what != spoke.title:
        return UNANSWERED
    if spoke.status == "cancelled":
        return CANCELLED
    if spoke.status != "done":
        # A report may be shown while what it lacks is attempted again.
        if cut_off(spoke):
            return BROKEN_OFF
        return {"failed": FAILED, "running": RUNNING, "queued": QUEUED}[spoke.status]
    return CUT_SHORT if finished and finished.cut_short and finished.cut_short in gap.why else NARROWED


def _left(state: RunState, spoke: SpokeState) -> Iterator[str]:
    """What a spoke without an answer failed of, and what it left."""
    attempt = spoke.last
    if attempt is None:
        yield "it had not begun"
        return
    if attempt.failure is not None:
        yield f"{failure_line(attempt.failure)} · {failure_text.retries(attempt)}"
        yield failure_text.used(state, attempt)
    yield failure_text.kept(attempt, spoke)
    if attempt.failure is not None:
        yield from _listed(finding.claim for finding in spoke.partial)
        yield failure_text.alternatives(attempt.failure)


def _listed(claims: Iterable[str]) -> Iterator[str]:
    every = list(claims)
    yield from (f"• {claim}" for claim in every[:_LISTED])
    if len(every) > _LISTED:
        yield f"and {len(every) - _LISTED} more"


def _block(missing: Missing, last: bool) -> Content:
    first = Content.assemble(
        (f"{missing.look.glyph} {missing.look.word}", missing.look.style),
        "  ",
        (safe_line(missing.what), "bold"),
    )
    lines = [first, *(Content(safe_line(line)) for line in missing.lines if line)]
    return Content("\n").join(lines if last else [*lines, Content("")])


class GapsScreen(Screen[None]):
    """All that a finished report lacks, one block each."""

    CSS = """
    GapsScreen {
        #head { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
        OptionList { height: 1fr; border: none; padding: 0 1; scrollbar-size-vertical: 1; }
        OptionList:focus { border: none; background-tint: transparent; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,G", "app.pop_screen", "back", id="gaps.back"),
        Binding("j", "move('down')", "down", show=False, id="gaps.down"),
        Binding("k", "move('up')", "up", show=False, id="gaps.up"),
        Binding("z", "open", "open the spoke", key_display="⏎", id="gaps.open"),
        Binding("R", "rerun", "rerun gaps", id="gaps.rerun"),
        Binding("y", "copy", "copy", id="gaps.copy"),
    ]

    app = getters.app(app_type)

    def __init__(self, missing: list[Missing]) -> None:
        """At least one thing is missing."""
        super().__init__()
        self._missing = missing

    @override
    def compose(self) -> ComposeResult:
        yield Static(self._head(), id="head")
        last = len(self._missing) - 1
        yield OptionList(
            *(Option(_block(missing, at == last)) for at, missing in enumerate(self._missing)), markup=False
        )
        yield KeyLine()

    def on_mount(self) -> None:
        """The list takes the keys at once."""
        self._list.focus()
        self._list.highlighted = 0

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _head(self) -> Content:
        counts = Counter(missing.look.word for missing in self._missing)
        told = [f"{count} {word}" for word, count in counts.items()]
        return Content.assemble(("gaps  ", "bold"), " · ".join(told))

    def action_move(self, way: str) -> None:
        """To the gap below, or above."""
        if way == "down":
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def action_open(self) -> None:
        """The spoke whose gap it is, whole."""
        missing = self._missing[self._list.highlighted or 0]
        if missing.spoke:
            self.post_message(Wish("zoom", missing.spoke))
        else:
            self.notify("No spoke was asked for this.", markup=False, severity="warning")

    @on(OptionList.OptionSelected)
    def _open_selected(self) -> None:
        # Enter pressed twice arrives twice before the zoom is there.
        if self.is_current:
            self.action_open()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What has nothing to do is not in the footer."""
        return None if action == "rerun" and not self._mendable else True

    @property
    def _mendable(self) -> bool:
        return any(missing.mendable for missing in self._missing)

    def on_key(self, event: events.Key) -> None:
        """A word on the key that has nothing to do."""
        if event.key == "R" and not self._mendable:
            event.stop()
            told = "Another attempt mends none of these: only what failed or was not checked is run again."
            self.notify(told, markup=False, severity="warning")

    def action_rerun(self) -> None:
        """Has what another attempt may mend attempted again."""
        self.post_message(Wish("rerun"))

    def action_copy(self) -> None:
        """All of them, to the clipboard."""
        told = "\n\n".join(_block(missing, last=True).plain for missing in self._missing)
        self.app.copy_to_clipboard(safe(told))
        self.notify("Sent to the clipboard.", markup=False)
