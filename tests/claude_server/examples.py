"""A request that the API accepts, a brain that answers it, and the client that tests send it with."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from anthropic import AsyncAnthropic, DefaultAioHttpClient
from anthropic.types.beta import BetaMessage, BetaRawMessageStreamEvent
from pydantic import JsonValue

from .replies import Reply, Text, ToolUse

MODEL = "claude-sonnet-5-5"
ANSWER = {"claim": 'Emoji 😀 and "quotes"\nand a naïve café', "share": 45.5}
SCHEMA: dict[str, JsonValue] = {
    "title": "answer",
    "type": "object",
    "properties": {"claim": {"type": "string"}, "share": {"type": "number"}},
    "required": ["claim", "share"],
    "additionalProperties": False,
}
TOOL: dict[str, JsonValue] = {
    "name": "look_up",
    "description": "Looks a word up.",
    "input_schema": {"type": "object", "properties": {"word": {"type": "string"}}},
}


async def librarian(request: dict[str, JsonValue]) -> Reply:
    """Looks one word up, then answers."""
    if "tool_result" in json.dumps(request["messages"]) or "tools" not in request:
        return Reply([Text(json.dumps(ANSWER, ensure_ascii=False))])
    return Reply([ToolUse("look_up", {"word": "naïve 😀"})])


@asynccontextmanager
async def client_of(url: str) -> AsyncGenerator[AsyncAnthropic]:
    async with AsyncAnthropic(
        base_url=url, api_key="test", max_retries=0, http_client=DefaultAioHttpClient(timeout=10.0)
    ) as client:
        yield client


def body(**changes: JsonValue) -> dict[str, JsonValue]:
    """A request that the API accepts, with some fields changed; None takes one away."""
    whole: dict[str, JsonValue] = {
        "model": MODEL,
        "max_tokens": 1000,
        "messages": [{"role": "user", "content": "What is the share?"}],
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not None}


def result(call: str, **more: JsonValue) -> dict[str, JsonValue]:
    """What a tool call brought."""
    return {"type": "tool_result", "tool_use_id": call, "content": "found", **more}


async def post(client: AsyncAnthropic, request: dict[str, JsonValue]) -> BetaMessage:
    return await client.post("/v1/messages", cast_to=BetaMessage, body=request)


async def streamed(client: AsyncAnthropic, **changes: JsonValue) -> list[BetaRawMessageStreamEvent]:
    """The events of one streamed reply, pings left out, as the SDK reads them."""
    stream = await client.beta.messages.create(
        model=MODEL,
        max_tokens=1000,
        messages=[{"role": "user", "content": "What is the share?"}],
        stream=True,
        extra_body=changes,
    )
    return [event async for event in stream]


def text_of(message: BetaMessage) -> str:
    return "".join(block.text for block in message.content if block.type == "text")
