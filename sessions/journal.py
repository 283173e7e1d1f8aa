"""The journal of a run: its events on disk, append-only and checksummed, by one writer.

The facts it rests on were measured: a file's name is durable only when its directory was synced too, a failed
fsync must never be repeated (the page it could not write is gone), and one fdatasync can answer for many
appends. See fsync(2), and Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020.
"""

import asyncio
import contextlib
import os
import stat
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from sessions.atomic_file import write_atomic
from sessions.events import AnyEvent
from sessions.journal_lines import encode_event
from sessions.journal_reader import JOURNAL, Replay, Scan, SessionDamagedError, check_opens, scan
from sessions.paths import UnwritableError, private_directory, reason, sync_directory
from sessions.regular_file import NotAFileError
from sessions.run_lock import SessionBusyError as SessionBusyError
from sessions.run_lock import take_lock

TORN = f"{JOURNAL}.torn"
_APPEND = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW


class Journal:
    """Append-only and checksummed, written by one thread with group commit.

    `append` and `flush` belong to the event loop's thread; no disk work is done there.
    """

    def __init__(self, directory: Path, lock: int, descriptor: int, size: int, seq: int, t: float) -> None:
        """For `create` and `open`: takes over both descriptors."""
        self._directory = directory
        self.fault = ""
        """Why nothing is saved any more, in one sentence; empty while all is well."""
        self._lock = lock
        self._descriptor = descriptor
        self._size = size
        self._seq = seq
        self._t_zero = time.monotonic() - t
        self._wake = threading.Condition()
        self._lines: list[bytes] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._durable = True
        """Everything that was appended is synced."""
        self._closing = False
        self._thread = threading.Thread(target=self._write_until_closed, name="journal", daemon=True)
        self._thread.start()

    @classmethod
    def create(cls, directory: Path) -> "Journal":
        """The journal of a new run, in its directory, which is made if need be.

        Raises SessionBusyError, and UnwritableError, also if a run was saved there before.
        """
        private_directory(directory)
        with contextlib.ExitStack() as undo:
            undo.callback(os.close, lock := take_lock(directory))
            try:
                descriptor = os.open(directory / JOURNAL, _APPEND | os.O_CREAT | os.O_EXCL, 0o600)
                undo.callback(os.close, descriptor)
                os.fsync(descriptor)
                sync_directory(directory)
                sync_directory(directory.parent)
            except OSError as error:
                raise UnwritableError(f"No run can be saved in {directory}: {reason(error)}.") from error
            undo.pop_all()
        return cls(directory, lock, descriptor, 0, 0, 0.0)

    @classmethod
    def open(cls, directory: Path) -> "tuple[Journal, Replay]":
        """The journal of a saved run, to go on with, and what it holds.

        A torn last line is set aside in `journal.jsonl.torn`. Raises SessionBusyError, UnwritableError, and
        SessionDamagedError when the question cannot be read or a newer version wrote it.
        """
        if not directory.is_dir():
            raise SessionDamagedError(f"The session {directory.name} cannot be opened: it is not there.")
        with contextlib.ExitStack() as undo:
            undo.callback(os.close, lock := take_lock(directory))
            if not (directory / JOURNAL).exists():
                check_opens(directory, Replay(()))
            try:
                undo.callback(os.close, descriptor := os.open(directory / JOURNAL, _APPEND))
                found = _recover(directory, descriptor)
            except OSError as error:
                raise UnwritableError(
                    f"The session {directory.name} cannot be gone on with: {reason(error)}."
                ) from error
            undo.pop_all()
        t = max((event.t for event in found.replay.events), default=0.0)
        return cls(directory, lock, descriptor, found.end, found.last, t), found.replay

    def append(self, event: AnyEvent) -> AnyEvent:
        """Numbers and stamps an event, queues it, and returns it exactly as a reader of the journal will see it.

        Never raises on trouble with the disk: then `fault` says so. Raises ValueError for an event that is not
        valid, and when the journal was closed.
        """
        if self._closing:
            raise ValueError("The journal is closed.")
        stamp = {"seq": self._seq + 1, "at": time.time(), "t": self.t}
        stamped, line = encode_event(event.model_copy(update=stamp))
        self._seq += 1
        with self._wake:
            if not self.fault:
                self._lines.append(line)
                self._durable = False
                self._wake.notify()
        return stamped

    @property
    def t(self) -> float:
        """The run's own active seconds, now."""
        return time.monotonic() - self._t_zero

    async def flush(self) -> None:
        """Returns when all that was appended before is durable (fdatasync), or the journal has a fault."""
        with self._wake:
            if self.fault or self._durable:
                return
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            self._wake.notify()
        await waiting

    async def mend(self, events: Sequence[AnyEvent]) -> str:
        """After a fault, saves the whole run anew and goes on from there; empty, or why that cannot be.

        `events` are all that this journal ever held, and may grow meanwhile. It is a new file: what a failed
        sync left of the old one nobody knows.
        """
        if not self.fault:
            return ""
        whole = tuple(events)
        try:
            descriptor, size = await asyncio.to_thread(_written_anew, self._directory, whole)
        except OSError as error:
            return f"Still nothing is saved: {reason(error)}."
        with self._wake:
            replaced, self._descriptor, self._size = self._descriptor, descriptor, size
            self._lines = [encode_event(event)[1] for event in events[len(whole) :]]
            self._durable = not self._lines
            self.fault = ""
            self._wake.notify()
        os.close(replaced)
        return ""

    def close(self) -> None:
        """Writes and syncs what is queued, stops the thread, and lets the run go. Blocks while it does."""
        if self._closing:
            return
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()
        os.close(self._descriptor)
        os.close(self._lock)

    def _write_until_closed(self) -> None:
        closing = False
        while not closing:
            with self._wake:
                self._wake.wait_for(lambda: self._lines or self._waiting or self._closing)
                lines, self._lines = self._lines, []
                waiting, self._waiting = self._waiting, []
                closing = self._closing
            # Whoever waits now has had everything taken that was appended before: one sync is for all of them.
            self._save(b"".join(lines), sync=bool(waiting) or closing)
            for future in waiting:
                # A loop that was closed meanwhile waits for nothing.
                with contextlib.suppress(RuntimeError):
                    future.get_loop().call_soon_threadsafe(_answer, future)

    def _save(self, data: bytes, *, sync: bool) -> None:
        if self.fault:
            return
        try:
            self._write(data)
        except OSError as error:
            # What was written whole before may still be made durable; a line that was cut must not stay.
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._size)
                _sync_data(self._descriptor)
            # Said last: whoever mends it then finds this thread done with the file.
            self._stop(f"The run is no longer saved: {reason(error)}.")
            return
        if not sync:
            return
        try:
            _sync_data(self._descriptor)
        except OSError as error:
            self._stop(f"The run is no longer saved, and its last events may be lost: {reason(error)}.")
            return
        with self._wake:
            self._durable = not self._lines

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        written = 0
        try:
            while written < len(data):
                written += os.write(self._descriptor, view[written:])
        finally:
            # No event holds a newline, so what ends in one is whole.
            self._size += data.rfind(b"\n", 0, written) + 1

    def _stop(self, fault: str) -> None:
        with self._wake:
            self.fault = fault
            self._lines.clear()


