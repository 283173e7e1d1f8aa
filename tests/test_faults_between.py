"""Faults in the middle of a conversation, at the very end of a reply, and before a server is there."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import anthropic
import httpx2
import pytest

from agents.attempt import attempt
from agents.budget import RESEARCH
from agents.calls.call_errors import LONGEST_RETRY_AFTER_S, CallError, classify, retry_after
from agents.calls.conversation import Conversation
from agents.models import family
from agents.spec import AttemptLimits, Outcome
from sessions.events import AnyEvent, Limits, ToolCalled, TryFailed, TurnFinished, Usage
from sessions.failures import FailureKind
from tests.desks import Seat, seat, spec
from tests.fault_server import CLAIM, GOOD, PARTIAL, SECRET, STREAM, Answer, Do, FaultServer, error
from tests.fault_server.server import closed_port
from tests.fault_server.wire import ANSWER, DONE, END, begin, event, reason, sse, text, tool
from tests.running import LONGEST_S

CALLS = (STREAM + begin() + tool('{"query": "musicians"}') + reason("tool_use") + DONE,)
WHOLE = STREAM + begin() + text(ANSWER) + reason("end_turn") + event("message_stop")
PARKED = error(429, "rate_limit_error", retry_after="300")


def _run(place: Path, *answers: Answer, stall_s: float = 20) -> tuple[Outcome, Seat, FaultServer]:
    async def main() -> tuple[Outcome, Seat, FaultServer]:
        async with FaultServer(*answers) as server, seat(server.url, place) as at:
            return await attempt(spec(limits=AttemptLimits(stall_s=stall_s)), at.desk), at, server

    return asyncio.run(main())


@pytest.mark.parametrize("fault", [(PARTIAL,), (PARTIAL + END,), error(529, "overloaded_error")])
def test_a_turn_that_breaks_is_done_again_and_those_before_it_are_not(tmp_path: Path, fault: Answer) -> None:
    outcome, at, server = _run(tmp_path, CALLS, fault, GOOD)
    assert outcome.fault is None
    assert (len(server.requests), len(at.of(ToolCalled)), len(at.of(TryFailed))) == (3, 1, 1)
    assert server.requests[1]["messages"] == server.requests[2]["messages"]


@pytest.mark.parametrize("worse", [(STREAM,), error(500, "api_error")])
def test_what_streamed_before_is_saved_although_later_tries_say_nothing(tmp_path: Path, worse: Answer) -> None:
    outcome, _, _ = _run(tmp_path, (PARTIAL,), worse)
    assert outcome.fault is not None
    assert CLAIM in json.dumps(outcome.reply)


def test_what_streamed_before_is_kept_once_and_is_no_part_of_a_try_that_says_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        refused = error(500, "api_error")
        async with FaultServer((PARTIAL,), refused) as server, seat(server.url, tmp_path) as at:
            talk = Conversation(spec(), at.desk)
            with pytest.raises(CallError):
                await talk.hold()
            assert talk.reader.last_text == ""
            assert CLAIM in json.dumps(talk.saved())

    asyncio.run(main())


def test_what_broke_off_was_paid_for_and_is_counted(tmp_path: Path) -> None:
    outcome, at, _ = _run(tmp_path, (PARTIAL,), GOOD)
    assert [turn.stop_reason for turn in at.of(TurnFinished)] == ["broken off", "end_turn"]
    assert (outcome.usage.input_tokens, outcome.usage.turns) == (20, 2)


@pytest.mark.parametrize(
    "usage", [{}, {"input_tokens": None, "output_tokens": None}, {"input_tokens": -5, "output_tokens": -2}]
)
def test_tokens_that_are_not_told_are_not_counted(tmp_path: Path, usage: dict[str, int | None]) -> None:
    start = event("message_start", message={"role": "assistant", "content": [], "usage": usage})
    said = STREAM + start + text(ANSWER)
    outcome, _, server = _run(tmp_path, (said + END,), (said + reason("end_turn") + DONE,))
    assert outcome.fault is None
    assert (outcome.usage.input_tokens, outcome.usage.output_tokens, len(server.requests)) == (0, 7, 2)


@pytest.mark.parametrize("tail", [(), (Do.RESET,), (Do.HOLD,), (sse("x", "{oops") + END,)], ids=str)
def test_a_reply_that_came_whole_stands_whatever_comes_after_it(tmp_path: Path, tail: Answer) -> None:
    outcome, _, server = _run(tmp_path, (WHOLE, *tail), stall_s=LONGEST_S)
    assert outcome.fault is None
    assert len(server.requests) == 1
    assert outcome.seconds < LONGEST_S


def test_a_tool_runs_after_a_whole_reply_whose_response_never_ends(tmp_path: Path) -> None:
    outcome, at, server = _run(tmp_path, (CALLS[0].removesuffix(END), Do.HOLD), GOOD, stall_s=LONGEST_S)
    assert outcome.fault is None
    assert (len(server.requests), len(at.of(ToolCalled))) == (2, 1)
    assert outcome.seconds < LONGEST_S


def _at_the_first_failed_try(at: Seat, do: Callable[[], Awaitable[None]]) -> list[asyncio.Task[None]]:
    """Does something as soon as a try has failed."""
    begun: list[asyncio.Task[None]] = []
    record = at.desk.record

    def watch(happened: AnyEvent) -> None:
        record(happened)
        if isinstance(happened, TryFailed) and not begun:
            begun.append(asyncio.ensure_future(do()))

    at.desk.record = watch
    return begun


def test_a_server_that_comes_up_is_found(tmp_path: Path) -> None:
    async def main() -> Outcome:
        server = FaultServer(GOOD, port=closed_port())

        async def come_up() -> None:
            await server.__aenter__()

        async with seat(server.url, tmp_path) as at:
            begun = _at_the_first_failed_try(at, come_up)
            outcome = await attempt(spec(), at.desk)
        assert len(begun) == 1
        await server.__aexit__(None, None, None)
        return outcome

    assert asyncio.run(main()).fault is None


def test_a_wait_beyond_two_minutes_keeps_the_attempt_alive_until_a_person_opens_the_gate(tmp_path: Path) -> None:
    async def main() -> tuple[Outcome, Seat]:
        async with FaultServer(PARKED, GOOD) as server, seat(server.url, tmp_path) as at:

            async def open_the_gate() -> None:
                await asyncio.sleep(0)
                assert len(server.requests) == 1
                at.desk.limiter.open(family(spec().model))

            _at_the_first_failed_try(at, open_the_gate)
            async with asyncio.timeout(10):
                return await attempt(spec(), at.desk), at

    outcome, at = asyncio.run(main())
    assert outcome.fault is None
    assert [(held.wait_s, held.failure.retry_after_s) for held in at.of(TryFailed)] == [(300, 300)]


def test_nobody_waits_for_room_that_a_try_which_failed_might_leave(tmp_path: Path) -> None:
    def told(why: FailureKind | None, wait_s: float, known: bool) -> None:
        raise AssertionError("it waits for a call that is over")

    async def main() -> None:
        async with FaultServer(PARKED, GOOD) as server, seat(server.url, tmp_path) as at:
            budget = at.desk.budget

            async def another_asks() -> None:
                budget.add(Usage(turns=1, output_tokens=Limits().max_tokens))
                try:
                    with budget.account(RESEARCH) as account, pytest.raises(CallError):
                        await budget.claim(account, Usage(turns=1), Usage(turns=1), told)
                finally:
                    at.desk.limiter.open(family(spec().model))

            begun = _at_the_first_failed_try(at, another_asks)
            await attempt(spec(), at.desk)
            await begun[0]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("0", 0), ("7", 7), ("0.5", 0.5), ("-1", None), ("nan", None), ("", None), ("soon", None), ("1e9", 604_800)],
)
def test_a_retry_after_is_read_as_seconds(said: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": said}) == seconds
    assert retry_after({}) is None


def test_a_retry_after_is_read_as_a_date_and_never_longer_than_a_week() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55 < (retry_after({"retry-after": soon}) or 0) <= 60
    assert retry_after({"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}) == LONGEST_RETRY_AFTER_S
    assert retry_after({"retry-after": "Fri, 01 Jan 2100 00:00:00 -0000"}) is None


def test_a_server_that_cannot_be_connected_to_in_time_is_offline() -> None:
    error = anthropic.APITimeoutError(httpx2.Request("POST", "http://a.invalid"))
    error.__cause__ = httpx2.ConnectTimeout("slow")
    assert classify(error).kind is FailureKind.OFFLINE
    error.__cause__ = httpx2.ReadTimeout("slow")
    assert classify(error).kind is FailureKind.TIMEOUT


def test_a_message_is_one_line_of_bearable_length_without_a_secret_even_where_it_is_cut() -> None:
    message = str(CallError(FailureKind.UNKNOWN, "x" * 490 + f" {SECRET}\n" + "y" * 9_000))
    assert "sk-" not in message
    assert (len(message), len(message.splitlines())) == (500, 1)
