"""`python -m tests.bench.fed_run [SPOKES]`: a live run that only speaks, an engine's end of the port without one.

It is of so many spokes, or one of six that has a report already, and a spoke that failed.

Its text is gathered into frames by the engine's own audience. What is written to its standard input says how it
streams: `pace 100` for so many pieces a second of each spoke, `hour` for an hour's text at once, as fast as the
window takes it. It says `ready`, and of the hour `quarter` and `whole`; it ends when the input does.
"""

import asyncio
import sys
import time
from zlib import crc32

from agents.calls.live_text import LiveText
from agents.engine.viewers import Audience, Viewer, messages_of
from agents.port.frames import frame, read_frame
from agents.port.messages import MAX_TO_ENGINE, TO_ENGINE, Answer, Hello, Quit, Synced, Tick, Watch
from sessions import paths
from sessions.events import AnyEvent, TurnFinished
from sessions.run_lock import take_lock
from sessions.runtime import run_socket
from tests.bench.fed_scene import CHUNK, Scene, marked, prose, reported, speaking
from tests.screen_runs import RUN, keep, turn

TICK_S = 0.005
MARKS_S = 0.1
"""How often a piece of one of the spokes says when it was told."""

REPLY = 24_000
"""Characters of a reply, about 6,000 tokens; then the spoke's next one begins."""

HOUR = 100 * CHUNK * 3_600
"""Characters that a spoke streams in an hour at 100 pieces a second."""

_GULP = 50
"""Pieces of a spoke in one message of the hour's text: those of half a second."""


class _Voice:
    """One spoke: its words, and where in its reply it is."""

    def __init__(self, spoke: str, attempt: int) -> None:
        self._spoke = spoke
        self._attempt = attempt
        self._prose = prose(crc32(spoke.encode()))
        self._turn = 2
        self._offset = 0

    def say(self, text: str) -> LiveText:
        """A piece of its reply."""
        piece = LiveText(self._spoke, self._attempt, self._turn, 0, "text", self._offset, text)
        self._offset += len(text)
        return piece

    def words(self, pieces: int) -> str:
        """What comes next."""
        return "".join(next(self._prose) for _ in range(pieces))

    def ended(self) -> TurnFinished | None:
        """The end of its reply, once it is long enough. It broke off, so that nothing of its text is recorded."""
        if self._offset < REPLY:
            return None
        self._turn, self._offset = self._turn + 1, 0
        return turn(self._spoke, 3_000, 6_000).model_copy(update={"attempt": self._attempt})


class FedRun:
    """The run and whoever watches it."""

    def __init__(self, scene: Scene) -> None:
        self.events = scene.events
        self._voices = [_Voice(*voice) for voice in scene.voices.items()]
        self._audience = Audience()
        self._began = time.monotonic() - scene.events[-1].t - 1.0
        self._streaming: asyncio.Task[None] | None = None

    @property
    def clock(self) -> float:
        """The run's clock."""
        return time.monotonic() - self._began

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Tells one window all there is and what comes; whatever it wants is done."""
        viewer = Viewer(writer)
        self._writer = writer
        self._audience.viewers.add(viewer)
        viewer.send(frame(Hello(pid=1, outlives=True)))
        while (data := await read_frame(reader, MAX_TO_ENGINE)) is not None:
            command = TO_ENGINE.validate_json(data)
            if isinstance(command, Quit):
                break
            if isinstance(command, Watch):
                self._audience.admit(viewer, self.events, self.clock)
                viewer.send(frame(Synced(run=RUN, seq=self.events[-1].seq, t=self.clock, window=viewer.window)))
            viewer.send(frame(Answer(id=command.id, ok=True)))
        self._audience.viewers.discard(viewer)
        await viewer.close()

    async def tick(self) -> None:
        """Says each second that it is there."""
        while True:
            await asyncio.sleep(1.0)
            self._audience.flush()
            self._audience.send(Tick(t=self.clock))

    def pace(self, a_second: int) -> None:
        """So many pieces a second of each spoke from now on, or none."""
        if self._streaming is not None:
            self._streaming.cancel()
        self._streaming = asyncio.create_task(self._stream(a_second)) if a_second else None

    async def _stream(self, a_second: int) -> None:
        began, told, marks = time.monotonic(), 0, 0
        while True:
            passed = time.monotonic() - began
            # One after the other: piece `told` is the next spoke's.
            for _ in range(int(passed * a_second * len(self._voices)) - told):
                voice = self._voices[told % len(self._voices)]
                told += 1
                if marked_now := passed >= marks * MARKS_S:
                    marks += 1
                self._audience.tell(voice.say(marked() if marked_now else voice.words(1)), self.clock)
                if ended := voice.ended():
                    self._audience.tell(self._stamped(ended), self.clock)
            await asyncio.sleep(TICK_S)

    async def hour(self) -> None:
        """An hour's text of every spoke, no faster than the window takes it."""
        gulps = HOUR // (CHUNK * _GULP)
        for number in range(1, gulps + 1):
            items: list[AnyEvent | LiveText] = [voice.say(voice.words(_GULP)) for voice in self._voices]
            items += [self._stamped(ended) for voice in self._voices if (ended := voice.ended())]
            for message in messages_of(items, self.clock):
                self._writer.write(frame(message))
            await self._writer.drain()
            if number in (gulps // 4, gulps):
                print("quarter" if number < gulps else "whole", flush=True)

    async def close(self) -> None:
        """Lets the window go."""
        await self._audience.close()
        # What serves the connection ends with it.
        while self._audience.viewers:
            await asyncio.sleep(TICK_S)

    def _stamped(self, event: AnyEvent) -> AnyEvent:
        stamp = {"seq": self.events[-1].seq + 1, "at": self.events[-1].at, "t": self.clock}
        self.events.append(event.model_copy(update=stamp))
        return self.events[-1]


async def _commands() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def main(scene: Scene) -> None:
    """Serves the run until nobody wants it any more."""
    run = FedRun(scene)
    keep(paths.home(), RUN, run.events)
    take_lock(paths.home() / "sessions" / RUN)
    server = await asyncio.start_unix_server(run.connected, path=run_socket(RUN))
    ticks = asyncio.create_task(run.tick())
    commands = await _commands()
    print("ready", flush=True)
    while line := await commands.readline():
        match line.decode().split():
            case ["pace", number]:
                run.pace(int(number))
            case _:
                await run.hour()
    run.pace(0)
    ticks.cancel()
    server.close()
    await run.close()


if __name__ == "__main__":
    asyncio.run(main(speaking(int(sys.argv[1])) if sys.argv[1:] else reported()))
