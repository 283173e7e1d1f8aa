"""What a pane is painted with: a frame that is the library's, lines that are kept, and streams made harmless."""

import asyncio
from random import Random

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip

from agents.calls.live_text import LiveText
from agents.calls.open_blocks import OpenBlocks
from tui.safe import safe
from tui.widgets.frame import Frame
from tui.widgets.painted import Painted
from tui.widgets.streams import Streams
from tui.widgets.text_pane import Entry, TextPane


class Framed(TextPane):
    """A pane that paints its border by a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = Frame(self)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Its lines, framed."""
        title, foot = Content(str(self.border_title)), Content(str(self.border_subtitle))
        return self.frame.lines(crop, self.scroll_offset.y, self.render_line, title, foot)

    def notify_style_update(self) -> None:
        """Its looks are others."""
        super().notify_style_update()
        self.frame.restyled()


class Panes(App[None]):
    """A framed pane and one that the library paints, of the same text."""

    CSS = """
    TextPane { border: round $foreground 30%; border-title-color: $text; border-subtitle-color: $text-muted; }
    TextPane { padding: 0 1; background: $background; width: 1fr; height: 1fr; }
    TextPane.other { border: heavy $error; border-title-color: $text-error; background: $panel; }
    """

    def compose(self) -> ComposeResult:
        """Both."""
        yield Framed()
        yield TextPane()

    def both(self) -> list[TextPane]:
        """The panes."""
        return list(self.query(TextPane))


def cells(strips: list[Strip]) -> list[list[tuple[str, str]]]:
    """Characters and their looks."""
    return [
        [(character, str(segment.style)) for segment in strip.discard_meta() for character in segment.text]
        for strip in strips
    ]


@pytest.mark.parametrize("size", [(80, 24), (30, 12), (9, 8)])
def test_a_frame_is_the_border_that_the_library_draws(size: tuple[int, int]) -> None:
    async def main() -> None:
        app, chance = Panes(), Random(5)
        async with app.run_test(size=size) as pilot:
            for step in range(12):
                for pane in app.both():
                    pane.set_class(step % 4 == 2, "other")
                    pane.border_title = Content(("1 日本語 title ", "", "a " * 30)[step % 3])
                    pane.border_subtitle = Content(("", "42 tok", "日本語 " * 20)[step // 2 % 3])
                    pane.add(Entry(f"{step} 日本語の文字 and the rest of it", "tool"))
                    pane.scroll_to(y=step, animate=False, force=True)
                await pilot.pause()
                framed, plain = app.both()
                width, height = framed.outer_size
                top = chance.randrange(height)
                whole, part = Region(0, 0, width, height), Region(0, top, width, height - top)
                lines = cells(framed.render_lines(whole))
                assert lines == cells(plain.render_lines(whole))
                assert cells(framed.render_lines(part)) == lines[top:]
                narrow = framed.render_lines(Region(2, 0, width - 3, height))
                assert {strip.cell_length for strip in narrow} == {width - 3}

    asyncio.run(main())


def test_lines_are_kept_for_three_screenfuls_and_the_oldest_go_first() -> None:
    painted = Painted()
    lines = [Strip.blank(4) for _ in range(10)]
    for y, line in enumerate(lines):
        painted.keep(y, line, 3)
    assert [painted.get(y) is line for y, line in enumerate(lines)] == [False, *[True] * 9]
    painted.drop(4)
    assert [y for y in range(10) if painted.get(y)] == [1, 2, 3]
    painted.drop()
    assert not any(painted.get(y) for y in range(10))


def blocks(*pieces: str) -> OpenBlocks:
    """A block of these pieces, one after the other."""
    grown, length = OpenBlocks(), 0
    for piece in pieces:
        grown.grow(LiveText("music", 1, 1, 0, "text", length, piece), 0.0)
        length += len(piece)
    return grown


def test_a_stream_is_as_harmless_as_if_it_had_come_at_once() -> None:
    text = "\n\nFees \x1b[31mfell\x1b]0;title\x07 \x9b2Jby\r\n18%\u202e, 日本語\x1b]52;c;aGVs\x1b\\ too.\n"
    for seed in range(50):
        cuts = sorted({0, len(text), *(Random(seed * 97 + n).randrange(len(text)) for n in range(6))})
        streams = Streams()
        for end in cuts[1:]:
            (block,) = blocks(text[:end]).all()
            assert streams.entry(block) == Entry(safe(text[:end]).lstrip("\n"), "text")


def test_a_block_that_reads_otherwise_now_is_shown_so() -> None:
    streams, grown = Streams(), blocks("One, ", "two.")
    (block,) = grown.all()
    assert streams.entry(block).text == "One, two."
    grown.grow(LiveText("music", 1, 1, 0, "text", 0, "Other words."), 0.0)
    assert streams.entry(block).text == "Other words."
    streams.keep([])
    assert streams.entry(block).text == "Other words."
