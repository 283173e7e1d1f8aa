"""What a pane shows while a block streams, and how fast it came."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import jiter
from pydantic import JsonValue

from sessions.events import BlockFinished

BlockType = Literal["text", "thinking"]

PACE_MS = 250
"""How often the pace of a block is noted."""

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
        self._raw = ""
        self._shown = ""
        self._began = time.monotonic()
        self._pace: list[tuple[int, int]] = []

    @property
    def raw(self) -> str:
        """All that came, as it came."""
        return self._raw

    def grow(self, delta: str) -> None:
        """Takes a delta and shows what it changes."""
        self._raw += delta
        shown = self._shown + delta if self.type == "thinking" else readable(self._raw)
        if shown == self._shown:
            return
        same = len(self._shown) if shown.startswith(self._shown) else 0
        self._show(LiveText(self.spoke, self.attempt, self.turn, self.block, self.type, same, shown[same:]))
        self._shown = shown
        elapsed = round((time.monotonic() - self._began) * 1000)
        if not self._pace or elapsed - self._pace[-1][1] >= PACE_MS:
            self._pace.append((len(shown), elapsed))

    def finished(self) -> BlockFinished:
        """The block as an event."""
        return BlockFinished(
            spoke=self.spoke,
            attempt=self.attempt,
            turn=self.turn,
            block=self.block,
            type=self.type,
            text=self._shown,
            pace=tuple(self._pace),
        )
