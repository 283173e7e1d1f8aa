"""A window of a test on an engine: all that the engine told, in order, and what a fold makes of it."""

import asyncio
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import rmtree
from typing import Self

import pytest

from agents.engine.engine import Engine
from agents.live_text import LiveText
from agents.open_blocks import OpenBlocks
from agents.port.frames import frame, read_frame
from agents.port.link import Link, connect, in_thread, launch
from agents.port.messages import (
    MAX_TO_VIEWER,
    TO_VIEWER,
    Answer,
    Begin,
    Bye,
    Command,
    Events,
    Hello,
    Quit,
    Synced,
    Text,
    ToViewer,
    Watch,
)
from agents.run import Settings
from sessions.events import AnyEvent
from sessions.run_lock import is_held
from sessions.state import RunState, SpokeState, fold
from tests.claude_server import Brain, ClaudeServer, Cue, Manners, RecordedRequest, Stall
from tests.running import ROOT

QUESTION = "What do brushes cost?"


class Window:
    """One connection. `messages` are those that came, `state` and `blocks` their fold."""

    def __init__(self, link: Link) -> None:
        self.messages: list[ToViewer] = []
        self.events: list[AnyEvent] = []
        self.state = RunState()
        self.blocks = OpenBlocks()
        self.gone = False
        """Whether the other side has closed the connection."""
        self._link = link
        self._id = 0
        self._moved = asyncio.Event()

    async def open(self) -> Self:
        """Begins to read."""
        self._reader, self.writer = await asyncio.open_connection(sock=self._link.sock)
        self._reading = asyncio.create_task(self._read())
        return self

    async def do(self, command: Command) -> Answer:
        """Says something and waits for its answer."""
        self._id += 1
        id = self._id
        self.writer.write(frame(command.model_copy(update={"id": id})))
        await self.until(lambda: id in self.answers)
        return self.answers[id]

    async def begin(
        self, docs: Path, *, approved: bool = True, settings: Settings | None = None, **more: object
    ) -> Answer:
        """Watches and begins a run over the server, of the question unless `more` says otherwise."""
        if not self.synced:
            await self.do(Watch(id=0))
        over = {"docs": docs, "provider": "claude", "backoff_s": 0.001}
        chosen = (settings or Settings()).model_copy(update=over)
        asked = {} if "resume" in more else {"question": QUESTION}
        return await self.do(
            Begin.model_validate({"id": 0, "settings": chosen, "approved": approved, **asked, **more})
        )

    async def until(self, condition: Callable[[], object], timeout: float = 15.0) -> None:
        """Waits until the condition holds of what came; fails at once where nothing more can come."""
        async with asyncio.timeout(timeout):
            while not condition():
                assert not self.gone, f"the engine left: {self.messages[-3:]}"
                self._moved.clear()
                await self._moved.wait()

    async def ended(self) -> RunState:
        """Waits until the engine has left, and answers the run as it was told."""
        async with asyncio.timeout(15.0):
            await self._reading
        self.close()
        return self.state

    def quit(self) -> None:
        """Leaves, in words."""
        self.writer.write(frame(Quit(id=0)))

    def close(self) -> None:
        """Leaves as a killed window does."""
        self._reading.cancel()
        self.writer.transport.abort()

    def spoke(self, spoke: str) -> SpokeState:
        """A spoke as it is now."""
        return self.state.spokes[spoke]

    def is_at(self, spoke: str, status: str) -> Callable[[], bool]:
        """Whether a spoke stands so, as a condition."""
        return lambda: spoke in self.state.spokes and self.spoke(spoke).status == status

    def holds(self, spoke: str) -> Callable[[], bool]:
        """Whether a claim of the spoke can be read in a block that streams."""
        return lambda: any(f"{spoke} studio" in block.text for block in self.blocks.of(spoke))

    @property
    def answers(self) -> dict[int, Answer]:
        """The answers so far, by id."""
        return {message.id: message for message in self.messages if isinstance(message, Answer)}

    @property
    def synced(self) -> Synced | None:
        """The newest word on where the run stands."""
        return next((message for message in reversed(self.messages) if isinstance(message, Synced)), None)

    @property
    def hello(self) -> Hello:
        """The engine's first word."""
        first = self.messages[0]
        assert isinstance(first, Hello)
        return first

    @property
    def farewell(self) -> str | None:
        """The engine's last word; None if it said none."""
        last = self.messages[-1]
        return last.message if isinstance(last, Bye) else None

    @property
    def open_text(self) -> dict[tuple[str, int, int, int], str]:
        """The text of the open blocks."""
        return text_of(self.blocks)

    async def _read(self) -> None:
        try:
            while (data := await read_frame(self._reader, MAX_TO_VIEWER)) is not None:
                message = TO_VIEWER.validate_json(data)
                self.messages.append(message)
                if isinstance(message, Events):
                    for event in message.events:
                        self.events.append(event)
                        fold(self.state, event)
                        self.blocks.fold(event)
                elif isinstance(message, Text):
                    for piece in message.pieces:
                        self.blocks.grow(piece, message.t)
                self._moved.set()
        finally:
            self.gone = True
            self._moved.set()


