"""A window and an engine of different versions: what can be read is watched, nothing steered, and both say so."""

import asyncio
import contextlib
import json
import os
import socket
import threading
from importlib.metadata import version
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.port.frames import frame
from agents.port.link import Link
from agents.port.messages import Answer, Events, Synced
from agents.port.version import PORT
from sessions.events import AttemptFailed
from sessions.journal_reader import journal_of
from sessions.run_lock import take_lock
from sessions.store import Store
from tests.dashboards import dashboard, screen_text, until
from tests.engine_client import opened
from tests.engines import Engines
from tests.engines import engines as engines
from tests.example_runs import RUN, finished_run
from tests.running import LONGEST_S
from tests.test_forged import a_run, framed
from tests.test_pipeline import docs as docs
from tests.test_store import save
from tui.screens.confirm import ConfirmScreen
from tui.start import Start
from tui.widgets.run_bar import EventLine

NEWER = {"kind": "hello", "port": PORT + 1, "version": "9.0.0", "pid": 1, "outlives": True, "mood": "fine"}


class NewerEngine:
    """An engine of a later version on a real socket: it says hello, and what it was given to whoever watches."""

    def __init__(self, *frames: bytes) -> None:
        self.heard: list[JsonValue] = []
        """Every command that came, as it came."""
        self._frames = frames
        ours, self._sock = socket.socketpair()
        self.link = Link(ours, run=RUN)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def left(self) -> None:
        """Waits until the window has left."""
        self._thread.join(LONGEST_S)

    def close(self) -> None:
        """Leaves."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _serve(self) -> None:
        with self._sock, self._sock.makefile("rb") as file, contextlib.suppress(OSError):
            self._sock.sendall(framed(json.dumps(NEWER)))
            while length := int.from_bytes(file.read(4), "big"):
                command = json.loads(file.read(length))
                self.heard.append(command["kind"])
                for data in (*self._frames, frame(Answer(id=command["id"], ok=True))):
                    self._sock.sendall(data)


def up_to_a_failure() -> Events:
    """A run under way, in which a spoke has failed."""
    told = finished_run()
    end = next(place for place, event in enumerate(told) if isinstance(event, AttemptFailed))
    events, _ = journal_of(tuple(told[: end + 1]))
    return Events(events=events)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_a_newer_engine_that_can_be_read_is_watched_and_not_steered(size: tuple[int, int], own_home: Path) -> None:
    told = up_to_a_failure()
    unknown = framed('{"kind":"weather","wind":3}')
    port = NewerEngine(unknown, frame(told), frame(Synced(run=RUN, seq=len(told.events), t=1.0)))

    async def main() -> None:
        async with dashboard(Start(attach=RUN), size=size, link=port.link) as (app, pilot):
            said = f"read-only: engine is hubspoke 9.0.0, window {version('hubspoke')}"
            await until(pilot, lambda: said in screen_text(app))
            assert app.seat and app.seat.live and len(app.seat.events) == len(told.events)
            await until(pilot, lambda: "Film" in screen_text(app))
            await pilot.press("n")
            await until(pilot, lambda: app.run_screen.selected == "film")
            for keys in ("r", "X"):
                app.run_screen.tell("")
                await pilot.press(keys)
                if isinstance(app.screen, ConfirmScreen):
                    await pilot.press("y")
                await until(pilot, lambda: "read-only" in str(app.run_screen.query_one(EventLine).content))
            # Stopping is offered to who leaves, and not done.
            app.run_screen.tell("")
            await pilot.press("q", "s")
            await until(pilot, lambda: "read-only" in str(app.run_screen.query_one(EventLine).content))
            assert app.seat.live
        port.left()
        assert port.heard == ["watch", "quit"]

    try:
        asyncio.run(main())
    finally:
        port.close()


@pytest.mark.parametrize(
    "unreadable",
    [framed('{"kind":"events","events":[{"kind":"coup","schema":9}]}'), framed('{"kind":"synced","run":{}}')],
    ids=["events", "messages"],
)
def test_of_an_engine_that_cannot_be_read_the_saved_run_is_shown(unreadable: bytes, own_home: Path) -> None:
    told = up_to_a_failure()
    directory = save(Store(own_home), RUN, list(told.events))
    lock = take_lock(directory)
    port = NewerEngine(unreadable)

    async def main() -> None:
        async with dashboard(Start(attach=RUN), link=port.link) as (app, pilot):
            await until(pilot, lambda: "engine is hubspoke 9.0.0, which this window cannot" in screen_text(app))
            seat = app.seat
            assert seat and (seat.run, seat.live, seat.lost) == (RUN, False, "")
            assert (seat.state.status, len(seat.events)) == ("running", len(told.events))
            await until(pilot, lambda: "Music" in screen_text(app))

    try:
        asyncio.run(main())
    finally:
        port.close()
        os.close(lock)


@pytest.mark.parametrize("port", [1, PORT + 1])
def test_a_window_of_another_version_may_watch_and_its_commands_are_refused(
    port: int, docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with a_run(docs, engines, monkeypatch) as (window, path):
            other = await opened(path)

            async def do(id: int, kind: str, **more: JsonValue) -> Answer:
                # The first version said none.
                said = {} if port == 1 else {"port": port}
                other.writer.write(framed(json.dumps({"kind": kind, "id": id, "word": "new", **said, **more})))
                await other.until(lambda: id in other.answers)
                return other.answers[id]

            for id, kind in enumerate(("stop", "cancel", "sing"), start=1):
                answer = await do(id, kind, spoke="cedar", attempt=1)
                assert not answer.ok
                assert answer.message == (
                    f"The engine is of another version (port {PORT}) than this window (port {port}),"
                    f" which may watch and no more; `kill {os.getpid()}` stops the run, saved."
                )
            assert (await do(7, "watch")).ok
            assert other.events == window.events and other.holds("cedar")()
            other.writer.write(framed(json.dumps({"kind": "quit", "id": 8, "port": port})))
            await other.ended()
            assert other.farewell is None

    asyncio.run(main())
