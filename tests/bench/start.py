"""How soon the first frame is on the screen: the dashboard's over a trivial Textual app's, in turn."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator

from sessions.runtime import sockets
from tests.bench.table import Row
from tests.terminal import Terminal

RUNS = 6
AIM = 1.15

_TRIVIAL = """
from textual.app import App
from textual.widgets import Static
class Trivial(App):
    def compose(self):
        yield Static("One question in")
Trivial().run()
"""

_MARK = b"One question in"
"""Words of the first frame, of both."""


def first_frame(*command: str) -> float:
    """Seconds from the start of a program to the first frame that has the mark."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUBSPOKE_HOME"] = home
        began = time.perf_counter()
        with Terminal(*command, HUBSPOKE_HOME=home) as terminal:
            terminal.until(lambda seen: _MARK in seen)
            taken = time.perf_counter() - began
        # The engine that it had started still imports, which the next one would feel.
        while sockets():
            time.sleep(0.05)
        time.sleep(0.2)
        return taken


def rows() -> Iterator[Row]:
    """The medians and their ratio."""
    trivial: list[float] = []
    dashboard: list[float] = []
    for _ in range(RUNS):
        trivial.append(first_frame(sys.executable, "-c", _TRIVIAL))
        dashboard.append(first_frame(sys.executable, "-m", "tui"))
    floor, ours = statistics.median(trivial), statistics.median(dashboard)
    figure = f"{ours * 1e3:.0f} ms over {floor * 1e3:.0f} ms of a trivial Textual app, medians of {RUNS}"
    yield Row("cold start to the first painted frame", figure, ours / floor, AIM, "python -m tests.bench start")
