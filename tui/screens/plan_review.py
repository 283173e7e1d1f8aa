"""The checkpoint: the plan as it waits for a person, to approve, to change, or to send back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from typing_extensions import override

from sessions.plan import Plan, Subtask, plan_problems
from tui.plan_edits import Draft, added, changed, deleted, moved, new_id, toggled
from tui.plan_rows import PlanList, coverage, details, summary
from tui.safe import safe, safe_line
from tui.screens.prompt import PromptScreen
from tui.screens.subtask_form import SubtaskForm
from tui.typed_app import app_type
from tui.widgets.guide import Guide
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.app import ComposeResult

    from sessions.estimate import Estimate
    from sessions.state import RunState

_WIDE = 100
"""Cells of a terminal in which the details stand beside the list."""

_ROLE = "researcher"
"""The role that a new subtask is offered first."""


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


class PlanReview(Screen[Decision]):
    """The plan that waits; answers what was decided."""

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

    app = getters.app(app_type)

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
    ) -> None:
        """`missing` are titles that the plan has no room for; `roles` are names with descriptions.

        `estimate` is what the plan is going to take, None where nobody knows; `max_usd` the run's cap on money;
        `state` is the run's, for the dimensions that the review scores the plan by, and for the demo's guide.
        """
        super().__init__()
        self._question = question
        self._missing = missing
        self._roles = roles
        self._max_spokes = max_spokes
        self._engine = engine
        self._estimate, self._max_usd, self._state = estimate, max_usd, state
        self._draft = Draft(plan)
        self._before: list[tuple[Draft, int]] = []
        """The drafts there were, each with the line that was highlighted; the latest last."""
        self._warned = False
        """Whether it was said that leaving loses the edits, and nothing was done since."""

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
        self._list.focus()
        self._show(0)

    def on_resize(self, event: events.Resize) -> None:
        """Puts the details beside the list, or below it."""
        self.set_class(event.size.width >= _WIDE, "-wide")

    @property
    def edited(self) -> bool:
        """Whether anything was changed that leaving would lose."""
        return bool(self._before)

    # What is shown

    @property
    def _list(self) -> PlanList:
        return self.query_one(PlanList)

    @property
    def _line(self) -> int:
        return self._list.highlighted or 0

    @property
    def _subtask(self) -> Subtask | None:
        """The highlighted one; None in an empty plan."""
        subtasks = self._draft.plan.subtasks
        return subtasks[self._line] if subtasks else None

    def _show(self, line: int) -> None:
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

    def _tell(self, sentence: str) -> None:
        self.notify(safe_line(sentence), severity="warning", markup=False)

    # What is edited

    def _change(self, draft: Draft, line: int) -> None:
        self._before.append((self._draft, self._line))
        self._draft, self._warned = draft, False
        self._show(line)

    def action_undo(self) -> None:
        """Takes the last edit back."""
        if not self._before:
            self._tell("Nothing was changed; there is nothing to undo.")
            return
        self._draft, line = self._before.pop()
        self._show(line)

    def action_skip(self) -> None:
        """Takes the subtask out of the plan, or in again."""
        if (subtask := self._subtask) is None:
            return
        waiting = self._draft.dependants(subtask.id)
        self._change(toggled(self._draft, subtask.id), self._line)
        if subtask.id in self._draft.skipped:
            self._tell_released(subtask.id, waiting)

    def action_delete(self) -> None:
        """Deletes the subtask."""
        if (subtask := self._subtask) is None:
            return
        waiting = self._draft.dependants(subtask.id)
        line = min(self._line, len(self._draft.plan.subtasks) - 2)
        self._change(deleted(self._draft, subtask.id), max(0, line))
        self._tell_released(subtask.id, waiting)

    def _tell_released(self, spoke: str, waiting: tuple[str, ...]) -> None:
        if waiting:
            wait = "waits" if len(waiting) == 1 else "wait"
            self._tell(f"Without {spoke}: {', '.join(waiting)} no longer {wait} for it.")

    def action_move(self, by: int) -> None:
        """Moves the subtask down or up."""
        to = self._line + by
        if 0 <= to < len(self._draft.plan.subtasks):
            self._change(moved(self._draft, self._line, to), to)

    def action_edit(self) -> None:
        """Opens the subtask in a form."""
        if (subtask := self._subtask) is None:
            return

        def saved(new: Subtask) -> None:
            if new != subtask:
                self._change(changed(self._draft, new), self._line)

        self._open_form(subtask, f"Edit {subtask.id}", saved)

    @on(OptionList.OptionSelected)
    def _edit_selected(self) -> None:
        # Enter pressed twice arrives twice before the form is there.
        if self.is_active:
            self.action_edit()

    def action_add(self) -> None:
        """Opens an empty form; what is saved becomes the last subtask."""
        taken = {subtask.id for subtask in self._draft.plan.subtasks}
        role = _ROLE if _ROLE in self._roles else next(iter(self._roles), _ROLE)

        def saved(new: Subtask) -> None:
            named = new.model_copy(update={"id": new_id(new.title, taken)})
            self._change(added(self._draft, named), len(taken))

        self._open_form(Subtask(id=new_id("", taken), title="", objective="", role=role), "Add a subtask", saved)

    def _open_form(self, subtask: Subtask, title: str, saved: Callable[[Subtask], None]) -> None:
        def closed(new: Subtask | None) -> None:
            if new is not None:
                saved(new)

        form = SubtaskForm(subtask, roles=self._roles, others=self._draft.plan.subtasks, title=title)
        self.app.push_screen(form, closed)

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
            if text := safe(note).strip():
                self._decide(SentBack(text))
            else:
                self._tell("The note is empty; say what the planner should change.")

        lost = " (your edits are not sent)" if self._before else ""
        self.app.push_screen(PromptScreen(f"A note to the planner{lost}"), noted)

    def action_later(self) -> None:
        """Leaves the plan waiting; says once that edits are lost."""
        if self._before and not self._warned:
            self._warned = True
            self._tell("Your edits are not kept; press q again to leave, a to approve.")
        else:
            self._decide(None)

    def _decide(self, decision: Decision) -> None:
        # While a note was typed, the plan may have been answered elsewhere, and this screen taken away.
        if self.is_active:
            self.dismiss(decision)
