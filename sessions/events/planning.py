"""The plan: made, reviewed, put before a person, sent back, approved."""

from typing import Literal

from sessions.estimate import Estimate
from sessions.events.base import Event, SteeredEvent, StepEvent
from sessions.plan import Dimension, Plan, Subtask


class PlanMade(StepEvent):
    """The planner's plan, valid."""

    kind: Literal["plan_made"] = "plan_made"
    plan: Plan
    question: str = ""
    """The question that it was made for, where that is another than the run's, as in a fork."""


class CoverageReviewed(StepEvent):
    """A second reading of the plan: what it lacks, as subtasks, and the titles of what there is no room for."""

    kind: Literal["coverage_reviewed"] = "coverage_reviewed"
    round: int
    missing: tuple[Subtask, ...] = ()
    no_room: tuple[str, ...] = ()
    """Titles of what nothing in the plan covers."""
    dimensions: tuple[Dimension, ...] = ()
    note: str = ""


class CheckpointOpened(Event):
    """The plan waits for a person."""

    kind: Literal["checkpoint_opened"] = "checkpoint_opened"
    plan: Plan
    missing: tuple[str, ...] = ()
    estimate: Estimate | None = None
    """What the plan is going to take; None where nobody knows."""


class PlanSentBack(StepEvent, SteeredEvent):
    """A person wants another plan, and says why."""

    kind: Literal["plan_sent_back"] = "plan_sent_back"
    note: str


class PlanApproved(StepEvent, SteeredEvent):
    """The plan that binds."""

    kind: Literal["plan_approved"] = "plan_approved"
    plan: Plan
