"""One spoke's work on one brief: attempts until one succeeds, or policy has no more."""

from dataclasses import dataclass

from agents.advice import advice_after, alternatives, named_in, narrowed_to
from agents.attempt import CANCELLED
from agents.budget import RESEARCH
from agents.hub import Hub, RunStoppedError, failure_of
from agents.policy import POLICIES, RETRIES
from agents.prompts import brief_prompt
from agents.quotes import findings_of
from agents.replies import FindingsReply
from agents.reporting.ground import NOT_ANSWERED
from agents.spec import AttemptFault, AttemptSpec, Outcome
from sessions.events import AttemptFailed, AttemptFinished
from sessions.failures import STOPS_EVERYTHING, Failure, FailureKind
from sessions.findings import Finding
from sessions.ids import step_id
from sessions.plan import Brief, Subtask


@dataclass(frozen=True)
class SpokeResult:
    """What became of a spoke: its findings, or the failure that stands, and what its other attempts left."""

    subtask: Subtask
    finished: AttemptFinished | None = None
    failure: Failure | None = None
    partial: tuple[Finding, ...] = ()
    """Of attempts on the same brief that failed."""
    narrowed: str = ""
    """What alone was answered, after an attempt at all of it had failed."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is known, finished or partial."""
        return (*(self.finished.findings if self.finished else ()), *self.partial)


def _step(subtask: Subtask, brief: Brief, number: int) -> str:
    return step_id(f"spoke:{subtask.id}", number, {"brief": brief.model_dump(mode="json"), "role": subtask.role})


def finished(hub: Hub, subtask: Subtask, brief: Brief) -> SpokeResult | None:
    """The result of an attempt on just this brief, if one was finished: it is not run again."""
    for number in range(hub.next_attempt(subtask.id) - 1, 0, -1):
        known = hub.state.results.get(_step(subtask, brief, number))
        if isinstance(known, AttemptFinished):
            return _result(hub, subtask, known)
    return None


def _result(hub: Hub, subtask: Subtask, known: AttemptFinished) -> SpokeResult:
    """The result with what attempts before it left, which is as good as what it found itself."""
    partial = tuple(finding for finding in hub.state.spokes[subtask.id].partial if finding not in known.findings)
    attempt = hub.state.attempt(subtask.id, known.attempt)
    advice = attempt.brief.advice if attempt and attempt.brief else ""
    return SpokeResult(subtask, finished=known, partial=partial, narrowed=narrowed_to(advice))


def standing(hub: Hub, subtask: Subtask, brief: Brief) -> SpokeResult | None:
    """The failure that stands of the newest attempt on just this brief, with what all attempts left."""
    spoke = hub.state.spokes.get(subtask.id)
    if spoke is None:
        return None
    tried = [known for known in spoke.attempts if known.brief and _same(known.brief, brief)]
    failure = tried[-1].failure if tried else None
    if spoke.cancelled:
        if failure is None or failure.kind is not FailureKind.CANCELLED:
            # It was given up between two attempts, or before the first.
            failure = Failure(kind=FailureKind.CANCELLED, message=CANCELLED, spoke=spoke.id)
    elif failure is None or spoke.last is not tried[-1]:
        return None
    return SpokeResult(subtask, failure=failure, partial=spoke.partial)


def _same(told: Brief, brief: Brief) -> bool:
    """Whether an attempt was told this brief; advice is the coordinator's own and makes no difference."""
    return told.model_copy(update={"advice": ""}) == brief


async def work_on(hub: Hub, subtask: Subtask, brief: Brief, queued_s: float = 0.0) -> SpokeResult:
    """Attempts on a brief until one succeeds or policy has no more. Raises RunStoppedError."""
    kinds: list[FailureKind] = []
    advice: list[str] = [""]
    while True:
        done, failure = await _attempt(hub, subtask, brief, advice[-1], len(kinds), queued_s)
        if done is not None:
            return _result(hub, subtask, done)
        assert failure is not None
        if failure.kind in STOPS_EVERYTHING:
            raise RunStoppedError(failure)
        kinds.append(failure.kind)
        queued_s = 0.0
        other = advice_after(failure, advice)
        used_up = len(kinds) > RETRIES or kinds.count(failure.kind) > POLICIES[failure.kind].retries
        # An attempt that the run's budget did not let begin would not be let begin again.
        broke = bool(hub.desk.budget.spent(RESEARCH)) or (
            failure.kind is FailureKind.BUDGET_EXCEEDED and not failure.tokens
        )
        if not other or used_up or broke:
            return SpokeResult(subtask, failure=failure, partial=hub.state.spokes[subtask.id].partial)
        advice.append(other)


async def _attempt(
    hub: Hub, subtask: Subtask, brief: Brief, advice: str, retry: int, queued_s: float
) -> tuple[AttemptFinished | None, Failure | None]:
    """One attempt: its result, on disk, or its failure."""
    number = hub.next_attempt(subtask.id)
    told = brief.model_copy(update={"advice": advice})
    role = hub.roles.get(subtask.role) or hub.roles["researcher"]
    spec = hub.spec(
        role,
        subtask.id,
        brief_prompt(told),
        reply="findings",
        number=number,
        brief=told,
        share=RESEARCH,
        retry=retry,
        queued_s=queued_s,
    )
    outcome = await hub.hold(spec)
    findings = findings_of(outcome.reply, outcome.segments)
    failure = failure_of(spec, outcome, findings) if outcome.fault else None
    if failure is None and not findings:
        failure = _empty_handed(spec, outcome)
    if failure is not None:
        named = named_in(outcome.reply)
        failure = failure.model_copy(update={"alternatives": alternatives(failure.kind, brief, named)})
        hub.record(AttemptFailed(spoke=subtask.id, attempt=number, failure=failure))
        await hub.recorder.flush()
        return None, failure
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
        cut_short=outcome.cut_short,
    )
    await hub.keep(finished)
    return finished, None


def _empty_handed(spec: AttemptSpec, outcome: Outcome) -> Failure:
    """Why an attempt that ended well found nothing: that there is nothing is the last thing to believe."""
    if outcome.tools_failed:
        kind, message = FailureKind.TOOL_ERROR, outcome.tools_failed
    elif outcome.cut_short:
        kind, message = FailureKind.BUDGET_EXCEEDED, outcome.cut_short
    elif outcome.turns_used_up:
        kind, message = FailureKind.MAX_TURNS, "It used all its turns and had found nothing by then."
    else:
        kind, message = FailureKind.NO_RESULTS, NOT_ANSWERED
    fault = AttemptFault(kind=kind, message=message, retryable=POLICIES[kind].helps)
    return failure_of(spec, outcome.model_copy(update={"fault": fault}))
