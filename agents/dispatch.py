"""Dispatch: every spoke of the plan, at most so many at once, each as soon as what it needs is there."""

import asyncio
from dataclasses import dataclass

from agents.attempt import attempt
from agents.hub import Hub, RunStoppedError, failure_of
from agents.prompts import brief_prompt
from agents.quotes import findings_of
from agents.replies import FindingsReply
from sessions.events import AttemptFailed, AttemptFinished
from sessions.failures import STOPS_EVERYTHING, Failure, FailureKind
from sessions.findings import Finding
from sessions.ids import step_id
from sessions.plan import Brief, Plan, Subtask, Upstream

RETRIES = 2
"""Attempts that policy may add to a spoke. A person's retry and a resume spend none."""

UPSTREAM_FINDINGS = 12
UPSTREAM_CHARACTERS = 400
"""What a dependant is told of an upstream spoke: so many findings, so many characters each."""

_NARROWER = frozenset(
    {FailureKind.TIMEOUT, FailureKind.MAX_TURNS, FailureKind.BUDGET_EXCEEDED, FailureKind.CONTEXT_OVERFLOW}
)
"""A smaller task may succeed where this happened."""


@dataclass(frozen=True)
class SpokeResult:
    """What became of a spoke: its findings, or the failure that stands and what its attempts left."""

    subtask: Subtask
    finished: AttemptFinished | None = None
    failure: Failure | None = None
    partial: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is known, finished or partial."""
        return self.finished.findings if self.finished else self.partial


async def dispatch(hub: Hub, plan: Plan) -> dict[str, SpokeResult]:
    """The result of every spoke, in the plan's order. Raises RunStoppedError when nothing can go on."""
    places = asyncio.Semaphore(hub.limits.max_parallel)
    running: dict[str, asyncio.Task[SpokeResult]] = {}
    stopped: list[RunStoppedError] = []

    async def spoke(subtask: Subtask) -> SpokeResult:
        needed = [await asyncio.shield(running[other]) for other in subtask.depends_on]
        brief = brief_for(hub.question, subtask, needed)
        known = _finished(hub, subtask, brief)
        if known is not None:
            return SpokeResult(subtask, finished=known)
        async with places:
            if stopped:
                raise stopped[0]
            try:
                return await _work(hub, subtask, brief)
            except RunStoppedError as error:
                # Before the place is free: the next in the queue would knock at a door that is known to be shut.
                stopped.append(error)
                raise

    try:
        async with asyncio.TaskGroup() as group:
            for subtask in plan.subtasks:
                running[subtask.id] = group.create_task(spoke(subtask), name=subtask.id)
    except* RunStoppedError:
        # One sentence is enough for a bill that every spoke met.
        raise stopped[0] from None
    return {subtask.id: running[subtask.id].result() for subtask in plan.subtasks}


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
        gap=result.failure.message if result.failure else "",
    )


def _step(subtask: Subtask, brief: Brief, number: int) -> str:
    return step_id(f"spoke:{subtask.id}", number, {"brief": brief.model_dump(mode="json"), "role": subtask.role})


def _finished(hub: Hub, subtask: Subtask, brief: Brief) -> AttemptFinished | None:
    """The result of an earlier attempt on just this brief, if one was finished: it is not run again."""
    for number in range(hub.next_attempt(subtask.id) - 1, 0, -1):
        known = hub.state.results.get(_step(subtask, brief, number))
        if isinstance(known, AttemptFinished):
            return known
    return None


async def _work(hub: Hub, subtask: Subtask, brief: Brief) -> SpokeResult:
    """Attempts on a brief until one succeeds, policy has no more, or no other could."""
    partial: list[Finding] = []
    retries, advice = 0, ""
    while True:
        finished, failure = await _attempt(hub, subtask, brief, advice)
        if finished is not None:
            return SpokeResult(subtask, finished=finished)
        assert failure is not None
        partial.extend(finding for finding in failure.partial if finding not in partial)
        if failure.kind in STOPS_EVERYTHING:
            raise RunStoppedError(failure)
        changed = advice_after(failure, brief)
        hopeless = not changed and not failure.retryable
        if hopeless or retries == RETRIES or hub.desk.budget.spent(reserved=False):
            return SpokeResult(subtask, failure=failure, partial=tuple(partial))
        retries, advice = retries + 1, changed


async def _attempt(
    hub: Hub, subtask: Subtask, brief: Brief, advice: str
) -> tuple[AttemptFinished | None, Failure | None]:
    """One attempt: its result, on disk, or its failure."""
    number = hub.next_attempt(subtask.id)
    told = brief.model_copy(update={"advice": advice})
    role = hub.roles.get(subtask.role) or hub.roles["researcher"]
    spec = hub.spec(
        role, subtask.id, brief_prompt(told), reply="findings", number=number, brief=told, reserved=False
    )
    outcome = await attempt(spec, hub.desk)
    findings = findings_of(outcome.reply, outcome.segments)
    if outcome.fault is not None:
        failure = failure_of(spec, outcome, findings)
    elif not findings:
        reply = FindingsReply.model_validate(outcome.reply)
        failure = Failure(
            kind=FailureKind.NO_RESULTS,
            message="The documents say nothing on this subtask.",
            spoke=subtask.id,
            attempt=number,
            query=subtask.objective,
            alternatives=tuple(reply.alternatives),
            tokens=outcome.usage.tokens,
            seconds=outcome.seconds,
        )
    else:
        reply = FindingsReply.model_validate(outcome.reply)
        finished = AttemptFinished(
            step=_step(subtask, brief, number),
            spoke=subtask.id,
            attempt=number,
            findings=findings,
            summary=reply.summary,
            not_found=tuple(reply.not_found),
            alternatives=tuple(reply.alternatives),
            usage=outcome.usage,
            seconds=outcome.seconds,
        )
        await hub.keep(finished)
        return finished, None
    hub.record(AttemptFailed(spoke=subtask.id, attempt=number, failure=failure))
    await hub.recorder.flush()
    return None, failure


def advice_after(failure: Failure, brief: Brief) -> str:
    """How the next attempt's brief differs: narrower where the work was too much, broader where nothing came."""
    if failure.kind is FailureKind.NO_RESULTS:
        other = ", ".join(failure.alternatives) or "the question's own words, single words instead of phrases"
        return f"Broader: an earlier attempt found nothing. Try other searches: {other}."
    if failure.kind in _NARROWER:
        first = failure.alternatives[0] if failure.alternatives else (brief.key_questions or (brief.objective,))[0]
        return f"Narrower: an earlier attempt did not come to an end. Answer only this, in few turns: {first}"
    return ""
