"""The events of one streamed reply, checked: only a reply that came whole and in order goes through to its end.

The SDK folds whatever it is sent: it ends quietly when a stream does, completes JSON that was cut off, writes two
replies into one, and trips over a malformed event with whichever exception comes first.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator
from typing import TypeAlias

import httpx2
from anthropic.lib.streaming import BetaAsyncMessageStream, ParsedBetaMessageStreamEvent
from anthropic.types.beta import BetaMessage

from agents.calls.call_errors import call_error, empty_reply
from sessions.failures import FailureKind

_EVENTS = frozenset(
    "message_start message_delta message_stop content_block_start content_block_delta content_block_stop".split()
)
_OF_THE_SDK = frozenset("text thinking signature input_json citation compaction".split())
"""What the SDK adds: each tells of a delta once more."""

_BLOCKS = frozenset("text thinking redacted_thinking tool_use".split())
_DELTAS = frozenset("text_delta thinking_delta signature_delta input_json_delta citations_delta".split())
"""What an answer to our requests may be made of."""

_TRIPPED = (AttributeError, LookupError, TypeError, RuntimeError)
"""What the SDK raises over an event that is not shaped as it should be, besides `call_errors.RAW_FAULTS`."""

_REST_S = 0.2
"""How long the end of a response is waited for when its reply has come whole."""

Event: TypeAlias = "ParsedBetaMessageStreamEvent[None]"


async def checked(stream: BetaAsyncMessageStream[None]) -> AsyncGenerator[Event]:
    """The events of a stream, to `message_stop`. Raises CallError, and what the SDK and its transport raise."""
    began = False
    blocks = 0
    inputs: defaultdict[int, str] = defaultdict(str)
    came = aiter(stream)
    while True:
        try:
            event = await anext(came)
        except StopAsyncIteration:
            break
        except _TRIPPED as error:
            message = f"The reply could not be read ({type(error).__name__}: {error})."
            raise call_error(FailureKind.PROTOCOL, message) from error
        if event.type in _OF_THE_SDK:
            continue
        _check_known(event)
        if (event.type == "message_start") is began:
            raise call_error(FailureKind.PROTOCOL, "The reply began twice, or not with its beginning.")
        began = True
        if event.type == "content_block_delta":
            if event.delta.type == "input_json_delta":
                inputs[event.index] += event.delta.partial_json
        elif event.type == "content_block_start":
            if event.index != blocks:
                raise call_error(FailureKind.PROTOCOL, "The parts of the reply came out of order.")
            blocks += 1
        elif event.type == "message_stop":
            _check_whole(stream.current_message_snapshot, list(inputs.values()))
            yield event
            await _finish(stream)
            return
        yield event
    raise call_error(FailureKind.TRUNCATED, "The stream ended before the reply did.") if began else empty_reply()


def _check_known(event: Event) -> None:
    """Nothing may be left out of a reply unseen: what is not known here is no success."""
    if event.type == "content_block_delta":
        if event.delta.type not in _DELTAS:
            raise call_error(FailureKind.UNKNOWN, f"The reply holds a piece not known here: {event.delta.type!r}.")
    elif event.type not in _EVENTS:
        raise call_error(FailureKind.UNKNOWN, f"The reply holds an event not known here: {event.type!r}.")
    elif event.type == "content_block_start" and event.content_block.type not in _BLOCKS:
        raise call_error(
            FailureKind.UNKNOWN, f"The reply holds a part not known here: {event.content_block.type!r}."
        )


def _check_whole(reply: BetaMessage, inputs: list[str]) -> None:
    """A reply says why it ends; one that calls tools says which, with all of their inputs."""
    if reply.stop_reason is None:
        raise call_error(FailureKind.TRUNCATED, "The reply ended without saying why.")
    if reply.stop_reason != "tool_use":
        return
    if not any(block.type == "tool_use" for block in reply.content):
        raise call_error(FailureKind.PROTOCOL, "The reply stopped for a tool and called none.")
    if not all(_is_object(written) for written in inputs):
        raise call_error(FailureKind.PROTOCOL, "The input of a tool call is no JSON object.")


def _is_object(written: str) -> bool:
    """Whether the input of a tool is whole; one without parameters may be empty."""
    try:
        return not written or isinstance(json.loads(written), dict)
    except ValueError:
        return False


async def _finish(stream: BetaAsyncMessageStream[None]) -> None:
    """Reads the response to its end, so that its connection can be used again; what breaks now breaks nothing."""
    try:
        async with asyncio.timeout(_REST_S):
            async for _ in stream:
                pass
    except (TimeoutError, httpx2.HTTPError, ValueError, *_TRIPPED):
        await stream.close()
