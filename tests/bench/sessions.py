"""How soon 10,000 saved runs are on the screen, and found as one types, over what an empty library takes."""

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

from textual.app import App

from sessions.index import INDEX
from sessions.library import Library
from tests.many_runs import Words, fill
from tui.screens.sessions import SessionsScreen
from tui.session_rows import SessionList

RUNS = 10_000
TURNS = 9
TYPED = 60
FRAME_MS = 1_000 / 60
AIM = 1.3


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


def main() -> None:
    """Prints times and ratios."""
    with tempfile.TemporaryDirectory() as place:
        empty, full = Path(place) / "empty", Path(place) / "full"
        fill(full, RUNS)
        library = _index(full)
        taken = _keystrokes(library)
        library.close()
        p50, p95 = statistics.median(taken), taken[int(0.95 * len(taken))]
        print(f"search, {len(taken):,} keys: p50 {p50:.1f} ms, p95 {p95:.1f} ms, {taken[-1]:.1f} ms at most")
        print(f"ratio of the p95 to a frame of {FRAME_MS:.1f} ms: {p95 / FRAME_MS:.2f}")
        without: list[float] = []
        with_all: list[float] = []
        for _ in range(TURNS):
            without.append(asyncio.run(_to_first_rows(empty)))
            with_all.append(asyncio.run(_to_first_rows(full)))
        floor, ours = statistics.median(without), statistics.median(with_all)
        print(f"first rows, medians of {TURNS}: empty {floor * 1e3:.0f} ms, {RUNS:,} runs {ours * 1e3:.0f} ms")
        print(f"ratio {ours / floor:.2f} (aim {AIM})")
