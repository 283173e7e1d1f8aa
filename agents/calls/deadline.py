"""A deadline that runs only while something is in flight."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from agents.calls.call_errors import CallError
from sessions.failures import FailureKind


class Deadline:
    """Seconds of work that an attempt may use; queues, gates and checkpoints do not count."""

    def __init__(self, seconds: float) -> None:
        self.total = seconds
        self.remaining = seconds

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Counts the time inside. Raises CallError (timeout) when the deadline passes within it."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        limit = asyncio.timeout(max(self.remaining, 0.0))
        try:
            async with limit:
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            message = f"The deadline of {self.total:.0f} s of work passed."
            raise CallError(FailureKind.TIMEOUT, message) from None
        finally:
            self.remaining -= loop.time() - started
