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
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from sessions.atomic_file import write_atomic
from sessions.events import AnyEvent
from sessions.journal_lines import encode_event
from sessions.journal_reader import JOURNAL, Replay, Scan, SessionDamagedError, check_opens, scan
from sessions.paths import UnwritableError, private_directory, reason, sync_directory
from sessions.regular_file import NotAFileError, read_regular
from sessions.run_lock import SessionBusyError as SessionBusyError
from sessions.run_lock import take_lock

TORN = f"{JOURNAL}.torn"
_APPEND = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW
_Told = TypeVar("_Told")


class Journal:
    """Append-only and checksummed, written by one thread with group commit.

    `append` and `flush` belong to the event loop's thread; no disk work is done there.
    """

    def __init__(
        self, directory: Path, lock: int, descriptor: int, size: int, seq: int, t: float, damaged: bytes = b""
    ) -> None:
        """For `create` and `open`: takes over both descriptors; `damaged` are the lines that hold no event."""
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
        self._anew: tuple[AnyEvent, ...] | None = None
        """What is to be saved in place of what is there, while it is being mended."""
        self._mending: list[asyncio.Future[str]] = []
        self._damaged = damaged
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
        return cls(directory, lock, descriptor, found.end, found.last, t, found.damaged), found.replay

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
            if not self.fault or self._anew is not None:
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

        `events` are all that this journal ever held. It is a new file: what a failed sync left of the old one
        nobody knows. Lines that were damaged before are set aside with the torn ones.
        """
        with self._wake:
            if self._closing:
                return "Nothing more is saved: the journal is closed."
            if not self.fault:
                return ""
            mending: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            self._mending.append(mending)
            if self._anew is None:
                self._anew = tuple(events)
                self._durable = True
            self._wake.notify()
        return await mending

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
                self._wake.wait_for(
                    lambda: self._lines or self._waiting or self._closing or self._anew is not None
                )
                lines, self._lines = self._lines, []
                waiting, self._waiting = self._waiting, []
                anew, closing = self._anew, self._closing
            if anew is not None:
                self._write_anew(anew)
            # Whoever waits now has had everything taken that was appended before: one sync is for all of them.
            self._save(b"".join(lines), sync=bool(waiting) or closing)
            _tell(waiting, None)

    def _write_anew(self, events: tuple[AnyEvent, ...]) -> None:
        data = b"".join(encode_event(event)[1] for event in events)
        descriptor, refused = -1, ""
        try:
            if self._damaged:
                _set_aside(self._directory, self._damaged)
                self._damaged = b""
            write_atomic(self._directory / JOURNAL, data)
            descriptor = os.open(self._directory / JOURNAL, _APPEND)
        except OSError as error:
            refused = f"Still nothing is saved: {reason(error)}."
        with self._wake:
            self._anew = None
            mending, self._mending = self._mending, []
            if refused:
                self._lines.clear()
            else:
                os.close(self._descriptor)
                self._descriptor, self._size, self.fault = descriptor, len(data), ""
        _tell(mending, refused)

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
        _set_aside(directory, data[found.end :] + b"\n")
        os.ftruncate(descriptor, found.end)
    # Who was killed may have left lines that were written but never synced: from now on they count.
    os.fsync(descriptor)
    sync_directory(directory)
    return found


def _set_aside(directory: Path, lines: bytes) -> None:
    """Keeps what cannot stay in the journal. Raises OSError."""
    try:
        before = read_regular(directory / TORN)
    except FileNotFoundError:
        before = b""
    # Whole or not at all, for a disk that refuses it is tried again.
    write_atomic(directory / TORN, before + lines)


def _tell(waiting: Iterable[asyncio.Future[_Told]], told: _Told) -> None:
    """Answers, from the journal's thread, those who wait."""
    for future in waiting:
        # A loop that was closed meanwhile waits for nothing.
        with contextlib.suppress(RuntimeError):
            future.get_loop().call_soon_threadsafe(_answer, future, told)


def _answer(future: asyncio.Future[_Told], told: _Told) -> None:
    if not future.done():
        future.set_result(told)


def _sync_data(descriptor: int) -> None:
    if sys.platform == "darwin":  # it has no fdatasync
        os.fsync(descriptor)
    else:
        os.fdatasync(descriptor)
