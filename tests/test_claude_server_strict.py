"""What the Claude-shaped server refuses and accepts, as the API does."""

import asyncio
import io
import json

import aiohttp
import anthropic
import pytest
from anthropic.types.beta.message_create_params import MessageCreateParamsBase
from pydantic import JsonValue

from tests.claude_server import ClaudeServer
from tests.claude_server.examples import SCHEMA, TOOL, body, client_of, librarian, post, result, text_of
from tests.claude_server.fields import NOT_PLAYED, MessagesRequest

MARKED: JsonValue = {"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}

REJECTED: dict[str, tuple[dict[str, JsonValue], int, str]] = {
    "unknown field": ({"colour": "red"}, 400, "colour: Extra inputs are not permitted"),
    "field not played": ({"mcp_servers": []}, 400, "mcp_servers: the API knows this field"),
    "unknown field in a block": (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "a", "bold": True}]}]},
        400,
        "messages.0.user.content.0.text.bold: Extra inputs",
    ),
    "unknown field in a tool": ({"tools": [{**TOOL, "colour": "red"}]}, 400, "tools.0.colour: Extra inputs"),
    "unknown model": ({"model": "claude-opus-99"}, 404, "model: claude-opus-99"),
    "no messages": ({"messages": []}, 400, "messages: List should have at least 1 item"),
    "no max_tokens": ({"max_tokens": None}, 400, "max_tokens: Field required"),
    "max_tokens as text": ({"max_tokens": "9"}, 400, "max_tokens: Input should be a valid integer"),
    "too many tokens": ({"max_tokens": 128_001}, 400, "128001 > 128000"),
    "assistant first": (
        {"messages": [{"role": "assistant", "content": "a"}, {"role": "user", "content": "b"}]},
        400,
        "first message",
    ),
    "prefill": (
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "{"}]},
        400,
        "does not support assistant message prefill",
    ),
    "empty text": ({"messages": [{"role": "user", "content": ""}]}, 400, "text content blocks must be non-empty"),
    "blank text": ({"system": "  \n"}, 400, "must contain non-whitespace text"),
    "empty message": (
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": []}]},
        400,
        "all messages must have non-empty content",
    ),
    "temperature": ({"temperature": 1.0}, 400, "temperature: Extra inputs are not permitted"),
    "thinking budget": (
        {"thinking": {"type": "enabled", "budget_tokens": 2000}},
        400,
        '"thinking.type.enabled" is not supported for this model',
    ),
    "thinking off": (
        {"model": "claude-opus-5-5", "thinking": {"type": "disabled"}},
        400,
        '"thinking.type.disabled" is not supported',
    ),
    "no effort like that": ({"output_config": {"effort": "extreme"}}, 400, "output_config.effort"),
    "forced tool": ({"tools": [TOOL], "tool_choice": {"type": "any"}}, 400, "forced tool use (any)"),
    "forced tool by name": (
        {"model": "claude-fable-5-1", "tools": [TOOL], "tool_choice": {"type": "tool", "name": "look_up"}},
        400,
        "forced tool use (tool)",
    ),
    "forced tool while thinking": (
        {"model": "claude-haiku-5-5", "tools": [TOOL], "tool_choice": {"type": "any"}},
        400,
        "Thinking may not be enabled",
    ),
    "forced tool that is not there": (
        {
            "model": "claude-haiku-5-5",
            "thinking": {"type": "disabled"},
            "tools": [TOOL],
            "tool_choice": {"type": "tool", "name": "look_down"},
        },
        400,
        "Tool 'look_down' not found in provided tools",
    ),
    "a name without a forced tool": (
        {"tools": [TOOL], "tool_choice": {"type": "auto", "name": "look_up"}},
        400,
        "tool_choice.name",
    ),
    "no tool, and not in parallel": (
        {"tools": [TOOL], "tool_choice": {"type": "none", "disable_parallel_tool_use": True}},
        400,
        "tool_choice.none.disable_parallel_tool_use",
    ),
    "strict tool with an open schema": (
        {"tools": [{**TOOL, "strict": True}]},
        400,
        "tools.0.custom.input_schema: For 'object' type, 'additionalProperties'",
    ),
    "too many strict tools": (
        {"tools": [{"name": f"t{n}", "strict": True, "input_schema": SCHEMA} for n in range(21)]},
        400,
        "at most 20 strict tools",
    ),
    "too much effort without thinking": (
        {
            "model": "claude-haiku-5-5",
            "thinking": {"type": "disabled"},
            "output_config": {"effort": "max"},
        },
        400,
        "output_config.effort 'max' is not supported when thinking is disabled",
    ),
    "tool choice alone": ({"tool_choice": {"type": "auto"}}, 400, "only be specified while providing tools"),
    "two tools of a name": ({"tools": [TOOL, TOOL]}, 400, "Tool names must be unique"),
    "bad tool name": ({"tools": [{**TOOL, "name": "look up"}]}, 400, "tools.0.name"),
    "tool schema no object": ({"tools": [{**TOOL, "input_schema": {"type": "array"}}]}, 400, "input_schema.type"),
    "thread without its beta": ({"thread": {"type": "create"}}, 400, "thread: Extra inputs are not permitted"),
    "deprecated output_format": (
        {"output_format": {"type": "json_schema", "schema": SCHEMA}},
        400,
        "output_format: Extra inputs",
    ),
    "both formats": (
        {
            "output_format": {"type": "json_schema", "schema": SCHEMA},
            "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
        },
        400,
        "not both",
    ),
    "too many breakpoints": (
        {
            "cache_control": {"type": "ephemeral"},
            "system": [MARKED, MARKED, MARKED, MARKED],
        },
        400,
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
}


