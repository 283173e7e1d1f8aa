"""One conversation over the SDK's streaming tool runner: turn after turn, within the caps of attempt and run."""

import asyncio
import warnings
from collections.abc import Callable

import jiter
from anthropic import omit
from anthropic.lib.tools import BetaAsyncStreamingToolRunner
from anthropic.types.beta import BetaMessage, BetaMessageParam
from pydantic import JsonValue

from agents.budget import Account
from agents.calls.answers import AnswerReader, answer_format
from agents.calls.call_errors import RAW_FAULTS, CallError, call_error, classify
from agents.calls.deadline import Deadline
from agents.calls.patience import Patience
from agents.calls.stream_reader import ReplyReader
from agents.calls.watchdog import Watchdog
from agents.desk import Desk
from agents.models import family
from agents.spec import AttemptSpec
from agents.tools import ToolBench
from sessions.events import Usage
from sessions.failures import FailureKind

MAX_PAUSES = 5
"""How often a reply may stop with `pause_turn` and be sent back to go on."""

CHARACTERS_A_TOKEN = 3
"""Fewer than most texts have, so that what is set aside is rather too much."""

TURN_TOKENS = 1_500
ANSWER_TOKENS = 4_000
"""What a reply that calls tools, and one that answers, is expected to come to."""

LAST_TURN = "This is your last turn. Answer now, from what you have."

# The runner answers a call to an unknown tool itself; the bench records it.
warnings.filterwarnings("ignore", message="Tool '.*' not found in tool runner", category=UserWarning)

Runner = BetaAsyncStreamingToolRunner[None]


