"""The coordinator's core: durable steps, conversations of its own, and the run's record."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from agents.attempt import BrokenOffError, attempt
from agents.budget import WHOLE
from agents.desk import Desk
from agents.models import model_id
from agents.providers import Provider
from agents.quotes import findings_of
from agents.replies import Reply
from agents.role_files import Role
from agents.saving import Saving
from agents.spec import AttemptLimits, AttemptSpec, Outcome
from sessions.events import AnyEvent, AnyStep, AttemptDropped, AttemptFailed, Limits, Replied, RunCreated
from sessions.failures import STOPS_EVERYTHING, Failure
from sessions.findings import Finding, Span
from sessions.ids import step_id
from sessions.plan import Brief, Plan
from sessions.recorder import Recorder
from sessions.state import RunState

if TYPE_CHECKING:
    from agents.spokes import Spokes

Step = TypeVar("Step", bound=AnyStep)
Answer = TypeVar("Answer", bound=Reply)

ATTEMPTS_OF_ITS_OWN = 2
"""How often one of the coordinator's own conversations is held, where a second attempt can help."""


@dataclass(frozen=True)
class SentBack:
    """A plan that a person did not approve, what the planner is told of it, and who says so."""

    note: str
    by: str = ""


@dataclass(frozen=True)
class Approved:
    """The plan that binds, and who says so."""

    plan: Plan
    by: str = ""


Approver = Callable[[Plan, tuple[str, ...]], Awaitable[Plan | Approved | SentBack | None]]
"""Shows a plan and what it lacks to whoever decides.

Answers the plan that binds, a note that goes back to the planner, or None to leave it waiting.
"""


class RunStoppedError(Exception):
    """Nothing in this run can go on (bill, credentials, no plan); it is saved and can be resumed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class CheckpointWaitsError(Exception):
    """The plan waits for a person, and there is none here now."""


class HubFailedError(Exception):
    """One of the coordinator's own conversations ended without an answer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass
