"""A block that streams: how often it is looked at, what it keeps, and the pace that is told of it."""

import asyncio
import tracemalloc
from collections.abc import Callable

import pytest

from agents.calls.live_text import FRAME_S, PACE_MS, TAIL_S, GrowingBlock, LiveText


class Growing:
    """A block on a clock of its own: every look at it takes so long."""

    def __init__(self, look_s: float = 0.0) -> None:
        self.now = 0.0
        self.shown: list[str] = []
        self._look_s = look_s
        asyncio.get_running_loop().time = lambda: self.now
        self.block = GrowingBlock("music", 1, 1, 0, "text", self._show)

    def _show(self, piece: LiveText) -> None:
        self.shown.append(piece.text)
        self.now += self._look_s

    def grow(self, delta: str, after_s: float) -> None:
        self.now += after_s
        self.block.grow(delta)


def scene(play: Callable[[], None]) -> None:
    async def main() -> None:
        play()

    asyncio.run(main())


def test_a_block_that_takes_long_to_look_at_is_looked_at_seldom() -> None:
    def play() -> None:
        it = Growing(look_s=0.5)
        for _ in range(100):
            it.grow("a", FRAME_S)
        assert it.shown == ["a"]
        it.grow("b", 10.0)
        assert it.shown == ["a", "a" * 99 + "b"]

    scene(play)


def test_the_tail_of_a_block_that_takes_long_is_shown_as_late_as_the_next_look_would_be() -> None:
    async def main() -> None:
        it = Growing(look_s=0.01)
        it.grow("a", 0.0)
        it.grow("b", 0.0)
        for passed, shown in ((TAIL_S, ["a"]), (0.2, ["a", "b"])):
            it.now += passed
            for _ in range(3):
                await asyncio.sleep(0)
            assert it.shown == shown

    asyncio.run(main())


def test_it_keeps_its_text_and_not_every_piece_of_it() -> None:
    def play() -> None:
        it = Growing()
        tracemalloc.start()
        try:
            for number in range(50_000):
                it.grow(f"{number:012}", 0.0)
            size = len(it.block.raw)
            assert tracemalloc.get_traced_memory()[0] < 3 * size
        finally:
            tracemalloc.stop()

    scene(play)


@pytest.mark.parametrize("last_s", [0.0, 0.25])
def test_the_pace_of_a_block_is_told_each_second_and_at_its_end(last_s: float) -> None:
    def play() -> None:
        it = Growing()
        it.grow("a", 0.0)
        for _ in range(8):
            it.grow("a", 0.25)
        if last_s:
            it.grow("a", last_s)
        ended = ((10, 2_250),) if last_s else ()
        assert it.block.finished().pace == ((1, 0), (5, PACE_MS), (9, 2 * PACE_MS), *ended)

    scene(play)
