"""Cancelling: a spoke or the whole run, in whatever state, is over at once, and nothing goes on behind it."""

import asyncio
import json
import threading
from asyncio import Event
from collections.abc import Callable
from pathlib import Path

import pytest
from anthropic.lib.tools import BetaAsyncStreamingToolRunner

from agents.calls.live_text import LiveText
from agents.embedded.wire import MessagesRequest
from agents.replies import PlanReply
from agents.run import Run, Settings, ask, resume
from sessions import paths
from sessions.events import AnyEvent, AttemptDropped, AttemptStarted, TryFailed, TurnHeld
from sessions.run_lock import is_held
from sessions.state import RunState
from sessions.store import Store
from tests.claude_server import Act, ClaudeServer, Cue, HttpFault, Manners, RecordedRequest, Refuse, Stall
from tests.engine_brain import engine_brain
from tests.running import planned, subtask
from tests.test_pipeline import DOUBLES, WORDS
from tests.test_pipeline import docs as docs
from tests.test_policy import Steered, of

AT_ONCE_S = 2.0

Seen = Callable[[AnyEvent | LiveText, RunState], bool]
"""Whether the state that is meant is reached, by what was just told."""


Match = Callable[[RecordedRequest], bool]


def titled(title: str) -> Callable[[RecordedRequest], bool]:
    return lambda request: request.title == title


def answers(spoke: str) -> Callable[[RecordedRequest], bool]:
    """Picks what follows a spoke's search."""
    return lambda request: of(spoke)(request) and "tool_result" in json.dumps(request.body)


def streams(item: AnyEvent | LiveText, state: RunState) -> bool:
    return isinstance(item, LiveText) and item.spoke in state.spokes


def begins(spoke: str) -> Seen:
    """An attempt of that spoke, or of any whose id begins so."""
    return lambda item, state: isinstance(item, AttemptStarted) and item.spoke.startswith(spoke)


def refused(item: AnyEvent | LiveText, state: RunState) -> bool:
    return isinstance(item, TryFailed)


def held(item: AnyEvent | LiveText, state: RunState) -> bool:
    return isinstance(item, TurnHeld)


def _limited() -> Act:
    return HttpFault(429, {"retry-after": "900"})


SPOKES: dict[str, tuple[Callable[[], Act], Match, Seen]] = {
    "streaming": (lambda: Stall(Event(), at=-3), answers("alder"), streams),
    "silent": (lambda: Stall(Event(), at=1), of("alder"), begins("alder")),
    "between two tries": (lambda: HttpFault(503, {"retry-after": "60"}), of("alder"), refused),
    "parked": (_limited, of("alder"), refused),
}
"""What the server does to alder, and when it is given up."""

RUNS: dict[str, tuple[Callable[[], Act], Match, Seen]] = {
    **SPOKES,
    "held at the gate": (_limited, of("alder"), held),
    "planning": (lambda: Stall(Event()), titled("plan"), begins("hub.plan")),
    "checking": (lambda: Stall(Event()), titled("verdicts"), begins("hub.verify")),
    "writing": (lambda: Stall(Event()), titled(""), begins("hub.write")),
}


def _settings(
    server: ClaudeServer, monkeypatch: pytest.MonkeyPatch, docs: Path, max_parallel: int = 1
) -> Settings:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test")
    return Settings(docs=docs, provider="claude", max_parallel=max_parallel)


class Watched:
    """A run at work, until a state is reached."""

    def __init__(self, run: Run, seen: Seen) -> None:
        self._reached = asyncio.Event()

        def listen(item: AnyEvent | LiveText) -> None:
            if seen(item, run.state):
                self._reached.set()

        self.work = asyncio.create_task(run.work(listen))

    async def until_reached(self) -> None:
        async with asyncio.timeout(20.0):
            await self._reached.wait()


async def _gone_on_with(run: str, monkeypatch: pytest.MonkeyPatch, docs: Path) -> RunState:
    """The run resumed, with a server that does nothing wrong."""
    async with ClaudeServer(engine_brain(DOUBLES)) as server:
        return await resume(run, _settings(server, monkeypatch, docs)).work()


