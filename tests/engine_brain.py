"""The embedded engine as the brain of the Claude-shaped server, and doubles for some of its replies."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from agents.embedded.engine import reply
from agents.embedded.wire import MessagesRequest, TextBlock, ToolUseBlock
from agents.replies import Reply as StructuredReply
from tests.claude_server import Brain, Reply, Text, ToolUse

Double = Callable[[MessagesRequest], StructuredReply | str | Reply | None]
"""Answers a request in place of the engine, or None to let the engine answer."""


def engine_brain(doubles: Mapping[str, Double] | None = None) -> Brain:
    """A brain that answers as the embedded engine does, but for the kinds of reply (titles) with a double."""
    known = dict(doubles or {})

    async def brain(request: dict[str, JsonValue]) -> Reply:
        asked = MessagesRequest.model_validate(request)
        double = known.get(asked.asks_for)
        answer = double(asked) if double else None
        if isinstance(answer, Reply):
            return answer
        if isinstance(answer, StructuredReply):
            return Reply((Text(answer.model_dump_json()),))
        if isinstance(answer, str):
            return Reply((Text(answer),))
        engine = reply(asked)
        blocks = tuple(
            Text(block.text) if isinstance(block, TextBlock) else ToolUse(block.name, block.input)
            for block in engine.blocks
            if isinstance(block, TextBlock | ToolUseBlock)
        )
        return Reply(blocks, "tool_use" if engine.stop_reason == "tool_use" else "end_turn")

    return brain
