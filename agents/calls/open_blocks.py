"""The blocks that stream just now: the part of a run that is on the screen and not yet an event."""

from dataclasses import dataclass, field

from agents.calls.live_text import BlockType, LiveText
from sessions.events import (
    AnyEvent,
    AttemptDropped,
    AttemptFailed,
    AttemptFinished,
    BlockFinished,
    Replied,
    RunEnded,
    TryFailed,
    TurnFinished,
)

_APART = 500
"""Pieces of a block that are kept apart: to join them at each one would copy all of the block each time."""


@dataclass(slots=True)
class OpenBlock:
    """A block that streams: all of its displayed text so far, and when it grew last (the run's seconds)."""

    spoke: str
    attempt: int
    turn: int
    block: int
    type: BlockType
    t: float = 0.0
    _pieces: list[str] = field(default_factory=list[str])
    _length: int = 0

    @property
    def text(self) -> str:
        """All of it so far."""
        if len(self._pieces) != 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0]

    def grow(self, offset: int, text: str) -> None:
        """From that character on it now reads so."""
        if offset < self._length:
            self._pieces = [self.text[:offset]]
        self._length = min(offset, self._length) + len(text)
        self._pieces.append(text)
        if len(self._pieces) > _APART:
            self._pieces = [self.text]

    def whole(self) -> LiveText:
        """All of it as one piece."""
        return LiveText(self.spoke, self.attempt, self.turn, self.block, self.type, 0, self.text)


class OpenBlocks:
    """Live text folded: the same in the engine, which tells a new viewer, and in the window that shows it."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, int, int, int], OpenBlock] = {}

    def grow(self, piece: LiveText, t: float) -> None:
        """Takes a piece of live text."""
        key = (piece.spoke, piece.attempt, piece.turn, piece.block)
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = OpenBlock(*key, piece.type)
        block.grow(piece.offset, piece.text)
        block.t = t

    def fold(self, event: AnyEvent) -> None:
        """Closes what an event says is finished, or broken off."""
        match event:
            case BlockFinished():
                self._blocks.pop((event.spoke, event.attempt, event.turn, event.block), None)
            case TurnFinished() | TryFailed() | AttemptFinished() | AttemptFailed() | AttemptDropped() | Replied():
                for key in [key for key in self._blocks if key[:2] == (event.spoke, event.attempt)]:
                    del self._blocks[key]
            case RunEnded():
                self._blocks.clear()
            case _:
                pass

    def of(self, spoke: str) -> list[OpenBlock]:
        """A spoke's open blocks, in order."""
        return sorted(
            (block for block in self._blocks.values() if block.spoke == spoke),
            key=lambda block: (block.attempt, block.turn, block.block),
        )

    def all(self) -> list[OpenBlock]:
        """Every open block."""
        return list(self._blocks.values())
