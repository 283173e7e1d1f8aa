"""Every fault of a model call, byte by byte: what kind it is, how often it is tried, what is saved of it."""

import asyncio
import json
from pathlib import Path

import pytest

from agents.attempt import attempt
from agents.policy import POLICIES
from agents.spec import Outcome
from sessions.events import ToolCalled, TryFailed, TurnFinished
from sessions.failures import FailureKind
from tests.desks import Seat, seat, spec
from tests.fault_server import CLAIM, FAULTS, GOOD, SECRET, Answer, Fault, FaultServer

NEVER_ANSWERED = {FailureKind.CANCELLED, FailureKind.TOOL_ERROR}
"""What no answer of a server can bring about: a person's word, and a tool of ours."""

SURVIVED = [fault for fault in FAULTS if not fault.url]


async def _hold(place: Path, fault: Fault, *answers: Answer) -> tuple[Outcome, Seat, FaultServer]:
    async with FaultServer(*answers) as server:
        url = fault.url.replace("PORT", server.url.rpartition(":")[2]) or server.url
        async with seat(url, place) as at:
            return await attempt(spec(limits=fault.limits), at.desk), at, server


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_that_persists(tmp_path: Path, fault: Fault) -> None:
    outcome, at, server = asyncio.run(_hold(tmp_path, fault, fault.answer))
    assert outcome.fault is not None
    came = outcome.fault.kind, outcome.fault.http_status, outcome.fault.request_id, outcome.fault.retryable
    assert came == (fault.kind, fault.status, fault.request_id, fault.retryable), outcome.fault.message
    assert outcome.fault.message
    assert (len(at.of(TryFailed)) + 1 if fault.url else len(server.requests)) == fault.tries
    assert len(at.of(ToolCalled)) == fault.tools, "tools ran of a reply that was not whole"
    assert (CLAIM in json.dumps(outcome.reply)) is fault.partial
    assert SECRET not in outcome.model_dump_json() + "".join(event.model_dump_json() for event in at.events)


@pytest.mark.parametrize("fault", SURVIVED, ids=lambda fault: fault.name)
def test_a_fault_that_passes(tmp_path: Path, fault: Fault) -> None:
    outcome, at, server = asyncio.run(_hold(tmp_path, fault, fault.answer, GOOD))
    if fault.tries == 1:
        assert outcome.fault is not None
        assert (outcome.fault.kind, len(server.requests)) == (fault.kind, 1)
        return
    assert outcome.fault is None
    assert CLAIM in json.dumps(outcome.reply)
    assert len(server.requests) == 2
    assert at.of(TurnFinished)[-1].stop_reason == "end_turn"


def test_the_tries_between_say_what_failed_and_how_long_the_next_one_waits(tmp_path: Path) -> None:
    fault = next(fault for fault in FAULTS if fault.name == "429 a moment")
    _, at, _ = asyncio.run(_hold(tmp_path, fault, fault.answer))
    tries = at.of(TryFailed)
    assert [(event.failure.kind, event.failure.http_status) for event in tries] == [
        (FailureKind.RATE_LIMITED, 429)
    ] * 3
    # The last wait is one of up to 0.025 seconds, by chance, where that is longer than what the server asks for.
    assert [event.wait_s for event in tries[:2]] == [0.02] * 2
    assert 0.02 <= tries[2].wait_s <= 0.025


def test_prose_is_saved_as_nothing(tmp_path: Path) -> None:
    fault = next(fault for fault in FAULTS if fault.name == "prose for JSON")
    outcome, _, _ = asyncio.run(_hold(tmp_path, fault, fault.answer))
    assert outcome.reply is None


def test_every_kind_has_a_policy_and_a_fault_that_reaches_it() -> None:
    assert set(POLICIES) == set(FailureKind)
    assert {fault.kind for fault in FAULTS} | NEVER_ANSWERED == set(FailureKind)
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
