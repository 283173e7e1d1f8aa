"""Dispatch: every spoke of the plan, each as soon as what it needs is there."""

import asyncio

from agents.hub import Hub, RunStoppedError
from agents.spoke_work import SpokeResult
from sessions.plan import Brief, Plan, Subtask, Upstream

UPSTREAM_FINDINGS = 12
UPSTREAM_CHARACTERS = 400
"""What a dependant is told of an upstream spoke: so many findings, so many characters each."""


async def dispatch(hub: Hub, plan: Plan) -> dict[str, SpokeResult]:
    """The result of every spoke, in the plan's order. Raises RunStoppedError when nothing can go on."""
    waiting: dict[str, asyncio.Task[SpokeResult]] = {}
    stopped: list[RunStoppedError] = []

    async def spoke(subtask: Subtask) -> SpokeResult:
        needed = [await asyncio.shield(waiting[other]) for other in subtask.depends_on]
        try:
            return await hub.spokes.result(subtask, brief_for(hub.question, subtask, needed))
        except RunStoppedError as error:
            stopped.append(error)
            raise

    try:
        async with asyncio.TaskGroup() as group:
            for subtask in plan.subtasks:
                waiting[subtask.id] = group.create_task(spoke(subtask), name=subtask.id)
    except* RunStoppedError:
        # One sentence is enough for a bill that every spoke met.
        raise stopped[0] from None
    return {subtask.id: waiting[subtask.id].result() for subtask in plan.subtasks}


def brief_for(question: str, subtask: Subtask, needed: list[SpokeResult]) -> Brief:
    """All that the spoke is told; of the spokes it depends on, the findings, capped, or why there are none."""
    return Brief(
        question=question,
        title=subtask.title,
        objective=subtask.objective,
        key_questions=subtask.key_questions,
        upstream=tuple(_upstream(result) for result in needed),
        boundaries=subtask.boundaries,
    )


def _upstream(result: SpokeResult) -> Upstream:
    return Upstream(
        spoke=result.subtask.id,
        title=result.subtask.title,
        summary=result.finished.summary[:UPSTREAM_CHARACTERS] if result.finished else "",
        findings=tuple(finding.claim[:UPSTREAM_CHARACTERS] for finding in result.findings[:UPSTREAM_FINDINGS]),
        # Its kind alone: a message names amounts and requests, and would make the same gap another brief.
        gap=f"This part could not be investigated ({result.failure.kind})." if result.failure else "",
    )
