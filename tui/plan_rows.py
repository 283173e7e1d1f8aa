"""A plan under review as the lines of a list, and one subtask of it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from typing_extensions import override

from sessions.plan import Plan
from tui.looks import counted
from tui.money import estimate_line
from tui.plan_edits import Draft
from tui.safe import safe, safe_line
from tui.session_rows import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sessions.estimate import Estimate
    from sessions.plan import Dimension, Subtask

_ID, _ROLE, _AFTER = 16, 12, 14
"""The widest these columns get, in cells; the details say all."""

_TITLE = 20
"""A title is given at least so many cells; the roles go where there are fewer."""

_SKIPPED = "(skipped)"


def rows(draft: Draft, width: int, here: int | None = None) -> list[Content]:
    """The subtasks as lines of so many cells: in or out, number, id, title, role, and whom it waits for.

    The line `here` begins with a mark that is seen without colour too.
    """
    subtasks = draft.plan.subtasks
    ids = _widest((subtask.id for subtask in subtasks), _ID)
    ends = _ends(draft, _widest((safe_line(subtask.role) for subtask in subtasks), _ROLE))
    begin = len(">[x] 12 ") + ids + 2
    if width - begin - _widest(ends) - 2 < _TITLE:
        ends = _ends(draft, 0)
    title = max(0, width - begin - _widest(ends) - 2)
    lines: list[Content] = []
    for number, (subtask, end) in enumerate(zip(subtasks, ends, strict=True), start=1):
        mark, style = ("[ ]", "dim") if subtask.id in draft.skipped else ("[x]", "")
        place = ">" if number - 1 == here else " "
        line = f"{place}{mark} {number:>2} {fitted(subtask.id, ids)}  {fitted(subtask.title, title)}  {end}"
        lines.append(Content.styled(line, style))
    return lines


def _ends(draft: Draft, role: int) -> list[str]:
    """What stands right of the titles: roles in so many cells, and the numbers of what is waited for."""
    numbers = {subtask.id: str(number) for number, subtask in enumerate(draft.plan.subtasks, start=1)}
    ends: list[str] = []
    for subtask in draft.plan.subtasks:
        waits = ", ".join(numbers.get(needed, "?") for needed in draft.waits_for(subtask))
        after = f"after {waits}"[: _AFTER - 1] + "…" if len(f"after {waits}") > _AFTER else f"after {waits}"
        shown = "  ".join(filter(None, (fitted(subtask.role, role), after if waits else "")))
        ends.append(_SKIPPED if subtask.id in draft.skipped else shown)
    return ends


def _widest(texts: Iterable[str], most: int | None = None) -> int:
    """The cells of the longest of the texts, at most so many."""
    widest = max(map(cell_len, texts), default=0)
    return widest if most is None else min(most, widest)


def summary(draft: Draft, engine: str, estimate: Estimate | None, max_usd: float | None) -> Content:
    """The plan in a line: how much of it would run, on what engine, what that takes if known, what it assumes."""
    kept, assumed = [subtask.id for subtask in draft.kept], safe_line(draft.plan.assumptions)
    parts = [
        "Plan",
        f"{len(kept)} of {len(draft.plan.subtasks)} spokes",
        safe_line(engine),
        estimate_line(estimate.of(kept), max_usd) if estimate is not None and kept else "",
        f"assumes: {assumed}" if assumed else "",
    ]
    return Content(" · ".join(filter(None, parts)))


def coverage(draft: Draft, dimensions: Sequence[Dimension]) -> Content | None:
    """How many sides of the question the plan as it stands covers, and which not; None where nobody looked."""
    if not dimensions:
        return None
    kept = {subtask.id for subtask in draft.kept}
    bare = [safe_line(side.name) for side in dimensions if kept.isdisjoint(side.covered_by)]
    covers = f"covers {len(dimensions) - len(bare)} of {counted(len(dimensions), 'dimension')}"
    return Content.styled(f"! {covers} · not: {', '.join(bare)}", "$text-warning") if bare else Content(covers)


def details(draft: Draft, subtask: Subtask, roles: Mapping[str, str]) -> Content:
    """Everything that a subtask says."""
    role = f"{safe_line(subtask.role)}: {safe_line(roles.get(subtask.role, 'unknown role'))}"
    parts = [
        Content.styled(safe_line(subtask.title), "bold"),
        Content.styled(f"{safe_line(subtask.id)} · {role}", "$text-muted"),
        Content(safe(subtask.objective)),
    ]
    if subtask.key_questions:
        asked = "\n".join(f"• {safe_line(question)}" for question in subtask.key_questions)
        parts.append(Content.assemble(("Key questions\n", "bold"), asked))
    if subtask.boundaries:
        parts.append(Content.assemble(("Boundaries\n", "bold"), safe(subtask.boundaries)))
    if needed := draft.waits_for(subtask):
        parts.append(Content.assemble(("Waits for ", "bold"), ", ".join(map(safe_line, needed))))
    return Content("\n\n").join(parts)


class PlanList(OptionList):
    """The subtasks of a draft, one a line."""

    DEFAULT_CSS = """
    PlanList {
        height: auto;
        padding: 0 1;
        border: none;
        scrollbar-size: 0 1;
        scrollbar-gutter: stable;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    PlanList:focus { border: none; background-tint: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "down", show=False, id="plan.down"),
        Binding("k", "cursor_up", "up", show=False, id="plan.up"),
    ]

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._draft = Draft(Plan(subtasks=()))

    def show(self, draft: Draft, line: int) -> None:
        """Shows a draft with one of its lines highlighted; the view moves no further than it must."""
        self._draft = draft
        while self.option_count > len(draft.plan.subtasks):
            self.remove_option_at_index(self.option_count - 1)
        self.add_options(" " for _ in range(len(draft.plan.subtasks) - self.option_count))
        self._draw()
        self.highlighted = line if self.option_count else None
        self.refresh(layout=True)

    def _draw(self) -> None:
        for index, line in enumerate(rows(self._draft, self.scrollable_content_region.width, self.highlighted)):
            self.replace_option_prompt_at_index(index, line)

    @override
    def watch_highlighted(self, highlighted: int | None) -> None:
        """Marks the line, too."""
        super().watch_highlighted(highlighted)
        self._draw()

    def on_resize(self) -> None:
        """The lines fill the width."""
        self._draw()
        self.call_after_refresh(self.scroll_to_highlight)
