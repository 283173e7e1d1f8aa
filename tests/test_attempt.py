"""One attempt against a server that is strict as the API is: real HTTP, real streams, every way to break."""

import asyncio
import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.attempt import attempt
from agents.spec import AttemptLimits, Outcome
from sessions.events import BlockFinished, Limits, ToolCalled, ToolReturned, TryFailed, TurnFinished
from tests.claude_server import (
    FULL_MANNERS,
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
)
from tests.desks import TEXT, Seat, seat, spec

FOUND: dict[str, JsonValue] = {
    "findings": [
        {
            "claim": "45% of musicians used AI tools in 2024.",
            "quotes": [{"source": "tools.md", "text": "In 2024, 45% of musicians used AI tools."}],
        }
    ]
}


def _turns(request: dict[str, JsonValue]) -> int:
    """How many tool results the conversation holds."""
    messages = request["messages"]
    assert isinstance(messages, list)
    return json.dumps(messages).count('"tool_result"')


async def researcher(request: dict[str, JsonValue]) -> Reply:
    """Searches once, then answers with one finding."""
    if _turns(request) == 0:
        return Reply((ToolUse("search_documents", {"query": "musicians AI"}),), "tool_use")
    return Reply((Text(json.dumps(FOUND)),))


def _run(place: Path, manners: Manners, **changes: object) -> tuple[Outcome, Seat, ClaudeServer]:
    async def main() -> tuple[Outcome, Seat, ClaudeServer]:
        async with ClaudeServer(researcher, manners) as server, seat(server.url, place) as at:
            return await attempt(spec(**changes), at.desk), at, server

    return asyncio.run(main())


def test_a_conversation_with_every_habit_of_the_api(tmp_path: Path) -> None:
    outcome, at, server = _run(tmp_path, FULL_MANNERS)
    assert outcome.fault is None
    assert isinstance(outcome.reply, dict)
    assert [request.status for request in server.requests] == [200, 200, 200]
    assert [turn.stop_reason for turn in at.of(TurnFinished)] == ["pause_turn", "tool_use", "end_turn"]
    assert outcome.usage.turns == 3
    (called,), (returned,) = at.of(ToolCalled), at.of(ToolReturned)
    assert called.call == returned.call != ""
    assert [segment.text in TEXT for segment in outcome.segments] == [True]
    assert at.desk.evidence.get(outcome.segments[0].source_sha256) == TEXT
    # The pane shows the claim as it grows, never raw JSON; the finished block is what was shown.
    last = at.of(BlockFinished)[-1]
    assert last.text == "45% of musicians used AI tools in 2024."
    shown = ""
    for piece in at.shown:
        if (piece.turn, piece.block) == (last.turn, last.block):
            assert piece.offset <= len(shown)
            shown = shown[: piece.offset] + piece.text
    assert shown == last.text


