"""What the windows of an engine are told, and what one of them can do to the others: nothing."""

import asyncio
import socket
from asyncio import Event
from pathlib import Path

import pytest

from agents.engine import viewers
from agents.port.frames import frame
from agents.port.messages import MAX_TO_ENGINE, Begin, Bye, Stop, Watch
from agents.run import Settings
from sessions.journal_reader import read_journal
from sessions.load import fold_all
from tests.claude_server import Manners
from tests.engine_brain import engine_brain
from tests.engine_client import connected, opened
from tests.engines import Engines, held, here, served
from tests.engines import engines as engines
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs


def test_every_window_is_told_the_whole_run_once_and_in_order(
    docs: Path, engines: Engines, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))):
            first = await engines.process()
            begun = await first.begin(docs)
            assert begun.ok and first.hello.outlives
            await first.until(first.holds("cedar"))
            second = await engines.attach(begun.run)
            assert second.synced and second.synced.seq == len(second.events)
            assert second.holds("cedar")()
            assert second.events == first.events[: len(second.events)]
            assert (await second.do(Watch(id=0))).ok  # once more is no second time
            release.set()
            for window in (first, second):
                assert (await window.ended()).status == "done"
                assert window.farewell == ""
        journal = read_journal(own_home / "sessions" / begun.run).events
        assert [event.seq for event in first.events] == list(range(1, len(journal) + 1))
        assert tuple(first.events) == tuple(second.events) == journal
        assert first.state == second.state == fold_all(journal)
        assert first.open_text == second.open_text == {}

    asyncio.run(main())


def test_a_late_window_gets_the_open_text_and_then_exactly_what_the_first_gets(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        spokes = ("alder", "cedar")
        gates = {spoke: Event() for spoke in spokes}
        manners = Manners(thinking=True, cues=tuple(held(spoke, gates[spoke]) for spoke in spokes))
        async with served(monkeypatch, engine_brain(DOUBLES), manners), here(engines) as path:
            first = await opened(path)
            assert (await first.begin(docs)).ok
            await first.until(lambda: all(first.holds(spoke)() for spoke in spokes))
            await first.until(lambda: [s.status for s in first.state.spokes.values()].count("done") == 3)
            second = await opened(path)
            await second.do(Watch(id=0))
            # What was gathered for the first is sent before the second is let in.
            assert second.events == first.events
            assert second.open_text == first.open_text
            seen = len(second.messages), len(first.messages)
            for gate in gates.values():
                gate.set()
            await asyncio.gather(first.ended(), second.ended())
            later = [m for m in second.messages[seen[0] :] if m.kind != "tick"]
            assert later == [m for m in first.messages[seen[1] :] if m.kind != "tick"]
            assert first.state == second.state and first.state.status == "done"

    asyncio.run(main())


NONSENSE = {
    "garbage": b"\0\0\0\7garbage",
    "another protocol": b"GET / HTTP/1.1\r\n\r\n",
    "too long": (MAX_TO_ENGINE + 1).to_bytes(4, "big"),
    "no kind": b"\0\0\0\2{}",
    "half a length": b"\0\0",
    "half a frame": frame(Stop(id=1))[:-3],
    "what the engine says": frame(Bye()),
    "too deep": b"\0\1\0\0" + b"[" * 65_536,
    "another run": frame(Begin(id=1, question="Why?")) * 3,
    "a path that is none": frame(Begin(id=1, question="Why?", settings=Settings(docs=Path("\0")))),
}


def test_nonsense_hurts_nobody_else(docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        release = Event()
        manners = Manners(cues=(held("cedar", release),))
        async with served(monkeypatch, engine_brain(DOUBLES), manners), here(engines) as path:
            window = await opened(path)
            await window.do(Watch(id=0))
            refused = await window.begin(Path("\0"))
            assert not refused.ok and "ValueError" in refused.message
            assert (await window.begin(docs)).ok
            await window.until(window.holds("cedar"))
            for said in NONSENSE.values():
                rude = await opened(path)
                rude.writer.write(said)
                rude.writer.write_eof()
                await rude.ended()
                assert not any(answer.ok for answer in rude.answers.values())
            assert not window.gone
            release.set()
            assert (await window.ended()).status == "done"

    asyncio.run(main())


def test_a_window_that_never_reads_is_let_go(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewers, "MAX_BEHIND", 300_000)

    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES)), here(engines) as path:
            window = await opened(path)
            deaf = connected(path)
            deaf.settimeout(10.0)
            deaf.sendall(frame(Watch(id=1)))
            # Every brief holds the question, so this is more than the kernel keeps for it.
            long = f"What do brushes cost? {'Please. ' * 12_000}"
            assert (await window.begin(docs, question=long, settings=Settings(max_parallel=1))).ok
            assert (await window.ended()).status == "done"
            told = bytearray()
            with deaf:
                while data := await asyncio.to_thread(_rest, deaf):
                    told += data
            assert len(told) > 96_000
            assert b"run_ended" not in told

    asyncio.run(main())


def _rest(sock: socket.socket) -> bytes:
    try:
        return sock.recv(1_000_000)
    except ConnectionError:
        return b""
