"""Reading one streamed reply: live text out, whole blocks as events, and no reply that was not finished."""

import asyncio
import time

from anthropic.lib.streaming import BetaAsyncMessageStream
from anthropic.types.beta import BetaMessage, BetaUsage

from agents.call_errors import call_error, empty_reply
from agents.desk import Desk
from agents.live_text import GrowingBlock
from agents.spec import AttemptSpec
from sessions.events import TurnFinished, Usage
from sessions.failures import FailureKind


class ReplyReader:
    """Reads the replies of one attempt, one after another; remembers the text that came, finished or not."""

    def __init__(self, spec: AttemptSpec, desk: Desk) -> None:
        self._spec = spec
        self._desk = desk
        self.usage = Usage()
        self.last_text = ""
        """The raw text of the newest reply as far as it came: what a broken answer can be saved from."""

    async def read(self, stream: BetaAsyncMessageStream[None], turn: int, stall: asyncio.Timeout) -> BetaMessage:
        """The whole reply; `stall` is moved on by every event that is not a ping.

        Raises CallError (truncated) for a stream that ends without `message_stop`, and whatever the SDK raises.
        """
        loop = asyncio.get_running_loop()
        started = time.monotonic()
        first: float | None = None
        blocks: dict[int, GrowingBlock] = {}
        counted: BetaUsage | None = None
        began = stopped = False
        self.last_text = ""
        try:
            async for event in stream:
                stall.reschedule(loop.time() + self._spec.limits.stall_s)
                began = True
                if event.type == "content_block_start" and event.content_block.type in ("text", "thinking"):
                    first = first or time.monotonic() - started
                    blocks[event.index] = self._block(turn, event.index, event.content_block.type)
                elif event.type == "content_block_delta" and event.index in blocks:
                    if event.delta.type == "text_delta":
                        blocks[event.index].grow(event.delta.text)
                        self.last_text = "".join(block.raw for block in blocks.values() if block.type == "text")
                    elif event.delta.type == "thinking_delta":
                        blocks[event.index].grow(event.delta.thinking)
                elif event.type == "content_block_stop" and event.index in blocks:
                    self._desk.record(blocks[event.index].finished())
                elif event.type == "message_stop":
                    stopped = True
            if not began:
                raise empty_reply()
            if not stopped:
                raise call_error(FailureKind.TRUNCATED, "The stream ended before the reply did.")
            reply = await stream.get_final_message()
            counted = reply.usage
        finally:
            # A reply that broke off was paid for all the same.
            self._count(counted or _usage_so_far(stream), stream, turn, time.monotonic() - started, first, stopped)
        return reply

    def _block(self, turn: int, index: int, type: str) -> GrowingBlock:
        kind = "thinking" if type == "thinking" else "text"
        return GrowingBlock(self._spec.spoke, self._spec.attempt, turn, index, kind, self._desk.show)

    def _count(
        self,
        usage: BetaUsage | None,
        stream: BetaAsyncMessageStream[None],
        turn: int,
        seconds: float,
        first: float | None,
        stopped: bool,
    ) -> None:
        counted = Usage(
            input_tokens=usage.input_tokens if usage else 0,
            output_tokens=usage.output_tokens if usage else 0,
            cache_read_tokens=(usage.cache_read_input_tokens or 0) if usage else 0,
            cache_write_tokens=(usage.cache_creation_input_tokens or 0) if usage else 0,
            turns=1,
        )
        self.usage += counted
        self._desk.budget.add(counted)
        reason = stream.current_message_snapshot.stop_reason if stopped else None
        self._desk.record(
            TurnFinished(
                spoke=self._spec.spoke,
                attempt=self._spec.attempt,
                turn=turn,
                stop_reason=str(reason or "broken off"),
                request_id=stream.request_id or "",
                usage=counted,
                seconds=seconds,
                first_token_s=first,
            )
        )


def _usage_so_far(stream: BetaAsyncMessageStream[None]) -> BetaUsage | None:
    try:
        return stream.current_message_snapshot.usage
    except AssertionError:  # nothing came at all
        return None
