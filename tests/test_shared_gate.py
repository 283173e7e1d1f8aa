"""Runs of one person at once: what one is told holds for all, and together they ask no more than is set."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest
from anthropic import AsyncAnthropic
from pydantic import JsonValue

from agents.calls.limiter import Limiter
from agents.calls.request_places import LOOK_S, RequestPlaces
from agents.calls.shared_gate import SharedGate, key_name
from agents.models import family
from agents.run import Run, Settings, approve_as_it_is, ask
from sessions.events import Noticed, TurnHeld
from sessions.failures import FailureKind
from sessions.paths import home
from sessions.state import RunState
from tests.claude_server import ClaudeServer, Cue, HttpFault, Manners, Reply
from tests.engine_brain import engine_brain
from tests.engines import served
from tests.running import environment
from tests.test_limiter import SONNET, Calls, failed, settled
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tests.test_request_places import looks
from tests.test_storm import CLOCK_S, ON_THE_WAY_S

RETRY_AFTER_S = 1.0
LONG = 3_600.0
KEY = "sk-ant-test-0123456789abcdefghij"

PLACES_HELD = """
import asyncio, sys
from pathlib import Path
from agents.calls.request_places import RequestPlaces

async def main():
    places = RequestPlaces(Path(sys.argv[1]), 1)
    await places.take()
    print("taken", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def three_runs(docs: Path) -> list[tuple[Run, RunState]]:
    settings = Settings(docs=docs, provider="claude", backoff_s=0.001)
    runs = [ask("What do brushes cost?", settings, approve=approve_as_it_is) for _ in range(3)]
    return list(zip(runs, await asyncio.gather(*(run.work() for run in runs)), strict=True))


def test_a_429_in_one_run_holds_all_of_them(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    limited = HttpFault(429, {"retry-after": str(RETRY_AFTER_S)})

    async def main() -> tuple[ClaudeServer, list[tuple[Run, RunState]]]:
        cue = Cue(limited, lambda request: request.title == "findings")
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(cue,))) as server:
            return server, await three_runs(docs)

    server, ran = asyncio.run(main())
    assert [state.status for _, state in ran] == ["done"] * 3
    (refused,) = [request for request in server.requests if request.status == 429]
    assert refused.ended is not None
    of_it = [request for request in server.requests if family(request.model) == family(refused.model)]
    since = [request.arrived - refused.ended for request in of_it if request.arrived > refused.ended]
    assert [s for s in since if ON_THE_WAY_S < s < RETRY_AFTER_S - CLOCK_S] == []
    # All three had something to ask in that time, and every one says why it waits.
    assert len([s for s in since if s >= RETRY_AFTER_S - CLOCK_S]) >= 3
    for run, _ in ran:
        assert run.recorder is not None
        held = [event for event in run.recorder.events if isinstance(event, TurnHeld) and event.wait_s > 0]
        assert {event.why for event in held} == {FailureKind.RATE_LIMITED}


