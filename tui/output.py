"""Standard output: where the one result of a command goes."""

import os
import sys

from tui.safe import safe


def put(text: str) -> None:
    """Writes untrusted text to standard output, made harmless; a reader that went away is no error."""
    try:
        sys.stdout.write(f"{safe(text)}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more when it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
