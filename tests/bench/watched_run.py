"""A run that is fed, and the real dashboard on it in a real terminal: keys go in, and when they show is timed."""

import os
import random
import re
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.fed_scene import MARK, age_s
from tests.running import environment, program
from tests.screen_runs import RUN
from tests.terminal import Terminal

SIZE = (200, 60)
LONGEST_S = 5.0
"""A key that shows nothing for so long is lost."""

_TAIL = 64
"""Bytes of what was read last that may be the beginning of words that come now."""


class Step(NamedTuple):
    """A key that moves the selection, and by how many panes."""

    key: str
    by: int


class Watched:
    """The dashboard on its terminal, and the process that feeds its run."""

    def __init__(self, terminal: Terminal, feeder: "subprocess.Popen[str]") -> None:
        self._terminal = terminal
        self._feeder = feeder
        self._tail = b""
        self._marks: set[int] = set()
        self.ages_ms: list[float] = []
        """How old each marked piece of text was when it was painted."""

    def tell(self, command: str) -> None:
        """Says to the feeder how the run streams from now on."""
        assert self._feeder.stdin
        self._feeder.stdin.write(f"{command}\n")
        self._feeder.stdin.flush()

    def memory_at(self, word: str) -> float:
        """The dashboard's memory in MB when the feeder says that word; all is read meanwhile."""
        assert self._feeder.stdout
        while not select.select([self._feeder.stdout], [], [], 0)[0]:
            self.read(0.05)
        assert self._feeder.stdout.readline().strip() == word
        self.idle(1.0)  # the last of it is on its way
        asked = ["ps", "-o", "rss=", "-p", str(self._terminal.process.pid)]
        return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout) / 1_000

    def read(self, seconds: float) -> bytes:
        """What the dashboard writes within so long, or at once; with the end of what it wrote before."""
        data = self._terminal.read(seconds)
        now = time.monotonic()
        # Nobody looks at the whole of it, which would be tens of megabytes.
        self._terminal.seen = b""
        seen = self._tail + data
        for found in MARK.findall(seen):
            if (mark := int(found)) not in self._marks:
                self._marks.add(mark)
                self.ages_ms.append(age_s(mark, now) * 1e3)
        self._tail = seen[-_TAIL:]
        return seen

    def cpu_s(self) -> float:
        """What the dashboard took of the processor so far."""
        times = Path(f"/proc/{self._terminal.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
        user, system = (int(ticks) for ticks in times.split()[11:13])
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def idle(self, seconds: float) -> None:
        """Only reads, for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.read(left)

    def type(self, keys: str) -> None:
        """Presses keys whose effect nobody times."""
        self._terminal.press(keys)

    def press(self, keys: str, effect: "re.Pattern[bytes]") -> float | None:
        """Milliseconds from the writing of a key to the bytes that paint its effect; None if they never came."""
        self._tail = b""
        began = time.monotonic()
        self._terminal.press(keys)
        while (left := began + LONGEST_S - time.monotonic()) > 0:
            if effect.search(self.read(left)):
                return (time.monotonic() - began) * 1e3
        return None


class Steps:
    """Seeded keys that move the selection over panes in so many columns, and what each paints."""

    def __init__(self, panes: int, columns: int, seed: int) -> None:
        self._panes = panes
        self._steps = (Step("\t", 1), Step("\x1b[Z", -1), Step("j", columns), Step("k", -columns))
        self._chance = random.Random(seed)
        self._at = 1

    def wait_s(self) -> float:
        """How long until the next key."""
        return self._chance.uniform(0.05, 0.2)

    def next(self) -> tuple[str, "re.Pattern[bytes]"]:
        """A key, and the mark of the pane that it leads to; never to the coordinator's."""
        step = self._chance.choice([step for step in self._steps if 1 <= self._at + step.by <= self._panes])
        self._at += step.by
        return step.key, re.compile(rb"> ?%d " % self._at)


@contextmanager
def watched(spokes: int | None = None) -> Generator[Watched]:
    """A fed run of so many spokes, or the one that has a report, with a window on it that shows all of them."""
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        runtime = Path(place) / "run"
        runtime.mkdir(mode=0o700)
        env = {"HUBSPOKE_HOME": f"{place}/home", "XDG_RUNTIME_DIR": str(runtime)}
        feeder = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.fed_run", *([str(spokes)] if spokes else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(**env),
        )
        assert feeder.stdin and feeder.stdout
        assert feeder.stdout.readline() == "ready\n"
        with feeder, Terminal(*program("attach", RUN), size=SIZE, hangs_up=False, **env) as terminal:
            last = f"{spokes} Region {spokes} ".encode() if spokes else b"6 Visual arts"
            terminal.until(lambda seen: last in seen)
            yield Watched(terminal, feeder)
            feeder.stdin.close()
