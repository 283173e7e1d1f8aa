"""The checkpoint: the plan as it waits for a person, to approve, to change, or to send back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from typing_extensions import override

from sessions.plan import Plan, plan_problems
from tui.plan_rows import PlanList, coverage, details, summary
from tui.safe import safe, safe_line
from tui.screens.plan_editing import PlanEditing
from tui.screens.prompt import PromptScreen
from tui.widgets.guide import Guide
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.app import ComposeResult

    from sessions.estimate import Estimate
    from sessions.state import RunState

_WIDE = 100
"""Cells of a terminal in which the details stand beside the list."""


@dataclass(frozen=True)
class Approved:
    """The plan is to run as it is here."""

    plan: Plan


@dataclass(frozen=True)
class SentBack:
    """The planner is to plan again, with this note."""

    note: str


Decision = Approved | SentBack | None
"""What a person decided; None is not now: the plan goes on waiting."""


Send = Callable[[Approved | SentBack], Awaitable[bool]]
"""Says what was decided to whoever waits for it, and answers whether that was taken."""


class PlanReview(PlanEditing[Decision]):
    """The plan that waits; answers what was decided, when that was taken: what was edited stays until then."""

    DEFAULT_CSS = """
    PlanReview {
        #about { height: auto; max-height: 30%; padding: 0 1; background: $panel; scrollbar-size-vertical: 1; }
        #about:focus { background: $boost; }
        #body { height: 1fr; }
        PlanList { max-height: 55%; }
        #details { height: 1fr; padding: 0 1; border-top: solid $border-blurred; scrollbar-size-vertical: 1; }
        #details:focus { border-top: heavy $border; }
    }
    PlanReview.-wide {
        #body { layout: horizontal; }
        PlanList { width: 3fr; height: 100%; max-height: 100%; }
        #details { width: 2fr; height: 100%; border-top: none; border-left: solid $border-blurred; }
        #details:focus { border-top: none; border-left: heavy $border; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,y", "approve", "approve", key_display="a", id="plan.approve"),
        Binding("space", "skip", "in/out", id="plan.skip"),
        Binding("e", "edit", "edit", id="plan.edit"),
        Binding("plus", "add", "add", key_display="+", id="plan.add"),
        Binding("d", "delete", "delete", id="plan.delete"),
        Binding("p", "send_back", "replan", id="plan.send_back"),
        Binding("u", "undo", "undo", id="plan.undo"),
        Binding("J", "move(1)", "move", key_display="J/K", id="plan.move_down"),
        Binding("K", "move(-1)", "move up", show=False, id="plan.move_up"),
        Binding("escape,q", "later", "not now", key_display="q", id="plan.later"),
    ]

    def __init__(
        self,
        question: str,
        plan: Plan,
        missing: tuple[str, ...],
        *,
        roles: Mapping[str, str],
        max_spokes: int,
        engine: str,
        estimate: Estimate | None = None,
        max_usd: float | None = None,
        state: RunState | None = None,
        checkpoint: int = 0,
        send: Send | None = None,
    ) -> None:
        """`missing` are titles that the plan has no room for; `roles` are names with descriptions.

        `estimate` is what the plan is going to take, None where nobody knows; `max_usd` the run's cap on money;
        `state` is the run's, for the dimensions that the review scores the plan by, and for the demo's guide.
        `checkpoint` is the number of the event with which the plan began to wait; without `send`, all is taken.
        """
        super().__init__(plan, roles)
        self._question = question
        self._missing = missing
        self._max_spokes = max_spokes
        self._engine = engine
        self._estimate, self._max_usd, self._state = estimate, max_usd, state
        self.checkpoint = checkpoint
        self.deciding = False
        """Whether a decision is on its way, and nobody has said yet whether it is taken."""
        self._send = send
        self._note = ""
        """The note to the planner, until it is taken."""

    @override
    def compose(self) -> ComposeResult:
        with VerticalScroll(id="about"):
            yield Static()
        with Vertical(id="body"):
            yield PlanList()
            with VerticalScroll(id="details"):
                yield Static()
        yield Guide(self._state)
        yield KeyLine()

    def on_mount(self) -> None:
        """The list takes the keys at once."""
        self._widen(self.app.size.width)  # the screen's own comes with its first frame
        self._list.focus()
        self.show(0)

    def on_resize(self, event: events.Resize) -> None:
        """Another size has another layout."""
        self._widen(event.size.width)

    def _widen(self, width: int) -> None:
        """Puts the details beside the list, or below it."""
        self.set_class(width >= _WIDE, "-wide")

    # What is shown

    @override
    def show(self, line: int) -> None:
        self._list.show(self._draft, line)
        self.query_one("#about Static", Static).update(self._about())
        self._show_details()

    @on(OptionList.OptionHighlighted)
    def _show_details(self) -> None:
        shown = Content("The plan is empty; + adds a subtask.")
        if self._subtask is not None:
            shown = details(self._draft, self._subtask, self._roles)
        self.query_one("#details Static", Static).update(shown)
        self.query_one("#details").scroll_home(animate=False)

    def _about(self) -> Content:
        left_out = self._draft.plan.left_out
        covered = coverage(self._draft, self._state.dimensions if self._state else ())
        lines = [
            Content.styled(safe_line(self._question), "bold"),
            *self._made_for(),
            summary(self._draft, self._engine, self._estimate, self._max_usd),
            *([covered] if covered else []),
            *(Content.styled(f"! {sentence}", "$text-error") for sentence in self._problems()),
            *(Content.styled(f"! no room: {safe_line(title)}", "$text-warning") for title in self._missing),
            *(Content(f"- left out: {safe_line(item.title)} ({safe_line(item.why)})") for item in left_out),
        ]
        return Content("\n").join(lines)

    def _made_for(self) -> list[Content]:
        """A word on a plan that was made for another question."""
        planned_for = self._state.planned_for if self._state else self._question
        if planned_for in ("", self._question):
            return []
        told = f"! this plan was made for: {safe_line(planned_for)}; edit it, or p sends it back to the planner"
        return [Content.styled(told, "$text-warning")]

    def _problems(self) -> list[str]:
        return [safe_line(text) for text in plan_problems(self._draft.approved(), self._roles, self._max_spokes)]

    # What is decided

    def action_approve(self) -> None:
        """Lets the plan run, if it can be run."""
        if problems := self._problems():
            self._tell(problems[0])
        else:
            self._decide(Approved(self._draft.approved()))

    def action_send_back(self) -> None:
        """Has the planner plan again."""

        def noted(note: str | None) -> None:
            if note is None:
                return
            self._note = safe(note).strip()
            if not self._note:
                self._tell("The note is empty; say what the planner should change.")
            else:
                self._decide(SentBack(self._note))

        lost = " (your edits are not sent)" if self._before else ""
        self.app.push_screen(PromptScreen(f"A note to the planner{lost}", self._note), noted)

    def action_later(self) -> None:
        """Leaves the plan waiting; says once that edits are lost."""
        if self._before and not self._warned:
            self._warned = True
            self._tell("Your edits are not kept; press q again to leave, a to approve.")
        else:
            self.dismiss(None)

    def _decide(self, decision: Approved | SentBack) -> None:
        # While a note was typed, the plan may have been answered elsewhere, and this screen taken away.
        if self.is_active and not self.deciding:
            self.deciding = True
            self.run_worker(self._said(decision))

    async def _said(self, decision: Approved | SentBack) -> None:
        taken = self._send is None or await self._send(decision)
        if taken and self.is_current:
            self.dismiss(decision)
        self.deciding = taken
