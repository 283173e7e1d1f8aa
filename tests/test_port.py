"""The port's bytes: frames, text gathered without a change of meaning, open blocks, and windows that lag."""

import asyncio
import contextlib
import os
import socket
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.calls.live_text import LiveText
from agents.calls.open_blocks import OpenBlocks
from agents.engine import viewers
from agents.engine.viewers import Audience, Viewer, messages_of
from agents.port.frames import BrokenPortError, frame, read_frame
from agents.port.link import NotRunningError, attach, connect, sweep
from agents.port.messages import TO_ENGINE, TO_VIEWER, Begin, Bye, Events, Retry, Text, Tick, Watch
from sessions.events import (
    AnyEvent,
    AttemptDropped,
    AttemptFailed,
    AttemptFinished,
    BlockFinished,
    Noticed,
    Replied,
    RunEnded,
    TryFailed,
    TurnFinished,
    Usage,
)
from sessions.failures import Failure, FailureKind
from sessions.journal_reader import journal_of
from sessions.paths import UnwritableError
from sessions.plan import Subtask
from sessions.runtime import LONGEST, new_socket, run_socket, runtime_dir, sockets
from tests.engine_client import text_of
from tests.random_events import EVENTS

FAILURE = Failure(kind=FailureKind.OVERLOADED, message="busy")


def piece(text: str, offset: int = 0, *, spoke: str = "a", attempt: int = 1, block: int = 0) -> LiveText:
    return LiveText(spoke, attempt, 1, block, "text", offset, text)


def read(data: bytes, limit: int = 1_000) -> list[bytes]:
    """The messages of some bytes, as a reader gets them that are cut anywhere."""

    async def main() -> list[bytes]:
        reader = asyncio.StreamReader()
        for at in range(len(data)):
            reader.feed_data(data[at : at + 1])
        reader.feed_eof()
        found: list[bytes] = []
        while (message := await read_frame(reader, limit)) is not None:
            found.append(message)
        return found

    return asyncio.run(main())


def test_frames_come_back_and_a_half_one_is_the_end() -> None:
    messages = [Tick(t=1.5), Bye(message="ünïcode 😀"), Text(t=2.0, pieces=(piece("one"), piece("two", 3)))]
    data = b"".join(map(frame, messages))
    assert [TO_VIEWER.validate_json(found) for found in read(data)] == messages
    for missing in (1, len(frame(messages[2])) - 3):
        assert len(read(data[:-missing])) == 2
    subtask = Subtask(id="a", title="A", objective="Find A.")
    for command in (
        Begin(id=1, question="Why?", retry={"a": None}),
        Retry(id=2, spoke="a", attempt=0, subtask=subtask),
    ):
        (found,) = read(frame(command))
        assert TO_ENGINE.validate_json(found) == command


def test_a_frame_of_one_byte_too_many_is_refused() -> None:
    data = frame(Tick(t=1.0))
    assert read(data, limit=len(data) - 4)
    with pytest.raises(BrokenPortError, match="longer than the port's"):
        read(data, limit=len(data) - 5)


def test_half_a_surrogate_pair_costs_one_character_and_no_other() -> None:
    (found,) = read(frame(Text(t=1.0, pieces=(piece("ab\ud83dcd é", 4),))))
    message = TO_VIEWER.validate_json(found)
    assert isinstance(message, Text)
    assert message.pieces == (piece("ab?cd é", 4),)


@given(st.lists(EVENTS, max_size=5))
def test_any_event_that_was_recorded_comes_over_the_port_as_it_is(events: list[AnyEvent]) -> None:
    recorded, _ = journal_of(tuple(events))
    found = TO_VIEWER.validate_json(frame(Events(events=recorded))[4:])
    assert isinstance(found, Events)
    assert found.events == recorded


