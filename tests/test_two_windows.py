"""Two windows on one run: what is done in one is seen in the other, with who did it."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from agents.port.messages import Cancel
from sessions.events import (
    AnyEvent,
    CheckpointOpened,
    PlanApproved,
    RunEnded,
    SpokeCancelled,
    SpokeRetried,
    SteeredEvent,
)
from sessions.journal_reader import read_journal
from tests.claude_server import Cue, Manners, Refuse, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.engines import Engines, answers, held, served
from tests.engines import engines as engines
from tests.running import hubspoke
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tests.windows import Windows
from tests.windows import windows as windows

SMALL, LARGE = (80, 24), (200, 60)
ESCAPE = "\x1b"


def who(home: Path, run: str, kind: type[SteeredEvent]) -> list[str]:
    """Who did what is saved of that kind."""
    events: tuple[AnyEvent, ...] = read_journal(home / "sessions" / run).events
    return [event.by for event in events if isinstance(event, kind)]


def checkpoints(home: Path, run: str) -> list[CheckpointOpened]:
    """The checkpoints that are saved."""
    return [event for event in read_journal(home / "sessions" / run).events if isinstance(event, CheckpointOpened)]


def test_a_retry_in_the_small_window_is_seen_in_the_large_one_and_a_stop_the_other_way(
    docs: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        small = windows.ask(docs, "--yes", size=SMALL)
        run = await windows.begun()
        large = windows.open("attach", run, size=LARGE)
        for window in (small, large):
            await windows.until(lambda window=window: "1 needs you: n" in window.screen)
        # What the small one has no room for beside each other, it has behind a key.
        await windows.until(lambda: all(count in small.screen for count in ("3✓", "1✗", "1▶")))
        assert "Birch" in small.screen and "? help" in small.screen
        small.press("n")
        await windows.until(lambda: ">2 Birch" in small.screen and "r retry" in small.screen)
        assert "refus" in small.screen
        small.press("r")
        await windows.shown(large, "window 1 retried birch")
        for window in (small, large):
            await windows.until(lambda window=window: "4✓" in window.screen and "needs you" not in window.screen)
        assert b"window 1" not in small.seen
        large.press("X")
        await windows.until(lambda: "Stop this run?" in large.screen)
        large.press("y")
        await windows.until(lambda: "window 2 stopped the run" in small.screen)
        assert (await windows.ended(run)).status == "interrupted"
        for window in (small, large):
            window.press("q")
            await windows.left(window)
        assert who(windows.home, run, SpokeRetried) == ["window 1"]
        assert who(windows.home, run, RunEnded) == ["window 2"]
        assert "window 1" in hubspoke("export", run, "--format", "html").stdout

    refused = Cue(Refuse(), answers("birch"), 1)
    with ThreadedClaudeServer(
        engine_brain(DOUBLES), Manners(cues=(refused, held("cedar", asyncio.Event())))
    ) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        asyncio.run(main())


def test_edits_of_a_plan_that_another_window_approves_stay_and_are_told(
    docs: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main(server: ThreadedClaudeServer) -> None:
        first = windows.ask(docs, size=SMALL)
        run = await windows.begun()
        second, third = (windows.open("attach", run, size=LARGE) for _ in range(2))
        for window in (first, second, third):
            await windows.until(lambda window=window: "a approve" in window.screen)
        second.press(" ")
        await windows.until(lambda: "(skipped)" in second.screen)
        first.press("a")
        # One that was not edited goes away; the edited one stays, and says why.
        await windows.until(lambda: "a approve" not in third.screen)
        await windows.shown(second, "not sent, and stays here")
        assert "(skipped)" in second.screen
        second.press("a")
        await windows.shown(second, "No plan waits for an answer; it was given already.")
        assert "(skipped)" in second.screen
        second.press("q")
        await windows.shown(second, "press q again to leave")
        second.press("q")
        await windows.until(lambda: "a approve" not in second.screen)
        server.release(release)
        assert (await windows.ended(run)).status == "done"
        assert len(who(windows.home, run, PlanApproved)) == 1
        assert who(windows.home, run, PlanApproved)[0].startswith("window ")
        for window in (first, second, third):
            window.press("q")
            await windows.left(window)

    release = asyncio.Event()
    with ThreadedClaudeServer(engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        asyncio.run(main(server))


def test_edits_of_a_plan_that_another_window_sent_back_do_not_take_the_place_of_the_new_one(
    docs: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        first = windows.ask(docs, size=SMALL)
        run = await windows.begun()
        second = windows.open("attach", run, size=LARGE)
        for window in (first, second):
            await windows.until(lambda window=window: "a approve" in window.screen)
        second.press(" ")
        await windows.until(lambda: "(skipped)" in second.screen)
        first.press("p")
        await windows.until(lambda: "A note to the planner" in first.screen)
        first.press("other parts\r")
        await windows.shown(second, "not sent, and stays here")
        await windows.until(lambda: len(checkpoints(windows.home, run)) == 2 and "a approve" in first.screen)
        second.press("a")
        await windows.shown(second, "That plan was answered already; another one waits.")
        assert "(skipped)" in second.screen
        # Who leaves what was edited is shown the plan that waits.
        second.press("q")
        await windows.shown(second, "press q again to leave")
        second.press("q")
        await windows.until(lambda: "a approve" in second.screen and "(skipped)" not in second.screen)
        second.press("a")
        await windows.until(lambda: who(windows.home, run, PlanApproved))
        (approved,) = [
            e for e in read_journal(windows.home / "sessions" / run).events if isinstance(e, PlanApproved)
        ]
        assert approved.plan == checkpoints(windows.home, run)[1].plan
        await windows.ended(run)
        for window in (first, second):
            window.press("q")
            await windows.left(window)

    with ThreadedClaudeServer(engine_brain(DOUBLES)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        asyncio.run(main())


@pytest.mark.parametrize("how", ["command line", "SIGTERM", "SIGHUP"])
def test_what_no_window_did_names_who_did(
    how: str, docs: Path, engines: Engines, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> str:
        manners = Manners(cues=tuple(held(spoke, asyncio.Event()) for spoke in ("cedar", "daisy")))
        async with served(monkeypatch, engine_brain(DOUBLES), manners):
            window = await engines.process()
            run = (await window.begin(docs)).run
            await window.until(lambda: window.holds("cedar")() and window.holds("daisy")())
            assert (await window.do(Cancel(id=0, spoke="cedar", attempt=1))).ok
            if how == "command line":
                assert (await asyncio.to_thread(hubspoke, "stop", run)).returncode == 0
            else:
                os.kill(window.hello.pid, signal.Signals[how])
            assert (await window.ended()).status == "interrupted"
            return run

    run = asyncio.run(main())
    assert who(own_home, run, SpokeCancelled) == ["window 1"]
    assert who(own_home, run, RunEnded) == [how]
