"""The real dashboard in pseudo-terminals, engines in processes of their own, and an API that streams slowly."""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.port.link import connect
from sessions.load import load
from sessions.run_lock import is_held
from sessions.state import RunState
from tests.claude_server import Brain, RecordedRequest, Reply, Stall, Text
from tests.engine_client import text_of
from tests.engines import Engines
from tests.engines import engines as engines
from tests.running import LONGEST_S, program
from tests.terminal import Terminal
from tui.seat import Seat

QUESTION = "What do brushes cost?"

_PIECE = 24
"""Characters of a text delta of the server's."""


class Slowed:
    """A brain whose replies take their time, piece by piece; while the tap is shut every stream stands still."""

    def __init__(self, brain: Brain, reply_s: float = 0.4) -> None:
        self.shut = False
        """May be set from any thread."""
        self.standing = 0
        """How many streams stand still."""
        self.reply_s = reply_s
        """How long a reply takes; may be set from any thread."""
        self._brain = brain
        self._pouring: set[asyncio.Task[None]] = set()

    async def __call__(self, request: dict[str, JsonValue]) -> Reply:
        reply = await self._brain(request)
        text = sum(len(block.text) for block in reply.blocks if isinstance(block, Text))
        gates = [asyncio.Event() for _ in range(-(-text // _PIECE))]
        task = asyncio.create_task(self._pour(gates))
        self._pouring.add(task)
        task.add_done_callback(self._pouring.discard)
        # The first two events of a stream are no text.
        stalls = (Stall(gate, at=place) for place, gate in enumerate(gates, start=2))
        return replace(reply, acts=(*reply.acts, *stalls))

    async def _pour(self, gates: list[asyncio.Event]) -> None:
        for number, gate in enumerate(gates):
            await asyncio.sleep(self.reply_s / len(gates))
            self.standing += 1
            # Not before half of it is out, so that there is something to compare.
            while self.shut and number >= len(gates) // 2:
                await asyncio.sleep(0.005)
            self.standing -= 1
            gate.set()


class Windows:
    """The windows of a test: dashboards in terminals, and bare seats."""

    def __init__(self, engines: Engines, home: Path) -> None:
        self.engines = engines
        self.home = home
        self._terminals: list[Terminal] = []
        self._following: set[asyncio.Task[None]] = set()
        self._stack = ExitStack()

    def open(self, *arguments: str, size: tuple[int, int] = (120, 40), hangs_up: bool = False) -> Terminal:
        """The program on a terminal."""
        terminal = self._stack.enter_context(Terminal(*program(*arguments), size=size, hangs_up=hangs_up))
        self._terminals.append(terminal)
        return terminal

    def ask(self, docs: Path, *more: str, size: tuple[int, int] = (120, 40), question: str = QUESTION) -> Terminal:
        """A dashboard that asks the server."""
        return self.open("ask", question, "--docs", str(docs), "--provider", "claude", *more, size=size)

    async def until(self, condition: Callable[[], object], timeout: float = LONGEST_S) -> None:
        """Reads every terminal until the condition holds; fails with what they wrote last."""
        deadline = time.monotonic() + timeout
        while not condition():
            for terminal in self._terminals:
                while terminal.read(0):
                    pass
            if time.monotonic() > deadline:
                raise AssertionError("It never came to this:\n" + "\n\n".join(t.screen for t in self._terminals))
            await asyncio.sleep(0.01)

    async def shown(self, terminal: Terminal, *words: str, after: int = 0, timeout: float = LONGEST_S) -> None:
        """Waits until all of the words were written, from that byte on."""
        await self.until(lambda: all(word.encode() in terminal.seen[after:] for word in words), timeout)

    async def left(self, terminal: Terminal) -> str:
        """Waits until the program has ended of itself; answers what it said on the terminal that it gave back."""
        await self.until(lambda: terminal.process.poll() is not None)
        while terminal.read(0.05):
            pass
        return terminal.seen.rpartition(b"\x1b[?1049l")[2].decode()

    async def begun(self) -> str:
        """Waits until there is a live run and answers its id."""
        await self.until(self.runs)
        (run,) = self.runs()
        return run

    async def ended(self, run: str) -> RunState:
        """Waits until nobody works on the run and no engine is left; answers it as it is on disk."""
        await self.until(lambda: not is_held(self.home / "sessions" / run) and not self.engines.processes())
        return load(self.home / "sessions" / run)

    async def seat(self, run: str) -> Seat:
        """A window without a screen, that watches."""
        seat = Seat()
        await seat.connect(connect(run))
        self._following.add(asyncio.create_task(seat.follow()))
        await seat.watch()
        return seat

    def engine(self) -> int:
        """The one engine's process."""
        (pid,) = self.engines.processes()
        return pid

    def check(self) -> None:
        """No window is left."""
        assert [terminal.screen for terminal in self._terminals if terminal.process.poll() is None] == []

    def close(self) -> None:
        """Kills what is left."""
        self._stack.close()

    def runs(self) -> list[str]:
        """The live runs that can be attached to."""
        runs = [path.stem.partition("-")[2] for path in self.engines.sockets]
        return [run for run in runs if not run.startswith("new-")]


@pytest.fixture
def windows(engines: Engines, own_home: Path) -> Iterator[Windows]:
    """Windows; when the test is over none of them may be left, nor an engine, a socket or a held lock."""
    windows = Windows(engines, own_home)
    try:
        yield windows
        windows.check()
    finally:
        windows.close()


def panes(seat: Seat) -> tuple[RunState, dict[tuple[str, int, int, int], str]]:
    """All that the panes of a window are drawn from."""
    return seat.state, text_of(seat.blocks)


_CALL_ID = re.compile(r"toolu_\d+")


def on_the_wire(requests: Sequence[RecordedRequest]) -> Counter[str]:
    """The requests as a multiset; the server numbers tool calls as they come, which differs from run to run."""
    bodies = (json.dumps(request.body, sort_keys=True) for request in requests)
    return Counter(_CALL_ID.sub("toolu", body) for body in bodies)


def is_clean(seen: bytes) -> bool:
    """Whether a program gave its terminal back as it was: main screen, cursor, no mouse, no bracketed paste."""
    pairs = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l"))
    more = ((b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?1006h", b"\x1b[?1006l"), (b"\x1b[?1004h", b"\x1b[?1004l"))
    return all(seen.rfind(on) < seen.rfind(off) for on, off in (*pairs, *more) if on in seen)
