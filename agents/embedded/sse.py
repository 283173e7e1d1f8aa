"""A reply as server-sent events, in the order and shape of the Messages API's streams."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import orjson
from pydantic import JsonValue

from agents.embedded.wire import EngineReply, MessagesRequest, ReplyBlock, TextBlock, ThinkingBlock

_WORDS = re.compile(r"\S{1,60}\s*(?:\S{1,20}\s*){0,3}|\s+")
_CHARACTERS_A_TOKEN = 4


class Frame(NamedTuple):
    """One event, encoded; a pace is kept after the ones that carry a delta."""

    data: bytes
    delta: bool


def tokens(characters: int) -> int:
    """About as many tokens as a tokenizer would count; never none."""
    return max(1, characters // _CHARACTERS_A_TOKEN)


def message_body(request: MessagesRequest, reply: EngineReply, id: str) -> dict[str, JsonValue]:
    """The reply whole, as a request without `stream` gets it."""
    return {
        "id": id,
        "type": "message",
        "role": "assistant",
        "model": request.model,
        "content": [block.model_dump() for block in reply.blocks],
        "stop_reason": reply.stop_reason,
        "stop_sequence": None,
        "usage": {**_usage(request), "output_tokens": tokens(sum(len(_payload(b)) for b in reply.blocks))},
    }


def frames(request: MessagesRequest, reply: EngineReply, id: str) -> Iterator[Frame]:
    """The reply as a stream: a few words a delta."""
    body = message_body(request, reply, id)
    body |= {"content": [], "stop_reason": None, "usage": {**_usage(request), "output_tokens": 1}}
    yield _event("message_start", message=body)
    written = 0
    for index, block in enumerate(reply.blocks):
        yield _event("content_block_start", index=index, content_block=_opening(block))
        for delta in _deltas(block):
            yield _event("content_block_delta", index=index, delta=delta)
        yield _event("content_block_stop", index=index)
        written += len(_payload(block))
    yield _event(
        "message_delta",
        delta={"stop_reason": reply.stop_reason, "stop_sequence": None},
        usage={"output_tokens": tokens(written)},
    )
    yield _event("message_stop")


def _usage(request: MessagesRequest) -> dict[str, JsonValue]:
    return {"input_tokens": tokens(len(request.model_dump_json()))}


def _event(kind: str, **fields: JsonValue) -> Frame:
    data = orjson.dumps({"type": kind, **fields})
    return Frame(b"event: " + kind.encode() + b"\ndata: " + data + b"\n\n", kind == "content_block_delta")


def _payload(block: ReplyBlock) -> str:
    if isinstance(block, TextBlock):
        return block.text
    return block.thinking if isinstance(block, ThinkingBlock) else orjson.dumps(block.input).decode()


def _opening(block: ReplyBlock) -> dict[str, JsonValue]:
    if isinstance(block, TextBlock):
        return {"type": "text", "text": ""}
    if isinstance(block, ThinkingBlock):
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "tool_use", "id": block.id, "name": block.name, "input": {}}


def _deltas(block: ReplyBlock) -> Iterator[dict[str, JsonValue]]:
    pieces = _WORDS.findall(_payload(block))
    if isinstance(block, TextBlock):
        yield from ({"type": "text_delta", "text": piece} for piece in pieces)
    elif isinstance(block, ThinkingBlock):
        yield from ({"type": "thinking_delta", "thinking": piece} for piece in pieces)
        yield {"type": "signature_delta", "signature": block.signature}
    else:
        yield from ({"type": "input_json_delta", "partial_json": piece} for piece in pieces)
