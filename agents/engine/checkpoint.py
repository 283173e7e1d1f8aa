"""The checkpoint of a run with windows: whoever sees the plan may answer; nobody there for long, and it waits."""

import asyncio

from agents.hub import Approved, SentBack
from sessions.errors import BadInputError
from sessions.plan import Plan


class NoCheckpointError(BadInputError):
    """Nothing waits for a person's word."""

    def __init__(self) -> None:
        super().__init__("No plan waits for an answer; it was given already.")


class OtherCheckpointError(BadInputError):
    """Another plan waits than the one that was answered."""

    def __init__(self) -> None:
        super().__init__("That plan was answered already; another one waits.")


class OpenCheckpoint:
    """An approver that asks the run's windows. With none for `unattended_s` seconds it leaves the plan waiting."""

    def __init__(self, unattended_s: float) -> None:
        self.number = 0
        """Which checkpoint is open: the number of its event, which whoever answers names."""
        self._unattended_s = unattended_s
        self._answer: asyncio.Future[Approved | SentBack | None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._attended = False

    async def __call__(self, plan: Plan, missing: tuple[str, ...]) -> Approved | SentBack | None:
        """Waits for an answer; None when the plan is left waiting."""
        self._answer = asyncio.get_running_loop().create_future()
        self.attended(self._attended)
        try:
            return await self._answer
        finally:
            self._answer = None
            self._set_timer(None)

    def attended(self, watched: bool) -> None:
        """Told whenever windows come and go: time without any counts."""
        self._attended = watched
        if self._answer is not None and not watched and self._timer is None:
            self._set_timer(self._unattended_s)
        elif watched:
            self._set_timer(None)

    def decide(self, number: int, answer: Approved | SentBack | None) -> None:
        """Gives the answer to the checkpoint with that number. Raises NoCheckpointError, OtherCheckpointError."""
        if self._answer is None or self._answer.done():
            raise NoCheckpointError
        if number != self.number:
            raise OtherCheckpointError
        self._answer.set_result(answer)

    def _set_timer(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = None if seconds is None else loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)