_ENDS: st.SearchStrategy[AnyEvent] = st.one_of(
    st.builds(Noticed, message=st.just("m")),
    st.builds(
        BlockFinished,
        spoke=st.sampled_from("ab"),
        attempt=st.integers(1, 2),
        turn=st.just(1),
        block=st.integers(0, 1),
        type=st.just("text"),
        text=st.just("x"),
    ),
    st.builds(AttemptDropped, spoke=st.sampled_from("ab"), attempt=st.integers(1, 2)),
)
_GROWS = st.tuples(
    st.sampled_from("ab"), st.integers(1, 2), st.integers(0, 1), st.integers(0, 6), st.text(max_size=5)
)


@given(st.lists(_GROWS | _ENDS, max_size=40))
def test_gathered_text_means_what_its_pieces_mean(script: list[tuple[str, int, int, int, str] | AnyEvent]) -> None:
    one_by_one = OpenBlocks()
    items: list[AnyEvent | LiveText] = []
    for step in script:
        if isinstance(step, tuple):
            spoke, attempt, block, back, text = step
            long = len(text_of(one_by_one).get((spoke, attempt, 1, block), ""))
            # Structured text may be read anew from an earlier place on.
            item = piece(text, max(0, long - back), spoke=spoke, attempt=attempt, block=block)
            one_by_one.grow(item, 1.0)
            items.append(item)
        else:
            one_by_one.fold(step)
            items.append(step)
    gathered = OpenBlocks()
    events: list[AnyEvent] = []
    messages = messages_of(items, 1.0)
    for message in messages:
        match message:
            case Events():
                events += message.events
                for event in message.events:
                    gathered.fold(event)
            case Text():
                for grown in message.pieces:
                    gathered.grow(grown, message.t)
            case _:
                pytest.fail("only events and text are gathered")
    assert text_of(gathered) == text_of(one_by_one)
    assert events == [item for item in items if not isinstance(item, LiveText)]
    assert len(messages) <= 2 * len(events) + 1


def ends(spoke: str, attempt: int) -> list[AnyEvent]:
    """Every event that closes the blocks of an attempt."""
    return [
        TurnFinished(spoke=spoke, attempt=attempt, turn=1, stop_reason="end_turn", usage=Usage(), seconds=1.0),
        TryFailed(spoke=spoke, attempt=attempt, turn=1, failure=FAILURE, wait_s=0.0),
        AttemptFinished(spoke=spoke, attempt=attempt, step="s"),
        AttemptFailed(spoke=spoke, attempt=attempt, failure=FAILURE),
        AttemptDropped(spoke=spoke, attempt=attempt),
        Replied(spoke=spoke, attempt=attempt),
    ]


def test_blocks_close_with_what_ends_them_and_with_nothing_else() -> None:
    def grown() -> OpenBlocks:
        blocks = OpenBlocks()
        for open_one in (piece("b", block=1), piece("a"), piece("other", spoke="b"), piece("next", attempt=2)):
            blocks.grow(open_one, 3.0)
        return blocks

    blocks = grown()
    blocks.grow(piece("?!", 1), 4.0)
    assert [(b.attempt, b.block, b.text, b.t) for b in blocks.of("a")] == [
        (1, 0, "a?!", 4.0),
        (1, 1, "b", 3.0),
        (2, 0, "next", 3.0),
    ]
    assert blocks.of("a")[0].whole() == piece("a?!")
    blocks.fold(BlockFinished(spoke="a", attempt=1, turn=1, block=0, type="text", text="a?!"))
    assert [b.text for b in blocks.of("a")] == ["b", "next"]
    for event in ends("a", 1):
        blocks = grown()
        blocks.fold(event)
        assert sorted(b.text for b in blocks.all()) == ["next", "other"], event.kind
    blocks.fold(Noticed(message="nothing"))
    assert blocks.all()
    blocks.fold(RunEnded(status="done", exit=0))
    assert blocks.all() == []


