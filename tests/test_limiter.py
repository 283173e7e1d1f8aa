"""The gate before model calls: what one call is told holds for all, and one probe goes first after an outage."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from agents.calls.call_errors import CallError
from agents.calls.limiter import RAMP_LIMIT, Limiter
from sessions.failures import FailureKind

LONG = 3_600.0
SONNET, OPUS = "sonnet", "opus"


class Calls:
    """Calls through one limiter, each held open until it is told how it ends."""

    def __init__(self, limiter: Limiter) -> None:
        self.limiter = limiter
        self.entered: list[str] = []
        self.told: list[FailureKind | None] = []
        self.waits: list[float] = []
        self.ends: dict[str, asyncio.Future[CallError | None]] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.reached: dict[str, Callable[[], None]] = {}

    def start(self, name: str, family: str = SONNET) -> None:
        self.tasks[name] = asyncio.create_task(self._call(name, family))

    def hears(self, why: FailureKind | None, wait_s: float, known: bool) -> None:
        self.told.append(why)
        self.waits.append(wait_s)

    async def _call(self, name: str, family: str) -> None:
        try:
            async with self.limiter.call(family, self.hears) as reached:
                self.entered.append(name)
                self.reached[name] = reached
                self.ends[name] = asyncio.get_running_loop().create_future()
                if error := await self.ends[name]:
                    raise error
        except CallError:
            pass

    async def end(self, name: str, error: CallError | None = None) -> None:
        self.ends[name].set_result(error)
        await self.tasks[name]

    async def close(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(10):
        await asyncio.sleep(0)


def scene(play: Callable[[Calls], Awaitable[None]], probe_s: float = LONG) -> None:
    async def main() -> None:
        calls = Calls(Limiter(probe_s))
        try:
            await play(calls)
        finally:
            await calls.close()

    asyncio.run(main())


def failed(kind: FailureKind, wait_s: float = 0.0, code: str = "") -> CallError:
    return CallError(kind, "no", wait_s=wait_s, code=code)


async def overloaded(calls: Calls, names: str) -> None:
    """Calls that are made at once and all end in an overload."""
    for name in names:
        calls.start(name)
    await settled()
    for name in names:
        await calls.end(name, failed(FailureKind.OVERLOADED))


def test_a_429_holds_its_family_and_no_other() -> None:
    async def play(calls: Calls) -> None:
        calls.start("a")
        await settled()
        await calls.end("a", failed(FailureKind.RATE_LIMITED, LONG))
        calls.start("b")
        calls.start("c", OPUS)
        await settled()
        assert calls.entered == ["a", "c"]
        assert calls.told == [FailureKind.RATE_LIMITED]
        calls.limiter.open(SONNET)
        await settled()
        assert calls.entered == ["a", "c", "b"]

    scene(play)


def test_a_shorter_wait_does_not_open_a_gate_that_is_shut_for_longer() -> None:
    async def play(calls: Calls) -> None:
        calls.start("a")
        calls.start("b")
        await settled()
        await calls.end("a", failed(FailureKind.RATE_LIMITED, LONG))
        await calls.end("b", failed(FailureKind.RATE_LIMITED, 0.0))
        calls.start("c")
        await settled()
        assert calls.entered == ["a", "b"]

    scene(play)


def test_three_overloads_let_one_probe_through_and_its_success_all() -> None:
    async def play(calls: Calls) -> None:
        await overloaded(calls, "abc")
        for name in "defg":
            calls.start(name)
        await settled()
        assert calls.entered == ["a", "b", "c"], "the breaker is open"
        calls.limiter.open(SONNET)
        await settled()
        assert calls.entered[3:] == ["d"], "one probe alone"
        await calls.end("d")
        await settled()
        assert sorted(calls.entered[4:]) == ["e", "f", "g"]

    scene(play)


def test_a_probe_that_fails_or_is_given_up_leaves_the_breaker_open_for_the_next() -> None:
    async def play(calls: Calls) -> None:
        await overloaded(calls, "abc")
        for name in "def":
            calls.start(name)
        calls.limiter.open(SONNET)
        await settled()
        await calls.end("d", failed(FailureKind.OVERLOADED))
        await settled()
        assert calls.entered[3:] == ["d"]
        calls.limiter.open(SONNET)
        await settled()
        calls.tasks["e"].cancel()
        await settled()
        assert calls.entered[3:] == ["d", "e", "f"], "a probe that was given up hands over"

    scene(play)


def test_two_overloads_open_no_breaker() -> None:
    async def play(calls: Calls) -> None:
        for name in "ab":
            calls.start(name)
            await settled()
            await calls.end(name, failed(FailureKind.OVERLOADED))
        for name in "cd":
            calls.start(name)
        await settled()
        assert calls.entered == ["a", "b", "c", "d"]

    scene(play)


def test_a_server_that_cannot_be_reached_holds_every_family_behind_one_probe() -> None:
    async def play(calls: Calls) -> None:
        calls.start("a")
        await settled()
        await calls.end("a", failed(FailureKind.OFFLINE, LONG))
        calls.start("b", OPUS)
        calls.start("c", SONNET)
        await settled()
        assert calls.entered == ["a"]
        assert set(calls.told) == {FailureKind.OFFLINE}
        calls.limiter.open(OPUS)
        await settled()
        assert calls.entered == ["a", "b"]
        await calls.end("b")
        await settled()
        assert calls.entered == ["a", "b", "c"]

    scene(play)


def test_a_slower_start_halves_the_calls_at_once_and_each_success_adds_one() -> None:
    async def play(calls: Calls) -> None:
        for name in "abcd":
            calls.start(name)
        await settled()
        await calls.end("a", failed(FailureKind.RATE_LIMITED, code=RAMP_LIMIT))
        for name in "efgh":
            calls.start(name)
        await settled()
        assert calls.entered == list("abcd"), "three are in flight, two may be"
        assert calls.told == [None] * 4, "they wait for a place, whatever the server said before"
        await calls.end("b", failed(FailureKind.API_ERROR))
        await calls.end("c", failed(FailureKind.API_ERROR))
        await settled()
        assert calls.entered == list("abcde")
        await calls.end("d")
        await settled()
        assert calls.entered == list("abcdefg"), "one place that became free, and one more"

    scene(play)


def test_a_person_lets_one_call_through_and_the_others_wait_for_it() -> None:
    async def play(calls: Calls) -> None:
        calls.start("a")
        await settled()
        await calls.end("a", failed(FailureKind.RATE_LIMITED, LONG))
        for name in "bcd":
            calls.start(name)
        await settled()
        calls.limiter.open(SONNET)
        await settled()
        assert calls.entered == ["a", "b"]
        await calls.end("b", failed(FailureKind.RATE_LIMITED, LONG))
        await settled()
        assert calls.entered == ["a", "b"], "one try was spent on it, not three"

    scene(play)


def test_successes_in_between_do_not_hide_an_overload() -> None:
    async def play(calls: Calls) -> None:
        for name, kind in (("a", True), ("b", True), ("fine", False), ("c", True)):
            calls.start(name)
            await settled()
            await calls.end(name, failed(FailureKind.OVERLOADED) if kind else None)
        calls.start("d")
        await settled()
        assert "d" not in calls.entered

    scene(play)


def test_a_burst_of_overloads_is_one_trip_of_the_breaker() -> None:
    async def play(calls: Calls) -> None:
        names = [f"n{number}" for number in range(8)]
        for name in names:
            calls.start(name)
        await settled()
        for name in names:
            await calls.end(name, failed(FailureKind.OVERLOADED))
        calls.start("late")
        await settled()
        assert 0 < calls.waits[-1] <= LONG, "another trip would have made it longer"

    scene(play)


@pytest.mark.parametrize("how", ["an error", "a first word"])
def test_a_server_that_answers_anything_can_be_reached(how: str) -> None:
    async def play(calls: Calls) -> None:
        calls.start("a")
        await settled()
        await calls.end("a", failed(FailureKind.OFFLINE, 0.0))
        calls.start("probe")
        await settled()
        calls.start("c", OPUS)
        await settled()
        assert calls.entered == ["a", "probe"]
        if how == "an error":
            error = failed(FailureKind.API_ERROR)
            error.http_status = 500
            await calls.end("probe", error)
        else:
            calls.reached["probe"]()
        await settled()
        assert calls.entered == ["a", "probe", "c"]

    scene(play)


def test_a_probe_that_reached_the_server_has_no_part_in_the_next_outage() -> None:
    async def play(calls: Calls) -> None:
        calls.start("a")
        await settled()
        await calls.end("a", failed(FailureKind.OFFLINE))
        for name in ("probe", "lost"):
            calls.start(name)
        await settled()
        calls.reached["probe"]()
        await settled()
        # While the answer to the first probe streams on, the server is gone again.
        await calls.end("lost", failed(FailureKind.OFFLINE))
        for name in ("next", "waits"):
            calls.start(name)
        await settled()
        assert calls.entered == ["a", "probe", "lost", "next"]
        await calls.end("probe")
        await settled()
        assert "waits" not in calls.entered, "nothing is known yet of the next probe"
        await calls.end("next")
        await settled()
        assert calls.entered[4:] == ["waits"]

    scene(play)


@pytest.mark.parametrize("opened", [True, False])
def test_a_wait_between_two_tries_ends_early_when_a_person_says_so(opened: bool) -> None:
    async def main() -> bool:
        limiter = Limiter()
        waiting = asyncio.create_task(limiter.wait(SONNET, LONG))
        await settled()
        limiter.open(SONNET if opened else OPUS)
        await settled()
        done = waiting.done()
        waiting.cancel()
        return done

    assert asyncio.run(main()) is opened