def test_what_the_api_refuses_is_refused_with_its_error() -> None:
    async def run() -> None:
        async with ClaudeServer(librarian) as server, client_of(server.url) as client:
            assert text_of(await post(client, body()))
            for name, (changes, status, words) in REJECTED.items():
                with pytest.raises(anthropic.APIStatusError) as caught:
                    await post(client, body(**changes))
                error = caught.value
                assert (error.status_code, words in (error.api_message or "")) == (status, True), (name, error)
                kind = "not_found_error" if status == 404 else "invalid_request_error"
                assert error.type == kind
                assert error.request_id == server.requests[-1].request_id
                assert server.requests[-1].state == "rejected"
                assert server.requests[-1].problem == error.api_message
            assert len(server.rejected) == len(REJECTED)

    asyncio.run(run())


def test_the_headers_are_demanded() -> None:
    async def run() -> None:
        good = {"x-api-key": "test", "anthropic-version": "2023-06-01"}
        async with ClaudeServer(librarian) as server, aiohttp.ClientSession(server.url) as session:

            async def status(headers: dict[str, str], data: str = json.dumps(body())) -> int:
                headers = {"content-type": "application/json", **headers}
                async with session.post("/v1/messages", data=data, headers=headers) as answer:
                    assert "type" in await answer.json()
                    return answer.status

            assert await status(good) == 200
            assert await status({"authorization": "Bearer test", "anthropic-version": "2023-06-01"}) == 200
            assert await status({"anthropic-version": "2023-06-01"}) == 401
            assert await status({"x-api-key": "test"}) == 400
            assert await status({**good, "anthropic-beta": "context-1m-2025-08-07"}) == 200
            assert await status({**good, "anthropic-beta": "context-1m-2025-08-07,made-up-2026-01-01"}) == 400
            assert await status(good, data='{"model":') == 400
            assert await status({**good, "content-type": "text/plain"}) == 400
            threads = json.dumps(body(thread={"type": "create"}))
            beta = {**good, "anthropic-beta": "message-threads-2026-08-12"}
            assert await status(beta, data=threads) == 400
            assert server.requests[-1].problem.startswith("thread: this server holds no threads")
            async with session.get("/v1/models") as answer:
                assert answer.status == 404

    asyncio.run(run())


def test_a_body_too_large_and_a_prompt_too_long_are_told_apart() -> None:
    async def run() -> None:
        headers = {"x-api-key": "test", "anthropic-version": "2026-10-21", "content-type": "application/json"}
        async with ClaudeServer(librarian) as server, aiohttp.ClientSession(server.url) as session:
            # Not by the SDK: aiohttp warns of a large body of bytes, and a warning is an error here.
            for words, status, kind in (
                (1_000_000, 400, "invalid_request_error"),
                (7_000_000, 413, "request_too_large"),
            ):
                large = io.BytesIO(json.dumps(body(system="word " * words)).encode())
                async with session.post("/v1/messages", data=large, headers=headers) as answer:
                    assert (answer.status, (await answer.json())["error"]["type"]) == (status, kind)
            assert server.requests[0].problem.startswith("prompt is too long: 1250")

    asyncio.run(run())


