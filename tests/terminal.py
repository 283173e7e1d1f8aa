"""A program in a pseudo-terminal: what it writes, byte for byte, and keys for it."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from tests.running import environment


class Terminal:
    """`with Terminal("python", "-m", "tui") as terminal:` runs a program on a screen of its own, then kills it."""

    def __init__(self, *command: str, size: tuple[int, int] = (120, 40), **env: str) -> None:
        self._command: Sequence[str] = command
        self._size = size
        self._env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", **env}
        self.seen = b""
        """All that was written so far."""

    def __enter__(self) -> Self:
        self._master, slave = pty.openpty()
        columns, rows = self._size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        env = environment(**self._env)
        env.pop("NO_COLOR", None)
        self.process = subprocess.Popen(
            self._command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._master)

    def press(self, keys: str) -> None:
        """Types; control keys as their characters."""
        os.write(self._master, keys.encode())

    def read(self, seconds: float) -> bytes:
        """What comes within so long, or until the program is gone."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # the other end is closed
            return b""
        self.seen += data
        return data

    def until(self, condition: Callable[[bytes], bool], timeout: float = 30.0) -> None:
        """Reads until what was written meets the condition. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        while not condition(self.seen):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(self.seen[-2000:])
            self.read(min(left, 0.2))
