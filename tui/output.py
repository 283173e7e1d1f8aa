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
    """Writes untrusted text to standard output, made harmless; what its encoding lacks becomes `?`.

    A reader that went away is no error. Raises LostOutputError when there is no standard output, or it takes no
    more.
    """
    _write(text, sys.__stdout__.encoding if sys.__stdout__ else "")


def put_document(text: str) -> None:
    """As `put`, for what another program reads: JSON and what is exported are UTF-8 wherever they go."""
    _write(text, "utf-8")


def _write(text: str, encoding: str) -> None:
    stdout = sys.__stdout__
    if stdout is None:
        raise LostOutputError("There is no standard output to write to.")
    try:
        stdout.buffer.write(f"{safe(text)}\n".encode(encoding, "replace"))
        stdout.flush()
    except OSError as error:
        # The interpreter flushes once more when it ends, and would complain then.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise LostOutputError(f"Standard output cannot be written: {reason(error)}.") from None


def put_file(path: Path, data: bytes) -> None:
    """Writes a file at once, or into what is there if it is none (a device, a pipe), which is never replaced.

    Raises LostOutputError.
    """
    try:
        # A pipe under a name such as /dev/stdout has none of its own that it could be resolved to.
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            path.write_bytes(data)
        else:
            write_atomic(path.resolve(), data)
    except OSError as error:  # UnwritableError is one
        raise LostOutputError(f"{path} cannot be written: {reason(error)}.") from None
