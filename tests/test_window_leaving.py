"""Leaving a live run and coming back to it, on a real terminal: what goes on, what stops, what is said."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sessions.journal_reader import read_journal
from sessions.run_lock import is_held
from tests.claude_server import Manners, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.engines import engines as engines
from tests.engines import held
from tests.running import hubspoke
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tests.windows import QUESTION, Windows, is_clean
from tests.windows import windows as windows

CTRL_C, CTRL_Q, ENTER, ESCAPE = "\x03", "\x11", "\r", "\x1b"
ASKS = "The run is still being worked on."
STREAMS = "poplar brushes"


@contextmanager
def held_server(monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[ThreadedClaudeServer, asyncio.Event]]:
    """The server, on which cedar's answer streams until the event is set."""
    release = asyncio.Event()
    with ThreadedClaudeServer(engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        yield server, release


def test_leaving_and_coming_back_and_a_terminal_that_goes_away(
    docs: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main(server: ThreadedClaudeServer, release: asyncio.Event) -> str:
        terminal = windows.ask(docs, "--yes")
        run = await windows.begun()
        await windows.until(lambda: STREAMS in terminal.screen)
        # ctrl+c ends nothing, and says what does.
        terminal.press(CTRL_C)
        await windows.shown(terminal, "ctrl+q leaves")
        # ctrl+q asks, as q does; escape goes back.
        for key in (CTRL_Q, "q"):
            terminal.press(key)
            await windows.until(lambda: ASKS in terminal.screen)
            terminal.press(ESCAPE)
            await windows.until(lambda: ASKS not in terminal.screen)
        terminal.press("q")
        await windows.until(lambda: ASKS in terminal.screen)
        terminal.press(ENTER)
        assert f"The run {run} goes on. Come back with: hubspoke attach {run}" in await windows.left(terminal)
        assert terminal.process.returncode == 0
        assert is_clean(terminal.seen)
        assert is_held(windows.home / "sessions" / run)
        # Back, without an id; and the terminal is closed under it.
        back = windows.open("attach", hangs_up=True)
        await windows.until(lambda: STREAMS in back.screen)
        back.close()
        await windows.until(lambda: back.process.poll() is not None)
        assert is_held(windows.home / "sessions" / run)
        server.release(release)
        state = await windows.ended(run)
        assert (state.status, state.exit) == ("done", 0)
        return run

    with held_server(monkeypatch) as (server, release):
        run = asyncio.run(main(server, release))
        # Nobody works on it any more.
        with_terminal = windows.open("attach", run)
        said = asyncio.run(windows.left(with_terminal))
        assert with_terminal.process.returncode == 2
        assert "Traceback" not in said and said.count("\n") == 1
        assert f"The run {run} has ended; read it with: hubspoke show {run}" in said


def test_a_stopped_run_is_saved_and_says_how_to_go_on(
    docs: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        terminal = windows.ask(docs, "--yes", size=(80, 24))
        run = await windows.begun()
        await windows.until(lambda: STREAMS in terminal.screen or "✓" in terminal.screen)
        terminal.press("q")
        await windows.until(lambda: ASKS in terminal.screen)
        terminal.press("s")
        assert f"Saved. Go on with: hubspoke resume {run}" in await windows.left(terminal)
        assert terminal.process.returncode == 130
        assert is_clean(terminal.seen)
        assert (await windows.ended(run)).status == "interrupted"
        assert read_journal(windows.home / "sessions" / run).events[-1].kind == "run_ended"

    with held_server(monkeypatch):
        asyncio.run(main())


def test_a_detached_run_ends_in_its_report_or_is_stopped(
    docs: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = ("ask", QUESTION, "--docs", str(docs), "--provider", "claude", "--yes", "--detach")
    with held_server(monkeypatch) as (server, release):
        stopped = hubspoke(*asking).stdout.strip()
        assert is_held(windows.home / "sessions" / stopped)
        done = hubspoke("stop", stopped)
        assert (done.returncode, done.stdout) == (0, f"Stopped. Go on with: hubspoke resume {stopped}\n")
        assert asyncio.run(windows.ended(stopped)).status == "interrupted"
        resumed = hubspoke("resume", stopped, "--yes", "--detach").stdout.strip()
        assert resumed == stopped
        server.release(release)
        state = asyncio.run(windows.ended(resumed))
        assert (state.status, state.exit) == ("done", 0)
        assert state.report is not None
