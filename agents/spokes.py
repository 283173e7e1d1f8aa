"""The spokes at work: at most so many at once, and a person may retry or cancel one while the others go on."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from agents.hub import Hub, RunStoppedError
from agents.models import family
from agents.role_files import spoke_roles
from agents.spoke_work import SpokeResult, finished, standing, work_on
from sessions.errors import BadInputError
from sessions.events import SpokeCancelled, SpokeRetried
from sessions.plan import MOST_SPOKES, Brief, Plan, Subtask, plan_problems
from sessions.spoke_state import SpokeState


class StaleCommandError(BadInputError):
    """What a person asked for no longer fits the run; the message says how it has moved on."""


class BadBriefError(BadInputError):
    """An edited brief that would break the plan; the message says how."""


def check_brief(plan: Plan, roles: Collection[str], subtask: Subtask, spoke: str) -> None:
    """Checks an edited subtask of a spoke. Raises BadBriefError where the plan could not be run with it."""
    if subtask.id != spoke:
        raise BadBriefError(f"The edited brief is that of {subtask.id}, not of {spoke}.")
    if problems := plan_problems(plan.with_subtask(subtask), roles, MOST_SPOKES):
        raise BadBriefError(" ".join(problems))


@dataclass(frozen=True)
class _Work:
    brief: Brief | None
    """None once it is given up, and perhaps not yet at its end."""
    task: asyncio.Task[SpokeResult]


class Spokes:
    """The work of a run's spokes. It outlives a pass of the team's function: a retry costs no other its work."""

    def __init__(self, hub: Hub, retry: frozenset[str]) -> None:
        """`retry` names the spokes whose failures from before do not stand."""
        self._hub = hub
        self._retry = set(retry)
        self._places = asyncio.Semaphore(hub.limits.max_parallel)
        self._work: dict[str, _Work] = {}
        self._stopped: RunStoppedError | None = None

    async def result(self, subtask: Subtask, brief: Brief) -> SpokeResult:
        """What becomes of a spoke on this brief: known, under way, or begun now. Raises RunStoppedError."""
        if (known := finished(self._hub, subtask, brief)) is not None:
            return known
        if self._state(subtask.id).cancelled or subtask.id not in self._retry:
            stands = standing(self._hub, subtask, brief)
            if stands is not None and not self._busy(subtask.id):
                return stands
        under_way = self._work.get(subtask.id)
        asked = subtask.id in self._retry
        if under_way is None or under_way.task.done() or under_way.brief != brief or asked:
            await self._drop(subtask.id)
            self._retry.discard(subtask.id)
            under_way = _Work(brief, asyncio.create_task(self._begin(subtask, brief), name=subtask.id))
            self._work[subtask.id] = under_way
        try:
            return await asyncio.shield(under_way.task)
        except asyncio.CancelledError:
            stands = standing(self._hub, subtask, brief) if under_way.task.cancelled() else None
            if stands is None:
                raise
            return stands

    async def _begin(self, subtask: Subtask, brief: Brief) -> SpokeResult:
        clock = asyncio.get_running_loop().time
        came = clock()
        async with self._places:
            # The next in the queue would knock at a door that is known to be shut.
            if self._stopped is not None:
                raise self._stopped
            await self._hub.saving.allows()
            try:
                return await work_on(self._hub, subtask, brief, clock() - came)
            except RunStoppedError as error:
                self._stopped = error
                raise

    def retry(self, spoke: str, attempt: int, subtask: Subtask | None = None, by: str = "") -> None:
        """Another attempt on a spoke that failed or was cancelled, perhaps on an edited brief.

        One that waits for its next try tries at once. `attempt` is the one that was seen to have failed, or to
        wait (0 for none); `by` is who asks. Raises StaleCommandError, BadBriefError.
        """
        state = self._check(spoke, attempt)
        if state.status == "running" and state.last and state.last.wait and subtask is None:
            self._hub.desk.limiter.open(family(state.last.model))
            return
        if state.status not in ("failed", "cancelled"):
            raise StaleCommandError(
                f"{state.title} is {state.status}; only what failed or was cancelled is retried."
            )
        if subtask is not None:
            assert self._hub.state.plan is not None, "a spoke is one of a plan"
            check_brief(self._hub.state.plan, spoke_roles(self._hub.roles), subtask, spoke)
        self._hub.desk.misfits.forgive()
        if state.last and state.last.failure and state.last.failure.retry_after_s:
            # It would fail again without having asked.
            self._hub.desk.limiter.open(family(state.last.model))
        self._hub.record(SpokeRetried(spoke=spoke, subtask=subtask, by=by))
        self._retry.add(spoke)
        self._hub.again()

    def try_now(self) -> None:
        """Opens every gate. Raises StaleCommandError where nothing waits."""
        state = self._hub.state
        owners = (*state.spokes.values(), *state.hub.values())
        waiting = [last for owner in owners if (last := owner.last) and last.ended is None and last.wait]
        if not waiting:
            raise StaleCommandError("Nothing waits for its next try.")
        for name in {family(last.model) for last in waiting}:
            self._hub.desk.limiter.open(name)

    def cancel(self, spoke: str, attempt: int, by: str = "") -> None:
        """Gives a spoke up, as `by` wants; what it found so far is kept. Raises StaleCommandError."""
        state = self._check(spoke, attempt)
        # Between two attempts that policy makes it is said to have failed, and is still at work.
        between = state.status == "failed" and self._busy(spoke)
        if state.status not in ("queued", "running") and not between:
            raise StaleCommandError(f"{state.title} is {state.status}; there is nothing to cancel.")
        self._hub.record(SpokeCancelled(spoke=spoke, by=by))
        if not self._hub.desk.give_up(spoke) and (work := self._work.get(spoke)):
            work.task.cancel()

    async def close(self) -> None:
        """Stops whatever is under way."""
        for work in self._work.values():
            work.task.cancel()
        await asyncio.gather(*(work.task for work in self._work.values()), return_exceptions=True)

    async def _drop(self, spoke: str) -> None:
        """Gives up work on a brief that no longer holds, and returns when it has ended."""
        if work := self._work.get(spoke):
            # It stays known: where this pass is cancelled meanwhile, the next one waits for its end.
            self._work[spoke] = _Work(None, work.task)
            if not work.task.cancelling():
                work.task.cancel()
            await asyncio.wait([work.task])

    def _busy(self, spoke: str) -> bool:
        work = self._work.get(spoke)
        return work is not None and work.brief is not None and not work.task.done()

    def _state(self, spoke: str) -> SpokeState:
        return self._hub.state.spokes[spoke]

    def _check(self, spoke: str, attempt: int) -> SpokeState:
        state = self._hub.state.spokes.get(spoke)
        if state is None:
            raise StaleCommandError(f"The plan has no spoke {spoke[:40]!r}.")
        newest = state.last.number if state.last else 0
        if newest != attempt:
            raise StaleCommandError(f"{state.title} has moved on to attempt {newest}.")
        return state