BEFORE = "before the stream"
FAULTS: list[tuple[str, Act, str, int]] = [
    # what happens at every request, the kind of failure, and how many requests a turn may make for it
    ("400", HttpFault(400), "invalid_request", 1),
    ("400 too long", HttpFault(400, message="prompt is too long: 300000 tokens"), "context_overflow", 1),
    ("413", HttpFault(413), "context_overflow", 1),
    ("402", HttpFault(402), "billing", 1),
    ("429 spend", HttpFault(429, error_code="enforced_spend_limit_reached"), "billing", 1),
    ("401", HttpFault(401), "auth", 1),
    ("403", HttpFault(403), "permission", 1),
    ("404", HttpFault(404), "not_found", 1),
    ("408", HttpFault(408), "api_error", 4),
    ("409", HttpFault(409), "api_error", 4),
    ("429", HttpFault(429), "rate_limited", 4),
    ("429 short", HttpFault(429, headers={"retry-after": "0.01"}), "rate_limited", 4),
    ("429 an hour", HttpFault(429, headers={"retry-after": "3600"}), "rate_limited", 1),
    ("429 for ever", HttpFault(429, headers={"retry-after": "inf"}), "rate_limited", 1),
    ("429 nonsense", HttpFault(429, headers={"retry-after": "nan"}), "rate_limited", 4),
    ("429 negative", HttpFault(429, headers={"retry-after": "-5"}), "rate_limited", 4),
    ("500", HttpFault(500), "api_error", 4),
    (
        "502 html",
        HttpFault(502, headers={"content-type": "text/html"}, body="<h1>Bad gateway</h1>"),
        "api_error",
        4,
    ),
    ("529", HttpFault(529), "overloaded", 4),
    ("overloaded event", ErrorEvent(), "overloaded", 4),
    ("drop", Drop(), "stream_dropped", 3),
    ("clean end", CleanEnd(), "truncated", 3),
    ("bad json", Garble(b"event: content_block_delta\ndata: {broken\n\n"), "protocol", 3),
    ("bad utf-8", Garble(b"event: content_block_delta\ndata: \xff\xfe\n\n"), "protocol", 3),
    ("html 200", HttpFault(200, headers={"content-type": "text/html"}, body="<p>login</p>"), "protocol", 2),
    ("refusal", Refuse(), "refused", 1),
    ("max tokens", MaxTokens(), "truncated", 2),
]


