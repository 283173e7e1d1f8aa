"""A watchdog ends what is silent for too long, and nothing else."""

import asyncio
from itertools import repeat

import pytest

from agents.calls.watchdog import Watchdog

SILENCE_S = 0.02


def test_silence_ends_what_is_within() -> None:
    async def main() -> Watchdog:
        silence = Watchdog(SILENCE_S)
        with pytest.raises(TimeoutError):
            async with silence:
                await asyncio.Event().wait()
        return silence

    assert asyncio.run(main()).expired()


def test_signs_of_life_keep_it_from_ending_what_takes_many_silences() -> None:
    async def main() -> Watchdog:
        loop = asyncio.get_running_loop()
        silence = Watchdog(10 * SILENCE_S)
        async with silence:
            until = loop.time() + 25 * SILENCE_S
            for _ in repeat(None):
                # However late it wakes up, it lives again before the watchdog can look.
                silence.alive()
                if loop.time() > until:
                    break
                await asyncio.sleep(0)
        return silence

    assert not asyncio.run(main()).expired()


def test_silence_is_counted_from_the_last_sign() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        silence, last = Watchdog(2 * SILENCE_S), loop.time()
        with pytest.raises(TimeoutError):
            async with silence:
                await asyncio.sleep(SILENCE_S)
                silence.alive()
                last = loop.time()
                await asyncio.Event().wait()
        return loop.time() - last

    assert asyncio.run(main()) >= 2 * SILENCE_S - 0.001  # the loop's clock is that coarse


def test_what_ends_or_fails_of_itself_is_left_alone_afterwards() -> None:
    async def main() -> None:
        done, failed = Watchdog(SILENCE_S), Watchdog(SILENCE_S)
        async with done:
            pass
        with pytest.raises(ValueError, match="of its own"):
            async with failed:
                raise ValueError("of its own")
        await asyncio.sleep(3 * SILENCE_S)
        assert not done.expired() and not failed.expired()

    asyncio.run(main())


def test_a_time_out_of_something_else_is_not_its_silence() -> None:
    async def main() -> Watchdog:
        silence = Watchdog(60.0)
        with pytest.raises(TimeoutError):
            async with silence, asyncio.timeout(0):
                await asyncio.Event().wait()
        return silence

    assert not asyncio.run(main()).expired()
