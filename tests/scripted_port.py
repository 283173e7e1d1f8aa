"""An engine's end of the port that tells what it was given and does nothing: a real socket, real frames."""

import contextlib
import socket
import threading
from dataclasses import dataclass
from typing import BinaryIO

from agents.port.frames import frame
from agents.port.link import Link
from agents.port.messages import TO_ENGINE, Answer, Events, Hello, Message, Quit, Synced, Text, ToEngine, Watch
from sessions.events import AnyEvent


@dataclass(frozen=True)
class Scene:
    """A run as it stands: its events, the text that streams, oldest first, and the run's clock."""

    run: str
    events: tuple[AnyEvent, ...]
    texts: tuple[Text, ...]
    t: float


class ScriptedPort:
    """Tells one scene to the window at the other end; every command is answered with ok."""

    def __init__(self, scene: Scene | None = None) -> None:
        """Without a scene it has no run."""
        self._scene = scene
        ours, self._sock = socket.socketpair()
        self.link = Link(ours)
        self._thread = threading.Thread(target=self._serve, name="scripted port")
        self._thread.start()

    def die(self) -> None:
        """Is gone in the middle, as an engine that was killed."""
        # Shut, so that the thread's read ends too.
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _serve(self) -> None:
        with self._sock, self._sock.makefile("rb") as file:
            self._send(Hello(pid=1, outlives=True))
            while (command := self._read(file)) is not None and not isinstance(command, Quit):
                if isinstance(command, Watch):
                    self._tell()
                self._send(Answer(id=command.id, ok=True))

    def _tell(self) -> None:
        scene = self._scene
        if scene is None:
            self._send(Synced(run="", seq=0, t=0))
            return
        self._send(Events(events=scene.events))
        for text in scene.texts:
            self._send(text)
        self._send(Synced(run=scene.run, seq=scene.events[-1].seq, t=scene.t))

    def _read(self, file: BinaryIO) -> ToEngine | None:
        """The next command, or None when the window has gone."""
        try:
            length = int.from_bytes(file.read(4), "big")
            return TO_ENGINE.validate_json(file.read(length)) if length else None
        except OSError:
            return None

    def _send(self, message: Message) -> None:
        with contextlib.suppress(OSError):
            self._sock.sendall(frame(message))
