"""`q` before any spoke works: nothing begins unseen, and how the run stands and what becomes of it is said."""

import asyncio
import contextlib
import socket
import threading

import pytest

from agents.port.frames import frame
from agents.port.link import Link
from agents.port.messages import TO_ENGINE, Answer, Begin, Hello, Message, Synced, Watch
from sessions.events import RunQueued
from tests.dashboards import dashboard, screen_text, told, until
from tests.running import LONGEST_S
from tests.screen_runs import at_the_checkpoint, begun
from tests.scripted_port import Scene
from tui.start import Start

RUN = "20261121-2105-n1zm"


class Reading:
    """An engine that reads for as long as it is let, and then begins the run."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        """Every command that came."""
        ours, self._sock = socket.socketpair()
        self.link = Link(ours)
        self._begin = 0
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def has_read(self) -> None:
        """Begins the run."""
        self._say(Answer(id=self._begin, ok=True, run=RUN), Synced(run=RUN, seq=0, t=0.0))

    def left(self) -> None:
        """Waits until the window has left."""
        self._thread.join(LONGEST_S)

    def _serve(self) -> None:
        with self._sock, self._sock.makefile("rb") as file, contextlib.suppress(OSError):
            self._say(Hello(pid=1, outlives=True))
            while length := int.from_bytes(file.read(4), "big"):
                command = TO_ENGINE.validate_json(file.read(length))
                self.heard.append(command.kind)
                if isinstance(command, Watch):
                    self._say(Synced(run="", seq=0, t=0.0), Answer(id=command.id, ok=True))
                elif isinstance(command, Begin):
                    self._begin = command.id

    def _say(self, *messages: Message) -> None:
        self._sock.sendall(b"".join(map(frame, messages)))


def left_by(key: str, engine: Reading, *, begins: bool) -> tuple[int | None, str]:
    """How the dashboard ends, and what it says, when that is answered to `q` before the run has begun."""

    async def main() -> tuple[int | None, str]:
        async with dashboard(Start(question="Why?"), size=(80, 24), link=engine.link) as (app, pilot):
            await until(pilot, lambda: "begin" in engine.heard)
            await pilot.press("q")
            await until(pilot, lambda: "The run is not begun yet" in screen_text(app))
            await pilot.press(key)
            if begins:
                await until(pilot, lambda: "leaves as soon as" in screen_text(app))
                engine.has_read()
            await until(pilot, lambda: app.parting)
        return app.return_value, app.parting

    try:
        return asyncio.run(main())
    finally:
        engine.left()


def test_a_run_that_is_stopped_before_it_begins_is_given_up_in_words() -> None:
    engine = Reading()
    assert left_by("s", engine, begins=False) == (130, "The run had not begun; nothing of it is saved.")
    assert engine.heard[:4] == ["watch", "begin", "stop", "quit"]


def test_a_run_that_is_left_before_it_begins_goes_on_under_its_id() -> None:
    engine = Reading()
    said = f"The run {RUN} goes on. Come back with: hubspoke attach {RUN}"
    assert left_by("l", engine, begins=True) == (0, said)
    assert engine.heard == ["watch", "begin", "quit"]


def queued() -> Scene:
    """A run that waits until another one ends."""
    events = begun()
    events(1.0, RunQueued(live=1))
    return Scene(RUN, tuple(events.events), (), 2.0)


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (queued(), "The run is queued; it begins when another one ends."),
        (at_the_checkpoint(), "The run waits for your word on the plan."),
    ],
    ids=["queued", "waiting"],
)
def test_who_leaves_is_told_what_the_run_waits_for(scene: Scene, said: str) -> None:
    async def main() -> None:
        async with told(scene, size=(80, 24)) as (app, pilot):
            await pilot.press("ctrl+q")
            await until(pilot, lambda: said in screen_text(app))

    asyncio.run(main())
