"""The engine: begins one run, tells its windows of it, does what they say, and leaves when it is done."""

import asyncio
import os
import socket
from collections.abc import Callable
from importlib.metadata import version

from agents.calls.live_text import LiveText
from agents.engine import reception
from agents.engine.beginning import run_of
from agents.engine.checkpoint import OpenCheckpoint
from agents.engine.reception import refuse, turned_away, understood
from agents.engine.viewers import Audience, Viewer
from agents.hub import Approved, SentBack
from agents.port.frames import BrokenPortError, frame, read_strictly
from agents.port.messages import (
    MAX_TO_ENGINE,
    Answer,
    Approve,
    Begin,
    Bye,
    Cancel,
    Command,
    GoOnUnsaved,
    Hello,
    Peek,
    Quit,
    Retry,
    SaveAgain,
    SendBack,
    Standing,
    Stop,
    Synced,
    Tick,
    TryNow,
    Watch,
)
from agents.port.version import PORT
from agents.run import Run, approve_as_it_is
from sessions.errors import BadInputError
from sessions.events import AnyEvent, CheckpointOpened
from sessions.meta import meta_of

TICK_S = 1.0

Begun = Callable[[str], None]
"""Told the run's id as soon as there is a run, so that others can find it."""


class Engine:
    """One run and the windows on it. Made for a process or a thread; `serve` is its whole life."""

    def __init__(self, *, outlives: bool, patience_s: float, unattended_s: float, begun: Begun) -> None:
        """`patience_s`: how long it waits for a first window.

        `unattended_s`: for one at an open checkpoint, or at the end of a run that cannot be saved.
        """
        self._outlives = outlives
        self._patience_s = patience_s
        self._begun = begun
        self._audience = Audience()
        self._unattended_s = unattended_s
        self._checkpoint = OpenCheckpoint(unattended_s)
        self._giving_up: asyncio.TimerHandle | None = None
        """Set while the run has ended, is not saved, and nobody watches."""
        self._run: Run | None = None
        self._work: asyncio.Task[None] | None = None
        self._saving: asyncio.Task[None] | None = None
        """Held so that it is not collected before its end."""
        self._begin: tuple[Viewer, int] | None = None
        """Who waits to hear that the run has begun."""
        self._came = asyncio.Event()
        self._leave = asyncio.Event()
        self._farewell = ""

    async def serve(self, listener: socket.socket | None, first: socket.socket | None = None) -> None:
        """Serves whoever connects, until the run is over or there is nobody it could be for."""
        server = await asyncio.start_unix_server(self._connected, sock=listener) if listener else None
        if first is not None:
            reader, writer = await asyncio.open_connection(sock=first)
            self._first = asyncio.create_task(self._connected(reader, writer))
        ticks = asyncio.create_task(self._tick())
        try:
            async with asyncio.timeout(self._patience_s):
                await self._came.wait()
            await self._leave.wait()
        except TimeoutError:
            pass  # whoever started it died before it came
        finally:
            ticks.cancel()
            await self._stop()
            if server is not None:
                server.close()
            self._audience.flush()
            self._audience.send(Bye(message=self._farewell))
            await self._audience.close()

    def stop(self, by: str = "") -> None:
        """Stops the run, saved, as `by` wants, and leaves."""
        if self._work is None:
            self._came.set()
            self._leave.set()
        elif not self._work.cancelling():
            # Once: a second time would break off the saving.
            if self._run is not None:
                self._run.stopped_by(by)
            self._work.cancel()

    async def _stop(self) -> None:
        if self._work is not None:
            self.stop()
            await asyncio.wait([self._work])

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._audience.flush()
            self._audience.send(Tick(t=self._clock()))
            self._look_after()

    def _clock(self) -> float:
        """The run's clock."""
        recorder = self._run.recorder if self._run else None
        return recorder.journal.t if recorder else 0.0

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        viewer = Viewer(writer)
        refused = turned_away(writer.get_extra_info("socket"), self._audience.viewers, begun=self._run is not None)
        if refused:
            await refuse(viewer, reader, refused)
            await viewer.close()
            return
        self._audience.viewers.add(viewer)
        self._came.set()
        viewer.send(frame(Hello(version=version("hubspoke"), pid=os.getpid(), outlives=self._outlives)))
        try:
            while (data := await read_strictly(reader, MAX_TO_ENGINE, reception.PATIENCE_S)) is not None:
                viewer.silent = False
                command = understood(data)
                if isinstance(command, Quit):
                    break
                if isinstance(command, Answer):
                    viewer.send(frame(command))
                else:
                    self._answer(viewer, command.id, self._do(viewer, command))
        except BrokenPortError as error:
            await refuse(viewer, reader, str(error))
        finally:
            self._audience.viewers.discard(viewer)
            await viewer.close()
            self._gone(viewer)

    def _answer(self, viewer: Viewer, id: int, refused: str | None) -> None:
        """Answers a command, but for the one that begins a run: that one is answered when it has begun."""
        if refused is not None:
            viewer.send(
                frame(Answer(id=id, ok=not refused, message=refused, run=self._run.id if self._run else ""))
            )

    def _do(self, viewer: Viewer, command: Command) -> str | None:
        """Does what a command says: empty where it was done, a sentence why not, None where it takes longer."""
        try:
            match command:
                case Begin():
                    return self._start(viewer, command)
                case Watch():
                    viewer.steers = command.port == PORT
                    if not viewer.watches:
                        self._watch(viewer)
                case Peek():
                    recorder = self._steered().recorder
                    if recorder is None:
                        return "The run has not begun."
                    meta = meta_of(recorder.directory.name, recorder.state)
                    viewer.send(frame(Standing(id=command.id, meta=meta)))
                    return None
                case Approve():
                    self._steered().check(command.plan)
                    self._checkpoint.decide(command.checkpoint, Approved(command.plan, viewer.name))
                case SendBack():
                    self._checkpoint.decide(command.checkpoint, SentBack(command.note, viewer.name))
                case Retry():
                    self._steered().retry(command.spoke, command.attempt, command.subtask, viewer.name)
                case TryNow():
                    self._steered().try_now()
                case SaveAgain():
                    self._saving = asyncio.create_task(self._save_again(viewer, command.id))
                    return None
                case GoOnUnsaved():
                    self._steered().go_on_unsaved(viewer.name)
                case Cancel():
                    self._steered().cancel(command.spoke, command.attempt, viewer.name)
                case Stop():
                    self.stop(viewer.name)
                case _:
                    return "This engine does not know that command."
        except BadInputError as error:
            return str(error)
        except Exception as error:  # a command that nobody thought of costs no window its connection
            return f"The engine could not do that ({type(error).__name__})."
        return ""

    async def _save_again(self, viewer: Viewer, id: int) -> None:
        """Answers the command when it is known what became of it."""
        try:
            refused = await self._steered().save_again()
        except BadInputError as error:
            refused = str(error)
        self._answer(viewer, id, refused)

    def _steered(self) -> Run:
        if self._run is None:
            raise BadInputError("No run has begun.")
        return self._run

    def _watch(self, viewer: Viewer) -> None:
        """Tells a viewer all there is, and from now on what happens."""
        recorder = self._run.recorder if self._run else None
        self._audience.admit(viewer, recorder.events if recorder else [], self._clock())
        run, seq = (self._run.id, recorder.state.seq) if self._run and recorder else ("", 0)
        viewer.send(frame(Synced(run=run, seq=seq, t=self._clock(), window=viewer.window)))
        self._count_windows()

    def _start(self, viewer: Viewer, command: Begin) -> str | None:
        if self._run is not None:
            return "This engine has a run already."
        approve = approve_as_it_is if command.approved else self._checkpoint
        self._run = run_of(command, approve, attended=self._audience.attended)
        self._begin = (viewer, command.id)
        self._work = asyncio.create_task(self._worked(self._run))
        return None

    async def _worked(self, run: Run) -> None:
        """The run's work; what stops it before it begins is told to who began it."""
        try:
            await run.work(lambda item: self._listen(run, item))
            problem = ""
        except asyncio.CancelledError:
            self._leave.set()
            problem = "" if self._begin is None else "The run was stopped before it began."
        except BadInputError as error:
            problem = str(error)
        except Exception as error:  # the windows are told
            saved = "; the run is saved and can be resumed" if self._begin is None else ""
            problem = f"The engine failed ({type(error).__name__}){saved}."
        if self._begin is None:
            self._farewell = problem
            self._leave.set()
            return
        # It never began: whoever asked may ask again.
        viewer, id = self._begin
        self._begin = self._run = self._work = None
        viewer.send(frame(Answer(id=id, ok=False, message=problem)))
        if not self._audience.viewers:
            self._leave.set()

    def _listen(self, run: Run, item: AnyEvent | LiveText) -> None:
        if self._begin is not None:
            viewer, id = self._begin
            self._begin = None
            self._begun(run.id)
            queued = run.neighbours.queued if run.neighbours else None
            message = queued.said if queued else ""
            viewer.send(frame(Answer(id=id, ok=True, message=message, run=run.id)))
            for watching in [v for v in self._audience.viewers if v.watches]:
                self._watch(watching)
            return
        if isinstance(item, CheckpointOpened):
            self._checkpoint.number = item.seq
        self._audience.tell(item, self._clock())

    def _count_windows(self) -> None:
        """Lets whatever waits for a person know whether there is one."""
        self._checkpoint.attended(self._audience.attended)
        if self._run is not None:
            self._run.attended(self._audience.attended)
        self._look_after()

    def _look_after(self) -> None:
        """Gives up, after a time, a run that has ended and cannot be saved, where nobody watches."""
        state = self._run.state if self._run else None
        kept_for_somebody = state is not None and state.exit is not None and bool(state.unsaved)
        if not kept_for_somebody or self._audience.attended:
            if self._giving_up is not None:
                self._giving_up.cancel()
            self._giving_up = None
        elif self._giving_up is None:
            self._giving_up = asyncio.get_running_loop().call_later(self._unattended_s, self.stop)

    def _gone(self, viewer: Viewer) -> None:
        """After a window has left."""
        self._count_windows()
        if self._begin is not None and self._begin[0] is viewer:
            # Nobody else knows of the run, and nobody would hear of it.
            self.stop()
        if self._audience.viewers:
            return
        if self._run is None:
            self._leave.set()
        elif not self._outlives:
            self.stop()
