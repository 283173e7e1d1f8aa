"""An attempt: one conversation on one brief, over the SDK's streaming tool runner.

A module-level coroutine of plain data: spec in, outcome out, events on the way. Everything live is found at the
desk where it runs, so it can run anywhere. It owns the tries of its requests; attempts belong to the coordinator.
"""

import asyncio
import random
import time
import warnings

import jiter
from anthropic import Omit, omit, transform_schema
from anthropic.lib.tools import BetaAsyncStreamingToolRunner
from anthropic.types.beta import BetaMessage, BetaMessageParam, BetaOutputConfigParam
from pydantic import JsonValue, ValidationError

from agents.call_errors import RAW_FAULTS, CallError, call_error, classify
from agents.deadline import Deadline
from agents.desk import Desk
from agents.models import family
from agents.replies import REPLIES
from agents.spec import AttemptFault, AttemptSpec, Outcome
from agents.stream_reader import ReplyReader
from agents.tools import ToolBench
from sessions.events import AttemptStarted, TryFailed
from sessions.failures import Failure, FailureKind

MAX_PAUSES = 5
"""How often a reply may stop with `pause_turn` and be sent back to go on."""

LONGEST_BACKOFF_S = 30.0
MOST_OUTPUT_TOKENS = 128_000

LAST_TURN = "This is your last turn. Answer now, from what you have."

# The runner answers a call to an unknown tool itself; the bench records it.
warnings.filterwarnings("ignore", message="Tool '.*' not found in tool runner", category=UserWarning)


async def attempt(spec: AttemptSpec, desk: Desk) -> Outcome:
    """Holds the conversation to its end. Never raises but for cancellation: what went wrong is in the outcome."""
    started = time.monotonic()
    talk = _Conversation(spec, desk)
    desk.record(
        AttemptStarted(spoke=spec.spoke, attempt=spec.attempt, role=spec.role, model=spec.model, brief=spec.brief)
    )
    text, reply, fault = "", None, None
    held = desk.talks[spec.spoke] = asyncio.create_task(talk.hold())
    try:
        text, reply = await held
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        # Not this attempt was cancelled but its conversation alone: a person gave it up.
        reply = _saved(talk.reader.last_text) if spec.reply else None
        fault = AttemptFault(kind=FailureKind.CANCELLED, message="You cancelled it.")
    except Exception as error:  # whatever it is, the coordinator gets a typed fault
        found = classify(error)
        reply = _saved(talk.reader.last_text) if spec.reply else None
        fault = AttemptFault(
            kind=found.kind,
            message=found.message,
            http_status=found.http_status,
            request_id=found.request_id,
            retry_after_s=found.retry_after_s,
            retryable=found.tries > 1,
        )
    finally:
        del desk.talks[spec.spoke]
    return Outcome(
        text=text,
        reply=reply,
        segments=tuple(talk.bench.segments),
        usage=talk.reader.usage,
        seconds=time.monotonic() - started,
        fault=fault,
    )


def _saved(text: str) -> JsonValue:
    """As much of a broken structured reply as can be read."""
    try:
        value: JsonValue = jiter.from_json(text[text.find("{") :].encode(), partial_mode=True) if text else None
    except ValueError:
        return None
    return value


