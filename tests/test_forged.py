"""What nobody who means well says to an engine: refused with one line, the run and its windows unharmed."""

import asyncio
import contextlib
import os
import socket
import subprocess
from asyncio import Event
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agents.engine import reception, viewers
from agents.port.frames import frame
from agents.port.messages import MAX_TO_ENGINE, Bye, Peek, Stop, Watch
from tests.claude_server import Manners
from tests.engine_brain import engine_brain
from tests.engine_client import Window, connected, opened
from tests.engines import Engines, held, here, served
from tests.engines import engines as engines
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs

NO_COMMAND = reception.NO_COMMAND


def framed(text: str) -> bytes:
    """JSON, or what pretends to be, as a frame."""
    data = text.encode("utf-8", "surrogateescape")
    return len(data).to_bytes(4, "big") + data


FORGED = {
    "no JSON": (b"\0\0\0\7garbage", NO_COMMAND),
    "nothing": (b"\0\0\0\0", NO_COMMAND),
    "no text": (framed('{"kind":"stop","id":1,"port":2,"x":"\udcff"}'), NO_COMMAND),
    "no object": (framed("[]"), NO_COMMAND),
    "too deep": (framed("[" * 100_000), NO_COMMAND),
    "no such command": (framed('{"kind":"format_disk","id":1,"port":2}'), NO_COMMAND),
    "an id that is none": (framed('{"kind":"stop","id":"one","port":2}'), NO_COMMAND),
    "an id below nothing": (framed('{"kind":"stop","id":-1,"port":2}'), NO_COMMAND),
    "an id without end": (framed(f'{{"kind":"stop","id":{"9" * 4_000},"port":2}}'), NO_COMMAND),
    "another version's, an id below nothing": (framed('{"kind":"watch","id":-1,"port":9}'), NO_COMMAND),
    "another version's, an id too high": (framed('{"kind":"quit","id":9007199254740993,"port":1}'), NO_COMMAND),
    "a wrong type": (framed('{"kind":"cancel","id":1,"port":2,"spoke":7,"attempt":"no"}'), NO_COMMAND),
    "a spoke that is a path": (framed('{"kind":"cancel","id":1,"port":2,"spoke":"../x","attempt":0}'), NO_COMMAND),
    "more than it has": (framed('{"kind":"stop","id":1,"port":2,"really":true}'), NO_COMMAND),
    "what an engine says": (frame(Bye()), NO_COMMAND),
    "half a length": (b"\0\0", "The message was cut off."),
    "half a message": (frame(Stop(id=1))[:-3], "The message was cut off."),
    "one byte too long": ((MAX_TO_ENGINE + 1).to_bytes(4, "big") + b"x" * 300_000, "is longer than the port's"),
    "as long as can be": (b"\xff" * 4, "is longer than the port's"),
}


