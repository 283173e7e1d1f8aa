"""Thinking sent back to the Claude-shaped server: valid as it came and where it stood, else refused."""

import asyncio
import json
from collections.abc import Callable

import anthropic
import pytest
from pydantic import JsonValue

from tests.claude_server import ClaudeServer, Manners
from tests.claude_server.examples import TOOL, body, client_of, librarian, post, result

Request = dict[str, JsonValue]


def content(request: Request, message: int) -> list[JsonValue]:
    """The content blocks of a message, to be changed."""
    messages = request["messages"]
    assert isinstance(messages, list)
    found = messages[message]
    assert isinstance(found, dict)
    blocks = found["content"]
    if isinstance(blocks, str):
        blocks = found["content"] = [{"type": "text", "text": blocks}]
    assert isinstance(blocks, list)
    return blocks


def block(request: Request, message: int, position: int) -> dict[str, JsonValue]:
    found = content(request, message)[position]
    assert isinstance(found, dict)
    return found


def change_thinking(request: Request) -> None:
    block(request, 1, 0)["thinking"] = str(block(request, 1, 0)["thinking"]).replace("?", "!", 1)


def change_signature(request: Request) -> None:
    signature = str(block(request, 1, 0)["signature"])
    block(request, 1, 0)["signature"] = ("B" if signature[0] == "A" else "A") + signature[1:]


def no_signature(request: Request) -> None:
    block(request, 1, 0)["signature"] = ""


def foreign_signature(request: Request) -> None:
    block(request, 1, 0)["signature"] = "not base64"


def another_model(request: Request) -> None:
    request["model"] = "claude-opus-5-5"


def change_question(request: Request) -> None:
    block(request, 0, 0)["text"] = "What was the share?"


def change_system(request: Request) -> None:
    request["system"] = "Something else."


def change_tools(request: Request) -> None:
    request["tools"] = [{**TOOL, "description": "Looks anything up."}]


def move_back(request: Request) -> None:
    content(request, 1).append(content(request, 1).pop(0))


def repeat(request: Request) -> None:
    content(request, 1).insert(0, content(request, 1)[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_thinking, "messages.1.content.0: Invalid `signature` in `thinking` block"),
        (change_signature, "messages.1.content.0: Invalid `signature` in `thinking` block"),
        (no_signature, "messages.1.content.0: Invalid `signature` in `thinking` block"),
        (foreign_signature, "messages.1.content.0: Invalid `signature` in `thinking` block"),
        (another_model, "messages.1.content.0: Invalid `signature` in `thinking` block"),
        (change_question, "bound to a different conversation"),
        (change_system, "bound to a different conversation"),
        (change_tools, "bound to a different conversation"),
        (move_back, "messages.1.content.1: .* bound to a different conversation"),
        (repeat, "messages.1.content.1: .* bound to a different conversation"),
    ],
)
def test_thinking_that_was_changed_or_moved_is_refused(change: Callable[[Request], None], words: str) -> None:
    async def run() -> None:
        async with ClaudeServer(librarian, Manners(thinking=True)) as server, client_of(server.url) as client:
            request = await second_request(client)
            await post(client, request)
            change(request)
            with pytest.raises(anthropic.BadRequestError, match=words):
                await post(client, request)

    asyncio.run(run())


async def second_request(client: anthropic.AsyncAnthropic) -> Request:
    """A request that sends a reply with thinking and a tool call back as it came, and the tool's result."""
    first = body(tools=[TOOL], system="Look it up.", thinking={"type": "adaptive", "display": "summarized"})
    reply = await post(client, first)
    assert [item.type for item in reply.content] == ["thinking", "tool_use"]
    call = next(item.id for item in reply.content if item.type == "tool_use")
    messages: JsonValue = [
        {"role": "user", "content": "What is the share?"},
        {"role": "assistant", "content": [json.loads(item.to_json()) for item in reply.content]},
        {"role": "user", "content": [result(call)]},
    ]
    return {**first, "messages": messages}


def test_what_does_not_change_a_conversation_leaves_its_thinking_valid() -> None:
    async def run() -> None:
        async with ClaudeServer(librarian, Manners(thinking=True)) as server, client_of(server.url) as client:
            request = await second_request(client)
            block(request, 0, 0)["cache_control"] = {"type": "ephemeral", "ttl": "1h"}
            request["tools"] = [{**TOOL, "cache_control": {"type": "ephemeral"}}]
            request["system"] = [{"type": "text", "text": "Look it up.", "cache_control": {"type": "ephemeral"}}]
            request["output_config"] = {"effort": "low"}
            await post(client, request)
            # One turn of the assistant in two messages is still one turn.
            messages = request["messages"]
            assert isinstance(messages, list)
            calls: JsonValue = {"role": "assistant", "content": content(request, 1)[1:]}
            messages.insert(2, calls)
            del content(request, 1)[1:]
            await post(client, request)

    asyncio.run(run())