@pytest.mark.parametrize("state", RUNS)
def test_the_run_is_stopped_in_any_state(docs: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    act, match, seen = RUNS[state]
    threads = threading.active_count()

    async def main() -> None:
        async with ClaudeServer(engine_brain(DOUBLES), Manners(cues=(Cue(act(), match, None),))) as server:
            run = ask("What do brushes cost?", _settings(server, monkeypatch, docs, max_parallel=2))
            watched = Watched(run, seen)
            await watched.until_reached()
            watched.work.cancel()
            async with asyncio.timeout(AT_ONCE_S):
                with pytest.raises(asyncio.CancelledError):
                    await watched.work
            assert (run.state.status, run.state.exit) == ("interrupted", 130)
            assert not is_held(Store(paths.home()).find(run.id))
            assert [task for task in asyncio.all_tasks() if "/agents/" in repr(task)] == []
            # No socket to the server is left either.
            await server.until(lambda requests: all(request.ended is not None for request in requests))
        assert (await _gone_on_with(run.id, monkeypatch, docs)).exit == 0

    asyncio.run(main())
    assert threading.active_count() == threads


@pytest.mark.parametrize("state", SPOKES)
def test_a_spoke_is_given_up_in_any_state_and_the_others_go_on(
    docs: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    act, match, seen = SPOKES[state]

    async def main() -> None:
        async with ClaudeServer(engine_brain(DOUBLES), Manners(cues=(Cue(act(), match, None),))) as server:
            run = ask("What do brushes cost?", _settings(server, monkeypatch, docs))
            watched = Watched(run, seen)
            await watched.until_reached()
            run.cancel("alder", 1)
            # The others wait for the server as long as it wants; that is not what was given up.
            run.cancel("birch", 0)
            for other in ("cedar", "daisy", "elder"):
                assert run.state.spokes[other].status == "queued"
            if state == "parked":
                watched.work.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await watched.work
            else:
                ended = await watched.work
                assert ended.exit == 3
                assert not any(of("birch")(request) for request in server.requests)
        state_of = run.state.spokes
        assert (state_of["alder"].status, state_of["birch"].status) == ("cancelled", "cancelled")
        again = await _gone_on_with(run.id, monkeypatch, docs)
        assert again.spokes["alder"].status == "cancelled", "it stays so until it is retried"

    asyncio.run(main())


def test_an_attempt_on_another_brief_begins_when_the_old_one_has_ended_whatever_a_person_asks_meanwhile(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chained(request: MessagesRequest) -> PlanReply:
        needs = {"elder": ("birch",)}
        return planned(*(subtask(spoke, f"Find the {spoke} price.", *needs.get(spoke, ())) for spoke in WORDS))

    async def main() -> None:
        closing, closed = Event(), Event()
        close = BetaAsyncStreamingToolRunner[None].close

        async def slow_close(runner: BetaAsyncStreamingToolRunner[None]) -> None:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                closing.set()
                await closed.wait()
            await close(runner)

        monkeypatch.setattr(BetaAsyncStreamingToolRunner, "close", slow_close)
        cues = (
            Cue(Stall(Event(), at=-3), answers("elder")),
            *(Cue(Refuse(), answers(spoke)) for spoke in ("birch", "cedar")),
        )
        async with ClaudeServer(engine_brain({**DOUBLES, "plan": chained}), Manners(cues=cues)) as server:
            run = ask("What do brushes cost?", _settings(server, monkeypatch, docs, max_parallel=5))
            steered = Steered(run)
            await steered.until(lambda: "elder" in steered.streamed and len(run.state.failures) == 2)
            run.retry("birch", 1)
            async with asyncio.timeout(20.0):
                await closing.wait()
            run.retry("cedar", 1)
            await steered.until(lambda: len(run.state.spokes["cedar"].attempts) == 2)
            closed.set()
            assert (await steered.work).exit == 0
        of_elder = [event for event in steered.events if isinstance(event, AttemptStarted | AttemptDropped)]
        assert [type(event) for event in of_elder if event.spoke == "elder"] == [
            AttemptStarted,
            AttemptDropped,
            AttemptStarted,
        ]

    asyncio.run(main())
