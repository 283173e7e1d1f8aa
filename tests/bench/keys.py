"""How soon a key shows in the real dashboard while panes stream, over the same dashboard idle; and its memory.

The window is the real program in a terminal of 200x60. Its run is told by another process, which speaks the port
as an engine does. Keys are pressed one at a time, at seeded moments, and timed from their writing to the first
bytes that paint what they do.
"""

import re
import statistics
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.bench.table import Row
from tests.bench.watched_run import Steps, Watched, watched

COMMAND = "python -m tests.bench keys"
TURNS = 2
PRESSES = 60
"""Keys in each turn, idle and under load."""

SETTLES_S = 1.5
CPU_S = 4.0
PAINTED_MS = 150.0
FLAT = 1.1


class _Load(NamedTuple):
    """So many panes, each of which gets so many pieces of text a second."""

    panes: int
    columns: int
    pieces: int
    aim: float


_LOADS = (_Load(20, 4, 100, 8.0), _Load(6, 3, 50, 4.0))


class _Key(NamedTuple):
    """A key, what only its effect paints, and the keys that lead back."""

    key: str
    effect: bytes
    back: str = "\x1b"


_KEYS = (
    _Key("n", rb">4 ", ""),
    _Key("e", rb"objective"),
    _Key("D", rb"only earlier"),
    _Key("z", rb"p brief"),
    _Key("t", rb"trace \d"),
    _Key("o", rb"report  "),
    _Key("d", rb"of 2 disagreements", "\x1b\x1b"),
    _Key("?", "↑↓ scroll".encode()),
    _Key("G", rb" graph "),
    _Key("T", rb" timeline "),
    _Key("Z", rb"rows that are done|what is done stays", ""),
    _Key("v", rb"view: ", ""),
)
"""All that opens something, or changes the view, in a run that has a report and a spoke that failed."""


def rows() -> Iterator[Row]:
    """Keys under two loads, the age of text when it is painted, memory over an hour's text, every other key."""
    for load in _LOADS:
        with watched(load.panes) as run:
            yield from _under(run, load)
    with watched(20) as run:
        yield _behind(run)
        yield _hour(run)
    with watched() as run:
        yield from _others(run)


def _under(run: Watched, load: _Load) -> Iterator[Row]:
    """Keys in turn: idle, under load, and again."""
    steps = Steps(load.panes, load.columns, seed=load.panes)
    idle: list[float] = []
    streaming: list[float] = []
    # The first keys load what no other key loads again.
    _press(run, steps, 10)
    run.ages_ms.clear()
    for _ in range(TURNS):
        for pieces, taken in ((0, idle), (load.pieces, streaming)):
            run.tell(f"pace {pieces}")
            run.idle(SETTLES_S)
            taken += _press(run, steps, PRESSES)
    run.tell("pace 0")
    what = f"{load.panes} panes x {load.pieces} pieces/s"
    floor, p95 = _p95(idle), _p95(streaming)
    yield Row(
        f"key to paint p95, {what}, over idle",
        f"{_times(streaming)} over {_times(idle)}",
        p95 / floor,
        load.aim,
        COMMAND,
    )
    pressed, seen = TURNS * PRESSES * 2, len(idle) + len(streaming)
    yield Row(f"keys pressed over keys seen, {what}", f"{pressed} over {seen}", pressed / seen, 1.0, COMMAND)
    age = _p95(run.ages_ms)
    yield Row(
        f"piece of text to paint p95, {what}, over {PAINTED_MS:.0f} ms",
        f"{_times(run.ages_ms)}, {len(run.ages_ms)} pieces",
        age / PAINTED_MS,
        1.0,
        COMMAND,
    )


def _press(run: Watched, steps: Steps, presses: int) -> list[float]:
    """Milliseconds to the effect of each key that had one."""
    taken: list[float] = []
    for _ in range(presses):
        run.idle(steps.wait_s())
        if (ms := run.press(*steps.next())) is not None:
            taken.append(ms)
    return taken


def _behind(run: Watched) -> Row:
    """What panes that stream take of the processor behind another screen, over what they take in front."""
    run.tell("pace 100")
    run.idle(SETTLES_S)
    front = _taken(run)
    run.type("?")
    run.idle(SETTLES_S)
    behind = _taken(run)
    run.type("\x1b")
    run.tell("pace 0")
    figure = f"{behind:.0%} of a processor over {front:.0%}"
    return Row(
        "20 panes x 100 pieces/s behind another screen, over in front", figure, behind / front, None, COMMAND
    )


def _taken(run: Watched) -> float:
    before = run.cpu_s()
    run.idle(CPU_S)
    return (run.cpu_s() - before) / CPU_S


def _hour(run: Watched) -> Row:
    """Memory when all of an hour's text has gone through 20 panes, over that when a quarter of it had.

    What streams is no record: each reply breaks off, so that the run's own events hardly grow.
    """
    run.tell("hour")
    quarter, whole = (run.memory_at(word) for word in ("quarter", "whole"))
    figure = f"{whole:.0f} MB after 86 MB of text over {quarter:.0f} MB after a quarter"
    return Row("memory over an hour's text in 20 panes", figure, whole / quarter, FLAT, COMMAND)


def _others(run: Watched) -> Iterator[Row]:
    """Every other key, pressed twice while five panes stream."""
    run.tell("pace 50")
    run.idle(SETTLES_S)
    for key in _KEYS:
        taken = [_there_and_back(run, key) for _ in range(2)]
        if None in taken:
            yield Row(f"`{key.key}` while 5 panes stream", "nothing seen", float("inf"), None, COMMAND)
            continue
        first, second = (ms for ms in taken if ms is not None)
        figure = f"{first:.0f} ms over {second:.0f} ms"
        yield Row(
            f"`{key.key}` while 5 panes stream, first over second press", figure, first / second, None, COMMAND
        )


def _there_and_back(run: Watched, key: _Key) -> float | None:
    if key.key == "d":
        run.press("o", re.compile(rb"report  "))
    if key.key == "n":
        run.press("\t", re.compile(rb"> ?\d "))
    ms = run.press(key.key, re.compile(key.effect))
    for back in key.back:
        run.idle(0.3)
        run.type(back)
    run.idle(1.0)
    return ms


def _p95(taken: Sequence[float]) -> float:
    return sorted(taken)[int(0.95 * len(taken))]


def _times(taken: Sequence[float]) -> str:
    return f"p50 {statistics.median(taken):.0f}, p95 {_p95(taken):.0f}, worst {max(taken):.0f} ms"
