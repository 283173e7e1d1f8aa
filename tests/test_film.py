"""A film: at every event it is what the live state was, and between two of them text streams as it came."""

import asyncio
import tempfile
from copy import deepcopy
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.run import Settings, ask
from sessions.events import (
    AnyEvent,
    AttemptDropped,
    AttemptFailed,
    AttemptStarted,
    BlockFinished,
    Noticed,
    RunEnded,
    SpokeCancelled,
    SpokeRetried,
    ToolReturned,
    TryFailed,
)
from sessions.evidence import SegmentRef
from sessions.failures import Failure, FailureKind
from sessions.film import Film, Streaming
from sessions.journal import Journal
from sessions.load import fold_all
from sessions.plan import Subtask
from sessions.recorder import Recorder
from sessions.sieve import ALL, COORDINATOR, FAILURES, KINDS, Sieve, failed, owner
from sessions.state import RunState, fold
from tests.corpora import TOPICS, write
from tests.example_runs import RUN, created, finished_run
from tests.random_events import EVENTS
from tests.screen_runs import Told, in_the_middle

_OF = {"spoke": st.sampled_from(["a", "b", "hub.plan"]), "attempt": st.integers(1, 3)}
_TURN = {**_OF, "turn": st.integers(1, 3)}
_FAILURE = st.builds(Failure, kind=st.sampled_from(FailureKind), message=st.text(max_size=9))
_REFS = st.sampled_from([(), (SegmentRef(source="a.md", source_sha256="0", start=0, length=1),)])

MORE: st.SearchStrategy[AnyEvent] = st.one_of(
    EVENTS,
    st.builds(
        BlockFinished,
        **_TURN,
        block=st.integers(0, 2),
        type=st.sampled_from(["text", "thinking"]),
        text=st.text(max_size=30),
        pace=st.lists(st.tuples(st.integers(-9, 99), st.integers(-9, 9_999)), max_size=4).map(tuple),
    ),
    st.builds(ToolReturned, **_TURN, call=st.just("c"), name=st.just("n"), segments=_REFS),
    st.builds(TryFailed, **_TURN, failure=_FAILURE, wait_s=st.floats(0, 99)),
    st.builds(AttemptDropped, **_OF),
    st.builds(SpokeRetried, spoke=st.sampled_from(["a", "b"])),
    st.builds(SpokeCancelled, spoke=st.sampled_from(["a", "b"])),
)


def recorded(events: list[AnyEvent]) -> tuple[list[AnyEvent], list[RunState]]:
    """The events as a recorder keeps them, and its live state before the first and after each of them."""
    with tempfile.TemporaryDirectory() as home:
        journal = Journal.create(Path(home) / RUN)
        recorder = Recorder(Path(home) / RUN, journal)
        live = [deepcopy(recorder.state)]

        async def main() -> None:
            for event in events:
                recorder.record(event)
                live.append(deepcopy(recorder.state))
            await recorder.close()

        asyncio.run(main())
        return recorder.events, live


