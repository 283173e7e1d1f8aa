"""The engine at work beside the bare SDK: N spokes, of one tool turn and 400 streamed tokens each, at once.

Counted is the spokes' part of a run, from the approval of the plan to the end of the last spoke: the wall clock,
over what the server's pace alone comes to, and the processor time of this process with all of its threads, over
that of the SDK's streaming tool runner with the same requests and tools. Left out are planning, verification and
the report, whose time is in that of the whole run, and what the server and a window take, in processes of their
own. A run has at most 20 spokes at once, so 100 are five runs in this process; a window is one on each run, that
reads whatever it is sent. All is warm: a run of each kind was thrown away before.
"""

import asyncio
import gc
import os
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from anthropic import transform_schema
from anthropic.lib.tools import beta_async_tool

from agents.calls.live_text import LiveText
from agents.dispatch import dispatch
from agents.documents.tools import Documents
from agents.engine.viewers import Audience, Viewer
from agents.hub import Hub
from agents.models import model_id
from agents.planning import agreed_plan
from agents.prompts import brief_prompt
from agents.providers import CLAUDE, build_client
from agents.replies import FindingsReply
from agents.reporting.writing import write_report
from agents.role_files import roles_here
from agents.run import Run, Settings, ask
from agents.teams import TEAMS
from agents.verification import verify
from sessions import paths
from sessions.events import AnyEvent, AttemptFinished
from sessions.plan import Plan
from tests.bench.paced_server import CRITICAL_S, paced_server
from tests.bench.paced_work import QUESTION, briefs, plan, write_documents
from tests.bench.table import Row

AT_ONCE = {5: 1.02, 20: 1.03, 100: 1.12}
"""Spokes, and the most that their wall clock is to be over the critical path."""

CPU = 1.25
"""The most that a spoke is to take of the processor, over what it takes the bare runner."""

ROUNDS = 3
A_RUN = 20

Tell = Callable[[AnyEvent | LiveText], None]


@dataclass(frozen=True)
class Taken:
    """What the spokes took, in seconds: of the wall clock and of the processor; and what the whole runs took."""

    wall: float
    cpu: float
    whole: float


class Clock:
    """Measures from the moment when every run's plan is approved to the end of the last spoke."""

    def __init__(self, spokes: int, runs: int) -> None:
        self._left = spokes
        self._approved = asyncio.Barrier(runs)
        self._ended = asyncio.Event()
        self._created = time.perf_counter()
        self._wall = self._cpu = 0.0

    async def begin(self) -> None:
        """Waits for the other runs, and begins."""
        if await self._approved.wait() == 0:
            self._wall, self._cpu = time.perf_counter(), time.process_time()

    def spoke_ended(self) -> None:
        """Ends with the last of them."""
        self._left -= 1
        if not self._left:
            self._wall, self._cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
            self._ended.set()

    async def research(self, hub: Hub) -> None:
        """The default team, but that no run goes on to verify while spokes of another are at work."""
        planned = await agreed_plan(hub)
        results = list((await dispatch(hub, planned)).values())
        await self._ended.wait()
        await write_report(hub, planned, results, await verify(hub, results))

    @property
    def taken(self) -> Taken:
        """What it comes to."""
        assert not self._left, f"{self._left} spokes did not finish"
        return Taken(self._wall, self._cpu, time.perf_counter() - self._created)


async def bare(docs: Path, spokes: int) -> Taken:
    """The SDK's streaming tool runner on aiohttp alone: the same requests, and the same tools."""
    role = roles_here()[0]["researcher"]
    documents = await Documents.open(docs, paths.cache())
    tools = [beta_async_tool(getattr(documents, name)) for name in role.tools]
    schema = transform_schema(FindingsReply)
    clock = Clock(spokes, 1)
    async with build_client(CLAUDE) as client:

        async def converse(prompt: str) -> None:
            runner = client.beta.messages.tool_runner(
                stream=True,
                thread=False,
                model=model_id(role.model),
                max_tokens=16_000,
                system=role.system,
                messages=[{"role": "user", "content": prompt}],
                tools=tools,
                thinking={"type": "adaptive", "display": "summarized"},
                output_config={"format": {"type": "json_schema", "schema": schema}},
                cache_control={"type": "ephemeral"},
            )
            async for stream in runner:
                async for _ in stream:
                    pass
            clock.spoke_ended()

        await clock.begin()
        await asyncio.gather(*(converse(brief_prompt(brief)) for brief in briefs(spokes)))
    documents.close()
    return clock.taken


async def alone(docs: Path, spokes: int) -> Taken:
    """The engine, with nobody watching."""
    return await _engine(docs, spokes, watched=False)