class _Conversation:
    """The state of one attempt: its transcript, its turns, what it has already tried to mend."""

    def __init__(self, spec: AttemptSpec, desk: Desk) -> None:
        self.spec, self.desk = spec, desk
        self.bench = ToolBench(spec, desk)
        self.reader = ReplyReader(spec, desk)
        self.deadline = Deadline(spec.limits.deadline_s)
        self.transcript: list[BetaMessageParam] = [{"role": "user", "content": spec.prompt}]
        self.turn = 0
        self.tries = 0
        self.max_output = spec.limits.max_output_tokens
        self.mended: set[str] = set()
        """What may be mended once, and has been."""

    async def hold(self) -> tuple[str, JsonValue]:
        """The answer: its text, and the structured reply where one was asked for. Raises CallError."""
        while True:
            try:
                message = await self._converse()
            except (CallError, *RAW_FAULTS) as error:
                await self._try_again(classify(error))
                continue
            if message is not None and (answer := self._answer(message)) is not None:
                return answer

    async def _converse(self) -> BetaMessage | None:
        """Runs the tool runner over the transcript, every turn adding to it, until a reply that asks for no tool.

        None when the next reply has to be the last, which takes a runner with other parameters.
        """
        last = self._next_is_last()
        runner = self.desk.client.beta.messages.tool_runner(
            stream=True,
            thread=False,
            model=self.spec.model,
            max_tokens=self.max_output,
            system=self.spec.system,
            messages=list(self.transcript),
            tools=self.bench.tools,
            tool_choice={"type": "none"} if last and self.bench.tools else omit,
            thinking={"type": "adaptive", "display": "summarized"},
            output_config=_format(self.spec.reply),
            cache_control={"type": "ephemeral"},
        )
        pauses = 0
        try:
            while True:
                message = await self._turn(runner)
                if message.stop_reason == "pause_turn" and pauses < MAX_PAUSES:
                    pauses += 1
                    self.transcript.append(message.to_param())
                    continue
                calls = [block for block in message.content if block.type == "tool_use"]
                if message.stop_reason != "tool_use" or not calls:
                    return message
                self.bench.expect(self.turn, calls)
                async with self.deadline.running():
                    results = await runner.generate_tool_call_response()
                self.transcript.append(message.to_param())
                if results is not None:
                    self.transcript.append(results)
                if not last and self._next_is_last():
                    self.transcript.append({"role": "user", "content": LAST_TURN})
                    return None
        finally:
            await runner.close()

    async def _turn(self, runner: BetaAsyncStreamingToolRunner[None]) -> BetaMessage:
        """One reply, whole. Waiting at the gate does not count against the deadline."""
        limits = self.spec.limits
        await self.desk.limiter.acquire(family(self.spec.model))
        self.desk.budget.check(reserved=self.spec.reserved)
        if self.turn >= limits.max_turns + len(self.mended):
            raise CallError(FailureKind.MAX_TURNS, f"All {limits.max_turns} turns were used without an answer.")
        if self.reader.usage.tokens >= limits.max_tokens:
            raise CallError(
                FailureKind.BUDGET_EXCEEDED, f"All {limits.max_tokens} tokens of the attempt were used."
            )
        stall = asyncio.timeout(limits.stall_s)
        async with self.deadline.running():
            try:
                async with stall:
                    message = await self.reader.read(await anext(runner), self.turn + 1, stall)
            except TimeoutError:
                if not stall.expired():
                    raise
                silence = f"Nothing came from the server for {limits.stall_s:.0f} s."
                raise call_error(FailureKind.TIMEOUT, silence) from None
        self.turn += 1
        self.tries = 0
        return message

    def _next_is_last(self) -> bool:
        limits = self.spec.limits
        return self.turn + 1 >= limits.max_turns or self.reader.usage.tokens >= 0.8 * limits.max_tokens

    async def _try_again(self, error: CallError) -> None:
        """Waits for the next try of the same turn, or raises the error when there is none."""
        self.tries += 1
        if self.tries >= error.tries:
            raise error
        wait = error.retry_after_s
        if wait is None:
            # Full jitter, so that spokes which failed together do not come back together.
            wait = random.uniform(0, min(LONGEST_BACKOFF_S, self.desk.backoff_s * 2 ** (self.tries - 1)))
        failure = Failure(
            kind=error.kind,
            message=error.message,
            spoke=self.spec.spoke,
            attempt=self.spec.attempt,
            http_status=error.http_status,
            request_id=error.request_id,
            retry_after_s=error.retry_after_s,
            retryable=True,
        )
        self.desk.record(
            TryFailed(
                spoke=self.spec.spoke,
                attempt=self.spec.attempt,
                turn=self.turn + 1,
                failure=failure,
                wait_s=wait,
            )
        )
        if error.kind is FailureKind.RATE_LIMITED:
            self.desk.limiter.hold(family(self.spec.model), wait)
        else:
            await asyncio.sleep(wait)

    def _answer(self, message: BetaMessage) -> tuple[str, JsonValue] | None:
        """What a finished reply says, or None when it was sent back and the talk goes on. Raises CallError."""
        match message.stop_reason:
            case "end_turn" | "stop_sequence":
                return self._read_answer(message)
            case "max_tokens":
                if self._mend("max_tokens"):
                    self.max_output = min(2 * self.max_output, MOST_OUTPUT_TOKENS)
                    return None
                raise CallError(FailureKind.TRUNCATED, f"The reply was cut off at {self.max_output} tokens.")
            case "refusal":
                category = message.stop_details.category if message.stop_details else None
                reason = f"The model refused ({category or 'no category given'})."
                raise CallError(FailureKind.REFUSED, reason)
            case "model_context_window_exceeded":
                raise CallError(
                    FailureKind.CONTEXT_OVERFLOW, "The conversation outgrew the model's context window."
                )
            case "tool_use" | "pause_turn":
                raise CallError(FailureKind.PROTOCOL, f"The reply stopped with {message.stop_reason} and no end.")
            case _:
                reason = f"The reply stopped for a reason not known here: {message.stop_reason!r}."
                raise CallError(FailureKind.UNKNOWN, reason)

    def _read_answer(self, message: BetaMessage) -> tuple[str, JsonValue] | None:
        texts = [block.text for block in message.content if block.type == "text" and block.text.strip()]
        if not texts:
            if not self._mend("empty"):
                raise CallError(FailureKind.NO_RESULTS, "The model answered nothing, twice.")
            self.transcript.append({"role": "user", "content": "You answered nothing. Answer now."})
            return None
        if not self.spec.reply:
            return "".join(texts), None
        try:
            # Prose may stand before the structured part.
            reply = REPLIES[self.spec.reply].model_validate_json(texts[-1])
        except ValidationError as error:
            problem = "; ".join(
                f"{'.'.join(map(str, found['loc'])) or 'reply'}: {found['msg']}" for found in error.errors()[:5]
            )
            if not self._mend("invalid_output"):
                raise CallError(FailureKind.INVALID_OUTPUT, f"The answer does not fit: {problem}") from None
            self.transcript.append(message.to_param())
            self.transcript.append({"role": "user", "content": f"Your answer does not fit: {problem}. Mend it."})
            return None
        return texts[-1], reply.model_dump(mode="json")

    def _mend(self, what: str) -> bool:
        """Whether this may be mended: once an attempt."""
        if what in self.mended:
            return False
        self.mended.add(what)
        return True


def _format(reply: str) -> BetaOutputConfigParam | Omit:
    """Asks for a structured reply by its schema. Validating is ours: the SDK would raise on a refusal's prose."""
    if not reply:
        return omit
    return {"format": {"type": "json_schema", "schema": transform_schema(REPLIES[reply])}}
