"""A program in a pseudo-terminal: what it writes, byte for byte, and keys for it."""

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from rich.cells import cell_len

from tests.running import LONGEST_S, environment

_OWNED = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)
"""Makes the terminal the session's own before it becomes the program: then closing it hangs the program up."""


_WRITTEN = re.compile(
    r"\x1b\[(?P<row>\d*);?(?P<column>\d*)H|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|(?P<text>[^\x1b]+)"
)


class Screen:
    """What stands on a terminal: Textual writes moves and text alone, so nothing else is understood."""

    def __init__(self, size: tuple[int, int]) -> None:
        columns, rows = size
        self._cells = [[" "] * columns for _ in range(rows)]
        self._row = self._column = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        """The beginning of a sequence whose end has not come."""

    def __str__(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self._cells)

    def feed(self, data: bytes) -> None:
        """Takes what was written."""
        written, end = self._rest + self._decoder.decode(data), 0
        while match := _WRITTEN.match(written, end):
            end = match.end()
            if match["row"] is not None:
                self._row, self._column = int(match["row"] or 1) - 1, int(match["column"] or 1) - 1
            self._put(match["text"] or "")
        self._rest = written[end:]

    def _put(self, text: str) -> None:
        for character in text:
            width = cell_len(character)
            if character == "\n":
                self._row += 1
            elif character == "\r":
                self._column = 0
            elif width and self._row < len(self._cells) and self._column + width <= len(self._cells[0]):
                place = slice(self._column, self._column + width)
                self._cells[self._row][place] = [character, *[""] * (width - 1)]
                self._column += width


class Terminal:
    """`with Terminal("python", "-m", "tui") as terminal:` runs a program on a screen of its own, then kills it."""

    def __init__(
        self, *command: str, size: tuple[int, int] = (120, 40), hangs_up: bool = False, **env: str
    ) -> None:
        """With `hangs_up` the program hears SIGHUP when the terminal is closed, as it does from a real one."""
        self._command: Sequence[str] = (
            (sys.executable, "-S", "-E", "-c", _OWNED, *command) if hangs_up else command
        )
        self._size = size
        self._env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", **env}
        self._open = True
        self._screen = Screen(size)
        self._drawn = 0
        """How much of what was written stands on the screen."""
        self.seen = b""
        """All that was written so far."""

    def __enter__(self) -> Self:
        self._master, slave = pty.openpty()
        columns, rows = self._size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        env = environment(**self._env)
        for name in ("NO_COLOR", "COLUMNS", "LINES"):  # the last two are set where tests run in parallel
            env.pop(name, None)
        self.process = subprocess.Popen(
            self._command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self.close()

    def kill(self) -> None:
        """Kills the program (SIGKILL) and whatever of it is in this terminal's session."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Closes the terminal under the program, as the closing of its window does."""
        if self._open:
            self._open = False
            os.close(self._master)

    @property
    def screen(self) -> str:
        """What stands on it now, a line a row."""
        self._screen.feed(self.seen[self._drawn :])
        self._drawn = len(self.seen)
        return str(self._screen)

    def press(self, keys: str) -> None:
        """Types; control keys as their characters."""
        os.write(self._master, keys.encode())

    def read(self, seconds: float) -> bytes:
        """What comes within so long, or until the program is gone."""
        ready, _, _ = select.select([self._master] if self._open else [], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # the other end is closed
            return b""
        self.seen += data
        return data

    def until(self, condition: Callable[[bytes], bool], timeout: float = LONGEST_S) -> None:
        """Reads until what was written meets the condition. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        while not condition(self.seen):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(self.seen[-2000:])
            self.read(min(left, 0.2))