ACCEPTED: dict[str, dict[str, JsonValue]] = {
    "cache_control": {"cache_control": {"type": "ephemeral"}},
    "adaptive thinking": {"thinking": {"type": "adaptive", "display": "summarized"}},
    "effort and format": {
        "output_config": {"effort": "high", "format": {"type": "json_schema", "schema": SCHEMA}}
    },
    "no tool": {"tools": [TOOL], "tool_choice": {"type": "none"}},
    "auto": {"tools": [TOOL], "tool_choice": {"type": "auto"}},
    "between tools": {"thinking": {"type": "between_tools"}},
    "forced tool without thinking": {
        "model": "claude-haiku-5-5",
        "thinking": {"type": "disabled"},
        "tools": [TOOL],
        "tool_choice": {"type": "tool", "name": "look_up"},
    },
    "user messages in a row": {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "user", "content": [{"type": "text", "text": "b"}]},
        ]
    },
    "empty system": {"system": ""},
    "metadata": {"metadata": {"user_id": "u1"}, "service_tier": "auto", "stop_sequences": ["END"]},
    "strict tool": {"tools": [{**TOOL, "strict": True, "input_schema": SCHEMA}]},
}


def test_what_the_api_accepts_is_accepted() -> None:
    async def run() -> None:
        async with ClaudeServer(librarian) as server, client_of(server.url) as client:
            for name, changes in ACCEPTED.items():
                message = await post(client, body(**changes))
                assert message.content, name

    asyncio.run(run())


def test_every_field_of_the_sdk_is_either_played_or_said_not_to_be() -> None:
    headers = {"betas", "user_profile_id", "workspace_id"}
    elsewhere = {"output_format", "stream"}
    known = set(MessageCreateParamsBase.__annotations__) - headers
    assert set(MessagesRequest.model_fields) | NOT_PLAYED == known | elsewhere


def tool_turns(*results: JsonValue, calls: tuple[str, ...] = ("toolu_1",)) -> dict[str, JsonValue]:
    """A conversation in which tools were called, and what came back."""
    uses: list[JsonValue] = [{"type": "tool_use", "id": call, "name": "look_up", "input": {}} for call in calls]
    return body(
        tools=[TOOL],
        messages=[
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": uses},
            {"role": "user", "content": list(results)},
        ],
    )


@pytest.mark.parametrize(
    ("request_body", "words"),
    [
        (tool_turns(result("toolu_1")), ""),
        (tool_turns(result("toolu_1", content="")), ""),
        (tool_turns(result("toolu_2"), result("toolu_1"), calls=("toolu_1", "toolu_2")), ""),
        (tool_turns(result("toolu_1"), {"type": "text", "text": "b"}), ""),
        (tool_turns({"type": "text", "text": "b"}, result("toolu_1")), "without `tool_result` blocks immediately"),
        (tool_turns({"type": "text", "text": "b"}), "ids were found without `tool_result` blocks"),
        (tool_turns(result("toolu_1"), calls=("toolu_1", "toolu_2")), "immediately after: toolu_2."),
        (
            tool_turns(result("toolu_1"), result("toolu_9")),
            "unexpected `tool_use_id` found in `tool_result` blocks",
        ),
        (tool_turns(result("toolu_1"), result("toolu_1")), "each tool_use must have a single result"),
        (tool_turns(result("toolu_1"), calls=("toolu_1", "toolu_1")), "`tool_use` ids must be unique"),
        (tool_turns(result("toolu_1", content="", is_error=True)), "content cannot be empty if `is_error`"),
        (
            body(messages=[{"role": "user", "content": [result("toolu_1")]}], tools=[TOOL]),
            "unexpected `tool_use_id`",
        ),
        ({**tool_turns(result("toolu_1")), "tools": []}, "must define `tools`"),
    ],
)
def test_every_tool_call_has_its_one_result(request_body: dict[str, JsonValue], words: str) -> None:
    async def run() -> None:
        async with ClaudeServer(librarian) as server, client_of(server.url) as client:
            if words:
                with pytest.raises(anthropic.BadRequestError, match=words):
                    await post(client, request_body)
            else:
                await post(client, request_body)

    asyncio.run(run())
