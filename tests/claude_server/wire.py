"""A message as server-sent events, in the order and form in which the API streams it, and as one JSON document.

Source: the API's page on streaming, and the event types of anthropic 2.11.0.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

import orjson

from .acts import Act, StreamAct
from .fields import AssistantBlock, TextBlock, ThinkingBlock
from .replies import Usage
from .staging import StagedMessage

Json = dict[str, object]


@dataclass(frozen=True)
class Event:
    """One event; its name is the `type` in its data."""

    data: Json

    def __bytes__(self) -> bytes:
        return b"event: %s\ndata: %s\n\n" % (str(self.data["type"]).encode(), orjson.dumps(self.data))


PING = Event({"type": "ping"})


def error_event(kind: str, message: str, request_id: str) -> Event:
    """The event that ends a stream which began well; the same shape as an error's body."""
    return Event(error_body(kind, message, request_id))


def error_body(kind: str, message: str, request_id: str, error_code: str = "") -> Json:
    """The JSON of an error; `details` is there only with an error code."""
    error: Json = {"type": kind, "message": message}
    if error_code:
        error["details"] = {"error_code": error_code}
    return {"type": "error", "error": error, "request_id": request_id}


def message_json(message: StagedMessage) -> Json:
    """The whole message, for a request that does not stream."""
    return {
        **_head(message),
        "content": [_block_json(block) for block in message.blocks],
        "stop_reason": message.stop_reason,
        "stop_details": message.stop_details,
        "usage": _usage(message.usage, message.usage.output_tokens),
    }


def events(message: StagedMessage, odd: bool) -> list[Event]:
    """The events of a message, without pings; `odd` cuts text and JSON where it hurts."""
    start = {**_head(message), "usage": _usage(message.usage, 1)}
    found = [Event({"type": "message_start", "message": start})]
    last = len(message.blocks) - 1
    for index, block in enumerate(message.blocks):
        found.append(Event({"type": "content_block_start", "index": index, "content_block": _empty(block)}))
        for delta in _deltas(block, odd, message.keep if index == last else None):
            found.append(Event({"type": "content_block_delta", "index": index, "delta": delta}))
        found.append(Event({"type": "content_block_stop", "index": index}))
    delta: Json = {"stop_reason": message.stop_reason, "stop_sequence": None, "stop_details": message.stop_details}
    usage = _usage(message.usage, message.usage.output_tokens)
    found.append(Event({"type": "message_delta", "delta": delta, "usage": usage}))
    found.append(Event({"type": "message_stop"}))
    return found


def script(stream: Sequence[Event], acts: Sequence[Act], pings: bool) -> Iterator[Event | StreamAct]:
    """The events with pings between them and each act in its place."""
    placed = [(_position(act.at, len(stream)), act) for act in acts if isinstance(act, StreamAct)]
    for number, event in enumerate(stream):
        yield from (act for position, act in placed if position == number)
        yield event
        if number == 0 or (pings and number < len(stream) - 1):
            yield PING
    yield from (act for position, act in placed if position == len(stream))


def _position(at: int, length: int) -> int:
    return min(at, length) if at >= 0 else max(0, length + at)


def _head(message: StagedMessage) -> Json:
    return {
        "id": message.id,
        "type": "message",
        "role": "assistant",
        "model": message.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
    }


def _usage(usage: Usage, output_tokens: int) -> Json:
    return {
        "input_tokens": usage.input_tokens,
        "cache_creation_input_tokens": usage.cache_write,
        "cache_read_input_tokens": usage.cache_read,
        "cache_creation": {"ephemeral_5m_input_tokens": usage.cache_write, "ephemeral_1h_input_tokens": 0},
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }


def _block_json(block: AssistantBlock) -> Json:
    found = block.model_dump(mode="json")
    return {**found, "caller": {"type": "direct"}} if block.type == "tool_use" else found


def _empty(block: AssistantBlock) -> Json:
    """A block as it starts, before its deltas."""
    if isinstance(block, TextBlock):
        return {"type": "text", "text": ""}
    if isinstance(block, ThinkingBlock):
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {**_block_json(block), "input": {}}


def _deltas(block: AssistantBlock, odd: bool, keep: int | None) -> Iterator[Json]:
    if isinstance(block, TextBlock):
        for piece in _pieces(block.text[:keep], odd):
            yield {"type": "text_delta", "text": piece}
    elif isinstance(block, ThinkingBlock):
        for piece in _pieces(block.thinking, odd):
            yield {"type": "thinking_delta", "thinking": piece}
        yield {"type": "signature_delta", "signature": block.signature}
    else:
        yield {"type": "input_json_delta", "partial_json": ""}
        written = json.dumps(block.input, ensure_ascii=odd)
        for piece in _pieces(written[:keep], odd):
            yield {"type": "input_json_delta", "partial_json": piece}


_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ODD_LENGTHS = (1, 7, 2, 31, 3, 11)


def _pieces(text: str, odd: bool) -> Iterator[str]:
    """The text in deltas; odd ones end after a backslash, inside `\\uXXXX`, between two surrogates, anywhere."""
    if not odd:
        yield from (text[start : start + 24] for start in range(0, len(text), 24))
        return
    cuts = {len(text)}
    for escape in _ESCAPE.finditer(text):
        cuts |= (
            {escape.start() + 1, escape.start() + 4, escape.end()} if len(escape[0]) > 2 else {escape.end() - 1}
        )
    place = 0
    for length in cycle(_ODD_LENGTHS):
        place += length
        if place >= len(text):
            break
        cuts.add(place)
    start = 0
    for cut in sorted(cuts):
        if cut > start:
            yield text[start:cut]
            start = cut
