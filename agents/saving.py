"""What becomes of a run that the disk does not take: spokes wait, saving is tried again, a person decides."""

import asyncio

from sessions.errors import BadInputError
from sessions.events import GoneOnUnsaved, SavingStopped
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
    with nobody there, the run goes on in memory, and its report is what remains of it. After the end it is tried
    until it is saved, where anybody ever was there who could come back for it.
    """

    def __init__(self, recorder: Recorder, *, attended: bool) -> None:
        """`attended`: whether somebody can be waited for."""
        self._recorder = recorder
        self._attended = self._awaited = attended
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()
        self._saved = asyncio.Event()
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
        # After it was mended, the one of before may be asleep still: it goes on.
        if self._trying is None or self._trying.done():
            self._trying = asyncio.create_task(self._try_again())

    async def allows(self) -> None:
        """Returns when a spoke may begin."""
        self.look()
        await self._may_go_on.wait()

    def attended(self, watched: bool) -> None:
        """Told whenever somebody comes who can be waited for, or the last one leaves."""
        self._attended = watched
        self._awaited = self._awaited or watched
        if not watched and self._recorder.state.held:
            self.go_on()

    def go_on(self, by: str = "") -> None:
        """Lets the run go on in memory, as `by` wants. Raises SavedError."""
        state = self._recorder.state
        if not state.unsaved:
            raise SavedError
        if state.held:
            self._recorder.record(GoneOnUnsaved(by=by))
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
            self._may_go_on.set()
            self._saved.set()
            return ""

    async def _try_again(self) -> None:
        while self._recorder.state.unsaved:
            await asyncio.sleep(AGAIN_S)
            if self._recorder.state.unsaved:
                await self.mend()

    async def settle(self) -> None:
        """After the run's end, returns when all of it is saved, or cannot be and nobody was ever there."""
        await self._recorder.flush()
        self.look()
        if self._recorder.state.held:
            self.go_on()  # nothing is held up any more
        if self._recorder.state.unsaved and self._awaited:
            self._saved.clear()
            await self._saved.wait()

    async def close(self) -> None:
        """Tries no more; an attempt under way is waited for, for a file is being replaced."""
        if self._trying is None:
            return
        async with self._one_at_a_time:
            self._trying.cancel()
        await asyncio.wait([self._trying])
