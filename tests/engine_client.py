"""A window of a test on an engine: all that the engine told, in order, and what a fold makes of it."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Self

from agents.calls.open_blocks import OpenBlocks
from agents.port.frames import frame, read_frame
from agents.port.link import Link
from agents.port.messages import (
    MAX_TO_VIEWER,
    TO_VIEWER,
    Answer,
    Begin,
    Bye,
    Command,
    Events,
    Hello,
    Quit,
    Synced,
    Text,
    ToViewer,
    Watch,
)
from agents.run import Settings
from sessions.events import AnyEvent, CheckpointOpened
from sessions.plan import Subtask
from sessions.spoke_state import SpokeState
from sessions.state import RunState, fold
from tests.running import LONGEST_S


class Window:
    """One connection. `messages` are those that came, `state` and `blocks` their fold."""

    def __init__(self, link: Link) -> None:
        self.messages: list[ToViewer] = []
        self.events: list[AnyEvent] = []
        self.state = RunState()
        self.blocks = OpenBlocks()
        self.gone = False
        """Whether the other side has closed the connection."""
        self._link = link
        self._id = 0
        self._moved = asyncio.Event()

    async def open(self) -> Self:
        """Begins to read."""
        self._reader, self.writer = await asyncio.open_connection(sock=self._link.sock)
        self._reading = asyncio.create_task(self._read())
        return self

    async def do(self, command: Command) -> Answer:
        """Says something and waits for its answer."""
        self._id += 1
        id = self._id
        self.writer.write(frame(command.model_copy(update={"id": id})))
        await self.until(lambda: id in self.answers)
        return self.answers[id]

    async def begin(
        self,
        docs: Path,
        *,
        question: str = "What do brushes cost?",
        resume: str | None = None,
        approved: bool = True,
        settings: Settings | None = None,
        retry: dict[str, Subtask | None] | None = None,
    ) -> Answer:
        """Watches, and begins a run over the server: of a question, or one that is resumed."""
        if not self.synced:
            await self.do(Watch(id=0))
        over = {"docs": docs, "provider": "claude", "backoff_s": 0.001}
        chosen = (settings or Settings()).model_copy(update=over)
        asked = None if resume else question
        return await self.do(
            Begin(id=0, question=asked, resume=resume, settings=chosen, approved=approved, retry=retry)
        )

    async def until(self, condition: Callable[[], object], timeout: float = LONGEST_S) -> None:
        """Waits until the condition holds of what came; fails at once where nothing more can come."""
        async with asyncio.timeout(timeout):
            while not condition():
                assert not self.gone, f"the engine left: {self.messages[-3:]}"
                self._moved.clear()
                await self._moved.wait()

    async def ended(self) -> RunState:
        """Waits until the engine has left, and answers the run as it was told."""
        async with asyncio.timeout(LONGEST_S):
            await self._reading
        self.close()
        return self.state

    def quit(self) -> None:
        """Leaves, in words."""
        self.writer.write(frame(Quit(id=0)))

    def close(self) -> None:
        """Leaves as a killed window does."""
        self._reading.cancel()
        self.writer.transport.abort()

    def spoke(self, spoke: str) -> SpokeState:
        """A spoke as it is now."""
        return self.state.spokes[spoke]

    def is_at(self, spoke: str, status: str) -> Callable[[], bool]:
        """Whether a spoke stands so, as a condition."""
        return lambda: spoke in self.state.spokes and self.spoke(spoke).status == status

    def holds(self, spoke: str) -> Callable[[], bool]:
        """Whether a claim of the spoke can be read in a block that streams."""
        return lambda: any(f"{spoke} studio" in block.text for block in self.blocks.of(spoke))

    @property
    def answers(self) -> dict[int, Answer]:
        """The answers so far, by id."""
        return {message.id: message for message in self.messages if isinstance(message, Answer)}

    @property
    def synced(self) -> Synced | None:
        """The newest word on where the run stands."""
        return next((message for message in reversed(self.messages) if isinstance(message, Synced)), None)

    @property
    def checkpoint(self) -> int:
        """The number of the newest checkpoint; 0 where there was none."""
        return next((event.seq for event in reversed(self.events) if isinstance(event, CheckpointOpened)), 0)

    @property
    def run(self) -> str:
        """The run's id."""
        assert self.synced and self.synced.run, "no run has begun"
        return self.synced.run

    @property
    def hello(self) -> Hello:
        """The engine's first word."""
        first = self.messages[0]
        assert isinstance(first, Hello)
        return first

    @property
    def farewell(self) -> str | None:
        """The engine's last word; None if it said none."""
        last = self.messages[-1]
        return last.message if isinstance(last, Bye) else None

    @property
    def open_text(self) -> dict[tuple[str, int, int, int], str]:
        """The text of the open blocks."""
        return text_of(self.blocks)

    async def _read(self) -> None:
        try:
            while (data := await read_frame(self._reader, MAX_TO_VIEWER)) is not None:
                message = TO_VIEWER.validate_json(data)
                self.messages.append(message)
                if isinstance(message, Events):
                    for event in message.events:
                        self.events.append(event)
                        fold(self.state, event)
                        self.blocks.fold(event)
                elif isinstance(message, Text):
                    for piece in message.pieces:
                        self.blocks.grow(piece, message.t)
                self._moved.set()
        finally:
            self.gone = True
            self._moved.set()
            # Here, so that no connection stays when a test ends in the middle.
            self.writer.transport.abort()


def text_of(blocks: OpenBlocks) -> dict[tuple[str, int, int, int], str]:
    """What open blocks say, by their place."""
    return {(b.spoke, b.attempt, b.turn, b.block): b.text for b in blocks.all()}


def connected(path: Path) -> socket.socket:
    """A socket that is connected to an engine's."""
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(str(path))
    return sock


async def opened(path: Path) -> Window:
    """A window on the engine at that path."""
    return await Window(Link(connected(path))).open()
