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

    When the disk fails in the middle, the run goes on without neighbours, and `say` is told so once.
    """

    def __init__(self, directory: Path, key: str, most: int) -> None:
        """`key` is a name that says nothing of the key (`key_name`). Raises OSError."""
        self.say: Callable[[str], None] = lambda message: None
        self._alone = False
        self._holds = ToldHolds(directory, key)
        try:
            self._places = RequestPlaces(directory, most)
        except OSError:
            self._holds.close()
            raise

    def news(self) -> Mapping[str, Hold]:
        """What others were told since the last look, by family."""
        try:
            return {} if self._alone else self._holds.news()
        except OSError as error:
            self._failed(error)
            return {}

    def tell(self, family: str, why: FailureKind, wait_s: float) -> None:
        """Has the calls of all wait."""
        try:
            if not self._alone:
                self._holds.tell(family, why, wait_s)
        except OSError as error:
            self._failed(error)

    async def place(self) -> Place:
        """Waits for a place among the requests that may be under way at once."""
        try:
            if not self._alone:
                return await self._places.take()
        except OSError as error:
            self._failed(error)
        return _Anywhere()

    def close(self) -> None:
        """Gives back all that is taken."""
        self._holds.close()
        self._places.close()

    def _failed(self, error: OSError) -> None:
        self._alone = True
        self.say(f"From now on this run minds no other run's waits: {reason(error)}.")


def key_name(client: AsyncAnthropic) -> str:
    """A name for what a client asks with (key, token or profile) and whom, from which neither can be read."""
    asked = (client.api_key, client.auth_token, os.environ.get(_PROFILE), str(client.base_url))
    return blake2b(repr(asked).encode(), digest_size=16, key=b"hubspoke shared gate").hexdigest()