def text_of(blocks: OpenBlocks) -> dict[tuple[str, int, int, int], str]:
    """What open blocks say, by their place."""
    return {(b.spoke, b.attempt, b.turn, b.block): b.text for b in blocks.all()}


def piece(text: str, offset: int = 0, *, spoke: str = "alder", block: int = 0) -> LiveText:
    """A piece of live text."""
    return LiveText(spoke, 1, 1, block, "text", offset, text)


class Engines:
    """The engines of a test."""

    def __init__(self, runtime: Path) -> None:
        self.runtime = runtime
        self.links: list[Link] = []

    def launch(self, patience_s: float = 10.0, unattended_s: float = 900.0) -> Link:
        """An engine in a process of its own."""
        return self._kept(launch(patience_s, unattended_s))

    async def window(self, unattended_s: float = 900.0) -> Window:
        """A window on an engine in a thread, which begins sooner than a process."""
        return await Window(self._kept(in_thread(unattended_s=unattended_s))).open()

    async def process(self, unattended_s: float = 900.0) -> Window:
        """A window on an engine in a process of its own."""
        return await Window(self.launch(unattended_s=unattended_s)).open()

    async def attach(self, run: str) -> Window:
        """A window on a live run, that watches."""
        window = await Window(connect(run)).open()
        await window.do(Watch(id=0))
        return window

    @property
    def sockets(self) -> list[Path]:
        """The sockets there are."""
        return sorted(self.runtime.glob("*/*.sock"))

    def processes(self) -> list[int]:
        """The engines' processes that live, by the sockets in their command lines."""
        listed = subprocess.run(["ps", "-axwwo", "pid=,command="], capture_output=True, text=True, check=True)
        return [
            int(line.split()[0])
            for line in listed.stdout.splitlines()
            if str(self.runtime) in line and "agents.engine" in line
        ]

    def _kept(self, link: Link) -> Link:
        self.links.append(link)
        return link


@pytest.fixture
def engines(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engines]:
    """Engines over a short private directory; in the end none of them, of their sockets and locks, may be left."""
    # Not under tmp_path: the path of a socket must be short.
    runtime = Path(tempfile.mkdtemp(dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
    engines = Engines(runtime)
    try:
        yield engines
        _settle(lambda: not engines.processes())
        _settle(lambda: all(thread.name != "engine" for thread in threading.enumerate()))
        assert engines.sockets == []
        assert [directory.name for directory in own_home.glob("sessions/2*") if is_held(directory)] == []
    finally:
        for pid in engines.processes():
            os.kill(pid, 9)
        for link in engines.links:
            link.close()
            if link.process is not None:
                link.process.wait()
        rmtree(runtime)


def _settle(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 5.0
    while not condition():
        assert time.monotonic() < until, "an engine is left"
        time.sleep(0.02)


def asks(spoke: str) -> Callable[[RecordedRequest], bool]:
    """Picks the requests of a spoke."""
    return lambda request: request.title == "findings" and f"Find the {spoke} price" in request.said


def answers(spoke: str) -> Callable[[RecordedRequest], bool]:
    """Picks the requests that a spoke's findings answer."""
    return lambda request: asks(spoke)(request) and "tool_result" in json.dumps(request.body)


def held(spoke: str, release: asyncio.Event, times: int | None = 1) -> Cue:
    """Holds a spoke's answer before the end of its block: all of the text is out, and none of it in an event."""
    return Cue(Stall(release, at=-3), answers(spoke), times)


@asynccontextmanager
async def served(
    monkeypatch: pytest.MonkeyPatch, brain: Brain, manners: Manners | None = None
) -> AsyncGenerator[ClaudeServer]:
    """The Claude-shaped server, for engines that are started from now on; no request may be malformed."""
    async with ClaudeServer(brain, manners) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        yield server
        assert server.rejected == []


def connected(path: Path) -> socket.socket:
    """A socket that is connected to an engine's."""
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(str(path))
    return sock


async def opened(path: Path) -> Window:
    """A window on the engine at that path."""
    return await Window(Link(connected(path))).open()


@asynccontextmanager
async def here(engines: Engines, unattended_s: float = 900.0) -> AsyncGenerator[Path]:
    """An engine in this loop, for several windows; it has left when the block ends."""
    path = engines.runtime / "here"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    engine = Engine(outlives=True, patience_s=10.0, unattended_s=unattended_s, begun=lambda run: None)
    serving = asyncio.create_task(engine.serve(listener))
    yield path
    async with asyncio.timeout(5.0):
        await serving
