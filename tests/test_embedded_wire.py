"""The embedded engine on the wire: what the SDK's client sees of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anthropic
import httpx2
import orjson
import pytest
from anthropic import AsyncAnthropic, transform_schema
from anthropic.types.beta import BetaOutputConfigParam, BetaToolParam
from hypothesis import given
from hypothesis import strategies as st

from agents.embedded.sse import frames
from agents.embedded.transport import EmbeddedTransport
from agents.embedded.wire import EngineReply, Message, MessagesRequest, TextBlock, ThinkingBlock, ToolUseBlock
from agents.prompts import plan_prompt
from agents.replies import PlanReply

T = TypeVar("T")

URL = "http://embedded.invalid/v1/messages"
PLAN: BetaOutputConfigParam = {"format": {"type": "json_schema", "schema": transform_schema(PlanReply)}}
PROMPT = plan_prompt("How do cities make transport cleaner?", {"researcher": "Investigates."}, 7)
SEARCH: BetaToolParam = {"name": "search_documents", "input_schema": {"type": "object"}}


def with_client(work: Callable[[AsyncAnthropic], Awaitable[T]], pace: float = 0.0) -> T:
    async def run() -> T:
        http = httpx2.AsyncClient(transport=EmbeddedTransport(pace))
        async with AsyncAnthropic(
            api_key="x", base_url="http://embedded.invalid", http_client=http, max_retries=0
        ) as client:
            return await work(client)

    return asyncio.run(run())


def post(content: bytes, path: str = "/v1/messages?beta=true") -> httpx2.Response:
    async def run() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=EmbeddedTransport(), base_url="http://embedded.invalid") as client:
            return await client.post(path, content=content)

    return asyncio.run(run())


def test_a_stream_comes_in_pieces_and_ends_as_the_whole_reply() -> None:
    async def work(client: AsyncAnthropic) -> None:
        kinds: list[str] = []
        pieces: list[str] = []
        async with client.beta.messages.stream(
            model="embedded",
            max_tokens=1_000,
            messages=[{"role": "user", "content": PROMPT}],
            output_config=PLAN,
        ) as stream:
            assert (stream.request_id or "").startswith("req_")
            async for event in stream:
                kinds.append(event.type)
                if event.type == "content_block_delta" and event.delta.type == "text_delta":
                    pieces.append(event.delta.text)
            message = await stream.get_final_message()
        assert kinds[0] == "message_start" and kinds[-1] == "message_stop"
        assert len(pieces) > 5 and max(map(len, pieces)) < 150
        assert message.stop_reason == "end_turn" and message.model == "embedded"
        assert message.usage.input_tokens >= len(PROMPT) // 4 and message.usage.output_tokens > 10
        plan = PlanReply.model_validate_json("".join(pieces))
        assert plan.subtasks[0].key_questions == ["How do cities make transport cleaner?"]

    with_client(work)


def test_tool_calls_stream_as_json_after_a_thought_and_match_the_reply_without_a_stream() -> None:
    async def work(client: AsyncAnthropic) -> None:
        async with client.beta.messages.stream(
            model="embedded",
            max_tokens=1_000,
            messages=[{"role": "user", "content": PROMPT}],
            output_config=PLAN,
            tools=[SEARCH],
        ) as stream:
            streamed = await stream.get_final_message()
        whole = await client.beta.messages.create(
            model="embedded",
            max_tokens=1_000,
            messages=[{"role": "user", "content": PROMPT}],
            output_config=PLAN,
            tools=[SEARCH],
        )
        assert streamed.stop_reason == whole.stop_reason == "tool_use"
        thought, *calls = streamed.content
        assert thought.type == "thinking" and "transport" in thought.thinking and thought.signature
        inputs = [call.input for call in calls if call.type == "tool_use"]
        assert inputs and all(call.type == "tool_use" and call.name == "search_documents" for call in calls)
        assert inputs == [call.input for call in whole.content if call.type == "tool_use"]
        ids = [call.id for call in calls if call.type == "tool_use"]
        assert len(set(ids)) == len(ids)

    with_client(work)


def test_no_tool_is_called_where_the_request_forbids_it() -> None:
    async def work(client: AsyncAnthropic) -> None:
        message = await client.beta.messages.create(
            model="embedded",
            max_tokens=1_000,
            messages=[{"role": "user", "content": PROMPT}],
            output_config=PLAN,
            tools=[SEARCH],
            tool_choice={"type": "none"},
        )
        assert message.stop_reason == "end_turn"

    with_client(work)


def test_the_same_request_gets_the_same_bytes() -> None:
    body = orjson.dumps(
        {
            "model": "embedded",
            "max_tokens": 100,
            "stream": True,
            "messages": [{"role": "user", "content": PROMPT}],
            "tools": [SEARCH],
            "output_config": PLAN,
        }
    )
    first, second = post(body), post(body)
    assert first.status_code == 200 and b"event: message_stop" in first.content
    assert first.content == second.content
    assert first.headers["request-id"] == second.headers["request-id"]
    assert post(body.replace(b"cities", b"towns")).content != first.content


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"not json", "JSON"),
        (b"{}", "model"),
        (b'{"model": "m", "max_tokens": 9, "messages": []}', "messages"),
        (b'{"model": "m", "max_tokens": 0, "messages": [{"role": "user", "content": "x"}]}', "max_tokens"),
        (b'{"model": "m", "max_tokens": 9, "messages": [{"role": "judge", "content": "x"}]}', "role"),
        (
            b'{"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [{"type": "image"}]}]}',
            "image",
        ),
    ],
)
def test_a_malformed_request_is_answered_as_the_api_would(body: bytes, named: str) -> None:
    response = post(body)
    assert response.status_code == 400
    error = orjson.loads(response.content)
    assert error["type"] == "error" and error["error"]["type"] == "invalid_request_error"
    assert named in error["error"]["message"]
    assert response.headers["request-id"] == error["request_id"]


def test_the_client_raises_typed_errors() -> None:
    async def work(client: AsyncAnthropic) -> None:
        odd: BetaOutputConfigParam = {
            "format": {"type": "json_schema", "schema": {"title": "haiku", "type": "object"}}
        }
        with pytest.raises(anthropic.BadRequestError, match="no reply titled 'haiku'") as caught:
            await client.beta.messages.create(
                model="embedded",
                max_tokens=10,
                messages=[{"role": "user", "content": "x"}],
                output_config=odd,
            )
        assert caught.value.type == "invalid_request_error" and caught.value.request_id
        with pytest.raises(anthropic.NotFoundError):
            await client.models.list()

    with_client(work)


def test_a_prompt_whose_records_are_broken_is_a_bad_request() -> None:
    body = {
        "model": "m",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": '<claims>\n{"id": "c1"}\n</claims>'}],
    }
    response = post(orjson.dumps(body))
    assert response.status_code == 400 and b"Line 1" in response.content


def test_a_paced_stream_can_be_cancelled_in_the_middle() -> None:
    async def work(client: AsyncAnthropic) -> None:
        begun = asyncio.Event()

        async def read() -> None:
            async with client.beta.messages.stream(
                model="embedded",
                max_tokens=1_000,
                messages=[{"role": "user", "content": PROMPT}],
                output_config=PLAN,
            ) as stream:
                async for event in stream:
                    if event.type == "content_block_delta":
                        begun.set()

        task = asyncio.create_task(read())
        await begun.wait()
        task.cancel()
        # An hour's pause stands between two pieces: only a real cancellation gets here at all.
        with pytest.raises(asyncio.CancelledError):
            await task

    with_client(work, pace=3_600)


def test_pace_changes_nothing_but_time() -> None:
    async def work(client: AsyncAnthropic) -> str:
        async with client.beta.messages.stream(
            model="embedded",
            max_tokens=99,
            messages=[{"role": "user", "content": "<question>\nWhy?\n</question>"}],
        ) as stream:
            message = await stream.get_final_message()
        return message.model_dump_json()

    assert with_client(work, pace=0.000_1) == with_client(work)


@given(st.text(), st.text(), st.dictionaries(st.text(max_size=5), st.text()))
def test_the_pieces_of_a_stream_make_up_the_blocks(text: str, thought: str, given: dict[str, str]) -> None:
    request = MessagesRequest(model="m", max_tokens=1, messages=(Message(role="user", content="x"),))
    blocks = (
        ThinkingBlock(thinking=thought),
        ToolUseBlock(id="t", name="n", input={**given}),
        TextBlock(text=text),
    )
    joined = {"text": "", "thinking": "", "partial_json": ""}
    for frame in frames(request, EngineReply(blocks, "tool_use"), "msg_1"):
        event = orjson.loads(frame.data.partition(b"data: ")[2])
        for name in joined:
            joined[name] += event.get("delta", {}).get(name, "")
    assert (joined["text"], joined["thinking"]) == (text, thought)
    assert orjson.loads(joined["partial_json"]) == given
