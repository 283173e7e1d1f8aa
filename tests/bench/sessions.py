"""How soon 10,000 saved runs are on the screen, and found as one types, over what an empty library takes."""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from textual.app import App

from sessions.index import INDEX
from sessions.library import Library
from tests.bench.table import Row
from tests.many_runs import Words, fill
from tui.screens.sessions import SessionsScreen
from tui.session_rows import SessionList

RUNS = 10_000
TURNS = 9
TYPED = 60
FRAME_MS = 1_000 / 60
AIM = 1.3
COMMAND = "python -m tests.bench sessions"


class _Browser(App[None]):
    """The session browser alone."""


async def _to_first_rows(home: Path) -> float:
    """Seconds from opening the browser to the first rows, or to the words that there are none."""
    os.environ["HUBSPOKE_HOME"] = str(home)
    app = _Browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        painted = asyncio.Event()
        began = time.perf_counter()
        await app.push_screen(SessionsScreen())
        rows = app.screen.query_one(SessionList)
        while "Reading" in rows.render_line(0).text:
            await asyncio.sleep(0)
        app.call_after_refresh(painted.set)
        await painted.wait()
        return time.perf_counter() - began


def _keystrokes(library: Library) -> list[float]:
    """Milliseconds of the processor to an answer after each key, as questions and words of reports are typed."""
    words = Words(2)
    questions = [meta.question.lower()[:20] for meta in library.look("", "used").metas]
    taken: list[float] = []
    for number in range(TYPED):
        query = words.some(2, 3) if number % 2 else questions[number]
        for end in range(1, len(query) + 1):
            began = time.thread_time()
            library.look(query[:end], "used")
            taken.append((time.thread_time() - began) * 1e3)
    return sorted(taken)


def _index(home: Path) -> Library:
    """Makes the index, and says what it took."""
    began = time.perf_counter()
    library = Library(home)
    library.read()
    listed = time.perf_counter() - began
    while library.read_texts():
        pass
    texts = time.perf_counter() - began - listed
    began = time.perf_counter()
    library.read()
    again = time.perf_counter() - began
    size = (home / INDEX).stat().st_size / 1e6
    print(f"index of {RUNS:,} made anew: rows {listed:.1f} s, then texts {texts:.1f} s; {size:.0f} MB")
    print(f"checked against the disk: {again:.2f} s; reading all anew takes {listed / again:.1f}x that")
    return library


def rows() -> Iterator[Row]:
    """Search, and the first rows; what making the index takes is printed beside them."""
    with tempfile.TemporaryDirectory() as place:
        empty, full = Path(place) / "empty", Path(place) / "full"
        fill(full, RUNS)
        library = _index(full)
        taken = _keystrokes(library)
        library.close()
        p50, p95 = statistics.median(taken), taken[int(0.95 * len(taken))]
        figure = f"p95 {p95:.1f} ms (p50 {p50:.1f}, at most {taken[-1]:.1f}) over a frame of {FRAME_MS:.1f} ms"
        yield Row(f"search in {RUNS:,} runs, {len(taken):,} keys", figure, p95 / FRAME_MS, 1.0, COMMAND)
        without: list[float] = []
        with_all: list[float] = []
        for _ in range(TURNS):
            without.append(asyncio.run(_to_first_rows(empty)))
            with_all.append(asyncio.run(_to_first_rows(full)))
        floor, ours = statistics.median(without), statistics.median(with_all)
        figure = f"{ours * 1e3:.0f} ms over {floor * 1e3:.0f} ms of an empty library, medians of {TURNS}"
        yield Row(f"first rows of {RUNS:,} runs", figure, ours / floor, AIM, COMMAND)
