"""The faults, holds and cuts of the Claude-shaped server, as the SDK's client sees them."""

import asyncio
import json
from itertools import takewhile

import aiohttp
import anthropic
import httpx2
import pytest
from pydantic import JsonValue

from tests.claude_server import (
    Act,
    ClaudeServer,
    CleanEnd,
    Cue,
    Drop,
    ErrorEvent,
    Garble,
    HttpFault,
    Manners,
    MaxTokens,
    Refuse,
    Reply,
    Stall,
    Text,
    ToolUse,
    barrier,
)
from tests.claude_server.examples import ANSWER, TOOL, body, client_of, librarian, post, streamed, text_of


def first(act: Act) -> Manners:
    """Does it to the first request only."""
    return Manners(cues=(Cue(act, 0),))


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (HttpFault(401), "authentication_error", None),
        (
            HttpFault(402, error_code="enforced_spend_limit_reached"),
            "billing_error",
            "enforced_spend_limit_reached",
        ),
        (HttpFault(403), "permission_error", None),
        (HttpFault(429, {"retry-after": "7"}), "rate_limit_error", None),
        (HttpFault(429, error_code="ramp_limit_exceeded"), "rate_limit_error", "ramp_limit_exceeded"),
        (HttpFault(500), "api_error", None),
        (HttpFault(529), "overloaded_error", None),
    ],
)
def test_a_status_is_answered_with_the_api_s_error(fault: HttpFault, kind: str, code: str | None) -> None:
    async def run() -> None:
        async with ClaudeServer(librarian, first(fault)) as server, client_of(server.url) as client:
            with pytest.raises(anthropic.APIStatusError) as caught:
                await streamed(client)
            error = caught.value
            assert (error.status_code, error.type, error.error_code) == (fault.status, kind, code)
            assert error.response.headers.get("retry-after") == fault.headers.get("retry-after")
            assert error.request_id == server.requests[0].request_id
            assert server.requests[0].state == "faulted"
            assert await streamed(client)  # only the first was meant

    asyncio.run(run())


def test_a_proxy_s_page_comes_as_it_is() -> None:
    async def run(fault: HttpFault) -> None:
        async with ClaudeServer(librarian, first(fault)) as server, client_of(server.url) as client:
            await streamed(client)

    page = "<html><h1>502 Bad Gateway</h1></html>"
    with pytest.raises(anthropic.InternalServerError, match="Bad Gateway") as caught:
        asyncio.run(run(HttpFault(502, body=page)))
    assert caught.value.response.headers["content-type"] == "text/html"


def test_cues_pick_requests_by_index_or_by_what_they_are_and_so_many_times() -> None:
    async def run() -> None:
        haiku = Cue(HttpFault(529), lambda request: "haiku" in request.model, times=2)
        always = Cue(HttpFault(500), lambda request: "weather" in request.said, times=None)
        manners = Manners(cues=(Cue(HttpFault(503), 1), haiku, always))

        async with ClaudeServer(librarian, manners) as server, client_of(server.url) as client:

            async def status(**changes: JsonValue) -> int:
                try:
                    await post(client, body(**changes))
                except anthropic.APIStatusError as error:
                    return error.status_code
                return 200

            assert [await status() for _ in range(3)] == [200, 503, 200]
            assert [await status(model="claude-haiku-5-5") for _ in range(3)] == [529, 529, 200]
            assert [await status(system="Talk about the weather.") for _ in range(3)] == [500] * 3

    asyncio.run(run())


def test_a_refusal_has_its_category_and_calls_no_tool() -> None:
    async def brain(request: dict[str, JsonValue]) -> Reply:
        return Reply([Text("I will look."), ToolUse("look_up", {"word": "a"})])

    async def run() -> None:
        manners = Manners(cues=(Cue(Refuse("bio"), 0), Cue(Refuse("cyber", keep=6), 1)))
        async with ClaudeServer(brain, manners) as server, client_of(server.url) as client:
            assert [event.type for event in await streamed(client)] == [
                "message_start",
                "message_delta",
                "message_stop",
            ]
            message = await post(client, body(tools=[TOOL]))
            assert message.stop_reason == "refusal"
            assert message.stop_details is not None and message.stop_details.category == "cyber"
            assert (text_of(message), len(message.content)) == ("I will", 1)

    asyncio.run(run())


def test_max_tokens_cuts_json_and_tool_input_in_their_midst() -> None:
    async def run() -> None:
        manners = Manners(cues=(Cue(MaxTokens(keep=9), 0), Cue(MaxTokens(keep=9), 1)))
        async with ClaudeServer(librarian, manners) as server, client_of(server.url) as client:
            texts_and_calls: list[dict[str, JsonValue]] = [{}, {"tools": [TOOL]}]
            for changes in texts_and_calls:
                written, reason = "", None
                for event in await streamed(client, **changes):
                    if event.type == "content_block_delta":
                        delta = event.delta
                        written += delta.partial_json if delta.type == "input_json_delta" else ""
                        written += delta.text if delta.type == "text_delta" else ""
                    elif event.type == "message_delta":
                        reason = event.delta.stop_reason
                assert (len(written), written[0], reason) == (9, "{", "max_tokens")
                with pytest.raises(json.JSONDecodeError):
                    json.loads(written)

    asyncio.run(run())


async def until_it_breaks(url: str) -> tuple[list[str], BaseException | None]:
    """The types of the events that came, and what ended them."""
    types: list[str] = []
    async with client_of(url) as client:
        try:
            stream = await client.post(
                "/v1/messages",
                cast_to=object,
                body=body(stream=True),
                stream=True,
                stream_cls=anthropic.AsyncStream[anthropic.types.RawMessageStreamEvent],
            )
            async for event in stream:
                types.append(event.type)
        except (anthropic.APIError, httpx2.HTTPError, ValueError) as error:
            return types, error
    return types, None


