"""From what a brain answers to the message that goes out: the manners put on, ids given, thinking signed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
from pydantic import JsonValue

from .acts import Act, MaxTokens, Refuse
from .fields import AssistantBlock, MessagesRequest, TextBlock, ThinkingBlock, ToolUseBlock
from .manners import Manners
from .replies import Block, Reply, Text, Thinking, ToolUse, Usage
from .transcript import Prefix, Signer, whole


@dataclass(frozen=True)
class StagedMessage:
    """A reply as it goes out; `keep` is how many characters of the last block do, where that is cut short."""

    id: str
    model: str
    blocks: tuple[AssistantBlock, ...]
    stop_reason: str
    stop_details: Mapping[str, JsonValue] | None
    usage: Usage
    keep: int | None = None


def split_at_pause(reply: Reply) -> tuple[Reply, Reply]:
    """The reply up to a `pause_turn`, and the rest of it."""
    first = [block for block in reply.blocks[:1] if isinstance(block, Thinking)]
    start = Reply((*first, Text("There is more to read; I will go on in a moment.")), stop_reason="pause_turn")
    return start, replace(reply, blocks=tuple(reply.blocks[len(first) :]))


def stage(
    reply: Reply, request: MessagesRequest, manners: Manners, acts: Sequence[Act], signer: Signer, serial: int
) -> StagedMessage:
    """The message for this request; `serial` makes its ids unlike those of any other."""
    keep = None
    for act in acts:
        if isinstance(act, Refuse):
            reply = _refusal(reply, act)
        elif isinstance(act, MaxTokens):
            reply, keep = replace(reply, stop_reason="max_tokens"), act.keep
    called = any(isinstance(block, ToolUse) for block in reply.blocks)
    ids = (f"toolu_{serial:08d}{number:016d}" for number in range(len(reply.blocks) + 1))
    prefix = whole(request)
    blocks: list[AssistantBlock] = []
    for block in _with_manners(reply.blocks, request, manners):
        sent = _sent(block, request, prefix.digest, signer, ids)
        prefix.add("assistant", sent)
        blocks.append(sent)
    return StagedMessage(
        id=f"msg_{serial:024d}",
        model=request.model,
        blocks=tuple(blocks),
        stop_reason=reply.stop_reason or ("tool_use" if called else "end_turn"),
        stop_details=reply.stop_details,
        usage=reply.usage or _estimate(request, blocks),
        keep=keep,
    )


def after(request: MessagesRequest, message: StagedMessage) -> str:
    """The digest of the conversation once this message stands at its end."""
    prefix = whole(request)
    for block in message.blocks:
        prefix.add("assistant", block)
    return prefix.digest


def opening(request: MessagesRequest) -> str:
    """The digest that a conversation keeps from its first message on."""
    prefix = Prefix(request)
    for block in request.messages[0].content:
        prefix.add("user", block)
    return prefix.digest


def _refusal(reply: Reply, act: Refuse) -> Reply:
    said = "".join(block.text for block in reply.blocks if isinstance(block, Text))[: act.keep]
    details: dict[str, JsonValue] = {
        "type": "refusal",
        "category": act.category,
        "explanation": act.explanation,
    }
    return Reply((Text(said),) if said else (), "refusal", reply.usage, details, reply.acts)


def _with_manners(blocks: Sequence[Block], request: MessagesRequest, manners: Manners) -> Iterator[Block]:
    """The blocks with what the manners put before and into them."""
    if manners.thinking and request.thinks and blocks and not isinstance(blocks[0], Thinking):
        yield Thinking(f"After {len(request.messages)} messages: what is asked, and what is still missing?")
    spoken = not manners.prose
    for block in blocks:
        if isinstance(block, ToolUse) and not spoken:
            spoken = True
            yield Text(f"I will use {block.name}; first a word about why – “prose before tools”.")
        spoken = spoken or isinstance(block, Text)
        if isinstance(block, Text) and request.format and manners.odd_deltas:
            yield Text(_escaped(block.text))
        else:
            yield block


def _escaped(text: str) -> str:
    """JSON with everything beyond ASCII escaped; text that is no JSON stays as it is."""
    try:
        return json.dumps(orjson.loads(text))
    except orjson.JSONDecodeError:
        return text


def _sent(
    block: Block, request: MessagesRequest, prefix: str, signer: Signer, ids: Iterator[str]
) -> AssistantBlock:
    if isinstance(block, Text):
        return TextBlock(type="text", text=block.text)
    if isinstance(block, Thinking):
        shown = block.text if request.shows_thinking else ""
        signature = signer.sign(request.model, shown, prefix)
        return ThinkingBlock(type="thinking", thinking=shown, signature=signature)
    return ToolUseBlock(type="tool_use", id=block.id or next(ids), name=block.name, input=dict(block.input))


def _estimate(request: MessagesRequest, blocks: Sequence[AssistantBlock]) -> Usage:
    written = sum(len(block.model_dump_json()) for block in blocks)
    return Usage(input_tokens=len(request.model_dump_json()) // 4 + 1, output_tokens=written // 4 + 1)
