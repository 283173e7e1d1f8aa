"""One gate for the model calls of a run: who may start a request now."""

import asyncio


class Limiter:
    """Holds back every call for a model family while that family is told to wait.

    One for a run; every model call asks it first, so that a 429 in one spoke is respected by all.
    """

    def __init__(self) -> None:
        self._gates: dict[str, asyncio.Event] = {}
        self._opens: dict[str, asyncio.TimerHandle] = {}

    async def acquire(self, family: str) -> None:
        """Waits until the family may be asked again."""
        if family in self._gates:
            await self._gates[family].wait()

    def hold(self, family: str, seconds: float) -> None:
        """Closes the gate of a family for so long; a longer wait that stands is kept."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        standing = self._opens.get(family)
        if standing is not None and standing.when() >= until:
            return
        if standing is not None:
            standing.cancel()
        gate = self._gates.setdefault(family, asyncio.Event())
        gate.clear()
        self._opens[family] = loop.call_at(until, gate.set)
