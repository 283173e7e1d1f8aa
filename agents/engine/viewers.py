"""Everybody who watches a run: what happens goes to all of them, in order, at frame rate."""

import asyncio
import contextlib

from agents.calls.live_text import LiveText
from agents.calls.open_blocks import OpenBlocks
from agents.port.frames import frame
from agents.port.messages import Events, Message, Text
from sessions.events import AnyEvent

FRAME_S = 1 / 30
"""Text is gathered for so long before it is sent."""

MAX_BEHIND = 64_000_000
"""Bytes a viewer may lag behind; then it is let go, and may come back to a snapshot."""

MAX_UNWATCHED = 1_000_000
"""Bytes likewise of one that does not watch: it gets answers alone."""

CLOSE_S = 2.0

_BATCH = 200
"""Events in one message, at most."""


class Viewer:
    """One connection's way out. Nothing waits for it: it has a queue of its own."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.window = 0
        """Which window it is; 0 for one that does not watch."""
        self.silent = True
        """Whether it has said nothing yet."""
        self.steers = False
        """Whether it may say what becomes of the run: a window of another version may not."""
        self.came = asyncio.get_running_loop().time()
        self._writer = writer
        self._queue: list[bytes] = []
        self._behind = 0
        self._snapshots = 0
        """Bytes of snapshots, which are not held against it: a long run's alone may be more than `MAX_BEHIND`."""
        self._more = asyncio.Event()
        self._closing = False
        self._task = asyncio.get_running_loop().create_task(self._write())

    @property
    def watches(self) -> bool:
        """Whether it is a window: what happens is told to it."""
        return self.window > 0

    @property
    def name(self) -> str:
        """What the events say of who is behind it."""
        return f"window {self.window}" if self.watches else "command line"

    def send(self, data: bytes, *, snapshot: bool = False) -> None:
        """Queues a frame; a viewer that lags too far behind is let go."""
        self._behind += len(data)
        if snapshot:
            self._snapshots += len(data)
        if self._behind > (MAX_BEHIND + self._snapshots if self.watches or snapshot else MAX_UNWATCHED):
            self.let_go()
            return
        self._queue.append(data)
        self._more.set()

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while self._queue or not self._closing:
                await self._more.wait()
                self._more.clear()
                data, self._queue = b"".join(self._queue), []
                self._writer.write(data)
                await self._writer.drain()
                self._behind -= len(data)
                if not self._behind:
                    self._snapshots = 0
            # Drained is not sent: the transport keeps the last of it, and the loop's end would throw that away.
            self._writer.close()
            await self._writer.wait_closed()

    async def close(self) -> None:
        """Ends the connection when all that is queued is sent, or after a moment for one that does not read."""
        self._closing = True
        self._more.set()
        try:
            await asyncio.wait([self._task], timeout=CLOSE_S)
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Ends the connection now; closing it would wait for a viewer that does not read."""
        writes = not self._task.done()
        self._task.cancel()
        # One that was cancelled by another, as at the loop's end, has closed nothing.
        if writes or not self._writer.is_closing():
            self._writer.transport.abort()


class Audience:
    """The viewers of one run, and the text that is open just now."""

    def __init__(self) -> None:
        self.viewers: set[Viewer] = set()
        self.blocks = OpenBlocks()
        self._waiting: list[AnyEvent | LiveText] = []
        self._t = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._windows = 0
        """How many there have been."""

    @property
    def watched(self) -> bool:
        """Whether there is a window."""
        return any(viewer.watches for viewer in self.viewers)

    @property
    def attended(self) -> bool:
        """Whether there is a window that can answer what the run asks."""
        return any(viewer.watches and viewer.steers for viewer in self.viewers)

    def tell(self, item: AnyEvent | LiveText, t: float) -> None:
        """Takes an event or a piece of text, at a moment of the run's clock, for everybody."""
        if isinstance(item, LiveText):
            self.blocks.grow(item, t)
        else:
            self.blocks.fold(item)
        if not self.watched:
            return
        self._t = t
        self._waiting.append(item)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FRAME_S, self.flush)

    def flush(self) -> None:
        """Sends what was gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        items, self._waiting = self._waiting, []
        for message in messages_of(items, self._t):
            self.send(message)

    def send(self, message: Message) -> None:
        """Sends a message to every window."""
        data = frame(message)
        for viewer in self.viewers:
            if viewer.watches:
                viewer.send(data)

    def admit(self, viewer: Viewer, events: list[AnyEvent], t: float) -> None:
        """Brings a new viewer to where the others are; from now on it gets what they get."""
        self.flush()
        for start in range(0, len(events), _BATCH):
            viewer.send(frame(Events(events=tuple(events[start : start + _BATCH]))), snapshot=True)
        for block in self.blocks.all():
            viewer.send(frame(Text(t=block.t, pieces=(block.whole(),))), snapshot=True)
        if not viewer.watches:
            self._windows += 1
            viewer.window = self._windows

    async def close(self) -> None:
        """Lets everybody go."""
        self.flush()
        await asyncio.gather(*(viewer.close() for viewer in self.viewers))


def messages_of(items: list[AnyEvent | LiveText], t: float) -> list[Message]:
    """The items as few messages, in their order; pieces that follow each other in one block become one."""
    messages: list[Message] = []
    events: list[AnyEvent] = []
    pieces: dict[tuple[str, int, int, int], LiveText] = {}

    def close_text() -> None:
        if pieces:
            messages.append(Text(t=t, pieces=tuple(pieces.values())))
            pieces.clear()

    def close_events() -> None:
        if events:
            messages.append(Events(events=tuple(events)))
            events.clear()

    for item in items:
        if isinstance(item, LiveText):
            close_events()
            key = (item.spoke, item.attempt, item.turn, item.block)
            pieces[key] = _joined(pieces[key], item) if key in pieces else item
        else:
            close_text()
            events.append(item)
            if len(events) == _BATCH:
                close_events()
    close_events()
    close_text()
    return messages


def _joined(first: LiveText, second: LiveText) -> LiveText:
    """Two pieces of a block as one: the second says how the text reads from its own offset on."""
    offset = min(first.offset, second.offset)
    kept = first.text[: max(0, second.offset - first.offset)]
    return LiveText(first.spoke, first.attempt, first.turn, first.block, first.type, offset, kept + second.text)
