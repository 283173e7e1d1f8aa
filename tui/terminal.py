"""The terminal: whether it can be drawn on, and whether it is still there.

Most programs are told of its end by a signal, and one that is not has to look.
"""

import contextlib
import os
import select
import signal
import sys

LOOK_S = 1.0
"""How often one looks."""


def is_dumb() -> bool:
    """Whether it says of itself that nothing can be placed on it.

    The library takes such a one for 80 cells by 25 whatever its size, and would lay out for both in turn for ever.
    """
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")


def leave_if_gone() -> None:
    """Ends this program as a hang-up does, where its terminal was closed and no signal came.

    So it is in a container whose client has gone, or under nohup; reading on would take a processor for ever.
    """
    if _is_gone():
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.raise_signal(signal.SIGHUP)


def _is_gone() -> bool:
    with contextlib.suppress(AttributeError, OSError, ValueError):  # no such thing here, or no standard input
        terminal = select.poll()
        terminal.register(sys.__stdin__.fileno() if sys.__stdin__ else -1, 0)
        return any(event & select.POLLHUP for _, event in terminal.poll(0))
    return False
