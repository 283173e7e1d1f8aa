"""The time that calls wait at the gate is counted, also of those to which no reply comes."""

import asyncio
from pathlib import Path

import pytest

from agents.attempt import attempt
from agents.calls.call_errors import CallError
from agents.calls.patience import Patience
from agents.models import family
from agents.spec import Outcome
from sessions.events import AttemptFailed, TurnFinished, TurnHeld
from sessions.failures import Failure, FailureKind
from sessions.stats import stats
from tests.claude_server import ClaudeServer, Cue, HttpFault, Manners
from tests.desks import Seat, seat, spec
from tests.screen_runs import Told, created
from tests.test_attempt import researcher

HELD_S = 0.5
COUNTED_S = 0.01
"""More than the way through an open gate takes."""


def held(place: Path, fault: HttpFault, times: int | None) -> tuple[Outcome, Seat]:
    """An attempt whose first call waits at a gate that another call's 429 has shut, and then fails."""

    async def main() -> tuple[Outcome, Seat]:
        manners = Manners(cues=(Cue(fault, lambda request: True, times),))
        async with ClaudeServer(researcher, manners) as server, seat(server.url, place) as at:
            with pytest.raises(CallError):
                async with at.desk.limiter.call(family(spec().model), lambda why, wait_s, known: None):
                    raise CallError(FailureKind.RATE_LIMITED, "Slow down.", http_status=429, wait_s=HELD_S)
            return await attempt(spec(), at.desk), at

    return asyncio.run(main())


def test_what_a_failed_try_waited_is_told_with_the_reply_that_came_then(tmp_path: Path) -> None:
    outcome, at = held(tmp_path, HttpFault(500), times=1)
    first, second = at.of(TurnFinished)
    assert first.held_s > COUNTED_S > second.held_s
    assert outcome.held_s == 0.0


def test_what_calls_without_any_reply_waited_is_told_with_the_failure(tmp_path: Path) -> None:
    outcome, at = held(tmp_path, HttpFault(400, message="bad"), times=None)
    assert at.of(TurnFinished) == []
    assert outcome.fault is not None
    assert outcome.held_s > COUNTED_S


def test_a_wait_for_a_place_does_not_hide_that_another_call_is_told_to_wait(tmp_path: Path) -> None:
    async def main() -> list[TurnHeld]:
        async with ClaudeServer(researcher, Manners()) as server, seat(server.url, tmp_path) as at:
            told = Patience(spec(), at.desk).told(1)
            told(None, 30.0, False)
            told(FailureKind.RATE_LIMITED, 5.0, True)
            return at.of(TurnHeld)

    assert [event.why for event in asyncio.run(main())] == [None, FailureKind.RATE_LIMITED]


def test_the_statistics_count_it() -> None:
    told = Told()
    failure = Failure(kind=FailureKind.INVALID_REQUEST, message="bad", spoke="film", attempt=1, held_s=1.5)
    told(0.0, created())
    told(4.0, AttemptFailed(spoke="film", attempt=1, failure=failure))
    assert stats(told.events).held_s == 1.5
    # What did not wait says nothing of it.
    assert "held_s" not in failure.model_copy(update={"held_s": 0.0}).model_dump_json()
