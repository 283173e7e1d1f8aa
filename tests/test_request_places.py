"""The places for requests among processes: who may use a free place gets it, first come, first served."""

import asyncio
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agents.calls.request_places import LOOK_S, STANDS_STILL_S, RequestPlaces
from tests.running import environment

SOON_S = 10.0
"""Far more than any wait here takes, for the machine may be busy."""

TAKES = """
import asyncio, sys
from pathlib import Path
from agents.calls.request_places import RequestPlaces

async def main():
    places = RequestPlaces(Path(sys.argv[1]), 1)
    if sys.argv[2] == "one and waits":
        await places.take()
    asyncio.get_running_loop().call_later(0.1, lambda: print("waits", flush=True))
    await places.take()
    await asyncio.Event().wait()

asyncio.run(main())
"""


@contextmanager
def other(directory: Path, takes: str) -> Generator[subprocess.Popen[str]]:
    """A process with a limit of 1 that has come to wait for its place."""
    command = [sys.executable, "-c", TAKES, str(directory), takes]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == "waits\n"
            yield process
        finally:
            process.kill()


def tickets(directory: Path) -> list[Path]:
    """The numbers in the line for places."""
    return sorted((directory / "waiting").glob("[0-9]*"))


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(SOON_S):
        while not condition():
            await asyncio.sleep(LOOK_S)


async def looks(times: int = 5) -> None:
    """Returns when whoever waits in this loop has looked so often: each look ends before one of these sleeps."""
    for _ in range(times):
        await asyncio.sleep(LOOK_S)


async def taken(places: RequestPlaces) -> None:
    async with asyncio.timeout(SOON_S):
        await places.take()


def test_one_with_a_lower_limit_keeps_nobody_from_the_other_places(tmp_path: Path) -> None:
    async def main() -> None:
        places = RequestPlaces(tmp_path, 3)
        await taken(places)
        await taken(places)
        # The third is the one that the other has, and waits for again.
        third = asyncio.create_task(places.take())
        await looks()
        assert not third.done()
        third.cancel()
        places.close()

    with other(tmp_path, "one and waits"):
        asyncio.run(main())


def test_one_that_is_suspended_as_it_waits_keeps_nobody_from_a_free_place(tmp_path: Path) -> None:
    async def main() -> None:
        holder, places = RequestPlaces(tmp_path, 1), RequestPlaces(tmp_path, 1)
        await taken(holder)
        with other(tmp_path, "waits") as process:
            os.kill(process.pid, signal.SIGSTOP)
            holder.close()
            await taken(places)
        places.close()

    asyncio.run(main())


def test_one_that_was_suspended_is_the_first_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        holder, places = RequestPlaces(tmp_path, 1), RequestPlaces(tmp_path, 1)
        await taken(holder)
        with other(tmp_path, "waits") as process:
            os.kill(process.pid, signal.SIGSTOP)
            (number,) = tickets(tmp_path)
            looked = number.read_bytes()
            later = asyncio.create_task(places.take())
            await asyncio.sleep(2 * STANDS_STILL_S)
            os.kill(process.pid, signal.SIGCONT)
            await until(lambda: number.read_bytes() != looked)
            # From here on a busy machine is not taken for another suspension.
            monkeypatch.setattr("agents.calls.request_places.STANDS_STILL_S", SOON_S)
            holder.close()
            await until(lambda: not number.exists())
            assert not later.done()
            process.kill()
            await later
        places.close()

    asyncio.run(main())


def test_who_waits_is_served_in_the_order_of_coming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three runs, one of which always has somebody who wants a place: it gets no more than its turn."""
    # A busy machine is not taken for a suspension.
    monkeypatch.setattr("agents.calls.request_places.STANDS_STILL_S", SOON_S)
    order: list[str] = []

    async def use(places: RequestPlaces, who: str) -> None:
        place = await places.take()
        order.append(who)
        await asyncio.sleep(0.001)
        place.release()

    async def main() -> None:
        busy, second, third = (RequestPlaces(tmp_path, 1) for _ in range(3))
        first = await busy.take()
        line: list[asyncio.Task[None]] = []
        for number, (places, who, calls) in enumerate(
            ((busy, "busy", 10), (second, "second", 3), (third, "third", 3)), 1
        ):
            line += [asyncio.create_task(use(places, who)) for _ in range(calls)]
            await until(lambda number=number: len(tickets(tmp_path)) == number)
        first.release()
        await asyncio.gather(*line)
        for places in (busy, second, third):
            places.close()

    asyncio.run(main())
    assert order == ["busy", "second", "third"] * 3 + ["busy"] * 7


def test_nobody_comes_in_between_without_having_waited(tmp_path: Path) -> None:
    """A place that is free while another waits for it is that one's, however soon somebody asks."""

    async def main() -> None:
        busy, waits = RequestPlaces(tmp_path, 1), RequestPlaces(tmp_path, 1)
        first = await busy.take()
        waiting = asyncio.create_task(waits.take())
        await until(lambda: tickets(tmp_path))
        first.release()
        again = asyncio.create_task(busy.take())
        (await waiting).release()
        assert not again.done()
        await again
        busy.close()
        waits.close()

    asyncio.run(main())


def test_on_a_full_disk_the_limit_holds_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def main() -> None:
        one, two = RequestPlaces(tmp_path, 1), RequestPlaces(tmp_path, 1)
        first = await one.take()
        monkeypatch.setattr("tempfile.mkstemp", full)
        waiting = asyncio.create_task(two.take())
        await looks()
        assert not waiting.done()
        first.release()
        async with asyncio.timeout(SOON_S):
            await waiting
        one.close()
        two.close()

    asyncio.run(main())


def test_nothing_is_left_of_who_waited(tmp_path: Path) -> None:
    async def main() -> None:
        one, two = RequestPlaces(tmp_path, 1), RequestPlaces(tmp_path, 1)
        first = await one.take()
        waiting = [asyncio.create_task(two.take()) for _ in range(2)]
        await until(lambda: tickets(tmp_path))
        waiting[1].cancel()
        first.release()
        await waiting[0]
        one.close()
        two.close()

    asyncio.run(main())
    with other(tmp_path, "one and waits"):
        pass
    # A killed one's number goes with the next who looks.
    asyncio.run(taken(RequestPlaces(tmp_path, 1)))
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"] == []
