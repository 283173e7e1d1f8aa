"""The coordinator's first primitives: plan, coverage review, checkpoint."""

import re
from collections.abc import Sequence

from pydantic import JsonValue

from agents.estimate import estimate
from agents.hub import Approved, CheckpointWaitsError, Hub, HubFailedError, RunStoppedError, SentBack
from agents.prompts import coverage_prompt, plan_prompt, tagged
from agents.replies import CoverageReply, PlannedSubtask, PlanReply
from agents.role_files import spoke_roles
from sessions.events import CheckpointOpened, CoverageReviewed, Noticed, PlanApproved, PlanMade, PlanSentBack
from sessions.failures import Failure, FailureKind
from sessions.plan import OBJECTIVE, REVIEW_ROUNDS, TITLE, Dimension, LeftOut, Plan, Subtask, plan_problems

NO_ROOM = "The review found that nothing in the plan covers it; a higher --max-spokes makes room."


async def agreed_plan(hub: Hub) -> Plan:
    """The plan that binds: made, reviewed, approved; made anew with a person's note as often as it is sent back.

    Raises CheckpointWaitsError when nobody is there to say, RunStoppedError when no plan can be made.
    """
    notes: list[str] = []
    while True:
        plan, no_room = await review_plan(hub, await make_plan(hub, notes))
        decided = await checkpoint(hub, plan, no_room, len(notes) + 1)
        if isinstance(decided, PlanSentBack):
            notes.append(decided.note)
            continue
        plan = decided.plan
        for edited in hub.state.edited.values():
            plan = plan.with_subtask(edited)
        return plan


def plan_inputs(question: str, notes: Sequence[str] = ()) -> JsonValue:
    """What a plan depends on, for a step's id."""
    return {"question": question, **({"notes": list(notes)} if notes else {})}


def review_inputs(question: str, plan: Plan) -> JsonValue:
    """What a review of a plan depends on, for a step's id."""
    return {"question": question, "plan": plan.model_dump(mode="json")}


async def make_plan(hub: Hub, notes: Sequence[str] = ()) -> Plan:
    """A valid plan for the question and a person's notes. Raises RunStoppedError when none can be made."""
    inputs = plan_inputs(hub.question, notes)
    made = await hub.step(PlanMade, "plan", len(notes) + 1, inputs, lambda step: _plan(hub, step, notes))
    return made.plan


async def _plan(hub: Hub, step: str, notes: Sequence[str]) -> PlanMade:
    roles = spoke_roles(hub.roles)
    prompt = plan_prompt(hub.question, roles, hub.limits.max_spokes, notes)
    problems: list[str] = []
    for _ in range(2):
        mending = "\n\n".join([prompt, tagged("problems", "\n".join(problems))]) if problems else prompt
        try:
            reply = await hub.ask("planner", "hub.plan", mending, PlanReply)
        except HubFailedError as error:
            raise RunStoppedError(error.failure) from None
        plan = Plan(
            subtasks=tuple(subtask_of(planned) for planned in reply.subtasks),
            assumptions=reply.assumptions,
            left_out=tuple(LeftOut(title=item.title, why=item.why) for item in reply.left_out),
        )
        problems = plan_problems(plan, roles, hub.limits.max_spokes)
        if not problems:
            return PlanMade(step=step, plan=plan)
    message = f"The planner gave no usable plan, twice. {' '.join(problems)}"
    raise RunStoppedError(Failure(kind=FailureKind.INVALID_OUTPUT, message=message, spoke="hub.plan"))


def subtask_of(planned: PlannedSubtask) -> Subtask:
    """A subtask as the plan keeps it: cut to its lengths, its id made a slug, or `spoke` where nothing is left."""
    return Subtask(
        id=slug(planned.id),
        title=planned.title[:TITLE],
        objective=planned.objective[:OBJECTIVE],
        key_questions=tuple(planned.key_questions),
        role=planned.role,
        depends_on=tuple(slug(needed) for needed in planned.depends_on),
        boundaries=planned.boundaries,
    )


