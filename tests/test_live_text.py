"""What a pane is told of a block that streams: sentences, never raw JSON, each piece where it belongs."""

import asyncio
import json
from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest

from agents.calls.live_text import BlockType, GrowingBlock, LiveText, readable
from agents.calls.open_blocks import OpenBlocks
from sessions.events import BlockFinished
from tests.running import LONGEST_S

REPLY = json.dumps(
    {
        "findings": [
            {"claim": "Fees “fell” by\n18%.", "quotes": [{"source": "a.md", "text": "fell"}], "date": "2025"},
            {"claim": "日本語 too.", "quotes": []},
        ],
        "note": "",
        "explanation": "Both count pages.",
    },
    ensure_ascii=False,
)
SAID = "Fees “fell” by\n18%.\n日本語 too.\nBoth count pages."


def grown(
    deltas: list[str], type: BlockType = "text", between: Callable[[int], float] = lambda number: 0
) -> tuple[list[LiveText], BlockFinished]:
    """What is shown of a block that comes in these deltas, `between(n)` seconds after the nth; and its end."""

    async def main() -> tuple[list[LiveText], BlockFinished]:
        shown: list[LiveText] = []
        block = GrowingBlock("music", 2, 3, 1, type, shown.append)
        for number, delta in enumerate(deltas):
            block.grow(delta)
            await asyncio.sleep(between(number))
        finished = block.finished()
        assert block.raw == "".join(deltas)
        return shown, finished

    return asyncio.run(main())


def text_of(pieces: list[LiveText]) -> str:
    """What a window makes of the pieces."""
    blocks = OpenBlocks()
    for piece in pieces:
        blocks.grow(piece, 0.0)
    (block,) = blocks.of("music")
    return block.text


def test_a_structured_reply_reads_as_its_sentences_however_much_of_it_has_come() -> None:
    assert readable(REPLY) == readable(f"\n {REPLY}") == SAID
    for end in range(len(REPLY)):
        assert SAID.startswith(readable(REPLY[:end]))


@pytest.mark.parametrize("text", ["", "Prose {as it is}.", "[1] is prose too", "# A title\n"])
def test_prose_is_shown_as_it_is(text: str) -> None:
    assert readable(text) == text


@pytest.mark.parametrize("text", ["{", '{"claim', '{"source": "a.md"}', "{no JSON}", '{"claim": 3}'])
def test_of_json_without_sentences_nothing_is_shown(text: str) -> None:
    assert readable(text) == ""


@pytest.mark.parametrize("seed", range(8))
def test_the_pieces_put_together_are_what_the_finished_block_says(seed: int) -> None:
    chance = Random(seed)
    cuts = sorted({0, len(REPLY), *(chance.randrange(len(REPLY)) for _ in range(20))})
    deltas = [REPLY[start:end] for start, end in pairwise(cuts)]
    shown, finished = grown(deltas, between=lambda number: 0.035 * (number % 4 == 1))
    assert len(shown) > 1
    assert text_of(shown) == finished.text == SAID
    assert all(piece.text and piece.offset <= len(SAID) for piece in shown)
    assert (finished.spoke, finished.attempt, finished.turn, finished.block) == ("music", 2, 3, 1)
    assert finished.pace and all(0 < length <= len(SAID) for length, _ in finished.pace)


def test_what_came_first_is_shown_at_once_and_what_comes_in_the_same_frame_together() -> None:
    shown, finished = grown(["One, ", "two, ", "three."])
    assert [(piece.offset, piece.text) for piece in shown] == [(0, "One, "), (5, "two, three.")]
    assert finished.text == "One, two, three."


def test_the_last_of_what_came_is_shown_though_nothing_comes_after_it() -> None:
    async def main() -> None:
        shown: list[LiveText] = []
        block = GrowingBlock("music", 1, 1, 0, "text", shown.append)
        block.grow("One, ")
        block.grow("two.")
        async with asyncio.timeout(LONGEST_S):
            while text_of(shown) != "One, two.":
                await asyncio.sleep(0.005)
        assert block.finished().text == "One, two."
        assert len(shown) == 2

    asyncio.run(main())


def test_thoughts_are_never_taken_for_a_reply() -> None:
    shown, finished = grown(['{"claim": ', '"a"}'], "thinking")
    assert text_of(shown) == finished.text == '{"claim": "a"}'
    assert {piece.type for piece in shown} == {"thinking"}


def test_text_that_turns_out_otherwise_is_told_again_from_its_beginning() -> None:
    shown, finished = grown(["  ", "and {prose}", '\n{"claim": 3}'])
    assert text_of(shown) == finished.text == '  and {prose}\n{"claim": 3}'
    shown, finished = grown([" \n", REPLY])
    assert [(piece.offset, piece.text) for piece in shown] == [(0, " \n"), (0, SAID)]
    assert text_of(shown) == finished.text == SAID


def test_a_block_that_nothing_came_of_shows_nothing() -> None:
    shown, finished = grown([])
    assert (shown, finished.text, finished.pace) == ([], "", ())