def test_together_they_ask_no_more_at_once_than_is_set(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("HUBSPOKE_MAX_REQUESTS", "2")
    brain = engine_brain(DOUBLES)
    at_once: list[int] = [0]

    async def slow(request: dict[str, JsonValue]) -> Reply:
        at_once.append(at_once[-1] + 1)
        await asyncio.sleep(0.02)
        at_once.append(at_once[-1] - 1)
        return await brain(request)

    async def main() -> list[tuple[Run, RunState]]:
        async with served(monkeypatch, slow):
            return await three_runs(docs)

    assert [state.status for _, state in asyncio.run(main())] == ["done"] * 3
    assert max(at_once) == 2


@asynccontextmanager
async def gates(directory: Path, *keys: str) -> AsyncGenerator[list[SharedGate]]:
    opened = [SharedGate(directory, key, 5) for key in keys]
    try:
        yield opened
    finally:
        for gate in opened:
            gate.close()


def test_another_key_or_server_is_not_held_and_no_key_is_on_disk(tmp_path: Path) -> None:
    async def main() -> None:
        clients = [
            AsyncAnthropic(api_key=key, base_url=url)
            for key, url in ((KEY, "http://a.test"), (KEY + "2", "http://a.test"), (KEY, "http://b.test"))
        ]
        names = [key_name(client) for client in clients]
        assert len(set(names)) == 3
        for client in clients:
            await client.close()
        async with gates(tmp_path, names[0], *names) as (told, same, *others):
            told.tell(SONNET, FailureKind.RATE_LIMITED, LONG)
            assert [gate.news() for gate in others] == [{}, {}]
            assert same.news()[SONNET].left() == pytest.approx(LONG, abs=60)
            # Told once, and not to the one that said it.
            assert same.news() == told.news() == {}

    asyncio.run(main())
    for path in filter(Path.is_file, tmp_path.iterdir()):
        assert KEY not in path.name and KEY.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_longer_wait_that_stands_is_kept(tmp_path: Path) -> None:
    async def main() -> None:
        async with gates(tmp_path, "key", "key", "key") as (one, two, late):
            one.tell(SONNET, FailureKind.RATE_LIMITED, LONG)
            two.tell(SONNET, FailureKind.OVERLOADED, 1.0)
            assert late.news()[SONNET].why is FailureKind.RATE_LIMITED

    asyncio.run(main())


def test_a_key_opens_the_shared_gate_for_one_call(tmp_path: Path) -> None:
    async def main() -> None:
        async with gates(tmp_path, "key", "key") as (one, two):
            there, here = Calls(Limiter(LONG, one)), Calls(Limiter(LONG, two))
            there.start("a")
            await settled()
            await there.end("a", failed(FailureKind.RATE_LIMITED, LONG))
            here.start("b")
            here.start("c")
            await settled()
            assert here.entered == [] and set(here.told) == {FailureKind.RATE_LIMITED}
            here.limiter.open(SONNET)
            await settled()
            assert here.entered == ["b"]
            await here.end("b")
            await settled()
            assert here.entered == ["b", "c"]
            await here.close()

    asyncio.run(main())


def test_what_shuts_the_gate_while_a_call_waits_for_its_place_holds_it(tmp_path: Path) -> None:
    async def main() -> None:
        one, two = SharedGate(tmp_path, "key", 1), SharedGate(tmp_path, "key", 1)
        there, here = Calls(Limiter(LONG, one)), Calls(Limiter(LONG, two))
        there.start("a")
        await settled()
        here.start("b")
        await settled()
        assert here.entered == here.told == []
        await there.end("a", failed(FailureKind.RATE_LIMITED, LONG))
        async with asyncio.timeout(10):
            while not here.told:
                await asyncio.sleep(0.01)
        assert here.entered == []
        # And it waits without a place.
        (await one.place()).release()
        await here.close()
        one.close()
        two.close()

    asyncio.run(main())


def test_a_call_that_waits_for_its_place_says_so(tmp_path: Path) -> None:
    async def main() -> None:
        one, two = SharedGate(tmp_path, "key", 1), SharedGate(tmp_path, "key", 1)
        place = await one.place()
        here = Calls(Limiter(LONG, two))
        here.start("a")
        here.start("b")
        async with asyncio.timeout(10):
            while len(here.told) < 2:
                await asyncio.sleep(0.01)
        assert here.entered == [] and set(here.told) == {None}
        place.release()
        async with asyncio.timeout(10):
            while not here.entered:
                await asyncio.sleep(0.01)
        assert here.entered == ["a"]
        await here.close()
        one.close()
        two.close()

    asyncio.run(main())


@pytest.mark.parametrize(("at", "left"), [(LONG, 5.0), (-LONG, None)])
def test_a_clock_that_was_set_holds_nobody_for_longer_than_was_told(
    at: float, left: float | None, tmp_path: Path
) -> None:
    told = {SONNET: {"why": "rate_limited", "at": time.time() + at, "wait_s": 5.0}}
    (tmp_path / "key.json").write_bytes(orjson.dumps(told))

    async def main() -> None:
        async with gates(tmp_path, "key") as (gate,):
            news = gate.news()
            assert [hold.left() for hold in news.values()] == ([left] if left else [])

    asyncio.run(main())


def test_a_clock_that_is_set_back_while_a_call_waits_makes_its_wait_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = time.time

    async def main() -> None:
        async with gates(tmp_path, "key", "key") as (one, two):
            one.tell(SONNET, FailureKind.RATE_LIMITED, 0.5)
            calls = Calls(Limiter(shared=two))
            calls.start("a")
            await settled()
            assert calls.entered == [] and calls.told == [FailureKind.RATE_LIMITED]
            monkeypatch.setattr(time, "time", lambda: clock() - LONG)
            async with asyncio.timeout(10):
                while not calls.entered:
                    await asyncio.sleep(0.01)
            await calls.close()

    asyncio.run(main())


@pytest.mark.parametrize("damaged", [b"", b"\xff\x00", b"[1]", b'{"sonnet": {"why": "rate_limited", "at": NaN}}'])
def test_a_damaged_file_is_written_anew(damaged: bytes, tmp_path: Path) -> None:
    (tmp_path / "key.json").write_bytes(damaged)

    async def main() -> None:
        async with gates(tmp_path, "key", "key") as (one, two):
            assert one.news() == {}
            one.tell(SONNET, FailureKind.RATE_LIMITED, LONG)
            assert list(two.news()) == [SONNET]

    asyncio.run(main())


def test_a_killed_process_gives_its_places_back(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PLACES_HELD, str(tmp_path)]

    async def main(holder: subprocess.Popen[str]) -> None:
        places = RequestPlaces(tmp_path, 1)
        taking = asyncio.create_task(places.take())
        await looks()
        assert not taking.done()
        holder.kill()
        async with asyncio.timeout(10):
            (await taking).release()
        places.close()

    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "taken\n"
            asyncio.run(main(holder))
        finally:
            holder.kill()


def test_what_killed_processes_were_about_to_rename_is_removed_and_what_is_new_stays(tmp_path: Path) -> None:
    waiting = tmp_path / "waiting"
    waiting.mkdir()
    old, new = (
        [place / f"{name}{age}" for place, name in ((tmp_path, "told-"), (waiting, "new-"))] for age in "ab"
    )
    for path in (*old, *new):
        path.touch()
    for path in old:
        os.utime(path, (0, 0))
    SharedGate(tmp_path, "key", 1).close()
    assert [path.exists() for path in (*old, *new)] == [False, False, True, True]


def test_a_busy_run_keeps_no_other_out(tmp_path: Path) -> None:
    """One with always somebody in its line, and one that asks once."""
    order: list[str] = []

    async def use(places: RequestPlaces, who: str) -> None:
        place = await places.take()
        order.append(who)
        await asyncio.sleep(0.001)
        place.release()

    async def main() -> None:
        busy, other = RequestPlaces(tmp_path, 1), RequestPlaces(tmp_path, 1)
        line = [asyncio.create_task(use(busy, "busy")) for _ in range(40)]
        # Between two looks of the busy one: who comes at the same moment may slip in.
        await asyncio.sleep(LOOK_S / 2)
        await use(other, "other")
        await asyncio.gather(*line)
        busy.close()
        other.close()

    asyncio.run(main())
    assert len(order) == 41 and order.index("other") < 20


def test_without_a_usable_directory_a_run_goes_its_own_way_and_says_so(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    home().mkdir()
    (home() / "neighbours").write_text("no directory", encoding="utf-8")

    async def main() -> list[tuple[Run, RunState]]:
        async with served(monkeypatch, engine_brain(DOUBLES)):
            return await three_runs(docs)

    for run, state in asyncio.run(main()):
        assert state.status == "done"
        assert run.recorder is not None
        said = [event.message for event in run.recorder.events if isinstance(event, Noticed)]
        assert len([message for message in said if "no other run's waits" in message]) == 1
