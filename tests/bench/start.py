"""How soon the first frame is on the screen, and the form after it, over a trivial Textual app's frame."""

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

_FORM = b"empty: the sample library"
"""Words of the form that follows the dashboard's."""


def frames(*command: str, last: bytes) -> tuple[float, float]:
    """Seconds from the start of a program to the frame that has the mark, and to the one with the last words."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUBSPOKE_HOME"] = home
        began = time.perf_counter()
        with Terminal(*command, HUBSPOKE_HOME=home) as terminal:
            taken = [0.0, 0.0]
            for place, words in enumerate((_MARK, last)):
                terminal.until(lambda seen, words=words: words in seen)
                taken[place] = time.perf_counter() - began
        # The engine that it had started still imports, which the next one would feel.
        while sockets():
            time.sleep(0.05)
        time.sleep(0.2)
        return taken[0], taken[1]


def rows() -> Iterator[Row]:
    """The medians and their ratio."""
    trivial: list[float] = []
    dashboard: list[float] = []
    form: list[float] = []
    for _ in range(RUNS):
        trivial.append(frames(sys.executable, "-c", _TRIVIAL, last=_MARK)[0])
        first, whole = frames(sys.executable, "-m", "tui", last=_FORM)
        dashboard.append(first)
        form.append(whole)
    floor = statistics.median(trivial)
    for what, times, aim in (
        ("cold start to the first painted frame", dashboard, AIM),
        ("cold start to the form, which what was pressed before waits for", form, None),
    ):
        ours = statistics.median(times)
        figure = f"{ours * 1e3:.0f} ms over {floor * 1e3:.0f} ms of a trivial Textual app, medians of {RUNS}"
        yield Row(what, figure, ours / floor, aim, "python -m tests.bench start")
