"""Reading one streamed reply: live text out, whole blocks as events, and no reply that was not finished."""

import time
from contextlib import aclosing

from anthropic.lib.streaming import BetaAsyncMessageStream
from anthropic.types.beta import BetaMessage, BetaUsage

from agents.calls.call_errors import RAW_FAULTS, CallError, classify
from agents.calls.live_text import GrowingBlock
from agents.calls.stream_checks import checked
from agents.calls.watchdog import Watchdog
from agents.desk import Desk
from agents.spec import AttemptSpec
from sessions.events import TurnFinished, Usage
from sessions.redact import redact

LONGEST_REASON = 60
"""Characters of a stop reason: one that is not known here may be anything."""

_USUAL = ("tool_use", "end_turn")


class ReplyReader:
    """Reads the replies of one attempt, one after another; remembers the text that came, finished or not."""

    def __init__(self, spec: AttemptSpec, desk: Desk) -> None:
        self._spec = spec
        self._desk = desk
        self.usage = Usage()
        self.last_usage: Usage | None = None
        """Of the newest reply that was whole."""
        self._blocks: dict[int, GrowingBlock] = {}
        """Of the newest reply, as far as it came."""
        self.request_id: str | None = None
        """Of the newest reply."""
        self.held_s = 0.0
        """How long calls waited at the gate since the last reply was told, those that brought none among them."""

    @property
    def last_text(self) -> str:
        """The raw text of the newest reply as far as it came: what a broken answer can be saved from."""
        return "".join(block.raw for block in self._blocks.values() if block.type == "text")

    def begin(self) -> None:
        """Before a reply is asked for: nothing of it has come yet."""
        self._blocks, self.request_id = {}, None

    async def read(self, stream: BetaAsyncMessageStream[None], turn: int, silence: Watchdog) -> BetaMessage:
        """The whole reply; every event but a ping ends the `silence`.

        Raises CallError for a reply that did not come whole and in order.
        """
        started = time.monotonic()
        first: float | None = None
        counted: BetaUsage | None = None
        stopped = False
        blocks: dict[int, GrowingBlock] = {}
        self._blocks, self.request_id = blocks, stream.request_id
        try:
            async with aclosing(checked(stream)) as events:
                async for event in events:
                    silence.alive()
                    if event.type == "content_block_delta":
                        if (block := blocks.get(event.index)) is None:
                            continue
                        if event.delta.type == "text_delta":
                            block.grow(event.delta.text)
                        elif event.delta.type == "thinking_delta":
                            block.grow(event.delta.thinking)
                    elif event.type == "content_block_start" and event.content_block.type in ("text", "thinking"):
                        first = first or time.monotonic() - started
                        blocks[event.index] = self._block(turn, event.index, event.content_block.type)
                    elif event.type == "content_block_stop" and event.index in blocks:
                        self._desk.record(blocks[event.index].finished())
                    elif event.type == "message_stop":
                        stopped = True
            reply = stream.current_message_snapshot
            counted = reply.usage
        except (CallError, *RAW_FAULTS) as error:
            found = classify(error)
            found.request_id = found.request_id or self.request_id
            raise found from error
        finally:
            for block in blocks.values():
                block.close()
            # A reply that broke off was paid for all the same.
            seconds = time.monotonic() - started
            usage = self._count(counted or _usage_so_far(stream))
            reason = stream.current_message_snapshot.stop_reason if stopped else None
            self._desk.record(
                TurnFinished(
                    spoke=self._spec.spoke,
                    attempt=self._spec.attempt,
                    turn=turn,
                    stop_reason=_told_reason(reason),
                    request_id=self.request_id or "",
                    usage=usage,
                    seconds=seconds,
                    first_token_s=first,
                    held_s=self.held_s,
                )
            )
            self.held_s = 0.0
        self.last_usage = usage
        return reply

    def _block(self, turn: int, index: int, type: str) -> GrowingBlock:
        kind = "thinking" if type == "thinking" else "text"
        return GrowingBlock(self._spec.spoke, self._spec.attempt, turn, index, kind, self._desk.show)

    def _count(self, usage: BetaUsage | None) -> Usage:
        """What a reply took, counted against the run's budget."""
        taken = Usage(turns=1)
        if usage is not None:
            taken = Usage(
                input_tokens=_told(usage.input_tokens),
                output_tokens=_told(usage.output_tokens),
                cache_read_tokens=_told(usage.cache_read_input_tokens),
                cache_write_tokens=_told(usage.cache_creation_input_tokens),
                turns=1,
            )
        priced = self._desk.prices.priced(self._spec.model, taken)
        self.usage += priced
        self._desk.budget.add(priced)
        return priced


def _told_reason(reason: str | None) -> str:
    """A stop reason as it is kept; a known one is no secret, and to look for one takes a while."""
    return reason if reason in _USUAL else redact(str(reason or "broken off"))[:LONGEST_REASON]


def _told(count: object) -> int:
    """A number of tokens as a server tells it; the SDK checks none, and none may lower what was used."""
    return count if isinstance(count, int) and count > 0 else 0


def _usage_so_far(stream: BetaAsyncMessageStream[None]) -> BetaUsage | None:
    try:
        return stream.current_message_snapshot.usage
    except AssertionError:  # nothing came at all
        return None
