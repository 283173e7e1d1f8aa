"""What a pane shows while a block streams, and how fast it came."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import jiter
from pydantic import JsonValue

from sessions.events import BlockFinished

BlockType = Literal["text", "thinking"]

FRAME_S = 1 / 30
"""What comes within a frame is shown together: to read a structured reply anew for every delta would cost more."""

TAIL_S = 0.1
"""The last of what came is shown so soon, when nothing comes after it."""

LOOKS_PART = 20
"""Looks at a block take at most one part in this many of the time: a long reply takes long to read anew."""

PACE_MS = 1_000
"""How often the pace of a block is noted; between two notes, a replay has it come evenly."""

_SHOWN = frozenset({"claim", "title", "note", "explanation"})
"""The strings of a structured reply that mean something to a reader while it grows."""


@dataclass(frozen=True)
class LiveText:
    """A piece of a block's displayed text: from `offset` (characters) on, it now reads so.

    It may be lost; events may not: the finished block is a `BlockFinished`.
    """

    spoke: str
    attempt: int
    turn: int
    block: int
    type: BlockType
    offset: int
    text: str


def readable(text: str) -> str:
    """A block's text as it is shown: the sentences of a structured reply, never raw JSON; prose as it is."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        value: JsonValue = jiter.from_json(text.lstrip().encode(), partial_mode="trailing-strings")
    except ValueError:
        return ""
    return "\n".join(_sentences(value))


def _sentences(value: JsonValue) -> list[str]:
    if isinstance(value, dict):
        return [
            sentence
            for key, inner in value.items()
            for sentence in ([inner] if key in _SHOWN and isinstance(inner, str) else _sentences(inner))
            if sentence
        ]
    if isinstance(value, list):
        return [sentence for inner in value for sentence in _sentences(inner)]
    return []


class GrowingBlock:
    """A block that streams: what came so far, what of it is shown, and its pace."""

    def __init__(
        self, spoke: str, attempt: int, turn: int, block: int, type: BlockType, show: Callable[[LiveText], None]
    ) -> None:
        self.spoke, self.attempt, self.turn, self.block = spoke, attempt, turn, block
        self.type: BlockType = type
        self._show = show
        self._loop = asyncio.get_running_loop()
        self._came: list[str] = []
        self._shown: str = ""
        self._began = self._loop.time()
        self._next_look = self._began
        self._tail: asyncio.TimerHandle | None = None
        """Set while something came that is not shown yet."""
        self._newest = (0, 0)
        self._pace: list[tuple[int, int]] = []

    @property
    def raw(self) -> str:
        """All that came, as it came."""
        joined = "".join(self._came)
        # The pieces of a long text take many times its memory.
        self._came = [joined]
        return joined

    def grow(self, delta: str) -> None:
        """Takes a delta; what it changes is shown now, or with the next ones."""
        self._came.append(delta)
        wait_s = self._next_look - self._loop.time()
        if wait_s <= 0:
            self._look()
        elif self._tail is None:
            self._tail = self._loop.call_later(max(TAIL_S, wait_s), self._look)

    def close(self) -> None:
        """Shows what was not shown yet; no more comes."""
        if self._tail is not None:
            self._look()

    def finished(self) -> BlockFinished:
        """The block, closed, as an event."""
        self.close()
        if self._pace and self._pace[-1] != self._newest:
            self._pace.append(self._newest)
        return BlockFinished(
            spoke=self.spoke,
            attempt=self.attempt,
            turn=self.turn,
            block=self.block,
            type=self.type,
            text=self._shown,
            pace=tuple(self._pace),
        )

    def _look(self) -> None:
        if self._tail is not None:
            self._tail.cancel()
            self._tail = None
        looked = self._loop.time()
        self._show_what_changed(looked)
        took = self._loop.time() - looked
        self._next_look = looked + max(FRAME_S, LOOKS_PART * took)

    def _show_what_changed(self, looked: float) -> None:
        raw = self.raw
        shown = raw if self.type == "thinking" else readable(raw)
        if shown == self._shown:
            return
        same = len(self._shown) if shown.startswith(self._shown) else 0
        self._show(LiveText(self.spoke, self.attempt, self.turn, self.block, self.type, same, shown[same:]))
        self._shown = shown
        elapsed = round((looked - self._began) * 1000)
        self._newest = (len(shown), elapsed)
        if not self._pace or elapsed - self._pace[-1][1] >= PACE_MS:
            self._pace.append(self._newest)
