"""The live end of a run's record: events in, and from each the journal, the fold and the snapshot."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sessions.events import AnyEvent, SavingMended, StepEvent
from sessions.evidence_store import EvidenceStore
from sessions.journal import Journal
from sessions.journal_reader import saved_bytes
from sessions.load import fold_all
from sessions.snapshot import snapshot, write_snapshot
from sessions.state import RunState, fold
from sessions.store import write_meta

_PAUSE = 20
"""Snapshots take at most one part in this many of the time."""


class Recorder:
    """Numbers, folds and keeps the events of one run; one for a run, used from the event loop only."""

    def __init__(
        self,
        directory: Path,
        journal: Journal,
        events: tuple[AnyEvent, ...] = (),
        listen: Callable[[AnyEvent], None] = lambda event: None,
    ) -> None:
        self.directory = directory
        self.journal = journal
        self.evidence = EvidenceStore(directory)
        self.events = list(events)
        self.state: RunState = fold_all(self.events)
        self._listen = listen
        self._snapshot: asyncio.Task[None] | None = None
        # One thread: whoever stops waiting for a snapshot stops none, and no older one is to come after a newer.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="snapshot")
        self._stale = False

    @property
    def fault(self) -> str:
        """Why the run is no longer saved; empty while it is."""
        return self.journal.fault or self.evidence.fault

    def record(self, event: AnyEvent) -> None:
        """Appends an event; it is on disk after the next `flush`."""
        stamped = self.journal.append(event)
        self.events.append(stamped)
        fold(self.state, stamped)
        if isinstance(stamped, StepEvent):
            self._keep_snapshot()
        self._listen(stamped)

    async def flush(self) -> None:
        """Returns when all that was recorded is on disk, or cannot be."""
        await self.journal.flush()

    async def mend(self) -> str:
        """After a fault, saves all that was not saved, and says so; empty, or why that cannot be."""
        refused = await asyncio.to_thread(self.evidence.mend) or await self.journal.mend(self.events)
        if not refused and self.state.unsaved:
            self.record(SavingMended())
        return refused

    def _keep_snapshot(self) -> None:
        self._stale = True
        if self._snapshot is None or self._snapshot.done():
            self._snapshot = asyncio.get_running_loop().create_task(self._snapshots())

    async def _snapshots(self) -> None:
        while self._stale:
            self._stale = False
            started = time.monotonic()
            await self._save()
            await asyncio.sleep(_PAUSE * (time.monotonic() - started))

    async def _save(self) -> None:
        # The journal is the truth; a snapshot that cannot be written loses nothing.
        with contextlib.suppress(OSError):
            # Taken before the events: too small a size has a reader make meta.json anew, too large a one would
            # pass it off as newer than it is.
            size = saved_bytes(self.directory)
            loop, events = asyncio.get_running_loop(), tuple(self.events)
            await loop.run_in_executor(self._writer, self._write, events, size)

    def _write(self, events: tuple[AnyEvent, ...], size: int) -> None:
        """In a thread: over a fold of its own, because the live one goes on changing."""
        state = fold_all(events)
        write_snapshot(self.directory, snapshot(state, events, self.evidence))
        write_meta(self.directory, state, size)

    async def close(self) -> None:
        """Writes what is left and lets the session go: also when it is cancelled, for a held lock stays held."""
        try:
            if self._snapshot is not None:
                self._snapshot.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await self._snapshot
            await self.flush()
            if self.fault:
                # There may be room again by now.
                await self.mend()
                await self.flush()
            await self._save()
        finally:
            self._writer.shutdown(wait=False)
            self.journal.close()
