"""An attempt: one conversation on one brief, and what came of it.

A module-level coroutine of plain data: spec in, outcome out, events on the way. Everything live is found at the
desk where it runs, so it can run anywhere. It owns the tries of its requests; attempts belong to the coordinator.
"""

import asyncio
import time

from agents.calls.call_errors import classify
from agents.calls.conversation import Conversation
from agents.desk import Desk
from agents.policy import POLICIES
from agents.spec import AttemptFault, AttemptSpec, Outcome
from sessions.events import AttemptStarted
from sessions.failures import FailureKind

CANCELLED = "You cancelled it."


class BrokenOffError(asyncio.CancelledError):
    """The attempt was cancelled in the middle; `outcome` is what it left."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


async def attempt(spec: AttemptSpec, desk: Desk) -> Outcome:
    """Holds the conversation to its end. Raises BrokenOffError alone: what else goes wrong is in the outcome."""
    started = time.monotonic()
    talk = Conversation(spec, desk)
    desk.record(
        AttemptStarted(
            spoke=spec.spoke,
            attempt=spec.attempt,
            role=spec.role,
            model=spec.model,
            brief=spec.brief,
            retry=spec.retry,
            queued_s=spec.queued_s,
        )
    )
    text, reply, fault = "", None, None
    held = desk.talks[spec.spoke] = asyncio.create_task(talk.hold())

    def outcome() -> Outcome:
        return Outcome(
            text=text,
            reply=talk.saved() if fault else reply,
            segments=tuple(talk.bench.segments),
            usage=talk.reader.usage,
            seconds=time.monotonic() - started,
            fault=fault,
            tools_failed=talk.bench.failed,
            turns_used_up=talk.turns_used_up,
            cut_short=talk.cut_short,
            held_s=talk.reader.held_s,
        )

    try:
        text, reply = await held
    except asyncio.CancelledError:
        fault = AttemptFault(kind=FailureKind.CANCELLED, message=CANCELLED, retryable=True)
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise BrokenOffError(outcome()) from None
        # Not this attempt was cancelled but its conversation alone: a person gave it up.
    except Exception as error:  # whatever it is, the coordinator gets a typed fault
        found = classify(error)
        fault = AttemptFault(
            kind=found.kind,
            message=found.message,
            http_status=found.http_status,
            request_id=found.request_id,
            retry_after_s=found.retry_after_s,
            retryable=POLICIES[found.kind].helps,
            transient=found.tries > 1,
        )
    finally:
        del desk.talks[spec.spoke]
    return outcome()
