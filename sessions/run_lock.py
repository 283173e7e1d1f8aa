"""The lock that lets one engine at a time work on a run."""

import contextlib
import fcntl
import os
import time
from pathlib import Path
from typing import NamedTuple

from sessions.errors import BadInputError
from sessions.paths import UnwritableError, reason
from sessions.regular_file import open_regular

_NAME = "lock"
_TRIES = 5
_WAIT_S = 0.02


_LONGEST = 4_096
"""Bytes of what is told in the file: a process id, and the path of a socket."""


class Holder(NamedTuple):
    """Who works on a run, as far as it says so: its process, and the socket at which it is found."""

    pid: int | None
    socket: Path | None


class SessionBusyError(BadInputError):
    """Another engine holds the run; `pid` is its process, or None when it did not say."""

    def __init__(self, run: str, pid: int | None) -> None:
        self.pid = pid
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"The session {run} is being worked on by {who}.")


def take_lock(directory: Path) -> int:
    """Takes the run's lock and returns the descriptor that holds it: closing it, or dying, lets go.

    The file stays for ever, for a lock on a file that was unlinked excludes nobody. It is a `flock`, because
    a POSIX lock is lost when any other descriptor of the file is closed; Python's descriptors are closed
    on exec, so that no child keeps the run locked. Raises SessionBusyError, UnwritableError.
    """
    path = directory / _NAME
    try:
        descriptor = open_regular(path, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise UnwritableError(f"{path} cannot be written: {reason(error)}.") from error
    try:
        _take(descriptor, directory.name)
    except BaseException:
        os.close(descriptor)
        raise
    # The process id is for display alone, so a disk too full for it matters to nobody.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def _take(descriptor: int, run: str) -> None:
    for left in reversed(range(_TRIES)):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            # `is_held` holds it for an instant: one refusal proves nothing yet.
            if not left:
                raise SessionBusyError(run, _told(descriptor).pid) from None
            time.sleep(_WAIT_S)
        except OSError as error:
            raise UnwritableError(f"The session {run} cannot be locked: {reason(error)}.") from error


def tell_socket(directory: Path, socket: Path) -> None:
    """Says where this process, which holds the run, is found, whatever the environment. Raises OSError."""
    descriptor = open_regular(directory / _NAME, os.O_WRONLY)
    try:
        os.pwrite(descriptor, os.fsencode(f"{os.getpid()}\n{socket}"), 0)
    finally:
        os.close(descriptor)


def is_held(directory: Path) -> bool:
    """Whether an engine works on the run at this moment."""
    return holder(directory) is not None


def holder(directory: Path) -> Holder | None:
    """Who works on the run at this moment; None where nobody does."""
    try:
        descriptor = open_regular(directory / _NAME, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _told(descriptor)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None


def _told(descriptor: int) -> Holder:
    """What the holder wrote."""
    try:
        pid, _, socket = os.pread(descriptor, _LONGEST, 0).partition(b"\n")
    except OSError:
        return Holder(None, None)
    return Holder(int(pid[:20]) if pid.isdigit() else None, Path(os.fsdecode(socket)) if socket else None)