@asynccontextmanager
async def a_run(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[tuple[Window, Path]]:
    """A window on a run that streams, and the engine's socket; in the end the run must have come to its report."""
    release = Event()
    manners = Manners(cues=(held("cedar", release),))
    async with served(monkeypatch, engine_brain(DOUBLES), manners), here(engines) as path:
        window = await opened(path)
        assert (await window.begin(docs)).ok
        await window.until(window.holds("cedar"))
        yield window, path
        assert not window.gone
        release.set()
        assert (await window.ended()).status == "done"


def resident_kb(pid: int) -> int:
    """The memory that a process has."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout)


async def farewell(rude: Window) -> str | None:
    """What an engine says last to one that it lets go."""
    await rude.ended()
    return rude.farewell


def test_forged_cut_off_and_oversized_messages_are_refused_with_one_line(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with a_run(docs, engines, monkeypatch) as (_, path):
            for name, (data, sentence) in FORGED.items():
                rude = await opened(path)
                rude.writer.write(data)
                if "half" in name:
                    rude.writer.write_eof()
                said = await farewell(rude)
                assert said and sentence in said and "\n" not in said, (name, said)
                assert not rude.answers, name

    asyncio.run(main())


def test_half_a_message_is_not_waited_for_without_end(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "PATIENCE_S", 0.05)

    async def main() -> None:
        async with a_run(docs, engines, monkeypatch) as (window, path):
            halves = [await opened(path) for _ in range(3)]
            for half, data in zip(
                halves, (b"\0", frame(Stop(id=1))[:9], (4_000_000).to_bytes(4, "big")), strict=True
            ):
                half.writer.write(data)
            for half in halves:
                assert await farewell(half) == "The end of a message did not come within 0.05 s."
            # Silence between two messages is nobody's fault.
            assert (await window.do(Watch(id=0))).ok

    asyncio.run(main())


def test_a_process_of_another_user_hears_nothing(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with a_run(docs, engines, monkeypatch) as (_, path):
            mine = os.getuid()
            with monkeypatch.context() as another:
                another.setattr("os.getuid", lambda: mine + 1)
                stranger = await opened(path)
                assert await farewell(stranger) == "This run is another user's."
            assert len(stranger.messages) == 1
            friend = await opened(path)
            assert (await friend.do(Watch(id=0))).ok
            friend.quit()
            await friend.ended()

    asyncio.run(main())


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_credentials_are_the_connecting_process_s(engines: Engines) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert reception.is_this_user(theirs)
    address = "\0hubspoke-test-" + os.urandom(6).hex()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        if (pid := os.fork()) == 0:
            os.setuid(65_534)
            with contextlib.suppress(OSError):
                socket.socket(socket.AF_UNIX).connect(address)
            os._exit(0)
        accepted, _ = listener.accept()
        os.waitpid(pid, 0)
        with accepted:
            assert not reception.is_this_user(accepted)


def test_a_thousand_connections_cost_the_run_nothing(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))):
            window = await engines.process()
            run = (await window.begin(docs)).run
            await window.until(window.holds("cedar"))
            (path,) = engines.sockets
            pid = window.hello.pid
            # So many come at first that what they cost once is paid.
            before = [connected(path) for _ in range(100)]
            late = await engines.attach(run)
            memory = resident_kb(pid)
            silent = [connected(path) for _ in range(1_000)]
            latest = await engines.attach(run)
            assert latest.holds("cedar")() and not window.gone and not late.gone
            assert resident_kb(pid) - memory < 10_000
            if (files := Path(f"/proc/{pid}/fd")).exists():
                assert len(list(files.iterdir())) < 3 * reception.MAX_CONNECTIONS
            for sock in (*before, *silent):
                sock.close()
            release.set()
            for each in (window, late, latest):
                assert (await each.ended()).status == "done"

    asyncio.run(main())


def test_when_everybody_who_is_there_has_spoken_the_next_one_is_told(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "MAX_CONNECTIONS", 3)

    async def main() -> None:
        async with a_run(docs, engines, monkeypatch) as (_, path):
            silent = await opened(path)
            others = [await opened(path) for _ in range(2)]
            for other in others:
                assert (await other.do(Watch(id=0))).ok
            await silent.ended()
            assert silent.farewell is None
            refused = await opened(path)
            assert await farewell(refused) == "There are 3 connections to this run already; close one of them."
            for other in others:
                other.quit()
                await other.ended()
            last = await opened(path)
            assert (await last.do(Watch(id=0))).ok
            last.close()

    asyncio.run(main())


def test_one_that_asks_and_never_reads_the_answers_is_let_go(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewers, "MAX_UNWATCHED", 20_000)

    async def main() -> None:
        async with a_run(docs, engines, monkeypatch) as (_, path):
            deaf = connected(path)
            deaf.settimeout(10.0)
            question = frame(Peek(id=1))
            with deaf, pytest.raises(ConnectionError):
                while True:
                    await asyncio.to_thread(deaf.sendall, question * 1_000)

    asyncio.run(main())