async def watched(docs: Path, spokes: int) -> Taken:
    """The engine, with a window on each run."""
    return await _engine(docs, spokes, watched=True)


async def _engine(docs: Path, spokes: int, *, watched: bool) -> Taken:
    starts = range(0, spokes, A_RUN)
    clock = Clock(spokes, len(starts))
    TEAMS["research"] = clock.research
    async with AsyncExitStack() as windows:
        working: list[Awaitable[object]] = []
        for first in starts:
            run = _run(docs, plan(first, min(A_RUN, spokes)), clock)
            tell = await _window(run, windows) if watched else _nobody
            working.append(run.work(_listener(tell, clock)))
        await asyncio.gather(*working)
        return clock.taken


def _run(docs: Path, planned: Plan, clock: Clock) -> Run:
    async def approve(_: Plan, missing: tuple[str, ...]) -> Plan:
        await clock.begin()
        return planned

    ample = Settings(max_turns=100_000, max_tokens=10**9, max_usd=100_000)
    given = {"docs": docs, "provider": "claude", "max_parallel": A_RUN}
    return ask(QUESTION, ample.model_copy(update=given), approve=approve)


def _listener(tell: Tell, clock: Clock) -> Tell:
    def listen(item: AnyEvent | LiveText) -> None:
        tell(item)
        if isinstance(item, AttemptFinished):
            clock.spoke_ended()

    return listen


def _nobody(item: AnyEvent | LiveText) -> None:
    """Nobody listens."""


async def _window(run: Run, stack: AsyncExitStack) -> Tell:
    """A window that reads what it is sent, as long as the stack stands."""
    ours, theirs = socket.socketpair()
    with theirs:
        stack.enter_context(subprocess.Popen(["cat"], stdin=theirs.fileno(), stdout=subprocess.DEVNULL))
    _, writer = await asyncio.open_connection(sock=ours)
    audience, viewer = Audience(), Viewer(writer)
    audience.viewers.add(viewer)
    audience.admit(viewer, [], 0.0)
    stack.push_async_callback(audience.close)

    def tell(item: AnyEvent | LiveText) -> None:
        audience.tell(item, run.recorder.journal.t if run.recorder else 0.0)

    return tell


Way = Callable[[Path, int], Awaitable[Taken]]


async def _measured(docs: Path, spokes: int, rounds: int) -> dict[Way, Taken]:
    """The medians of each way, taken in turn."""
    taken: dict[Way, list[Taken]] = {bare: [], alone: [], watched: []}
    for _ in range(rounds):
        for way, found in taken.items():
            gc.collect()
            found.append(await way(docs, spokes))
    return {
        way: Taken(
            statistics.median(each.wall for each in found),
            statistics.median(each.cpu for each in found),
            statistics.median(each.whole for each in found),
        )
        for way, found in taken.items()
    }


def rows() -> Iterator[Row]:
    """For each number of spokes: the wall clock over the critical path, and the processor over the bare runner."""
    command = "python -m tests.bench engine"
    with tempfile.TemporaryDirectory() as place, paced_server() as url:
        os.environ |= {
            "HUBSPOKE_HOME": f"{place}/home",
            "HUBSPOKE_MAX_REQUESTS": str(max(AT_ONCE)),
            "HUBSPOKE_MAX_RUNS": str(max(AT_ONCE) // A_RUN),
            "ANTHROPIC_BASE_URL": url,
            "ANTHROPIC_API_KEY": "none",
        }
        docs = Path(place) / "docs"
        write_documents(docs, max(AT_ONCE))
        asyncio.run(_measured(docs, 1, rounds=1))
        gc.freeze()
        for spokes, aim in AT_ONCE.items():
            found = asyncio.run(_measured(docs, spokes, ROUNDS))
            floor = found[bare]
            for what, way in (("the bare runner", bare), ("the engine", alone), ("the engine, watched", watched)):
                taken = found[way]
                whole = "" if way is bare else f"; whole run {taken.whole:.1f} s"
                wall = f"{taken.wall:.2f} s over {CRITICAL_S:.2f} s{whole}"
                most = None if way is bare else aim
                yield Row(f"{what}: wall clock, {spokes} spokes", wall, taken.wall / CRITICAL_S, most, command)
                if way is not bare:
                    cpu = f"{1e3 * taken.cpu / spokes:.1f} ms over {1e3 * floor.cpu / spokes:.1f} ms"
                    yield Row(f"{what}: CPU a spoke, {spokes} spokes", cpu, taken.cpu / floor.cpu, CPU, command)