def slug(name: str) -> str:
    """A spoke id: lower-case letters, digits and dashes, at most 40."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "spoke"


async def review_plan(hub: Hub, plan: Plan) -> tuple[Plan, tuple[str, ...]]:
    """The plan, extended by what a second reading found missing, and the titles of what there is no room for.

    At most two rounds. A review that fails is told, and the plan stands as it is.
    """
    no_room: tuple[str, ...] = ()
    for number in range(1, REVIEW_ROUNDS + 1):
        read = plan
        try:
            reviewed = await hub.step(
                CoverageReviewed,
                "review",
                number,
                review_inputs(hub.question, read),
                lambda step, number=number, read=read: _review(hub, step, number, read),
            )
        except HubFailedError as error:
            hub.record(Noticed(message=f"The plan's coverage could not be reviewed: {error.failure.message}"))
            break
        plan = plan.model_copy(update={"subtasks": (*plan.subtasks, *reviewed.missing)})
        no_room = tuple(dict.fromkeys((*no_room, *reviewed.no_room)))
        if not reviewed.missing:
            break
    return plan, no_room


async def _review(hub: Hub, step: str, number: int, plan: Plan) -> CoverageReviewed:
    roles = spoke_roles(hub.roles)
    prompt = coverage_prompt(hub.question, plan, roles, hub.limits.max_spokes)
    reply = await hub.ask("reviewer", "hub.review", prompt, CoverageReply)
    taken = {subtask.id for subtask in plan.subtasks}
    named = {item.title for item in plan.left_out}
    room = hub.limits.max_spokes - len(plan.subtasks)
    missing: list[Subtask] = []
    no_room: list[str] = []
    for planned in reply.missing:
        subtask = subtask_of(planned)
        if subtask.id in taken:
            continue
        if len(missing) == room:
            no_room.append(subtask.title)
            continue
        known = tuple(needed for needed in subtask.depends_on if needed in taken)
        role = subtask.role if subtask.role in roles else "researcher"
        missing.append(subtask.model_copy(update={"depends_on": known, "role": role}))
        taken.add(subtask.id)
    dimensions = tuple(
        Dimension(name=found.name, covered_by=tuple(id for id in map(slug, found.covered_by) if id in taken))
        for found in reply.dimensions
    )
    named |= {*no_room, *(subtask.title for subtask in missing)}
    bare = [found.name for found in dimensions if not found.covered_by and found.name not in named]
    return CoverageReviewed(
        step=step,
        round=number,
        missing=tuple(missing),
        no_room=(*no_room, *bare),
        dimensions=dimensions,
        note=reply.note,
    )


async def checkpoint(
    hub: Hub, plan: Plan, no_room: tuple[str, ...], ordinal: int = 1
) -> PlanApproved | PlanSentBack:
    """What a person said of the plan. Raises CheckpointWaitsError when nobody is there to say."""
    inputs = {"plan": plan.model_dump(mode="json"), "no_room": list(no_room)}
    kinds = (PlanApproved, PlanSentBack)
    return await hub.step(kinds, "approve", ordinal, inputs, lambda step: _approve(hub, step, plan, no_room))


async def _approve(hub: Hub, step: str, plan: Plan, no_room: tuple[str, ...]) -> PlanApproved | PlanSentBack:
    hub.record(
        CheckpointOpened(plan=plan, missing=no_room, estimate=estimate(plan, hub.model_of, hub.desk.prices))
    )
    decided = await hub.approve(plan, no_room)
    if decided is None:
        raise CheckpointWaitsError
    if isinstance(decided, SentBack):
        return PlanSentBack(step=step, note=decided.note, by=decided.by)
    by = ""
    if isinstance(decided, Approved):
        decided, by = decided.plan, decided.by
    left_out = {item.title for item in decided.left_out}
    unnamed = tuple(LeftOut(title=title, why=NO_ROOM) for title in no_room if title not in left_out)
    decided = decided.model_copy(update={"left_out": (*decided.left_out, *unnamed)})
    return PlanApproved(step=step, plan=decided, by=by)