@pytest.mark.parametrize(
    ("act", "count", "error"),
    [
        (Drop(0), 0, httpx2.HTTPError),
        (Drop(3), 3, httpx2.HTTPError),
        (Drop(-1), 5, httpx2.HTTPError),
        (CleanEnd(-1), 5, None),
        (CleanEnd(-2), 4, None),
        (CleanEnd(3), 3, None),
        (ErrorEvent(2), 2, anthropic.APIStatusError),
        (Garble(b"event: content_block_delta\ndata: {oops\n\n", 2), 2, json.JSONDecodeError),
        (Garble(b'event: content_block_delta\ndata: "\xff"\n\n', 2), 2, UnicodeDecodeError),
    ],
)
def test_a_stream_breaks_where_the_script_says(act: Act, count: int, error: type[BaseException] | None) -> None:
    async def run() -> None:
        short = Reply([Text("Yes.")])

        async def brain(request: dict[str, JsonValue]) -> Reply:
            return short

        async with ClaudeServer(brain, first(act)) as server:
            types, caught = await until_it_breaks(server.url)
            whole = ["message_start", "content_block_start", "content_block_delta", "content_block_stop"]
            whole += ["message_delta", "message_stop"]
            assert types == whole[:count]
            assert type(caught) is type(None) if error is None else isinstance(caught, error)
            if isinstance(caught, anthropic.APIStatusError):
                assert (caught.status_code, caught.type) == (200, "overloaded_error")
            if not isinstance(act, Garble):
                assert server.requests[0].state == "cut"
            assert await until_it_breaks(server.url) == (whole, None)

    asyncio.run(run())


def test_a_brain_can_break_its_own_reply() -> None:
    async def brain(request: dict[str, JsonValue]) -> Reply:
        return Reply([Text("Yes.")], acts=(CleanEnd(-1),))

    async def run() -> None:
        async with ClaudeServer(brain) as server:
            types, caught = await until_it_breaks(server.url)
            assert (types[-1], caught) == ("message_delta", None)

    asyncio.run(run())


def test_a_stalled_stream_waits_for_its_release() -> None:
    async def run() -> None:
        release = asyncio.Event()
        async with ClaudeServer(librarian, first(Stall(release, at=2))) as server, client_of(server.url) as client:
            stalled = asyncio.create_task(streamed(client))
            await server.until(lambda requests: len(requests) == 1)
            assert text_of(await post(client, body()))  # others are answered meanwhile
            assert (stalled.done(), server.requests[0].state) == (False, "open")
            release.set()
            assert (await stalled)[-1].type == "message_stop"
            assert server.requests[0].state == "answered"

    asyncio.run(run())


def test_a_stalled_stream_can_send_pings_and_nothing_else() -> None:
    async def run() -> None:
        release = asyncio.Event()
        manners = first(Stall(release, at=2, ping_every=0.01))
        headers = {"x-api-key": "test", "anthropic-version": "2026-10-21"}
        names: list[str] = []
        async with (
            ClaudeServer(librarian, manners) as server,
            aiohttp.ClientSession(server.url, headers=headers) as session,
            session.post("/v1/messages", json=body(stream=True)) as answer,
        ):
            async for line in answer.content:
                if line.startswith(b"event: "):
                    names.append(line.decode().removeprefix("event: ").strip())
                if names.count("ping") == 5:
                    release.set()
        assert names[:3] == ["message_start", "ping", "content_block_start"]
        pings = list(takewhile(lambda name: name == "ping", names[3:]))
        assert len(pings) >= 4
        assert "ping" not in names[3 + len(pings) :]
        assert names[-1] == "message_stop"

    asyncio.run(run())


def test_a_client_that_goes_away_is_noticed() -> None:
    async def run() -> None:
        async with (
            ClaudeServer(librarian, first(Stall(asyncio.Event()))) as server,
            client_of(server.url) as client,
        ):
            stalled = asyncio.create_task(streamed(client))
            await server.until(lambda requests: len(requests) == 1)
            stalled.cancel()
            await server.until(lambda requests: requests[0].state == "abandoned")
            assert server.requests[0].ended is not None

    asyncio.run(run())


def test_a_server_ends_although_something_waits() -> None:
    async def run() -> None:
        async with ClaudeServer(librarian, Manners(cues=(barrier(2, lambda _: True),))) as server:
            asking = asyncio.create_task(until_it_breaks(server.url))
            await server.until(lambda requests: len(requests) == 1)
        types, caught = await asking
        assert types == [] and isinstance(caught, anthropic.APIConnectionError)

    asyncio.run(run())


def test_a_barrier_answers_none_until_all_have_arrived() -> None:
    async def run() -> None:
        arrived: list[int] = []

        async def brain(request: dict[str, JsonValue]) -> Reply:
            arrived.append(len(server.requests))
            return await librarian(request)

        spokes = barrier(5, lambda request: "sonnet" in request.model)
        async with ClaudeServer(brain, Manners(cues=(spokes,))) as server, client_of(server.url) as client:
            four = [asyncio.create_task(post(client, body())) for _ in range(4)]
            await server.until(lambda requests: len(requests) == 4)
            await post(client, body(model="claude-haiku-5-5"))  # not one of them
            assert not any(task.done() for task in four)
            messages = await asyncio.gather(*four, post(client, body()))
            assert arrived == [5, 6, 6, 6, 6, 6]
            assert [json.loads(text_of(message)) for message in messages] == [ANSWER] * 5
            await post(client, body())  # a sixth does not wait

    asyncio.run(run())
