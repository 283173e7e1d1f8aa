"""The plan of a run and the brief of a spoke."""

from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter

from pydantic import Field

from sessions.model import Record

TITLE = 200
OBJECTIVE = 2_000
"""Characters of a subtask's title and objective, at most."""

MOST_SPOKES = 20
"""A plan may hold so many."""

REVIEW_ROUNDS = 2
"""A plan is reviewed at most so often before a person sees it."""

SPOKE_ID = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class Subtask(Record):
    """One sub-domain of the question, as the plan names it; its id is the spoke's id for life."""

    id: str = Field(pattern=SPOKE_ID)
    title: str = Field(max_length=TITLE)
    objective: str = Field(max_length=OBJECTIVE)
    key_questions: tuple[str, ...] = ()
    role: str = "researcher"
    depends_on: tuple[str, ...] = ()
    boundaries: str = ""


class LeftOut(Record):
    """Something the plan does not investigate on purpose, and why."""

    title: str
    why: str


class Dimension(Record):
    """A side of the question that a good answer needs, and the spokes whose subtasks cover it."""

    name: str
    covered_by: tuple[str, ...] = ()


class Plan(Record):
    """Sub-domains with their dependencies, what is assumed, and what is left out."""

    subtasks: tuple[Subtask, ...]
    assumptions: str = ""
    left_out: tuple[LeftOut, ...] = ()

    def subtask(self, spoke: str) -> Subtask:
        """The subtask with that id. Raises KeyError."""
        for subtask in self.subtasks:
            if subtask.id == spoke:
                return subtask
        raise KeyError(spoke)

    def with_subtask(self, changed: Subtask) -> "Plan":
        """The plan with that subtask in place of the one with its id."""
        subtasks = tuple(changed if subtask.id == changed.id else subtask for subtask in self.subtasks)
        return self.model_copy(update={"subtasks": subtasks})


class Upstream(Record):
    """What a dependant is told of a spoke it depends on: its findings, or that it has none and why."""

    spoke: str
    title: str
    summary: str = ""
    findings: tuple[str, ...] = ()
    gap: str = ""


class Brief(Record):
    """All that a subagent is told; nothing else is inherited."""

    question: str
    title: str
    objective: str
    key_questions: tuple[str, ...] = ()
    upstream: tuple[Upstream, ...] = ()
    boundaries: str = ""
    advice: str = ""
    """What the coordinator changed after an earlier attempt: narrower, or broader."""


def plan_problems(plan: Plan, roles: Collection[str], max_spokes: int) -> list[str]:
    """What makes a plan unusable, one sentence each; empty when it can be run."""
    problems: list[str] = []
    if not plan.subtasks:
        problems.append("The plan has no subtasks.")
    if len(plan.subtasks) > max_spokes:
        problems.append(f"The plan has {len(plan.subtasks)} subtasks; at most {max_spokes} are allowed.")
    ids = [subtask.id for subtask in plan.subtasks]
    for spoke in sorted({spoke for spoke in ids if ids.count(spoke) > 1}):
        problems.append(f"The subtask id {spoke!r} is used twice.")
    for subtask in plan.subtasks:
        if subtask.role not in roles:
            problems.append(
                f"Subtask {subtask.id!r} names the unknown role {subtask.role!r}; "
                f"known: {', '.join(sorted(roles))}."
            )
        for needed in subtask.depends_on:
            if needed not in ids:
                problems.append(f"Subtask {subtask.id!r} depends on {needed!r}, which is not in the plan.")
    try:
        TopologicalSorter({s.id: s.depends_on for s in plan.subtasks}).prepare()
    except CycleError as error:
        problems.append(f"The subtasks wait for each other in a circle: {' → '.join(error.args[1])}.")
    return problems
