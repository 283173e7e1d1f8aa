"""How soon a live run of 10 MB of events stands on the screen of a window that attaches, over an empty run's."""

import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from sessions.run_lock import is_held
from sessions.store import Store
from tests.bench.long_run import LAST_WORDS, RUN, save_run
from tests.bench.table import Row
from tests.running import environment, program
from tests.terminal import Terminal

SIZE = 10_000_000
TURNS = 7
AIM = 1.3


@contextmanager
def live_run(home: Path, size: int) -> Generator[int]:
    """A run of so many bytes of events that an engine works on, over a server that never answers; its bytes."""
    docs = home / "docs"
    docs.mkdir(parents=True)
    (docs / "wages.md").write_text("Wages rose.", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        env = environment(HUBSPOKE_HOME=str(home), ANTHROPIC_BASE_URL=url, ANTHROPIC_API_KEY="test")
        written = save_run(home, docs, size)
        subprocess.run(program("resume", RUN, "--detach"), env=env, check=True, stdout=subprocess.DEVNULL)
        try:
            yield written
        finally:
            subprocess.run(program("stop", RUN), env=env, check=True, stdout=subprocess.DEVNULL)
            while is_held(Store(home).path(RUN)):
                time.sleep(0.05)


def attached(home: Path) -> float:
    """Seconds from the start of a window to the last words of a spoke on its screen."""
    began = time.perf_counter()
    with Terminal(*program("attach", RUN), size=(200, 60), HUBSPOKE_HOME=str(home)) as terminal:
        terminal.until(lambda seen: LAST_WORDS.encode() in seen)
        return time.perf_counter() - began


def rows() -> Iterator[Row]:
    """The medians of both, attached to in turn."""
    with tempfile.TemporaryDirectory() as place:
        empty, full = Path(place) / "empty", Path(place) / "full"
        with live_run(empty, 0), live_run(full, SIZE) as written:
            taken = [(attached(empty), attached(full)) for _ in range(TURNS)]
        floor, ours = (statistics.median(times) for times in zip(*taken, strict=True))
    figure = f"{ours:.2f} s over {floor:.2f} s of an empty run, medians of {TURNS}"
    what = f"attach to a live run of {written / 1e6:.0f} MB of events"
    yield Row(what, figure, ours / floor, AIM, "python -m tests.bench attach")
