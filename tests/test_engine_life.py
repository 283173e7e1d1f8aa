"""When an engine leaves: at the run's end, when it is told to, and when there is nobody it could be for."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from asyncio import Event
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.engine.__main__ import Address
from agents.engine.engine import Engine
from agents.port.frames import frame
from agents.port.link import NotRunningError, connect, sweep
from agents.port.messages import Begin, Quit, Stop
from agents.run import Settings
from sessions.journal_reader import read_journal
from sessions.run_lock import is_held
from tests.claude_server import Manners
from tests.engine_brain import engine_brain
from tests.engine_client import Window, opened
from tests.engines import Engines, asks, held, here, served
from tests.engines import engines as engines
from tests.running import LONGEST_S
from tests.test_pipeline import DOUBLES, WORDS
from tests.test_pipeline import docs as docs


def last_event(home: Path, run: str) -> str:
    return read_journal(home / "sessions" / run).events[-1].kind


async def resumed(engines: Engines, docs: Path, run: str) -> Window:
    """A window on an engine that has taken up a saved run, whose end it has seen."""
    window = await engines.window()
    assert (await window.begin(docs, resume=run)).ok
    assert (await window.ended()).status == "done"
    return window


def test_a_run_outlives_its_window_and_the_process_ends_with_the_run(
    docs: Path, engines: Engines, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))):
            first = await engines.process()
            run = (await first.begin(docs)).run
            await first.until(first.holds("cedar"))
            first.close()
            # One that never said it would watch, and leaves in words, is no loss either.
            second = await Window(connect(run)).open()
            second.quit()
            await second.ended()
            third = await engines.attach(run)
            assert third.holds("cedar")()
            third.close()
            release.set()
            process = engines.links[0].process
            assert process and await asyncio.to_thread(process.wait, 10.0) == 0
            assert engines.sockets == []
            with pytest.raises(NotRunningError, match="cannot be attached to"):
                connect(run)
            assert last_event(own_home, run) == "run_ended"

    asyncio.run(main())


def test_an_engine_that_nobody_comes_to_leaves(engines: Engines) -> None:
    async def main() -> None:
        told = await engines.process()
        told.quit()  # the connection stays open
        # The window's process is killed, or closes its socket, before the engine has looked.
        engines.launch().sock.close()
        code = "from agents.port.link import launch; import time; launch(); print(flush=True); time.sleep(60)"
        window = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
        assert window.stdout
        with window.stdout as said:
            said.readline()
        window.kill()
        window.wait()
        assert len(engines.processes()) == 3
        await told.ended()
        for link in engines.links:
            assert link.process and await asyncio.to_thread(link.process.wait, 10.0) == 0

    asyncio.run(main())
    # Without any connection at all its patience ends; a signal ends it too.
    for patience_s, stops in ((0.01, False), (900.0, True)):
        engine = Engine(outlives=True, patience_s=patience_s, unattended_s=900.0, begun=lambda run: None)

        async def alone(engine: Engine = engine, stops: bool = stops) -> None:
            if stops:
                asyncio.get_running_loop().call_soon(engine.stop)
            async with asyncio.timeout(LONGEST_S):
                await engine.serve(None)

        asyncio.run(alone())


def test_a_run_that_cannot_begin_is_answered_in_a_sentence_and_another_may(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))):
            other = await engines.window()
            busy = (await other.begin(docs)).run
            await other.until(other.holds("cedar"))
            window = await engines.window()
            gone = docs / "gone"
            for asking, sentence in (
                (window.begin(docs, question="  "), "The question is empty"),
                (window.begin(gone), f"There is no folder {gone}."),
                (window.begin(docs, resume=busy), f"{busy} is being worked on by process {os.getpid()}"),
                (window.begin(docs, resume="20200101-0000-zzzz"), "20200101-0000-zzzz"),
                (window.do(Begin(id=0)), "Neither a question nor a saved run"),
            ):
                answer = await asking
                assert not answer.ok and sentence in answer.message, answer
            with monkeypatch.context() as without:
                without.delenv("ANTHROPIC_API_KEY")
                without.delenv("ANTHROPIC_BASE_URL")
                answer = await window.begin(docs)
                assert not answer.ok and "ANTHROPIC_API_KEY" in answer.message
            release.set()
            assert (await window.begin(docs)).ok
            assert not (await window.begin(docs)).ok  # an engine has one run
            assert (await window.ended()).status == (await other.ended()).status == "done"
            assert window.farewell == ""  # what was refused before is forgotten

    asyncio.run(main())


def test_an_engine_whose_run_cannot_begin_leaves_with_its_window(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES)), here(engines) as path:
            window = await opened(path)
            begin = Begin(id=1, question="Why?", settings=Settings(docs=docs / "gone", provider="claude"))
            window.writer.write(frame(begin) + frame(Quit(id=2)))
            await window.ended()

    asyncio.run(main())


def test_a_run_whose_window_leaves_before_it_has_begun_does_not_begin(
    docs: Path, engines: Engines, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES)) as server, here(engines) as path:
            window = await opened(path)
            begin = Begin(id=1, question="Why?", settings=Settings(docs=docs, provider="claude"), approved=True)
            window.writer.write(frame(begin) + frame(Quit(id=2)))
            await window.ended()
        assert server.requests == []

    asyncio.run(main())
    assert list(own_home.glob("sessions/*")) == []


def test_an_engine_leaves_the_socket_of_the_one_that_took_up_its_run(engines: Engines, own_home: Path) -> None:
    def bound(name: str) -> tuple[Address, socket.socket]:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(engines.runtime / name))
        return Address(engines.runtime / name), listener

    (first, one), (second, two) = bound("first"), bound("second")
    with one, two:
        first.is_run("r1")
        second.is_run("r1")
        first.remove()
        assert len(engines.sockets) == 1
        second.remove()
        assert engines.sockets == []


def test_a_live_run_is_found_whatever_the_environment(
    docs: Path, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))):
            window = await engines.process()
            run = (await window.begin(docs)).run
            await window.until(window.holds("cedar"))
            with monkeypatch.context() as elsewhere:
                elsewhere.setenv("XDG_RUNTIME_DIR", str(tmp_path))
                other = await engines.attach(run)
                assert other.holds("cedar")()
                other.quit()
                await other.ended()
            # As a log-out does, which takes away all that is there.
            (path,) = engines.sockets
            path.unlink()
            with pytest.raises(NotRunningError) as told:
                connect(run)
            pid = window.hello.pid
            assert f"live in process {pid}, but nobody answers at {path}; `kill {pid}` stops it" in str(told.value)
            release.set()
            assert (await window.ended()).status == "done"

    asyncio.run(main())


@pytest.mark.parametrize("how", ["stop", "sigterm", "sighup"])
def test_a_run_that_is_stopped_is_saved_and_goes_on(
    how: str, docs: Path, engines: Engines, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))) as server:
            window = await (engines.window() if how == "stop" else engines.process())
            run = (await window.begin(docs)).run
            await window.until(window.holds("cedar"))
            if how == "stop":
                assert (await window.do(Stop(id=0))).ok
            else:
                # The second changes nothing: what is being saved is not broken off.
                for number in (signal.Signals[how.upper()], signal.SIGTERM):
                    os.kill(window.hello.pid, number)
            state = await window.ended()
            assert (state.status, state.exit, window.farewell) == ("interrupted", 130, "")
            assert last_event(own_home, run) == "run_ended"
            before = len(server.requests)
            await resumed(engines, docs, run)
            researched = [r for r in server.requests[before:] if r.title in ("findings", "plan")]
            assert researched and all(map(asks("cedar"), researched))

    asyncio.run(main())


def test_a_killed_engine_is_noticed_at_once_and_leaves_nothing_that_stays(
    docs: Path, engines: Engines, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", release),))):
            window = await engines.process()
            run = (await window.begin(docs)).run
            await window.until(window.holds("cedar"))
            assert is_held(own_home / "sessions" / run)
            sweep()
            assert [path.stem.partition("-")[2] for path in engines.sockets] == [run]  # a live one stays
            os.kill(window.hello.pid, signal.SIGKILL)
            await window.ended()
            assert window.farewell is None
            assert not is_held(own_home / "sessions" / run)
            assert len(engines.sockets) == 1
            with pytest.raises(NotRunningError):
                connect(run)
            sweep()
            assert engines.sockets == []
            state = (await resumed(engines, docs, run)).state
            assert state.report and all(word in state.report.markdown for word in WORDS.values())

    asyncio.run(main())


@pytest.mark.parametrize("leave", [Window.quit, Window.close])
def test_an_engine_in_a_thread_goes_with_its_window(
    leave: Callable[[Window], None],
    docs: Path,
    engines: Engines,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", Event()),))):
            window = await engines.window()
            run = (await window.begin(docs)).run
            assert not window.hello.outlives
            await window.until(window.holds("cedar"))
            leave(window)
            async with asyncio.timeout(LONGEST_S):
                while is_held(own_home / "sessions" / run):
                    await asyncio.sleep(0.01)
            window.close()
            assert last_event(own_home, run) == "run_ended"
            await resumed(engines, docs, run)

    asyncio.run(main())
