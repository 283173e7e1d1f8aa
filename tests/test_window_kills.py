"""kill -9, of the window and of the engine, in the middle of a streaming run."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agents.port.link import PATIENCE_S
from sessions.events import AttemptFinished
from sessions.journal_reader import read_journal
from tests.claude_server import Cue, Manners, Stall, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.engines import answers
from tests.engines import engines as engines
from tests.running import hubspoke, run_over_server
from tests.terminal import Terminal
from tests.test_pipeline import DOUBLES, WORDS
from tests.test_pipeline import docs as docs
from tests.windows import QUESTION, Slowed, Windows, on_the_wire, panes
from tests.windows import windows as windows
from tui.seat import GONE

SEEDS = range(1, int(os.environ.get("HUBSPOKE_SOAK_KILLS", "3")) + 1)
"""Of the moments at which a window is killed; `python -m tests.soak kills` wants more of them."""


@contextmanager
def slow_server(
    monkeypatch: pytest.MonkeyPatch, manners: Manners | None = None
) -> Generator[tuple[ThreadedClaudeServer, Slowed]]:
    """The server, for engines that are started from now on, and the tap of its streams."""
    tap = Slowed(engine_brain(DOUBLES))
    with ThreadedClaudeServer(tap, manners) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        yield server, tap
        assert server.rejected == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_window_costs_the_run_nothing(
    seed: int,
    docs: Path,
    windows: Windows,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    moments = random.Random(seed)
    ran = run_over_server(monkeypatch, engine_brain(DOUBLES), docs, question=QUESTION)
    undisturbed = on_the_wire(ran.requests)

    async def main(server: ThreadedClaudeServer, tap: Slowed) -> str:
        terminal = windows.ask(docs, "--yes")
        run = await windows.begun()
        watching = await windows.seat(run)
        # Killed after any of the requests but the last, at any moment of its reply.
        requests = moments.randrange(1, undisturbed.total())
        await windows.until(lambda: len(server.requests) >= requests)
        await asyncio.sleep(moments.uniform(0.0, 0.3))
        terminal.kill()
        killed = time.monotonic()
        late = await windows.seat(run)
        record_property("requests before the kill", f"{requests} of {undisturbed.total()}")
        record_property("a new window synced after", f"{(time.monotonic() - killed) * 1000:.0f} ms")
        await asyncio.sleep(moments.uniform(0.0, 0.2))
        tap.shut = True
        await windows.until(lambda: tap.standing and tap.standing == _open(server))
        await windows.until(lambda: panes(late) == panes(watching))
        record_property("streams compared", len(watching.blocks.all()))
        if seed == 1:
            attached = windows.open("attach", run)
            said = ["".join(block.text.split()) for block in watching.blocks.all() if block.spoke in WORDS]
            assert said
            await windows.until(lambda: all(text in _columns(attached) for text in said))
            attached.kill()
        tap.shut = False
        state = await windows.ended(run)
        assert (state.status, state.exit) == ("done", 0)
        assert state.report and panes(late) == panes(watching) == (state, {})
        return run

    with slow_server(monkeypatch) as (server, tap):
        run = asyncio.run(main(server, tap))
        assert on_the_wire(server.requests) == undisturbed
    shown = hubspoke("show", run).stdout
    assert all(word in shown for word in WORDS.values())


def test_a_killed_engine_is_told_within_two_seconds_and_one_key_goes_on(
    docs: Path,
    windows: Windows,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    async def main(server: ThreadedClaudeServer) -> None:
        terminal = windows.ask(docs, "--yes")
        run = await windows.begun()
        watching = await windows.seat(run)
        await windows.until(lambda: _finished(windows, run) == {"alder", "birch", "elder"})
        await windows.until(lambda: len(watching.blocks.all()) == 2)
        await windows.shown(terminal, "poplar brushes", "clover brushes")
        mark = len(terminal.seen)
        killed = time.monotonic()
        os.kill(windows.engine(), signal.SIGKILL)
        await windows.shown(terminal, GONE, "c resumes", after=mark)
        noticed_s = time.monotonic() - killed
        record_property("engine's death on the screen after", f"{noticed_s * 1000:.0f} ms")
        # Each of the panes that ran says so, and none seems to run.
        await windows.until(lambda: all(pane in terminal.screen for pane in ("3 Cedar ⏸", "4 Daisy ⏸")))
        await windows.until(lambda: [terminal.screen.count(word) for word in ("✓ done", "▶ running")] == [3, 0])
        before, finished = len(server.requests), _finished(windows, run)
        server.release(release)
        terminal.press("c")
        await windows.until(lambda: len(server.requests) > before)
        state = await windows.ended(run)
        assert (state.status, state.exit) == ("done", 0)
        assert state.report and all(word in state.report.markdown for word in WORDS.values())
        again = [r for r in server.requests[before:] if r.title in ("plan", "coverage", "findings")]
        assert again and not any(f"Find the {spoke} price" in r.said for r in again for spoke in finished)
        terminal.press("q")
        assert f"hubspoke show {run}" in await windows.left(terminal)

    release = asyncio.Event()
    cues = tuple(Cue(Stall(release, at=-3), answers(spoke), times=1) for spoke in ("cedar", "daisy"))
    with slow_server(monkeypatch, Manners(cues=cues)) as (server, _):
        asyncio.run(main(server))


def test_a_window_killed_as_soon_as_it_is_there_leaves_no_engine(windows: Windows) -> None:
    async def main() -> None:
        asking = ("ask", QUESTION, "--provider", "embedded", "--pace", "1")
        for number, offset_s in enumerate((0.0, 0.1, 0.3, 0.6)):
            terminal = windows.open(*(asking if number % 2 else ()))
            spawned = time.monotonic()
            await windows.until(lambda spawned=spawned, s=offset_s: time.monotonic() - spawned >= s)
            terminal.kill()
        # One that was killed with its question asked goes on, to the checkpoint; its patience is not over yet.
        for run in windows.runs():
            assert hubspoke("stop", run).returncode == 0
        await windows.until(lambda: not windows.engines.processes(), timeout=PATIENCE_S + 5.0)

    asyncio.run(main())


def _open(server: ThreadedClaudeServer) -> int:
    """How many requests are being answered."""
    return sum(request.state == "open" for request in server.requests)


def _columns(terminal: Terminal) -> str:
    """What stands in the three columns of panes, each from top to bottom, without blanks and borders."""
    rows = terminal.screen.splitlines()
    columns = ("".join(row[start : start + 40] for row in rows) for start in (0, 40, 80))
    return "|".join("".join(column.replace("│", "").split()) for column in columns)


def _finished(windows: Windows, run: str) -> set[str]:
    """The spokes whose results are saved."""
    events = read_journal(windows.home / "sessions" / run).events
    return {event.spoke for event in events if isinstance(event, AttemptFinished)}
