"""The tries of an attempt: how often a turn is asked for again, and what is waited for in between."""

import asyncio
import random
from datetime import datetime, timedelta

from agents.calls.call_errors import CallError
from agents.calls.limiter import Told
from agents.desk import Desk
from agents.models import family
from agents.spec import AttemptSpec
from sessions.events import TryFailed, TurnHeld
from sessions.failures import Failure, FailureKind

LONGEST_BACKOFF = 30.0
BACKOFF_GROWS = 5
"""The longest waits between four tries are 1, 5 and 25 of `Desk.backoff_s`: the waits are random up to them."""

PROBE = 15.0
"""How often a server that cannot be reached is tried, in `Desk.backoff_s`."""

_WORTH_TELLING_S = 0.5


class Patience:
    """One attempt's waiting. What it waits for, and until when, is told in events."""

    def __init__(self, spec: AttemptSpec, desk: Desk) -> None:
        self._spec, self._desk = spec, desk
        self._tries = 0
        self._until = 0.0
        """Until when the attempt was last said to wait, on the loop's clock."""
        self._why: FailureKind | None = None
        """What for; None for a place."""

    def rested(self) -> None:
        """A reply came whole: the next turn has all of its tries."""
        self._tries = 0

    def with_wait(self, error: CallError) -> CallError:
        """The error, with how long the next try waits: at random up to what has grown, or as the server says.

        At random, so that spokes which failed together do not come back together.
        """
        longest = min(LONGEST_BACKOFF, BACKOFF_GROWS**self._tries) * self._desk.backoff_s
        if error.kind is FailureKind.OFFLINE:
            error.wait_s = PROBE * self._desk.backoff_s
        else:
            error.wait_s = max(random.uniform(0, longest), error.retry_after_s or 0.0)
        return error

    async def try_again(self, error: CallError, turn: int) -> None:
        """Waits for the next try of the same turn, or raises the error when there is none.

        A wait that a server asks for is kept to, however long, unless the run's time is over before it.
        """
        self._tries += 1
        if self._tries >= error.tries or error.wait_s >= self._desk.budget.seconds_left(self._spec.share):
            raise error
        failure = Failure(
            kind=error.kind,
            message=error.message,
            spoke=self._spec.spoke,
            attempt=self._spec.attempt,
            http_status=error.http_status,
            request_id=error.request_id,
            retry_after_s=error.retry_after_s,
            retryable=True,
        )
        self._until, self._why = self._now() + error.wait_s, error.kind
        self._desk.record(
            TryFailed(
                spoke=self._spec.spoke,
                attempt=self._spec.attempt,
                turn=turn,
                failure=failure,
                wait_s=error.wait_s,
            )
        )
        if await self._desk.limiter.wait(family(self._spec.model), error.wait_s):
            # It was a person who wanted this try.
            self._tries -= 1

    def told(self, turn: int) -> Told:
        """Hears that the gate is shut. Told on once: not while a wait of its own is known, nor for every look.

        What it hears of a wait beyond the run's time ends the attempt by CallError.
        """

        def told(why: FailureKind | None, wait_s: float, known: bool) -> None:
            if known and why and wait_s >= self._desk.budget.seconds_left(self._spec.share):
                until = datetime.now().astimezone() + timedelta(seconds=wait_s)
                message = f"The server has calls wait until {until:%Y-%m-%d %H:%M %Z}, beyond this run's time."
                raise CallError(why, message, retry_after_s=wait_s)
            over = self._now() + wait_s
            had_no_place = self._why is None and why is not None
            if over > self._until + _WORTH_TELLING_S or had_no_place:
                self._until, self._why = over, why
                self._held(turn, why, wait_s)

        return told

    def goes_on(self, turn: int) -> None:
        """The turn is asked for now, perhaps sooner than was said."""
        if self._until > self._now() + _WORTH_TELLING_S:
            self._until = 0.0
            self._held(turn, self._why, 0.0)

    def _held(self, turn: int, why: FailureKind | None, wait_s: float) -> None:
        spoke, attempt = self._spec.spoke, self._spec.attempt
        self._desk.record(TurnHeld(spoke=spoke, attempt=attempt, turn=turn, why=why, wait_s=wait_s))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
