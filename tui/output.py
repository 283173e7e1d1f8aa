"""Standard output: where the one result of a command goes."""

import contextlib
import os
import stat
import sys
from pathlib import Path

from sessions.atomic_file import write_atomic
from sessions.errors import BadInputError
from sessions.paths import reason
from tui.safe import safe


class LostOutputError(BadInputError):
    """The result could not be written where it was asked for."""


def put(text: str) -> None:
    """Writes untrusted text to standard output, made harmless; a reader that went away is no error.

    Raises LostOutputError when there is no standard output, or it takes no more.
    """
    stdout = sys.__stdout__
    if stdout is None:
        raise LostOutputError("There is no standard output to write to; what was asked for is saved.")
    try:
        stdout.write(f"{safe(text)}\n")
        stdout.flush()
    except OSError as error:
        # The interpreter flushes once more when it ends, and would complain then.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            message = f"Standard output cannot be written: {reason(error)}; what was asked for is saved."
            raise LostOutputError(message) from None


def put_file(path: Path, data: bytes) -> None:
    """Writes a file at once, or into what is there if it is none (a device, a pipe), which is never replaced.

    Raises LostOutputError.
    """
    target = path.resolve()
    try:
        special = target.exists() and not stat.S_ISREG(target.stat().st_mode)
        if special:
            target.write_bytes(data)
            return
    except OSError as error:
        raise LostOutputError(f"{path} cannot be written: {reason(error)}.") from None
    write_atomic(target, data)
