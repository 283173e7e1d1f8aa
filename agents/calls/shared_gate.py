"""The gate that all live runs of a person share: what one is told holds for all, and how many ask at once."""

import os
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path

from anthropic import AsyncAnthropic

from agents.calls.request_places import Place, RequestPlaces
from agents.calls.told_holds import Hold, ToldHolds
from sessions.failures import FailureKind
from sessions.paths import reason

_PROFILE = "ANTHROPIC_PROFILE"


class _Anywhere:
    """A place where nobody counts them."""

    def release(self) -> None:
        """Nothing was taken."""


class SharedGate:
    """What a run's limiter tells its neighbours, and hears of them; waits are by key and server, places for all.

    Where the disk fails in the middle, the run does without that part while it fails, and `say` is told so once.
    """

    def __init__(self, directory: Path, key: str, most: int) -> None:
        """`key` is a name that says nothing of the key (`key_name`). Raises OSError."""
        self.say: Callable[[str], None] = lambda message: None
        self._directory = directory
        self._said: set[str] = set()
        self._holds = ToldHolds(directory, key)
        try:
            self._places = RequestPlaces(directory, most)
        except OSError:
            self._holds.close()
            raise

    def news(self) -> Mapping[str, Hold]:
        """What others were told since the last look, by family."""
        try:
            return self._holds.news()
        except OSError as error:
            self._without("This run does not hear what other runs wait for", error)
            return {}

    def tell(self, family: str, why: FailureKind, wait_s: float) -> None:
        """Has the calls of all wait."""
        try:
            self._holds.tell(family, why, wait_s)
        except OSError as error:
            self._without("Other runs are not told what this one waits for", error)

    async def place(self) -> Place:
        """Waits for a place among the requests that may be under way at once."""
        try:
            return await self._places.take()
        except OSError as error:
            self._without("This run's requests are not counted with those of other runs", error)
            return _Anywhere()

    def close(self) -> None:
        """Gives back all that is taken."""
        self._holds.close()
        self._places.close()

    def _without(self, what: str, error: OSError) -> None:
        if what not in self._said:
            self._said.add(what)
            self.say(f"{what}: {self._directory}: {reason(error)}.")


def key_name(client: AsyncAnthropic) -> str:
    """A name for what a client asks with (key, token or profile) and whom, from which neither can be read."""
    asked = (client.api_key, client.auth_token, os.environ.get(_PROFILE), str(client.base_url))
    return blake2b(repr(asked).encode(), digest_size=16, key=b"hubspoke shared gate").hexdigest()