class Conversation:
    """The state of one attempt: its transcript and its turns."""

    def __init__(self, spec: AttemptSpec, desk: Desk) -> None:
        self.spec, self.desk = spec, desk
        self.bench = ToolBench(spec, desk)
        self.reader = ReplyReader(spec, desk)
        self._answers = AnswerReader(spec, self.bench.segments)
        self._patience = Patience(spec, desk)
        self._deadline = Deadline(spec.limits.deadline_s)
        self._transcript: list[BetaMessageParam] = [{"role": "user", "content": spec.prompt}]
        self._account = Account(spec.share)
        self._turn = 0
        self._longest_s = 0.0
        """The longest turn so far."""
        self._told_last = False
        """Whether the model knows that its next reply has to be the answer."""
        self._kept: list[str] = []
        """Replies that broke off, or were no answer yet."""
        self.cut_short = ""
        """Why it had to answer before it was done, where the run's budget made it."""
        self.turns_used_up = False
        """Whether it had to answer because it had no turn or token of its own left."""

    async def hold(self) -> tuple[str, JsonValue]:
        """The answer: its text, and the structured reply where one was asked for. Raises CallError."""
        try:
            return await self._hold()
        except CallError:
            if self._answers.standing is None:
                raise
            return self._answers.standing

    async def _hold(self) -> tuple[str, JsonValue]:
        budget, share = self.desk.budget, self.spec.share
        limit = asyncio.timeout(max(0.0, budget.seconds_left(share)))
        with budget.account(share) as self._account:
            try:
                async with limit:
                    return await self._talk()
            except TimeoutError:
                if not limit.expired():
                    raise
                raise CallError(FailureKind.BUDGET_EXCEEDED, budget.standing("minutes")) from None

    def saved(self) -> JsonValue:
        """As much of the answer as can be read, after it broke off or did not fit."""
        if self._answers.standing is not None:
            return self._answers.standing[1]
        if not self.spec.reply:
            return None
        read = [_read(text) for text in (*self._kept, self.reader.last_text)]
        return max((value for value in read if value), key=_findings, default=None)

    async def _talk(self) -> tuple[str, JsonValue]:
        misfits, kind = self.desk.misfits, self.spec.reply
        misfits.check(kind)
        while True:
            try:
                message = await self._converse()
            except (CallError, *RAW_FAULTS) as error:
                self._kept.append(self.reader.last_text)
                await self._patience.try_again(classify(error), self._turn + 1)
                continue
            if message is None:
                continue
            try:
                answer = self._answers.read(message)
            except CallError as error:
                error.request_id = self.reader.request_id
                if error.kind is FailureKind.INVALID_OUTPUT:
                    misfits.failed(kind, error.message)
                raise
            self._kept.append(self.reader.last_text)
            if isinstance(answer, tuple):
                misfits.fitted(kind)
                return answer
            # Quotes are mended with what is left for research, never with what is set aside for the report.
            if self._answers.standing is not None and self.desk.budget.spent(self.spec.share):
                return self._answers.standing
            self._transcript += answer

    async def _converse(self) -> BetaMessage | None:
        """Runs the tool runner over the transcript, every turn adding to it, until a reply that asks for no tool.

        None when the next reply has to be the last, which takes a runner with other parameters.
        """
        last = await self._claim()
        if last and self._turn and not self._told_last:
            self._told_last = True
            self._transcript.append({"role": "user", "content": LAST_TURN})
        runner = self.desk.client.beta.messages.tool_runner(
            stream=True,
            thread=False,
            model=self.spec.model,
            max_tokens=min(self._answers.max_output, self.desk.budget.most_output(self._usd_a_token())),
            system=self.spec.system,
            messages=list(self._transcript),
            tools=self.bench.tools,
            tool_choice={"type": "none"} if last and self.bench.tools else omit,
            thinking={"type": "adaptive", "display": "summarized"},
            output_config=answer_format(self.spec.reply),
            cache_control={"type": "ephemeral"},
        )
        pauses = 0
        try:
            while True:
                message = await self._take_turn(runner)
                if message.stop_reason == "pause_turn" and pauses < MAX_PAUSES:
                    pauses += 1
                    self._kept.append(self.reader.last_text)
                    self._transcript.append(message.to_param())
                    continue
                calls = [block for block in message.content if block.type == "tool_use"]
                if message.stop_reason != "tool_use" or not calls:
                    return message
                self.bench.expect(self._turn, calls)
                async with self._deadline.running():
                    results = await runner.generate_tool_call_response()
                self._transcript.append(message.to_param())
                if results is not None:
                    self._transcript.append(results)
                if not last and await self._claim():
                    return None
        finally:
            await runner.close()

    async def _take_turn(self, runner: Runner) -> BetaMessage:
        """One reply, whole. Waiting at the gate does not count against the deadline."""
        limits = self.spec.limits
        if self._turn >= limits.max_turns + self._answers.mended:
            raise CallError(FailureKind.MAX_TURNS, f"All {limits.max_turns} turns were used without an answer.")
        if self.reader.usage.tokens >= limits.max_tokens:
            raise CallError(
                FailureKind.BUDGET_EXCEEDED, f"All {limits.max_tokens:,} tokens of the attempt were used."
            )
        clock = asyncio.get_running_loop().time
        asked = clock()
        told = self._patience.told(self._turn + 1)
        try:
            async with self.desk.limiter.call(family(self.spec.model), told) as reached:
                began = clock()
                self._patience.goes_on(self._turn + 1)
                self.reader.held_s += began - asked
                try:
                    message = await self._reply(runner, reached)
                except (CallError, *RAW_FAULTS) as error:
                    # What the gate is to learn: which failure, and how long this spoke waits for its next try.
                    raise self._patience.with_wait(classify(error)) from error
        finally:
            # Also where it failed: nobody is to wait, while it waits for its next try, for what it may leave.
            self.desk.budget.settle(self._account)
        self._patience.rested()
        self._turn += 1
        self._longest_s = max(self._longest_s, clock() - began)
        return message

    async def _reply(self, runner: Runner, reached: Callable[[], None]) -> BetaMessage:
        self.reader.begin()
        stall_s = self.spec.limits.stall_s
        silence = Watchdog(stall_s)
        async with self._deadline.running():
            try:
                async with silence:
                    stream = await anext(runner)
                    reached()
                    return await self.reader.read(stream, self._turn + 1, silence)
            except TimeoutError:
                if not silence.expired():
                    raise
                error = call_error(
                    FailureKind.TIMEOUT, f"No part of a reply came from the server for {stall_s:g} s."
                )
                error.request_id = self.reader.request_id
                raise error from None

    async def _claim(self) -> bool:
        """Claims room for the next reply; answers whether it has to be the last, by the caps of attempt or run."""
        limits, budget, share = self.spec.limits, self.desk.budget, self.spec.share
        goes_on = await budget.claim(self._account, *self._expected(), self._patience.told(self._turn + 1))
        late = self._turn > 0 and budget.seconds_left(share) < 2 * self._longest_s
        self.turns_used_up = bool(self.bench.tools) and (
            self._turn + 1 >= limits.max_turns or self.reader.usage.tokens >= 0.8 * limits.max_tokens
        )
        cut = (late or not goes_on) and not self.turns_used_up and self._answers.standing is None
        self.cut_short = budget.standing("minutes" if late else "") if cut else ""
        return not goes_on or late or self.turns_used_up

    def _usd_a_token(self) -> float:
        """What a token of output costs, as far as that is known."""
        million = self.desk.prices.priced(self.spec.model, Usage(turns=1, output_tokens=1_000_000))
        return million.usd / 1_000_000

    def _expected(self) -> tuple[Usage, Usage]:
        """What the next turn and the answer after it are going to take; one without tools is the answer itself."""
        known = self.reader.last_usage
        told = self._transcript[-1:] if known else [self.spec.system, self._transcript]
        prompt = (known.tokens if known else 0) + len(str(told)) // CHARACTERS_A_TOKEN
        turns = 1 if self.bench.tools else 0
        longest = self.desk.budget.longest_reply
        turn = Usage(turns=turns, input_tokens=prompt * turns, output_tokens=max(TURN_TOKENS, longest) * turns)
        answer = Usage(turns=1, input_tokens=prompt, output_tokens=max(ANSWER_TOKENS, longest))
        priced, model = self.desk.prices.priced, self.spec.model
        return priced(model, turn), priced(model, answer)


def _read(text: str) -> JsonValue:
    """As much of a structured reply as can be read in a text; None where there is nothing of one."""
    if "{" not in text:
        return None
    try:
        value: JsonValue = jiter.from_json(text[text.index("{") :].encode(), partial_mode=True)
    except ValueError:
        return None
    return value


def _findings(reply: JsonValue) -> tuple[int, int]:
    """How much there is in a reply: its findings, then its length."""
    found = reply.get("findings") if isinstance(reply, dict) else None
    return len(found) if isinstance(found, list) else 0, len(str(reply))