@pytest.mark.parametrize(("act", "kind", "requests"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_each_fault_ends_in_its_kind_after_its_number_of_requests(
    tmp_path: Path, act: Act, kind: str, requests: int
) -> None:
    manners = Manners(cues=(Cue(act, lambda _: True, times=None),))
    outcome, at, server = _run(tmp_path, manners)
    assert outcome.fault is not None
    assert outcome.fault.kind == kind
    assert len(server.requests) == requests
    assert outcome.segments == (), "a reply that was not whole ran its tools"
    assert len(at.of(TryFailed)) == (0 if kind == "truncated" and requests == 2 else requests - 1)


@pytest.mark.parametrize("act", [HttpFault(529), HttpFault(429), Drop(), CleanEnd(), ErrorEvent()])
@pytest.mark.parametrize("at_request", [0, 1])
def test_a_fault_that_passes_is_survived_and_no_turn_is_done_twice(
    tmp_path: Path, act: Act, at_request: int
) -> None:
    outcome, at, server = _run(tmp_path, Manners(thinking=True, cues=(Cue(act, at_request),)))
    assert outcome.fault is None
    assert len(server.requests) == 3
    assert len(at.of(ToolCalled)) == 1
    assert server.rejected == []


def test_a_stream_that_falls_silent_is_given_up(tmp_path: Path) -> None:
    async def main() -> Outcome:
        silence = Stall(asyncio.Event(), ping_every=0.02)
        manners = Manners(cues=(Cue(silence, lambda _: True, times=None),))
        async with ClaudeServer(researcher, manners) as server, seat(server.url, tmp_path) as at:
            limits = AttemptLimits(stall_s=0.2)
            outcome = await attempt(spec(limits=limits), at.desk)
            assert len(server.requests) == 3
            silence.release.set()
            return outcome

    outcome = asyncio.run(main())
    assert outcome.fault is not None
    assert (outcome.fault.kind, outcome.fault.retryable) == ("timeout", True)


def test_the_deadline_ends_an_attempt_for_good(tmp_path: Path) -> None:
    async def main() -> Outcome:
        silence = Stall(asyncio.Event())
        manners = Manners(cues=(Cue(silence, lambda _: True, times=None),))
        async with ClaudeServer(researcher, manners) as server, seat(server.url, tmp_path) as at:
            outcome = await attempt(spec(limits=AttemptLimits(deadline_s=0.2)), at.desk)
            assert len(server.requests) == 1
            silence.release.set()
            return outcome

    outcome = asyncio.run(main())
    assert outcome.fault is not None
    assert "deadline" in outcome.fault.message


def test_an_answer_that_does_not_fit_is_mended_once(tmp_path: Path) -> None:
    async def main(second: str) -> tuple[Outcome, int]:
        async def brain(request: dict[str, JsonValue]) -> Reply:
            mending = "does not fit" in json.dumps(request["messages"])
            return Reply((Text(second if mending else '{"findings": "none"}'),))

        async with ClaudeServer(brain, Manners(thinking=True)) as server, seat(server.url, tmp_path) as at:
            return await attempt(spec(), at.desk), len(server.requests)

    outcome, requests = asyncio.run(main('{"findings": []}'))
    assert (outcome.fault, requests) == (None, 2)
    outcome, requests = asyncio.run(main("not JSON at all"))
    assert outcome.fault is not None
    assert (outcome.fault.kind, requests) == ("invalid_output", 2)


def test_the_last_turn_asks_for_the_answer(tmp_path: Path) -> None:
    async def endless(request: dict[str, JsonValue]) -> Reply:
        if request.get("tool_choice") == {"type": "none"}:
            return Reply((Text(json.dumps(FOUND)),))
        return Reply((ToolUse("search_documents", {"query": f"musicians {_turns(request)}"}),), "tool_use")

    async def main() -> tuple[Outcome, ClaudeServer]:
        async with ClaudeServer(endless, Manners(thinking=True)) as server, seat(server.url, tmp_path) as at:
            return await attempt(spec(limits=AttemptLimits(max_turns=3)), at.desk), server

    outcome, server = asyncio.run(main())
    assert outcome.fault is None
    assert len(server.requests) == 3
    assert server.rejected == []


def test_research_that_could_not_be_answered_any_more_is_not_begun(tmp_path: Path) -> None:
    async def main() -> tuple[Outcome, ClaudeServer]:
        async with ClaudeServer(researcher) as server, seat(server.url, tmp_path, Limits(max_turns=1)) as at:
            return await attempt(spec(), at.desk), server

    outcome, server = asyncio.run(main())
    assert outcome.fault is not None
    assert outcome.fault.kind == "budget_exceeded"
    assert "--max-turns" in outcome.fault.message
    assert len(server.requests) == 0


def test_findings_of_an_answer_that_was_cut_off_are_saved(tmp_path: Path) -> None:
    manners = Manners(cues=(Cue(MaxTokens(keep=170), lambda r: r.index > 0, times=None),))
    outcome, _, _ = _run(tmp_path, manners)
    assert outcome.fault is not None
    assert outcome.fault.kind == "truncated"
    assert isinstance(outcome.reply, dict)
    assert "45% of musicians" in json.dumps(outcome.reply)


def test_nothing_answers(tmp_path: Path) -> None:
    async def main() -> Outcome:
        async with seat("http://127.0.0.1:9", tmp_path) as at:
            return await attempt(spec(), at.desk)

    outcome = asyncio.run(main())
    assert outcome.fault is not None
    assert (outcome.fault.kind, outcome.fault.retryable) == ("offline", True)


def test_a_tool_that_fails_is_a_tool_error_and_never_an_empty_result(tmp_path: Path) -> None:
    async def brain(request: dict[str, JsonValue]) -> Reply:
        if _turns(request) == 0:
            calls = (
                ToolUse("read_document", {"path": "../../etc/passwd"}),
                ToolUse("read_document", {"page": 1}),
                ToolUse("spawn_agent", {"prompt": "more of me"}),
            )
            return Reply(calls, "tool_use")
        return Reply((Text(json.dumps(FOUND)),))

    async def main() -> tuple[Outcome, Seat, ClaudeServer]:
        async with ClaudeServer(brain) as server, seat(server.url, tmp_path) as at:
            return await attempt(spec(), at.desk), at, server

    outcome, at, server = asyncio.run(main())
    assert outcome.fault is None
    assert len(at.of(ToolReturned)) == 3
    assert all(returned.error and not returned.segments for returned in at.of(ToolReturned))
    assert json.dumps(server.requests[1].body).count('"is_error": true') == 3
    assert "root:" not in json.dumps(server.requests[1].body)
