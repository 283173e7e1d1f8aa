"""The places for requests: so many may be under way at once, in all processes of this user."""

import asyncio
import contextlib
import random
import struct
import time
from collections import deque
from pathlib import Path
from typing import Protocol

from agents.calls.lock_files import LockFile
from agents.calls.tickets import Line, Ticket

LOOK_S = 0.01
"""How often whoever waits looks for a place. A look costs 3 µs a place."""

STANDS_STILL_S = 0.25
"""Whoever waits and has not looked for so long is passed over, until it looks again: it may be suspended."""

_LOOKED = struct.Struct("=dI")
"""What a ticket says: when its holder last looked, on the machine's monotonic clock, and its limit."""


class Place(Protocol):
    """A place for one request."""

    def release(self) -> None:
        """Gives it back."""
        ...


class RequestPlaces:
    """One lock file a place, and a line for those that wait: the first call of each process stands in it.

    A place goes to the first in the line that looks for one and may take it: a lower limit has only the first
    places. So whoever stands in it waits for each other process at most once, and whoever is suspended is waited
    for no longer than `STANDS_STILL_S`. The next call of a process goes to the end of the line.
    """

    def __init__(self, directory: Path, most: int) -> None:
        """Raises OSError."""
        self._most = most
        self._mine = asyncio.Lock()
        self._line = Line(directory / "waiting")
        self._files: list[LockFile] = []
        try:
            for number in range(most):
                self._files.append(LockFile(directory / f"request-{number:03}.lock"))
        except OSError:
            self.close()
            raise
        # Each process looks in an order of its own, from where it left off: seldom at one that is taken.
        self._order = deque(enumerate(self._files))
        random.shuffle(self._order)

    async def take(self) -> Place:
        """Waits for a place. Raises OSError."""
        async with self._mine:
            return self._free(None) or await self._waited_for()

    def close(self) -> None:
        """Gives everything back."""
        for file in self._files:
            file.close()
        self._files.clear()

    async def _waited_for(self) -> Place:
        with contextlib.ExitStack() as leaving:
            ticket = None
            with contextlib.suppress(OSError):  # the line is a courtesy: the limit holds without it
                ticket = self._line.draw(self._looks())
                leaving.callback(ticket.close)
            while True:
                await asyncio.sleep(LOOK_S)
                if ticket is not None:
                    with contextlib.suppress(OSError):
                        ticket.say(self._looks())
                if (place := self._free(ticket)) is not None:
                    return place

    def _free(self, ticket: Ticket | None) -> LockFile | None:
        """Takes the next place that nobody has and nobody before this one waits for."""
        first = self._left_to_others(ticket)
        if first >= self._most:
            return None
        for _ in range(self._most):
            self._order.rotate()
            number, place = self._order[0]
            if number >= first and place.take():
                return place
        return None

    def _left_to_others(self, ticket: Ticket | None) -> int:
        """How many of the places, from the first on, are for those before it in the line."""
        now = time.monotonic()
        with contextlib.suppress(OSError):
            ahead = [_LOOKED.unpack(said) for said in self._line.ahead(ticket) if len(said) == _LOOKED.size]
            return max((most for looked, most in ahead if 0 <= now - looked <= STANDS_STILL_S), default=0)
        return 0

    def _looks(self) -> bytes:
        return _LOOKED.pack(time.monotonic(), self._most)
