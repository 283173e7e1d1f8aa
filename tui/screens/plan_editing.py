"""A plan that a person edits: its subtasks in and out, moved, added, changed, deleted; and every edit undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters, on
from textual.screen import Screen, ScreenResultType
from textual.widgets import OptionList

from sessions.plan import Plan, Subtask
from tui.plan_edits import Draft, added, changed, deleted, moved, new_id, toggled
from tui.plan_rows import PlanList
from tui.safe import safe_line
from tui.screens.subtask_form import SubtaskForm
from tui.typed_app import app_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ROLE = "researcher"
"""The role that a new subtask is offered first."""


class PlanEditing(Screen[ScreenResultType]):
    """A screen with the list of a plan's subtasks, to edit them in. What else it shows is its subclass's."""

    app = getters.app(app_type)

    def __init__(self, plan: Plan, roles: Mapping[str, str]) -> None:
        """`roles` are names with descriptions."""
        super().__init__()
        self._roles = roles
        self._draft = Draft(plan)
        self._before: list[tuple[Draft, int]] = []
        """The drafts there were, each with the line that was highlighted; the latest last."""
        self._warned = False
        """Whether it was said that leaving loses the edits, and nothing was done since."""

    def show(self, line: int) -> None:
        """Shows the draft, with that line of it highlighted."""
        raise NotImplementedError

    @property
    def edited(self) -> bool:
        """Whether anything was changed that leaving would lose."""
        return bool(self._before)

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

    def _tell(self, sentence: str) -> None:
        self.notify(safe_line(sentence), severity="warning", markup=False)

    def _change(self, draft: Draft, line: int) -> None:
        self._before.append((self._draft, self._line))
        self._draft, self._warned = draft, False
        self.show(line)

    def action_undo(self) -> None:
        """Takes the last edit back."""
        if not self._before:
            self._tell("Nothing was changed; there is nothing to undo.")
            return
        self._draft, line = self._before.pop()
        self.show(line)

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