@settings(max_examples=60, deadline=None)
@given(st.lists(MORE, max_size=25), st.integers(1, 5), st.randoms())
def test_at_every_event_it_is_what_the_live_state_was(
    events: list[AnyEvent], keyframe: int, random: Random
) -> None:
    kept, live = recorded([created(), *events])
    film = Film(kept[: len(kept) // 2], keyframe=keyframe)
    film.extend(kept[len(kept) // 2 :])
    places = list(range(len(live)))
    random.shuffle(places)
    for n in places:
        assert film.at(n) == live[n]


@settings(max_examples=60, deadline=None)
@given(st.lists(MORE, max_size=25), st.integers(0, 25), st.floats(0, 1e12))
def test_at_any_time_what_streams_is_the_beginning_of_a_block_that_is_to_come(
    events: list[AnyEvent], n: int, t: float
) -> None:
    film = Film(event.model_copy(update={"t": number * 3.0}) for number, event in enumerate(events))
    n = min(n, len(film))
    for block, shown in film.streaming(n, t):
        assert any(event is block for event in film.events[n:])
        assert 0 <= shown <= len(block.text)
    assert film.quiet_until(n, t) >= t


@pytest.mark.parametrize("keyframe", [1, 2, 1_000])
def test_what_was_asked_of_it_is_the_caller_s_own(keyframe: int) -> None:
    told = Told()
    for t, event in enumerate(finished_run()):
        told(float(t), event)
    events = [*told.events, SpokeRetried(spoke="film", subtask=Subtask(id="film", title="Cinema", objective="x"))]
    film = Film(events, keyframe=keyframe)
    for n in range(len(film) + 1):
        state = film.at(n)
        for event in events[n:]:
            fold(state, event)
        assert film.at(n) == fold_all(events[:n])


def test_a_run_of_the_embedded_engine_is_filmed_as_it_was(own_home: Path) -> None:
    docs = own_home / "docs"
    write(TOPICS[0], docs)
    run = ask(TOPICS[0].question, Settings(docs=docs, provider="embedded", pace=0.001))
    live: dict[int, RunState] = {}

    def listen(item: object) -> None:
        recorder = run.recorder
        if recorder is not None and len(recorder.events) % 9 == 0:
            live.setdefault(len(recorder.events), deepcopy(recorder.state))

    asyncio.run(run.work(listen))
    assert run.recorder is not None
    film = Film(run.recorder.events, keyframe=50)
    assert len(live) > 5
    assert all(film.at(n) == state for n, state in live.items())
    assert film.at(len(film)) == run.state
    blocks = [n for n, event in enumerate(film.events) if isinstance(event, BlockFinished) and event.pace]
    assert blocks, "its text has a pace"
    assert all(any(film.events[n] is it.block for it in film.streaming(n, film.time(n))) for n in blocks)


def block(t: float, pace: tuple[tuple[int, int], ...], spoke: str = "film") -> BlockFinished:
    told = BlockFinished(spoke=spoke, attempt=1, turn=1, block=0, type="text", text="0123456789", pace=pace)
    return told.model_copy(update={"t": t})


def begun(spoke: str, t: float) -> AttemptStarted:
    return AttemptStarted(spoke=spoke, attempt=1, role="r", model="m", t=t)


def test_a_block_streams_at_the_pace_it_came() -> None:
    said = block(20.0, ((2, 0), (4, 1_000), (10, 4_000)))
    film = Film([begun("film", 10.0), Noticed(message="", t=12.0), said])
    shown = {t: list(film.streaming(2, t)) for t in (15.9, 16.0, 16.5, 17.0, 18.5, 20.0)}
    assert shown[15.9] == [] == list(film.streaming(0, 18.0)) == list(film.streaming(3, 20.0))
    assert [shown[t][0].shown for t in (16.0, 16.5, 17.0, 18.5, 20.0)] == [2, 3, 4, 7, 10]
    assert shown[17.0] == [Streaming(said, 4)]
    assert film.quiet_until(1, 10.0) == 12.0 and film.quiet_until(2, 12.0) == 16.0
    assert film.quiet_until(2, 17.0) == 17.0, "something comes"
    assert film.quiet_until(3, 20.0) == 20.0


def test_no_block_begins_before_what_came_before_it() -> None:
    film = Film([begun("film", 10.0), block(20.0, ((1, 0), (10, 10**400)))])
    assert list(film.streaming(1, 9.0)) == []
    assert len(list(film.streaming(1, 10.0))) == 1
    assert list(Film([block(20.0, ((1, 0), (10, 4_000)))]).streaming(0, 19.0)) == [], "nobody's"


def test_time_never_goes_back_and_what_is_no_time_is_left_out() -> None:
    events = [Noticed(message="", t=t) for t in (1.0, float("nan"), 0.5, float("inf"), 1e12, 3.0)]
    film = Film(events)
    assert [film.time(n) for n in range(6)] == [1.0, 1.0, 1.0, 1.0, 1.0, 3.0]
    assert [film.count(t) for t in (0.0, 1.0, 2.9, 3.0)] == [0, 5, 5, 6]
    assert film.seconds == 3.0 and Film().seconds == 0.0


def test_who_was_heard_when() -> None:
    film = Film([begun("film", 1.0), begun("music", 2.0), block(5.0, ())])
    assert film.heard(2) == {"film": 1.0, "music": 2.0}
    assert film.heard(3) == {"film": 5.0, "music": 2.0}


def test_failures_are_found_but_not_what_a_person_cancelled() -> None:
    film = Film(in_the_middle().events)
    assert [type(film.events[n]) for n in film.failures] == [TryFailed, AttemptFailed, AttemptFailed]
    cancelled = Failure(kind=FailureKind.CANCELLED, message="")
    assert not failed(AttemptFailed(spoke="a", attempt=1, failure=cancelled))
    assert failed(RunEnded(status="failed", exit=1)) and not failed(RunEnded(status="gaps", exit=3))


def test_a_sieve_lets_the_owner_s_events_of_a_kind_through() -> None:
    events = in_the_middle().events
    assert all(Sieve().passes(event) for event in events)
    film = [event for event in events if Sieve(owner="film").passes(event)]
    assert film and {owner(event) for event in film} == {"film"}
    hub = [event.kind for event in events if Sieve(owner=COORDINATOR).passes(event)]
    assert {"run_created", "plan_made", "attempt_started", "noticed"} <= set(hub)
    of = {kind: sum(Sieve(kind=kind).passes(event) for event in events) for kind in KINDS}
    assert of[ALL] == len(events) == sum(of.values()) - of[ALL] - of[FAILURES]
    assert of[FAILURES] == 3 and of["tools"] == 12 and of["people"] == 2
