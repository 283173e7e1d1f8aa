"""The rules that the messages of a request must keep among themselves: turns, tool calls, texts and thinking."""

from collections.abc import Callable, Iterator
from itertools import groupby, takewhile

from .fields import MessagesRequest, TextBlock, ThinkingBlock, ToolResultBlock, ToolUseBlock
from .transcript import Placed, Prefix, Signer, placed_blocks


def conversation_problems(
    request: MessagesRequest, signer: Signer, paused: Callable[[str], bool]
) -> Iterator[str]:
    """Why the API would not go on with this conversation, in its words; nothing if it would.

    `paused` tells whether a conversation with that digest was stopped by `pause_turn`.
    """
    blocks = list(placed_blocks(request))
    yield from _texts(request, blocks)
    yield from _turns(blocks)
    if not request.tools and any(isinstance(item.block, ToolUseBlock | ToolResultBlock) for item in blocks):
        yield "Requests which have `tool_use` or `tool_result` blocks in `messages` must define `tools`"
    prefix = Prefix(request)
    for placed in blocks:
        if isinstance(placed.block, ThinkingBlock):
            problem = signer.problem(request.model, placed.block, prefix.digest)
            if problem:
                yield f"{placed.path}: {problem}"
        prefix.add(placed.role, placed.block)
    if request.messages[-1].role == "assistant" and not paused(prefix.digest):
        yield (
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )


def _texts(request: MessagesRequest, blocks: list[Placed]) -> Iterator[str]:
    for number, message in enumerate(request.messages):
        if not message.content:
            yield f"messages.{number}: all messages must have non-empty content"
    texts = [("system", block) for block in request.system]
    for placed in blocks:
        inside = placed.block.content if isinstance(placed.block, ToolResultBlock) else [placed.block]
        texts += [(placed.path, block) for block in inside if isinstance(block, TextBlock)]
    for path, block in texts:
        if not block.text:
            yield f"{path}: text content blocks must be non-empty"
        elif not block.text.strip():
            yield f"{path}: text content blocks must contain non-whitespace text"


def _turns(blocks: list[Placed]) -> Iterator[str]:
    """Messages of one role in a row are one turn; every tool call has its one result at the start of the next."""
    if blocks and blocks[0].role != "user":
        yield 'messages: first message must use the "user" role'
    known: set[str] = set()
    calls: list[Placed] = []
    for role, group in groupby(blocks, key=lambda placed: placed.role):
        turn = list(group)
        if role == "user":
            yield from _results(turn, calls)
            continue
        calls = [placed for placed in turn if isinstance(placed.block, ToolUseBlock)]
        for placed in calls:
            call = _call_id(placed)
            if call in known:
                yield f"{placed.path}: `tool_use` ids must be unique"
            known.add(call)


def _results(turn: list[Placed], calls: list[Placed]) -> Iterator[str]:
    """What is wrong with the tool results of a user's turn, given the calls of the turn before."""
    leading = {_call_id(placed) for placed in takewhile(_is_result, turn)}
    open_calls = [placed for placed in calls if _call_id(placed) not in leading]
    if open_calls:
        yield (
            f"messages.{open_calls[0].message}: `tool_use` ids were found without `tool_result` blocks "
            f"immediately after: {', '.join(map(_call_id, open_calls))}. Each `tool_use` block must have a "
            "corresponding `tool_result` block in the next message."
        )
    unanswered = {_call_id(placed) for placed in calls}
    asked = set(unanswered)
    for placed in filter(_is_result, turn):
        call = _call_id(placed)
        if call not in asked:
            yield (
                f"{placed.path}: unexpected `tool_use_id` found in `tool_result` blocks: {call}. Each "
                "`tool_result` block must have a corresponding `tool_use` block in the previous message."
            )
        elif call not in unanswered:
            yield (
                f"{placed.path}: each tool_use must have a single result. Found multiple `tool_result` blocks "
                f"with id: {call}"
            )
        unanswered.discard(call)
        if isinstance(placed.block, ToolResultBlock) and placed.block.is_error and not placed.block.content:
            yield f"{placed.path}.tool_result: content cannot be empty if `is_error` is true"


def _is_result(placed: Placed) -> bool:
    return isinstance(placed.block, ToolResultBlock)


def _call_id(placed: Placed) -> str:
    """The id of the tool call that a block makes or answers."""
    block = placed.block
    if isinstance(block, ToolUseBlock):
        return block.id
    return block.tool_use_id if isinstance(block, ToolResultBlock) else ""
