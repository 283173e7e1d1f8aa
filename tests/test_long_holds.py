"""A very long `retry-after` is told to all runs, and ends no work without a word from the server itself."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agents.calls.limiter import Limiter
from agents.calls.shared_gate import SharedGate
from agents.port.messages import Retry
from sessions.failures import FailureKind
from sessions.load import load
from sessions.state import RunState
from tests.claude_server import Cue, HttpFault, Manners, Refuse, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.engines import Engines, answers, held, served
from tests.engines import engines as engines
from tests.running import hubspoke
from tests.test_limiter import SONNET, Calls, failed, settled
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs

HOURS_S = 7_200.0
"""Longer than a run may take."""

QUESTION = "What do brushes cost?"
KEY = "sk-ant-test-0123456789abcdefghij"


class Bounded(Calls):
    """Calls of a run that has less time than the server asks for."""

    def hears(self, why: FailureKind | None, wait_s: float, known: bool) -> None:
        super().hears(why, wait_s, known)
        if known and why and wait_s > HOURS_S / 2:
            raise failed(why, wait_s)


def test_what_another_run_was_told_for_too_long_is_asked_about_by_one_call(tmp_path: Path) -> None:
    async def main() -> None:
        one, two = SharedGate(tmp_path, "key", 5), SharedGate(tmp_path, "key", 5)
        one.tell(SONNET, FailureKind.RATE_LIMITED, HOURS_S)
        calls = Bounded(Limiter(shared=two))
        for name in "abc":
            calls.start(name)
        await settled()
        assert calls.entered == ["a"]
        # The server lets it through: then it does all of them.
        await calls.end("a")
        await settled()
        assert calls.entered == ["a", "b", "c"]
        await calls.close()
        one.close()
        two.close()

    asyncio.run(main())


def test_what_the_server_says_again_ends_them_all_and_is_not_asked_about_again(tmp_path: Path) -> None:
    async def main() -> None:
        one, two = SharedGate(tmp_path, "key", 5), SharedGate(tmp_path, "key", 5)
        one.tell(SONNET, FailureKind.RATE_LIMITED, HOURS_S)
        calls = Bounded(Limiter(shared=two))
        for name in "abc":
            calls.start(name)
        await settled()
        await calls.end("a", failed(FailureKind.RATE_LIMITED, HOURS_S))
        await settled()
        assert calls.entered == ["a"]
        assert all(task.done() for task in calls.tasks.values())
        # Nor where others say the same once more.
        one.tell(SONNET, FailureKind.RATE_LIMITED, HOURS_S + 60.0)
        calls.start("d")
        await settled()
        assert calls.entered == ["a"] and calls.tasks["d"].done()
        # But a person may have it asked.
        calls.limiter.open(SONNET)
        calls.start("e")
        await settled()
        assert calls.entered == ["a", "e"]
        await calls.close()
        one.close()
        two.close()

    asyncio.run(main())


def test_a_person_has_a_spoke_that_failed_of_it_ask_again_while_the_others_work(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release, limits = asyncio.Event(), asyncio.Event()
        of_birch = answers("birch")
        limit = HttpFault(429, {"retry-after": f"{HOURS_S:.0f}"})
        cues = (
            held("cedar", release),
            Cue(limit, lambda request: limits.is_set() and of_birch(request), 1),
            Cue(Refuse(), lambda request: not limits.is_set() and of_birch(request)),
        )
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=cues)):
            window = await engines.window()
            assert (await window.begin(docs)).ok
            await window.until(window.holds("cedar"))
            await window.until(lambda: [s.status for s in window.state.spokes.values()].count("done") == 3)
            limits.set()
            assert (await window.do(Retry(id=0, spoke="birch", attempt=1))).ok
            await window.until(lambda: [failure.http_status for failure in window.state.failures][1:] == [429])
            # The server says so no more; a person cannot know before it is asked.
            assert (await window.do(Retry(id=0, spoke="birch", attempt=2))).ok
            await window.until(window.is_at("birch", "done"))
            release.set()
            await window.ended()

    asyncio.run(main())


@contextmanager
def limited(monkeypatch: pytest.MonkeyPatch, times: int) -> Generator[ThreadedClaudeServer]:
    """A server that refuses so many requests, for two hours each time."""
    cue = Cue(HttpFault(429, {"retry-after": f"{HOURS_S:.0f}"}), lambda request: True, times)
    with ThreadedClaudeServer(engine_brain(DOUBLES), Manners(cues=(cue,))) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        yield server


def newest(home: Path) -> RunState:
    """The run that began last."""
    return load(max((home / "sessions").iterdir(), key=lambda path: path.stat().st_ctime))


def test_a_later_run_and_a_resume_ask_the_server_and_go_on(
    docs: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = ("ask", QUESTION, "--docs", str(docs), "--provider", "claude", "--yes", "--plain")
    with limited(monkeypatch, times=2) as server:
        assert hubspoke(*asking).returncode == 1
        # The limit stands: the next run has it from the server, and says until when.
        assert hubspoke(*asking).returncode == 1
        assert len(server.requests) == 2
        refused, held = newest(own_home).failures
        assert (refused.http_status, refused.retry_after_s) == (429, HOURS_S)
        until = datetime.now().astimezone() + timedelta(seconds=HOURS_S)
        assert f"calls wait until {until:%Y-%m-%d}" in held.message
        # It is lifted: what failed goes on, and so does whoever comes.
        assert hubspoke("resume", "last", "--yes", "--plain").returncode == 0
        assert hubspoke(*asking).returncode == 0
