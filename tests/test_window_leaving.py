"""Leaving a live run and coming back to it, on a real terminal: what goes on, what stops, what is said."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

from sessions.events import AnyEvent
from sessions.journal_reader import read_journal
from sessions.run_lock import is_held
from sessions.runtime import LONGEST
from sessions.store import Store
from tests.claude_server import Manners, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.engines import engines as engines
from tests.engines import held
from tests.running import LONGEST_S, environment, hubspoke, program
from tests.screen_runs import at_the_checkpoint, in_the_middle
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tests.test_store import save
from tests.windows import QUESTION, Windows, is_clean
from tests.windows import windows as windows
from tui import live_commands
from tui.live_commands import NoLiveRunError, live_run

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


def test_a_window_whose_terminal_is_gone_leaves_though_no_signal_told_it(
    docs: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main(server: ThreadedClaudeServer, release: asyncio.Event) -> None:
        terminal = windows.ask(docs, "--yes")
        run = await windows.begun()
        await windows.until(lambda: STREAMS in terminal.screen)
        terminal.close()
        await windows.until(lambda: terminal.process.poll() is not None)
        assert is_held(windows.home / "sessions" / run)
        server.release(release)
        assert (await windows.ended(run)).status == "done"

    with held_server(monkeypatch) as (server, release):
        asyncio.run(main(server, release))


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


def test_a_detached_run_that_no_engine_can_be_had_for_does_not_begin(
    docs: Path, windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * LONGEST)
    deep.mkdir()
    asking = ("ask", QUESTION, "--docs", str(docs), "--provider", "claude", "--yes", "--detach")
    with held_server(monkeypatch) as (server, _):
        done = hubspoke(*asking, XDG_RUNTIME_DIR=str(deep))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hubspoke: No engine can be started that goes on without its window: The path")
    assert server.requests == [] and list(windows.home.glob("sessions/*")) == []


@pytest.mark.parametrize(
    ("events", "attach", "stop"),
    [
        (at_the_checkpoint().events, "waits for you; answer it with: hubspoke resume", "waits for you; there is"),
        (in_the_middle().events, "was interrupted; go on with: hubspoke resume", "was interrupted; there is"),
    ],
    ids=["waiting", "interrupted"],
)
def test_what_is_said_of_a_run_that_is_not_live_is_true(
    events: tuple[AnyEvent, ...], attach: str, stop: str, own_home: Path
) -> None:
    run = save(Store(own_home), "20261121-2105-n1zm", list(events)).name
    with pytest.raises(NoLiveRunError, match=attach):
        live_run(run)
    with pytest.raises(NoLiveRunError, match=stop):
        live_commands.stop(run)


def test_a_run_that_is_told_to_stop_again_and_again_is_saved(
    docs: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
    asking = program("ask", QUESTION, "--docs", str(docs), "--provider", "claude", "--yes", "--plain")
    with held_server(monkeypatch) as (server, _):
        run = subprocess.Popen(asking, env=environment(), stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, text=True)
        deadline = time.monotonic() + LONGEST_S
        while not any(request.title == "findings" for request in server.requests):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        for _ in range(4):
            run.send_signal(signal.SIGHUP)
            time.sleep(0.001)
        _, said = run.communicate(timeout=LONGEST_S)
    (directory,) = own_home.glob("sessions/*")
    assert run.returncode == 130 and f"Saved. Go on with: hubspoke resume {directory.name}" in said
    assert read_journal(directory).events[-1].kind == "run_ended"


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
