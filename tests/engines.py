"""Engines for tests, the server they talk to, and the check that nothing of them is left."""

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

import pytest

from agents.engine.engine import Engine
from agents.port.link import Link, connect, in_thread, launch
from agents.port.messages import Watch
from sessions.run_lock import is_held
from tests.claude_server import Brain, ClaudeServer, Cue, Manners, RecordedRequest, Stall
from tests.engine_client import Window
from tests.running import LONGEST_S, ROOT


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
    until = time.monotonic() + LONGEST_S
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
    async with asyncio.timeout(LONGEST_S):
        await serving
