"""The places for requests: so many may be under way at once, in all processes of this user."""

import asyncio
from pathlib import Path
from typing import Protocol

from agents.calls.lock_files import LockFile

LOOK_S = 0.01
"""How often whoever waits looks for a place. A look costs 3 µs a place."""

_COURTESY_S = 2 * LOOK_S


class Place(Protocol):
    """A place for one request."""

    def release(self) -> None:
        """Gives it back."""
        ...


class RequestPlaces:
    """One lock file a place, and a turnstile: of all who wait, one looks for a place, and gets the next free one.

    Within a process it is first come, first served. One that had to wait for a place lets the others look at the
    turnstile before it takes it again, so that a busy run keeps nobody out.
    """

    def __init__(self, directory: Path, most: int) -> None:
        """Raises OSError."""
        self._line = asyncio.Lock()
        self._polite_until = 0.0
        self._files: list[LockFile] = []
        try:
            self._turnstile = self._opened(directory / "requests.lock")
            self._places = [self._opened(directory / f"request-{number:03}.lock") for number in range(most)]
        except OSError:
            self.close()
            raise

    async def take(self) -> Place:
        """Waits for a place. Raises OSError."""
        async with self._line:
            await self._pass(self._turnstile)
            try:
                while (place := next((place for place in self._places if place.take()), None)) is None:
                    self._polite_until = asyncio.get_running_loop().time() + LOOK_S + _COURTESY_S
                    await asyncio.sleep(LOOK_S)
                return place
            finally:
                self._turnstile.release()

    def close(self) -> None:
        """Gives everything back."""
        for file in self._files:
            file.close()
        self._files.clear()

    async def _pass(self, turnstile: LockFile) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._polite_until:
            await asyncio.sleep(self._polite_until - now)
        while True:
            if turnstile.take():
                return
            await asyncio.sleep(LOOK_S)

    def _opened(self, path: Path) -> LockFile:
        file = LockFile(path)
        self._files.append(file)
        return file
