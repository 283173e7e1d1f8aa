"""The Claude-shaped server as a server: whole conversations, the bytes it writes, what it remembers."""

import asyncio
import json
import subprocess
import sys
from itertools import accumulate

import aiohttp
import anthropic
import pytest
from anthropic import AsyncAnthropic, beta_async_tool
from anthropic.types.beta import BetaMessage
from pydantic import JsonValue

from tests.claude_server import (
    FULL_MANNERS,
    ClaudeServer,
    Cue,
    Manners,
    Reply,
    Stall,
    Text,
    Thinking,
    ThreadedClaudeServer,
    Usage,
)
from tests.claude_server.examples import (
    ANSWER,
    MODEL,
    SCHEMA,
    TOOL,
    body,
    client_of,
    librarian,
    post,
    streamed,
    text_of,
)


@beta_async_tool
async def look_up(word: str) -> str:
    """Looks a word up.

    Args:
        word: the word
    """
    return f"{word}: 45.5"


async def converse(client: AsyncAnthropic, question: str) -> list[BetaMessage]:
    runner = client.beta.messages.tool_runner(
        stream=True,
        thread=False,
        model=MODEL,
        max_tokens=1000,
        system="You look words up.",
        messages=[{"role": "user", "content": question}],
        tools=[look_up],
        tool_choice={"type": "auto"},
        thinking={"type": "adaptive", "display": "summarized"},
        output_config={"effort": "high", "format": {"type": "json_schema", "schema": dict(SCHEMA)}},
        cache_control={"type": "ephemeral"},
    )
    return [await stream.get_final_message() async for stream in runner]


def test_a_whole_conversation_of_the_tool_runner_passes_with_every_habit_on() -> None:
    async def run() -> None:
        asked = 0

        async def brain(request: dict[str, JsonValue]) -> Reply:
            nonlocal asked
            asked += 1
            return await librarian(request)

        async with ClaudeServer(brain, FULL_MANNERS) as server, client_of(server.url) as client:
            messages = await converse(client, "What is the share?")
            assert [message.stop_reason for message in messages] == ["pause_turn", "tool_use", "end_turn"]
            kinds = [[block.type for block in message.content] for message in messages]
            assert kinds == [["thinking", "text"], ["thinking", "text", "tool_use"], ["thinking", "text"]]
            assert json.loads(text_of(messages[-1])) == ANSWER
            assert text_of(messages[-1]).isascii()
            for block in (block for message in messages for block in message.content):
                if block.type == "thinking":
                    assert block.thinking
                if block.type == "tool_use":
                    assert block.input == {"word": "naïve 😀"}
            assert asked == 2
            assert [request.state for request in server.requests] == ["answered"] * 3
            assert not server.rejected
            assert server.requests[0].title == "answer"
            assert server.requests[0].tools == ["look_up"]
            assert server.requests[0].model == MODEL
            assert "45.5" not in server.requests[1].said
            assert "naïve 😀: 45.5" in server.requests[2].said
            # Another conversation pauses again.
            assert len(await converse(client, "And in words?")) == 3

    asyncio.run(run())