class Hub:
    """What the coordinator's primitives share. A team's function gets this and nothing else."""

    recorder: Recorder
    saving: Saving
    desk: Desk
    roles: dict[str, Role]
    provider: Provider
    approve: Approver
    attempt_limits: AttemptLimits = field(default_factory=AttemptLimits)
    spokes: "Spokes" = field(init=False)
    _pass: asyncio.Task[None] | None = field(default=None, init=False)
    _again: bool = field(default=False, init=False)

    async def work(self, team: "Team") -> None:
        """Runs a team's function to its end: again from the top whenever a person changed what it rests on.

        That is what a resume does too: finished steps answer from the journal, changed inputs make new ones.
        Spokes under way go on across passes.
        """
        task = asyncio.current_task()
        assert task is not None
        while True:
            self._again = False
            self._pass = asyncio.create_task(team(self))
            try:
                await self._pass
            except asyncio.CancelledError:
                if not self._again or task.cancelling():
                    raise
                continue
            if not self._again:
                return

    def again(self) -> None:
        """Has the team's function begin anew."""
        self._again = True
        if self._pass is not None:
            self._pass.cancel()

    @property
    def state(self) -> RunState:
        """The fold of all that happened."""
        return self.recorder.state

    @property
    def created(self) -> RunCreated:
        """The question and how it is to be worked on."""
        created = self.state.created
        assert created is not None, "a run begins with its creation"
        return created

    @property
    def question(self) -> str:
        """The person's question."""
        return self.created.question

    @property
    def limits(self) -> Limits:
        """The run's caps."""
        return self.created.limits

    def record(self, event: AnyEvent) -> None:
        """Adds an event to the run."""
        self.recorder.record(event)

    async def step(
        self,
        kind: type[Step] | tuple[type[Step], ...],
        name: str,
        ordinal: int,
        inputs: object,
        work: Callable[[str], Awaitable[Step]],
    ) -> Step:
        """The result of a durable step: from the journal if it was finished before, else by doing the work.

        A step is known by its name, its ordinal and its inputs: when they change, it is another step. `work` gets
        the step's id and answers its event, which is on disk before this returns.
        """
        step = step_id(name, ordinal, inputs)
        known = self.state.results.get(step)
        if isinstance(known, kind):
            return known
        result = await work(step)
        await self.keep(result)
        return result

    async def keep(self, event: AnyStep) -> None:
        """Records a result and returns when it is on disk, or when it is known that it cannot be."""
        self.record(event)
        await self.recorder.flush()
        self.saving.look()

    def model_of(self, role: str) -> str:
        """The id of the model that works as this role; a role that is not known has the researcher's."""
        known = self.roles.get(role) or self.roles["researcher"]
        return self.provider.only_model or model_id(known.model, self.created.model)

    def unpriced(self) -> list[str]:
        """What a person should know of models without a price."""
        models = sorted({self.model_of(role) for role in self.roles})
        unknown = ", ".join(model for model in models if self.desk.prices.of(model) is None)
        if not unknown:
            return []
        return [f"No price is known for {unknown}: its cost is unknown, and --max-usd does not bind it."]

    def spec(
        self,
        role: Role,
        spoke: str,
        prompt: str,
        *,
        reply: str = "",
        number: int = 1,
        brief: Brief | None = None,
        evidence: Mapping[str, tuple[Span, ...]] | None = None,
        share: float = WHOLE,
        retry: int = 0,
        queued_s: float = 0.0,
    ) -> AttemptSpec:
        """The spec of one attempt by a role; `share` is that of the run's budget."""
        return AttemptSpec(
            run=self.created.run,
            spoke=spoke,
            attempt=number,
            role=role.name,
            model=self.model_of(role.name),
            system=role.system,
            prompt=prompt,
            tools=role.tools,
            reply=reply,
            limits=self.attempt_limits.model_copy(update={"max_turns": role.max_turns}),
            brief=brief,
            evidence=dict(evidence or {}),
            share=share,
            retry=retry,
            queued_s=queued_s,
        )

    async def ask(
        self, role: str, spoke: str, prompt: str, answer: type[Answer], *, share: float = WHOLE
    ) -> Answer:
        """A structured answer to a question of the coordinator's own. Raises HubFailedError, RunStoppedError."""
        outcome = await self.converse(
            role, spoke, prompt, reply=answer.model_config.get("title") or "", share=share
        )
        return answer.model_validate(outcome.reply)

    async def converse(
        self,
        role: str,
        spoke: str,
        prompt: str,
        *,
        reply: str = "",
        evidence: Mapping[str, tuple[Span, ...]] | None = None,
        share: float = WHOLE,
    ) -> Outcome:
        """One of the coordinator's own conversations, held anew where what broke it was transient."""
        last = ATTEMPTS_OF_ITS_OWN
        while True:
            last -= 1
            number = self.next_attempt(spoke)
            spec = self.spec(
                self.roles[role], spoke, prompt, reply=reply, number=number, evidence=evidence, share=share
            )
            outcome = await self.hold(spec)
            if outcome.fault is None:
                self.record(Replied(spoke=spoke, attempt=number))
                return outcome
            failure = failure_of(spec, outcome)
            self.record(AttemptFailed(spoke=spoke, attempt=number, failure=failure))
            if failure.kind in STOPS_EVERYTHING:
                raise RunStoppedError(failure)
            if not last or not outcome.fault.transient:
                raise HubFailedError(failure)

    async def hold(self, spec: AttemptSpec) -> Outcome:
        """An attempt; one that is cancelled in the middle is recorded as given up."""
        try:
            return await attempt(spec, self.desk)
        except BrokenOffError as error:
            partial = findings_of(error.outcome.reply, error.outcome.segments)
            self.record(AttemptDropped(spoke=spec.spoke, attempt=spec.attempt, partial=partial))
            raise

    def next_attempt(self, spoke: str) -> int:
        """The number of the next attempt: every one that ever began has its own."""
        owner = self.state.spokes.get(spoke) or self.state.hub.get(spoke)
        return 1 + max((attempt.number for attempt in owner.attempts), default=0) if owner else 1


Team = Callable[[Hub], Coroutine[None, None, None]]
"""A way of working together: a plain function over the coordinator's primitives."""


def failure_of(spec: AttemptSpec, outcome: Outcome, partial: tuple[Finding, ...] = ()) -> Failure:
    """The record of an attempt's fault, with what it left."""
    fault = outcome.fault
    assert fault is not None, "only an outcome with a fault is a failure"
    return Failure(
        kind=fault.kind,
        message=fault.message,
        spoke=spec.spoke,
        attempt=spec.attempt,
        query=spec.brief.objective if spec.brief else "",
        http_status=fault.http_status,
        request_id=fault.request_id,
        retry_after_s=fault.retry_after_s,
        retryable=fault.retryable,
        partial=partial,
        tokens=outcome.usage.tokens,
        seconds=outcome.seconds,
        held_s=outcome.held_s,
    )
