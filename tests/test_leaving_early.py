"""`q` while an engine still reads the documents: nothing begins unseen, and what becomes of the run is said."""

import asyncio
import contextlib
import socket
import threading

from agents.port.frames import frame
from agents.port.link import Link
from agents.port.messages import TO_ENGINE, Answer, Begin, Hello, Message, Synced, Watch
from tests.dashboards import dashboard, screen_text, until
from tests.running import LONGEST_S
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