def test_what_is_queued_when_the_engine_leaves_still_reaches_a_slow_window() -> None:
    ours, theirs = socket.socketpair()
    told = bytearray()

    def read_slowly() -> None:
        with ours:
            while data := ours.recv(4_096):
                told.extend(data)
                time.sleep(0.001)

    async def main() -> None:
        _, writer = await asyncio.open_connection(sock=theirs)
        audience = Audience()
        viewer = Viewer(writer)
        audience.viewers.add(viewer)
        audience.admit(viewer, [Noticed(message="x" * 10_000) for _ in range(40)], 0.0)
        audience.send(Bye())
        # The loop ends with this, and with it what the transport still keeps.
        await audience.close()

    reading = threading.Thread(target=read_slowly)
    reading.start()
    asyncio.run(main())
    reading.join()
    *_, last = read(bytes(told), limit=1_000_000)
    assert TO_VIEWER.validate_json(last) == Bye()


def test_a_loop_that_ends_in_a_farewell_leaves_no_connection_open() -> None:
    ours, theirs = socket.socketpair()

    async def main() -> asyncio.WriteTransport:
        _, writer = await asyncio.open_connection(sock=theirs)
        viewer = Viewer(writer)
        viewer.send(frame(Bye(message="x" * 3_000_000)))  # more than the kernel keeps for one that does not read
        leaving = asyncio.create_task(viewer.close())
        await asyncio.sleep(0)
        assert not leaving.done()
        return writer.transport

    with ours, contextlib.suppress(ConnectionError):
        kept = asyncio.run(main())
        assert kept.is_closing()
        ours.settimeout(5.0)
        while ours.recv(1_000_000):
            pass


def test_a_long_snapshot_is_no_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewers, "MAX_BEHIND", 1_000)

    async def main() -> None:
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        _, to_window = await asyncio.open_connection(sock=theirs)
        audience = Audience()
        viewer = Viewer(to_window)
        audience.viewers.add(viewer)
        audience.admit(viewer, [Noticed(message="x" * 10_000)], 0.0)
        audience.send(Tick(t=1.0))
        assert await read_frame(reader, 100_000)
        assert await read_frame(reader, 100_000) == Tick(t=1.0).model_dump_json().encode()
        # More than it may lag behind, though not than the snapshot was, which has been sent.
        audience.send(Bye(message="y" * 2_000))
        assert await reader.read(1) == b""
        await audience.close()
        writer.close()

    asyncio.run(main())


def test_attaching_asks_to_be_told_before_anything_slow_is_there(own_home: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(run_socket("r1")))
        listener.listen()
        with attach("r1").sock:
            there, _ = listener.accept()
            with there:
                assert TO_ENGINE.validate_json(read(there.recv(1_000))[0]) == Watch(id=0)


def test_sockets_have_a_short_private_home(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime_dir() == tmp_path / "hubspoke"
    (tmp_path / "hubspoke").chmod(0o755)
    assert runtime_dir().stat().st_mode & 0o777 == 0o700
    here = run_socket("r1")
    assert here.parent == runtime_dir() and here == run_socket("r1")
    monkeypatch.setenv("HUBSPOKE_HOME", str(tmp_path / "other"))
    assert run_socket("r1") != here and sockets() == []
    deep = tmp_path / ("x" * LONGEST)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with pytest.raises(UnwritableError, match="too long for a socket"):
        new_socket()
    with pytest.raises(NotRunningError):
        connect("r1")
    # Not there any more: then it is the directory for temporary files.
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert runtime_dir() == tmp_path / f"hubspoke-{os.getuid()}"


@pytest.mark.parametrize("what", ["file", "link"])
def test_a_home_of_sockets_that_is_not_ours_is_not_used(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    if what == "file":
        (tmp_path / "hubspoke").touch()
    else:
        (tmp_path / "hubspoke").symlink_to("/tmp")
    with pytest.raises(UnwritableError):
        sweep()