def _recover(directory: Path, descriptor: int) -> Scan:
    """What the open journal holds, its end made whole. Raises OSError, SessionDamagedError."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise NotAFileError
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        data = file.read()
    found = scan(data)
    check_opens(directory, found.replay)
    if found.replay.newer:
        raise SessionDamagedError(
            f"The session {directory.name} was saved by a newer version of hubspoke: "
            "this one can show it, but not go on with it."
        )
    if found.replay.torn:
        with os.fdopen(os.open(directory / TORN, _APPEND | os.O_CREAT, 0o600), "ab") as aside:
            aside.write(data[found.end :] + b"\n")
            aside.flush()
            os.fsync(aside.fileno())
        os.ftruncate(descriptor, found.end)
    # Who was killed may have left lines that were written but never synced: from now on they count.
    os.fsync(descriptor)
    sync_directory(directory)
    return found


def _written_anew(directory: Path, events: tuple[AnyEvent, ...]) -> tuple[int, int]:
    """A journal of these events in place of the one there, open, and its size. Raises OSError."""
    data = b"".join(encode_event(event)[1] for event in events)
    write_atomic(directory / JOURNAL, data)
    return os.open(directory / JOURNAL, _APPEND), len(data)


def _answer(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _sync_data(descriptor: int) -> None:
    if sys.platform == "darwin":  # it has no fdatasync
        os.fsync(descriptor)
    else:
        os.fdatasync(descriptor)
