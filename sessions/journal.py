"""The journal of a run: its events on disk, append-only and checksummed, by one writer.

The facts it rests on were measured: a file's name is durable only when its directory was synced too, a failed
fsync must never be repeated (the page it could not write is gone), and one fdatasync can answer for many
appends. See fsync(2), and Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020.
"""

import asyncio
import contextlib
import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from sessions.errors import BadInputError
from sessions.events import AnyEvent, RunCreated
from sessions.journal_lines import decode_line, encode_event
from sessions.paths import UnwritableError, private_directory, reason, sync_directory
from sessions.run_lock import SessionBusyError as SessionBusyError
from sessions.run_lock import take_lock

JOURNAL = "journal.jsonl"
TORN = f"{JOURNAL}.torn"
_APPEND = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW


class SessionDamagedError(BadInputError):
    """A session that cannot be opened, or not be gone on with; the message is one sentence that says why."""


@dataclass(frozen=True)
class Replay:
    """What could be read of a journal.

    `damaged` counts the lines that were skipped, `torn` says that the end of the last one is missing, `newer`
    that a later version of hubspoke wrote some of it.
    """

    events: tuple[AnyEvent, ...]
    damaged: int = 0
    torn: bool = False
    newer: bool = False


@dataclass(frozen=True)
class _Scan:
    replay: Replay
    last: int
    """The number of the last event, also when it is damaged."""
    end: int
    """Bytes up to the end of the last whole line."""


def read_journal(directory: Path) -> Replay:
    """Reads a run's events without a lock, so also while it is being worked on.

    Never raises for damage: a missing file is an empty journal. Raises OSError if the file may not be read.
    """
    try:
        return _scan((directory / JOURNAL).read_bytes()).replay
    except FileNotFoundError:
        return Replay(())


def _scan(data: bytes) -> _Scan:
    *lines, tail = data.split(b"\n")
    events: list[AnyEvent] = []
    last, newer = 0, False
    for read in map(decode_line, lines):
        # A damaged line held the next number, as far as anyone can tell.
        last = max(last, read.seq) if read.seq else last + 1
        newer = newer or read.newer
        if read.event is not None:
            events.append(read.event)
    replay = Replay(tuple(events), len(lines) - len(events), bool(tail), newer)
    return _Scan(replay, last, len(data) - len(tail))


def check_opens(directory: Path, replay: Replay) -> None:
    """Raises SessionDamagedError when the run's question cannot be read, without which nothing can."""
    if any(isinstance(event, RunCreated) for event in replay.events):
        return
    why = "the event that holds its question is damaged" if replay.damaged else "nothing was saved of it"
    if replay.newer:
        why = "it was saved by a newer version of hubspoke"
    raise SessionDamagedError(f"The session {directory.name} cannot be opened: {why}.")


def saved_bytes(directory: Path) -> int:
    """The size of the run's journal. Raises OSError."""
    return (directory / JOURNAL).stat().st_size


def journal_of(events: tuple[AnyEvent, ...]) -> tuple[tuple[AnyEvent, ...], bytes]:
    """A whole journal of these events, numbered anew, and the events as a reader will see them.

    Raises ValueError for an event that cannot be saved.
    """
    encoded = [encode_event(event.model_copy(update={"seq": seq})) for seq, event in enumerate(events, 1)]
    return tuple(event for event, _ in encoded), b"".join(line for _, line in encoded)


class Journal:
    """Append-only and checksummed, written by one thread with group commit.

    `append` and `flush` belong to the event loop's thread; no disk work is done there.
    """

    def __init__(self, lock: int, descriptor: int, size: int, seq: int, t: float) -> None:
        """For `create` and `open`: takes over both descriptors."""
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
        return cls(lock, descriptor, 0, 0, 0.0)

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
                scan = _recover(directory, descriptor)
            except OSError as error:
                raise UnwritableError(
                    f"The session {directory.name} cannot be gone on with: {reason(error)}."
                ) from error
            undo.pop_all()
        t = max((event.t for event in scan.replay.events), default=0.0)
        return cls(lock, descriptor, scan.end, scan.last, t), scan.replay

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
            self._stop(f"The run is no longer saved: {reason(error)}.")
            # What was written whole before may still be made durable; a line that was cut must not stay.
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._size)
                _sync_data(self._descriptor)
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


def _recover(directory: Path, descriptor: int) -> _Scan:
    """What the open journal holds, its end made whole. Raises OSError, SessionDamagedError."""
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        data = file.read()
    scan = _scan(data)
    check_opens(directory, scan.replay)
    if scan.replay.newer:
        raise SessionDamagedError(
            f"The session {directory.name} was saved by a newer version of hubspoke: "
            "this one can show it, but not go on with it."
        )
    if scan.replay.torn:
        with os.fdopen(os.open(directory / TORN, _APPEND | os.O_CREAT, 0o600), "ab") as aside:
            aside.write(data[scan.end :] + b"\n")
            aside.flush()
            os.fsync(aside.fileno())
        os.ftruncate(descriptor, scan.end)
    # Who was killed may have left lines that were written but never synced: from now on they count.
    os.fsync(descriptor)
    sync_directory(directory)
    return scan


def _answer(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _sync_data(descriptor: int) -> None:
    if sys.platform == "darwin":  # it has no fdatasync
        os.fsync(descriptor)
    else:
        os.fdatasync(descriptor)