def test_events_are_written_as_the_api_writes_them() -> None:
    async def raw(manners: Manners, request: dict[str, JsonValue]) -> tuple[aiohttp.ClientResponse, str]:
        async with ClaudeServer(librarian, manners) as server, aiohttp.ClientSession() as session:
            headers = {"x-api-key": "test", "anthropic-version": "2023-06-01"}
            async with session.post(
                f"{server.url}/v1/messages?beta=true", json=request, headers=headers
            ) as answer:
                return answer, await answer.text()

    thinking: JsonValue = {"type": "adaptive", "display": "summarized"}
    request = body(stream=True, thinking=thinking, tools=[TOOL])
    answer, written = asyncio.run(raw(Manners(thinking=True), request))
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["transfer-encoding"] == "chunked"
    assert answer.headers["request-id"] == "req_000000000000000000000000"
    assert answer.headers["anthropic-ratelimit-input-tokens-remaining"] == "2999999"
    assert written.endswith("\n\n")
    events: list[dict[str, JsonValue]] = []
    for frame in written.removesuffix("\n\n").split("\n\n"):
        name, data = frame.split("\n")
        events.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {events[-1]['type']}"
    assert [event["type"] for event in events if event["type"] != "content_block_delta"] == [
        "message_start",
        "ping",
        "content_block_start",
        "content_block_stop",
        "content_block_start",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
    kinds = [delta["type"] for delta in deltas if isinstance(delta, dict)]
    assert list(dict.fromkeys(kinds)) == ["thinking_delta", "signature_delta", "input_json_delta"]
    assert events[-2]["delta"] == {"stop_reason": "tool_use", "stop_sequence": None, "stop_details": None}
    usage = events[-2]["usage"]
    assert isinstance(usage, dict) and isinstance(usage["output_tokens"], int) and usage["output_tokens"] > 1

    _, written = asyncio.run(raw(Manners(pings=True), request))
    frames = written.removesuffix("\n\n").split("\n\n")
    assert [frame.startswith("event: ping") for frame in frames] == [
        number % 2 == 1 for number in range(len(frames))
    ]


def test_odd_deltas_break_json_inside_its_escapes_and_between_surrogates() -> None:
    async def run() -> list[str]:
        async with (
            ClaudeServer(librarian, Manners(odd_deltas=True)) as server,
            client_of(server.url) as client,
        ):
            output: JsonValue = {"format": {"type": "json_schema", "schema": SCHEMA}}
            events = await streamed(client, output_config=output)
        return [
            event.delta.text
            for event in events
            if event.type == "content_block_delta" and event.delta.type == "text_delta"
        ]

    pieces = asyncio.run(run())
    written = "".join(pieces)
    assert json.loads(written) == ANSWER
    cuts = set(accumulate(map(len, pieces)))
    high, quote = written.index("\\ud83d"), written.index('\\"')
    assert {high + 1, high + 4, high + 6} <= cuts  # after the backslash, among the digits, between the surrogates
    assert quote + 1 in cuts


def test_a_paused_reply_goes_on_only_from_what_was_said() -> None:
    async def run() -> None:
        async with (
            ClaudeServer(librarian, Manners(pause_turn=True)) as server,
            client_of(server.url) as client,
        ):
            start = await post(client, body())
            assert start.stop_reason == "pause_turn"
            said: JsonValue = {"role": "assistant", "content": text_of(start)}
            question: JsonValue = {"role": "user", "content": "What is the share?"}
            for _ in range(2):  # a try that was lost may be repeated
                rest = await post(client, body(messages=[question, said]))
                assert (rest.stop_reason, json.loads(text_of(rest))) == ("end_turn", ANSWER)
            # The same question again is the same conversation: it does not pause twice.
            assert (await post(client, body())).stop_reason == "end_turn"

    asyncio.run(run())


def test_a_reply_is_sent_as_the_brain_gave_it() -> None:
    async def brain(request: dict[str, JsonValue]) -> Reply:
        blocks = [Thinking("Hm."), Text("So.")]
        return Reply(blocks, "something_new", Usage(11, 22, cache_read=33, cache_write=44))

    async def run() -> None:
        async with ClaudeServer(brain, Manners(thinking=True)) as server, client_of(server.url) as client:
            message = await post(client, body(thinking={"type": "adaptive", "display": "summarized"}))
            assert [block.type for block in message.content] == ["thinking", "text"]
            assert message.stop_reason == "something_new"
            events = await streamed(client)
            assert events[0].type == "message_start" and events[0].message.usage.output_tokens == 1
            usage = events[-2].usage if events[-2].type == "message_delta" else None
            assert usage is not None
            counted = (usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens)
            assert (*counted, usage.cache_creation_input_tokens) == (11, 22, 33, 44)

    asyncio.run(run())


def test_thinking_is_shown_only_when_asked_for_and_not_at_all_when_off() -> None:
    async def run() -> None:
        async with ClaudeServer(librarian, Manners(thinking=True)) as server, client_of(server.url) as client:
            hidden = (await post(client, body())).content[0]
            assert hidden.type == "thinking" and hidden.thinking == "" and hidden.signature
            off = await post(client, body(model="claude-haiku-5-5", thinking={"type": "disabled"}))
            assert [block.type for block in off.content] == ["text"]

    asyncio.run(run())


def test_an_error_in_the_brain_is_answered_and_fails_the_test() -> None:
    async def brain(request: dict[str, JsonValue]) -> Reply:
        raise AssertionError("the brain expected something else")

    async def run() -> None:
        async with server, client_of(server.url) as client:
            with pytest.raises(anthropic.InternalServerError, match="the brain failed"):
                await post(client, body())

    server = ClaudeServer(brain)
    with pytest.raises(AssertionError, match="expected something else"):
        asyncio.run(run())
    assert (server.requests[0].state, server.requests[0].status) == ("faulted", 500)


PROGRAM = """
import http.client, os, urllib.parse
place = urllib.parse.urlparse(os.environ["ANTHROPIC_BASE_URL"])
connection = http.client.HTTPConnection(place.hostname, place.port)
headers = {"x-api-key": os.environ["ANTHROPIC_API_KEY"], "anthropic-version": "2026-10-21"}
headers["content-type"] = "application/json"
connection.request("POST", "/v1/messages", os.environ["BODY"], headers)
print(connection.getresponse().read().decode())
"""


def test_a_subprocess_is_served_from_a_thread() -> None:
    release = asyncio.Event()
    manners = Manners(cues=(Cue(Stall(release, at=-1), 0),))
    with ThreadedClaudeServer(librarian, manners) as server:
        environment = {
            "ANTHROPIC_BASE_URL": server.url,
            "ANTHROPIC_API_KEY": "test",
            "BODY": json.dumps(body(stream=True)),
        }
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True
        ) as program:
            server.until(lambda requests: len(requests) == 1)
            assert program.poll() is None
            server.release(release)
            written, _ = program.communicate(timeout=20)
        assert written.count("event: message_stop") == 1
        server.until(lambda requests: requests[0].state == "answered")
        assert not server.rejected

        # A program that is killed in the midst of a reply.
    with ThreadedClaudeServer(librarian, Manners(cues=(Cue(Stall(asyncio.Event()), 0),))) as server:
        environment["ANTHROPIC_BASE_URL"] = server.url
        with subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment) as program:
            server.until(lambda requests: len(requests) == 1)
            program.kill()
        server.until(lambda requests: requests[0].state == "abandoned")
    with pytest.raises(TimeoutError), ThreadedClaudeServer(librarian) as server:
        server.until(lambda requests: len(requests) == 1, timeout=0.05)


def test_a_brain_that_fails_in_a_thread_fails_the_test() -> None:
    async def brain(request: dict[str, JsonValue]) -> Reply:
        raise AssertionError("the brain expected something else")

    async def ask(url: str) -> None:
        async with client_of(url) as client:
            await post(client, body())

    with (
        pytest.raises(AssertionError, match="expected something else"),
        ThreadedClaudeServer(brain) as server,
        pytest.raises(anthropic.InternalServerError, match="the brain failed"),
    ):
        asyncio.run(ask(server.url))
