"""A run that waits for its turn says so in its pane: since when, behind whom, and what stops it."""

import asyncio
from pathlib import Path

import pytest
from anthropic import AsyncAnthropic

from agents.neighbours import Neighbours
from agents.run_queue import RunTicket
from sessions.events import AnyEvent, Noticed, RunQueued
from tests.dashboards import screen_text, told, until
from tests.dashboards import stopped_clock as stopped_clock
from tests.screen_runs import RUN, begun
from tests.scripted_port import Scene

AHEAD = ("20261121-0501-aaaa", "20261121-0502-bbbb", "20261121-0503-cccc")


def test_the_pane_says_behind_whom_it_waits_and_what_stops_it(stopped_clock: None) -> None:
    run = begun()
    run(1.0, RunQueued(live=2, before=1, ahead=AHEAD))

    async def main() -> None:
        async with told(Scene(RUN, tuple(run.events), (), 73.0), (80, 24)) as (app, pilot):
            await until(pilot, lambda: "queued since" in screen_text(app))
            text = screen_text(app)
            assert "for 1:1" in text
            assert "2 runs may be live at once" in text
            assert AHEAD[0] in text and AHEAD[1] in text
            assert f"1 before it: {AHEAD[2]}" in text
            assert "X stop it" in text

    asyncio.run(main())


def test_who_waits_knows_the_ids_of_those_ahead(tmp_path: Path) -> None:
    first, second, third = (RunTicket(tmp_path / "runs", 1, run) for run in ("one", "two", "three"))
    assert first.standing() is None
    assert second.standing() == RunQueued(live=1, ahead=("one",))
    assert third.standing() == RunQueued(live=1, before=1, ahead=("one", "two"))
    for ticket in (first, second, third):
        ticket.close()


def test_a_queue_that_fails_is_said_and_no_more_than_that(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = own_home / "neighbours" / "runs"
    queue.parent.mkdir(parents=True)
    queue.write_text("a file where the queue's directory should be")
    recorded: list[AnyEvent] = []
    neighbours = Neighbours(AsyncAnthropic(api_key="sk-ant-x"), RUN)
    try:
        neighbours.begin(recorded.append)
        # The gate works all the same.
        assert neighbours.gate is not None
    finally:
        neighbours.close()
    (notice,) = recorded
    assert isinstance(notice, Noticed)
    assert notice.message.startswith(f"This run does not wait for its turn: {queue}: ")


def test_a_queue_that_fails_later_lets_the_run_begin_and_says_why(own_home: Path) -> None:
    queue = own_home / "neighbours" / "runs"
    recorded: list[AnyEvent] = []

    async def main() -> None:
        queue.parent.mkdir(parents=True)
        first = RunTicket(queue, 1)
        neighbours = Neighbours(AsyncAnthropic(api_key="sk-ant-x"), RUN)
        turn = asyncio.create_task(neighbours.turn(recorded.append))
        await asyncio.sleep(0)
        assert not turn.done()
        queue.rename(queue.with_name("away"))
        await turn
        neighbours.close()
        first.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBSPOKE_MAX_RUNS", "1")
        asyncio.run(main())
    assert [type(event) for event in recorded] == [RunQueued, RunQueued, Noticed]
    assert isinstance(recorded[-1], Noticed) and "does not wait for its turn" in recorded[-1].message
