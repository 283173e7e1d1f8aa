"""The seat: one run as a window sees it, by the fold of what its engine tells, and the words to the engine."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from agents.calls.open_blocks import OpenBlocks
from agents.port.frames import BrokenPortError, frame, read_frame
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
    Message,
    Quit,
    Stop,
    Synced,
    Text,
    Tick,
    Watch,
)
from agents.port.version import PORT
from sessions import paths
from sessions.errors import BadInputError
from sessions.events import AnyEvent, AttemptEvent, RunEnded, SteeredEvent
from sessions.load import read_run, state_of
from sessions.run_lock import is_held
from sessions.state import UNDER_WAY, RunState, fold
from sessions.store import Store
from tui.versions import other_version, passes_over, unreadable

SILENT_S = 20.0
"""A stream is stalled when nothing came of it for so long."""

LATE_S = 5.0
"""An engine that said nothing for so long is not answering: it ticks every second."""

GONE = "The engine is gone."

YOU = "you"
"""Who did what this window did."""

NOT_BEGUN = "The engine is gone: it went before the run began, and nothing was saved; try again."
NOT_RESUMED = "The engine is gone: it went before it took up the run, which is saved as it was; try again."


class Seat:
    """One run, live over the port or as it was saved. Used from one event loop."""

    def __init__(self, on_events: Callable[[list[AnyEvent]], None] = lambda events: None) -> None:
        """`on_events` hears of the events that happen while one watches, when all of a message are folded.

        What this window did was done by `you`.
        """
        self.run = ""
        self.state = RunState()
        self.events: list[AnyEvent] = []
        """All that is folded into the state, in order."""
        self.blocks = OpenBlocks()
        self.live = False
        """Whether an engine is at the other end."""
        self.outlives = True
        self.cut = False
        """Whether the connection is gone, and the engine is not: a window that stands still is let go of."""
        self.lost = ""
        """Why the engine is gone, where the run had not ended."""
        self.read_only = ""
        """Why nothing can be asked of the engine, where it is of another version than this window."""
        self.window = 0
        """Which of the run's windows this is, from 1 on."""
        self.farewell = ""
        """What the engine said last, where that was not the run's end."""
        self.gone = asyncio.Event()
        """Set when the engine has left."""
        self.versions: Counter[str] = Counter()
        """How often something changed of a spoke, or of `hub.…`: a view that saw another number looks again."""
        self.version = 0
        """How often an event changed anything at all, or the connection did."""
        self.heard: dict[str, float] = {}
        """When something came of a spoke last, on the run's clock."""
        self._on_events = on_events
        self._t = 0.0
        self._ticked = 0.0
        self._synced = False
        self._readable = True
        """Whether all that the engine said was understood."""
        self._version = ""
        """The engine's version of hubspoke, where it said so."""
        self._link: Link | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._answers: dict[int, asyncio.Future[Answer]] = {}
        self._id = 0

    @property
    def past(self) -> bool:
        """Never: a seat is at the run as it is now."""
        return False

    @property
    def clock(self) -> float:
        """The run's clock, in seconds: the engine's, going on between two of its ticks."""
        between = min(time.monotonic() - self._ticked, 2.0) if self.live and self._ticked else 0.0
        return max(self.state.seconds, self._t + between)

    @property
    def late(self) -> bool:
        """Whether the engine is there and says nothing."""
        return self.live and bool(self._ticked) and time.monotonic() - self._ticked > LATE_S

    def show(self, directory: Path) -> None:
        """Shows a saved run as it is on disk. Raises SessionDamagedError."""
        replay = read_run(directory)
        self.events, self.state = list(replay.events), state_of(replay)
        self.run = directory.name
        if self.state.status in UNDER_WAY and not is_held(directory):
            self.broke_off()
        self._changed_all()

    async def connect(self, link: Link) -> None:
        """Takes a connection up; `follow` then reads it. Raises ConnectionError."""
        self._link = link
        self._reader, self._writer = await asyncio.open_connection(sock=link.sock)
        self.live = True

    async def follow(self) -> None:
        """Reads what the engine tells until it leaves, or this window does."""
        assert self._reader is not None, "connect comes first"
        try:
            while (data := await read_frame(self._reader, MAX_TO_VIEWER)) is not None:
                self._read(data)
        except (BrokenPortError, ValidationError):
            self.farewell, self._readable = unreadable(self._version), False
        finally:
            self._left()
            await self.closed()

    async def do(self, command: Command) -> Answer:
        """Says something to the engine and answers what became of it: `ok`, or a sentence why not."""
        if self.read_only and not isinstance(command, Watch):
            return Answer(id=0, ok=False, message=self.read_only)
        self._id += 1
        command = command.model_copy(update={"id": self._id})
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._answers[self._id] = answer
        try:
            self._send(command)
            answered = await answer
        except ConnectionError:
            answered = Answer(id=self._id, ok=False, message=GONE)
        finally:
            del self._answers[command.id]
        if isinstance(command, Begin) and answered.message == GONE:
            said = NOT_RESUMED if command.resume else NOT_BEGUN
            return answered.model_copy(update={"message": said})
        return answered

    async def watch(self) -> None:
        """From now on the run is told to this window, whole."""
        await self.do(Watch(id=0))

    def leave(self) -> None:
        """Leaves the run to itself. Said in words: a connection may stay open when its window is gone."""
        with contextlib.suppress(ConnectionError):
            self._send(Quit(id=0))
        if self._writer is not None:
            self._writer.close()
        self.live = False

    def give_up(self) -> None:
        """Leaves a run that was to begin: it does not, or is stopped where it has begun meanwhile."""
        with contextlib.suppress(ConnectionError):
            self._send(Stop(id=0))
        self.leave()

    async def closed(self) -> None:
        """Returns when the connection is closed."""
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(ConnectionError):
                await self._writer.wait_closed()

    def _send(self, message: Message) -> None:
        if self._writer is None or self._writer.is_closing():
            raise ConnectionResetError(GONE)
        self._writer.write(frame(message))

    def _read(self, data: bytes) -> None:
        """Raises BrokenPortError, pydantic.ValidationError."""
        try:
            message = TO_VIEWER.validate_json(data)
        except ValidationError:
            if self.read_only and passes_over(data):
                return
            raise
        self._take(message)

    def _take(self, message: object) -> None:
        match message:
            case Events():
                new = [event for event in message.events if self._fold(event)]
                if self._synced:
                    self._on_events([self._told(event) for event in new])
            case Text():
                for piece in message.pieces:
                    self.blocks.grow(piece, message.t)
                    self.heard[piece.spoke] = message.t
                    self.versions[piece.spoke] += 1
                self._tick(message.t)
            case Tick():
                self._tick(message.t)
            case Synced():
                self._synced = bool(message.run)
                self.run = message.run or self.run
                self.window = message.window
                self._tick(message.t)
                self._changed_all()
            case Hello():
                self.outlives, self._version = message.outlives, message.version
                if message.port != PORT:
                    self.read_only = other_version(message)
            case Answer():
                if waiting := self._answers.get(message.id):
                    waiting.set_result(message)
            case Bye():
                self.farewell = message.message
            case _:
                pass

    def _tick(self, t: float) -> None:
        self._t, self._ticked = t, time.monotonic()

    def _told(self, event: AnyEvent) -> AnyEvent:
        """The event as this window tells it."""
        mine = isinstance(event, SteeredEvent) and event.by == f"window {self.window}"
        return event.model_copy(update={"by": YOU}) if mine else event

    def _fold(self, event: AnyEvent) -> bool:
        """Whether the event is a new one: coming back to a run, one is told all of them again."""
        if event.seq <= self.state.seq:
            return False
        self._tell(event)
        self.version += 1
        if isinstance(event, AttemptEvent):
            self.heard[event.spoke] = event.t
            self.versions[event.spoke] += 1
        return True

    def _left(self) -> None:
        """The engine is gone: at the run's end, or in the middle, which the fold is told as an end of its own."""
        self.live = False
        self.gone.set()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_result(Answer(id=0, ok=False, message=self.farewell or GONE))
        if self._link is not None:
            self._link.close()
        if not self._readable:
            self._as_saved()
        elif self.run and self.state.exit is None:
            self.cut = not self.farewell and is_held(Store(paths.home()).path(self.run))
            if not self.cut:
                self.broke_off()
        self._changed_all()

    def _as_saved(self) -> None:
        """Shows the run as it is on disk, since its engine cannot be understood; it may be live all the same."""
        run = self.run or (self._link.run if self._link else "")
        with contextlib.suppress(BadInputError):
            self.show(Store(paths.home()).find(run))

    def broke_off(self) -> None:
        """Nobody works on the run any more, and it had not ended."""
        self.lost = self.farewell or GONE
        told = RunEnded(status="interrupted", exit=130, message=self.lost)
        stamp = {"seq": self.state.seq, "at": self.state.updated_at, "t": self.clock}
        self._tell(told.model_copy(update=stamp))
        self.version += 1

    def _tell(self, event: AnyEvent) -> None:
        self.events.append(event)
        fold(self.state, event)
        self.blocks.fold(event)

    def _changed_all(self) -> None:
        self.versions.update([*self.state.spokes, *self.state.hub])
        self.version += 1
