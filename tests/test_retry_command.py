"""`hubspoke retry`: what failed, or one of it, on its brief or another, and one sentence for what cannot be."""

import time
from asyncio import Event
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessions import paths
from sessions.load import load
from sessions.run_lock import is_held
from sessions.store import Store
from tests.claude_server import Cue, HttpFault, Manners, Stall, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.engines import Engines
from tests.engines import engines as engines
from tests.running import hubspoke
from tests.test_dashboard_life import of, researched
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs


@pytest.fixture
def failed(docs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedClaudeServer]:
    """A saved run in which birch (2) and daisy (4) failed, and the server that refused them once each."""
    cues = tuple(Cue(HttpFault(400), of(spoke)) for spoke in ("birch", "daisy"))
    with ThreadedClaudeServer(engine_brain(DOUBLES), Manners(cues=cues)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
        done = hubspoke("ask", "What do brushes cost?", "--docs", str(docs), "--provider", "claude", "--yes")
        assert done.returncode == 3, done.stderr
        yield server


def test_one_spoke_is_retried_on_another_brief_and_then_the_rest(failed: ThreadedClaudeServer) -> None:
    before = len(failed.requests)
    brief = "Find the birch price anew."
    done = hubspoke("retry", "last", "--spoke", "2", "--brief", brief, "--yes")
    assert done.returncode == 3, done.stderr
    assert researched(failed, before) == {"birch"}
    assert any(brief in request.said for request in failed.requests[before:] if of("birch")(request))
    before = len(failed.requests)
    done = hubspoke("retry", "last", "--yes")
    assert done.returncode == 0, done.stderr
    assert researched(failed, before) == {"daisy"}
    assert "clover" in done.stdout and "maple" in done.stdout
    done = hubspoke("retry", "last")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing to retry" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--spoke", "9"), "2 birch"),
        (("--spoke", "alder"), "alder is done"),
        (("--brief", "Other."), "--spoke"),
        (("--spoke", "2", "--brief", " "), "0 characters"),
    ],
)
def test_what_cannot_be_retried_is_one_sentence(
    arguments: tuple[str, ...], said: str, failed: ThreadedClaudeServer
) -> None:
    before = len(failed.requests)
    done = hubspoke("retry", "last", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert said in done.stderr
    assert len(failed.requests) == before


def test_a_live_run_goes_on_with_what_is_retried(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = Stall(Event())
    cues = (Cue(HttpFault(400), of("birch")), Cue(hold, of("cedar")))
    with ThreadedClaudeServer(engine_brain(DOUBLES), Manners(cues=cues)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        asked = ("What do brushes cost?", "--docs", str(docs), "--provider", "claude", "--yes", "--detach")
        run = hubspoke("ask", *asked).stdout.strip()
        directory = Store(paths.home()).find(run)
        _until(lambda: _status(directory, "birch") == "failed")
        done = hubspoke("retry", run, "--spoke", "birch")
        assert (done.returncode, done.stdout) == (0, "Retried in the live run: birch.\n"), done.stderr
        _until(lambda: _status(directory, "birch") == "done")
        assert is_held(directory)
        assert _status(directory, "cedar") == "running"
        server.release(hold.release)
        _until(lambda: not is_held(directory))
    state = load(directory)
    assert (state.exit, [len(spoke.attempts) for spoke in state.spokes.values()]) == (0, [1, 2, 1, 1, 1])


def _status(directory: Path, spoke: str) -> str:
    """How the spoke stands; nothing before there is a plan."""
    known = load(directory).spokes.get(spoke)
    return known.status if known else ""


def _until(condition: Callable[[], bool]) -> None:
    late = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < late
        time.sleep(0.02)
