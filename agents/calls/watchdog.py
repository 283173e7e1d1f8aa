"""A watchdog over a stream: what shows no sign of life for too long is given up."""

import asyncio
from types import TracebackType
from typing import Self


class Watchdog:
    """`async with` it: what is within ends with TimeoutError after so many seconds without a sign of life.

    A sign is noted, and no more: to move an `asyncio.timeout` on by each event of a stream costs it a timer each.
    """

    def __init__(self, silence_s: float) -> None:
        self._silence_s = silence_s
        self._loop = asyncio.get_running_loop()
        self._limit = asyncio.timeout(None)
        self._seen = self._loop.time()
        self._look: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        await self._limit.__aenter__()
        self._wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._look is not None:
            self._look.cancel()
        await self._limit.__aexit__(kind, error, trace)

    def alive(self) -> None:
        """Something came."""
        self._seen = self._loop.time()

    def expired(self) -> bool:
        """Whether it was the silence that ended it."""
        return self._limit.expired()

    def _wait(self) -> None:
        """Gives up what was silent for too long, else looks again when it could be."""
        until = self._seen + self._silence_s
        if until <= self._loop.time():
            self._limit.reschedule(until)
        else:
            self._look = self._loop.call_at(until, self._wait)
