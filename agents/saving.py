"""What becomes of a run that the disk does not take: spokes wait, saving is tried again, a person decides."""

import asyncio

from sessions.errors import BadInputError
from sessions.events import GoneOnUnsaved, SavingMended, SavingStopped
from sessions.recorder import Recorder

AGAIN_S = 5.0
"""Saving is tried again so often."""


class SavedError(BadInputError):
    """There is nothing to mend."""

    def __init__(self) -> None:
        super().__init__("The run is being saved; there is nothing to mend.")


class Saving:
    """Whether a run is saved. While it is not, no spoke begins: what it would find could be lost.

    It is tried again and again. Where somebody is there, it is for them to free some room or to go on without;
    with nobody there, the run goes on in memory, and its report is what remains of it.
    """

    def __init__(self, recorder: Recorder, *, attended: bool) -> None:
        """`attended`: whether somebody can be waited for."""
        self._recorder = recorder
        self._attended = attended
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()
        self._trying: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    def look(self) -> None:
        """Says that the run is no longer saved, if that is so and was not said."""
        fault = self._recorder.fault
        if not fault or self._recorder.state.unsaved:
            return
        self._recorder.record(SavingStopped(why=fault))
        if self._attended:
            self._may_go_on.clear()
        else:
            self._recorder.record(GoneOnUnsaved())
        self._trying = asyncio.create_task(self._try_again())

    async def allows(self) -> None:
        """Returns when a spoke may begin."""
        self.look()
        await self._may_go_on.wait()

    def go_on(self) -> None:
        """Lets the run go on in memory. Raises SavedError."""
        state = self._recorder.state
        if not state.unsaved:
            raise SavedError
        if state.held:
            self._recorder.record(GoneOnUnsaved())
            self._may_go_on.set()

    async def mend(self) -> str:
        """Tries to save all there is; empty, or why that cannot be. Raises SavedError."""
        if not self._recorder.state.unsaved:
            raise SavedError
        async with self._one_at_a_time:
            if not self._recorder.state.unsaved:
                return ""
            if why := await self._recorder.mend():
                return why
            self._recorder.record(SavingMended())
            self._may_go_on.set()
            return ""

    async def _try_again(self) -> None:
        while self._recorder.state.unsaved:
            await asyncio.sleep(AGAIN_S)
            if self._recorder.state.unsaved:
                await self.mend()

    async def close(self) -> None:
        """Tries no more; an attempt under way is waited for, for a file is being replaced."""
        async with self._one_at_a_time:
            if self._trying is not None:
                self._trying.cancel()
