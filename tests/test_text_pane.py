"""Live panes of text: wrapped, followed, found in, selected from."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from tui.safe import safe
from tui.widgets.text_pane import Entry, TextPane
from tui.widgets.wrapping import NARROW, WrappedText, wrap

SIZES = [(80, 24), (120, 40)]
WORDS = "the margins of recycling fell by twelve percent in 2020 "
_TEXT = st.text(alphabet="ab c漢字é–\t\n", max_size=80)


class PaneApp(App[None]):
    """One pane, and what it said of following."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.pane = TextPane(limit=limit)
        self.pane.add(Entry("before there is a screen"))
        self.pane.clear()
        self.told: list[bool] = []

    def compose(self) -> ComposeResult:
        yield self.pane

    @on(TextPane.FollowChanged)
    def note(self, event: TextPane.FollowChanged) -> None:
        self.told.append(event.following)


def run(
    act: Callable[[PaneApp, Pilot[None]], Awaitable[None]], size: tuple[int, int] = (80, 24), limit: int = 64_000
) -> None:
    async def main() -> None:
        app = PaneApp(limit)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            app.pane.focus()
            await act(app, pilot)

    asyncio.run(main())


def shown(pane: TextPane) -> list[str]:
    """The lines of the view, as they are painted."""
    return [pane.render_line(y).text.rstrip() for y in range(pane.size.height)]


def numbered(count: int) -> str:
    return "\n".join(f"line {n}" for n in range(count))


@given(_TEXT, st.integers(2, 12))
def test_rows_fit_and_joined_are_the_line(text: str, width: int) -> None:
    line = text.replace("\t", "").replace("\n", "")
    rows = wrap(line, width)
    assert "".join(rows) == line
    assert all(cell_len(row.rstrip(" ")) <= width for row in rows)


@given(_TEXT, st.lists(st.integers(0, 80)), st.integers(2, 12))
def test_text_that_grew_is_cut_like_text_at_once(text: str, stops: list[int], width: int) -> None:
    grown, whole = WrappedText(), WrappedText()
    grown.resize(width)
    whole.resize(width)
    for stop in [*sorted(stops), len(text)]:
        grown.set_tail([Entry("before"), Entry(text[:stop])])
    whole.set_tail([Entry("before"), Entry(text)])
    assert grown.rows == whole.rows


def test_narrow_characters_take_one_cell() -> None:
    assert all(cell_len(character) == 1 for character in NARROW)


def test_words_wide_characters_long_words_and_tabs() -> None:
    assert wrap("one two three", 8) == ["one two ", "three"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("漢字漢字 a", 5) == ["漢字", "漢字 ", "a"]
    text = WrappedText()
    text.resize(20)
    text.add([Entry("a\tb")])
    assert [row.text for row in text.rows] == ["a    b"]


@pytest.mark.parametrize("size", SIZES)
def test_it_wraps_beside_the_scrollbar_and_again_on_resize(size: tuple[int, int]) -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        text = WORDS * 60 + "漢字" * 90
        pane.set_tail([Entry(text)])
        await pilot.pause()
        assert pane.vertical_scrollbar.region.right == size[0] and pane.vertical_scrollbar.region.width == 1
        assert pane.max_scroll_x == 0
        for width in (size[0], 41, size[0] + 7):
            await pilot.resize_terminal(width, size[1])
            await pilot.pause()
            assert max(cell_len(line) for line in shown(pane)) <= width - 1
            assert "".join(line.text for line in pane.lines()) == text
        assert pane.plain == text

    run(act, size)


def test_the_place_that_is_read_stays_on_resize() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        pane.add(*(Entry(f"{n}: {WORDS * 5}") for n in range(100)))
        await pilot.press("home", *["pagedown"] * 4)
        place = shown(pane)[0].split()[0:4]
        await pilot.resize_terminal(47, 24)
        await pilot.pause()
        assert not pane.following
        assert shown(pane)[0].split()[0] in place or place[0] in shown(pane)[0]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert shown(pane)[0].split()[0:2] == place[0:2]

    run(act)


@pytest.mark.parametrize("size", SIZES)
def test_it_follows_is_released_and_follows_again(size: tuple[int, int]) -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        pane.add(Entry(numbered(100)))
        await pilot.pause()
        assert shown(pane)[-1] == "line 99"
        await pilot.press("up")
        assert not pane.following and pane.unseen == 1
        top = shown(pane)[0]
        pane.set_tail([Entry(numbered(10))])
        await pilot.pause()
        assert shown(pane)[0] == top and pane.unseen == 11
        pane.follow()
        await pilot.pause()
        assert shown(pane)[-1] == "line 9" and pane.following and pane.unseen == 0
        await pilot.press("home")
        assert shown(pane)[0] == "line 0" and not pane.following
        await pilot.press("end")
        assert pane.following
        await pilot.press("pageup", "pagedown")
        await pilot.pause()
        assert pane.following
        assert app.told == [False, True, False, True, False, True]

    run(act, size)


def test_a_block_that_closes_does_not_move_the_reader() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        pane.set_tail([Entry(numbered(100))])
        await pilot.press("up", "up")
        top = shown(pane)[0]
        pane.set_tail([])
        pane.add(Entry(numbered(100)))
        await pilot.pause()
        assert shown(pane)[0] == top
        pane.clear()
        await pilot.pause()
        assert shown(pane)[0] == "" and pane.following

    run(act)


def test_who_had_no_lines_at_first_follows() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        for height in ("0", "100%"):
            pane.styles.height = height
            await pilot.pause()
            pane.add(Entry(numbered(100)))
        await pilot.pause()
        assert shown(pane)[-1] == "line 99" and pane.following

    run(act)


def test_what_came_while_it_was_hidden_is_there() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        pane.add(Entry(numbered(50)))
        pane.display = False
        await pilot.pause()
        pane.add(Entry(numbered(90)))
        pane.display = True
        await pilot.pause()
        assert shown(pane)[-1] == "line 89"

    run(act)


def test_the_wheel_releases_and_takes_again() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        pane.add(Entry(numbered(90)))
        await pilot.pause()
        for wheel, following in ((MouseScrollUp, False), (MouseScrollDown, True)):
            pane.post_message(wheel(pane, 1, 1, 0, 0, 0, False, False, False))
            await pilot.pause()
            assert pane.following is following

    run(act)


def test_the_same_tail_paints_nothing() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        pane.set_tail([Entry("same"), Entry("more", "thinking")])
        await pilot.pause()
        painted: list[int] = []
        render = pane.render_line
        pane.render_line = lambda y: painted.append(y) or render(y)
        pane.set_tail([Entry("same"), Entry("more", "thinking")])
        await pilot.pause()
        assert painted == []
        pane.set_tail([Entry("same"), Entry("more!", "thinking")])
        await pilot.pause()
        assert painted and 0 not in painted
        style = next(iter(render(1))).style
        assert style is not None and style.italic

    run(act)


def test_whole_old_entries_go_and_the_reader_stays() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        pane.add(*(Entry(f"entry {n}\n" + "x" * 90) for n in range(60)))
        kept = len(pane.plain)
        assert kept <= 4_100 and "entry 0\n" not in pane.plain and "entry 59" in pane.plain
        await pilot.press("pageup")
        top = shown(pane)[0]
        pane.add(Entry("entry 40\n" + "x" * 90))
        await pilot.pause()
        assert len(pane.plain) <= kept + 1 and shown(pane)[0] == top

    run(act, limit=4_000)


def test_entries_at_once_leave_what_they_leave_one_by_one() -> None:
    sizes = (30, 2_000, 90, 3_950, 5_000, 40, 4_000)

    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        for count in range(1, len(sizes) + 1):
            entries = [Entry("x" * size) for size in sizes[:count]]
            pane.clear()
            for entry in entries:
                pane.add(entry)
            one_by_one = pane.plain
            pane.clear()
            pane.add(Entry("what was there before"))
            pane.add(*entries)
            assert pane.plain.removeprefix("what was there before\n") == one_by_one
            pane.add(Entry("last"))

    run(act, limit=4_000)


def test_find_goes_on_around_and_back() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        pane.add(Entry(numbered(60) + "\n" + "x" * 75 + "Needle\n" + numbered(60) + "\nthe NEEDLE"))
        hit = pane.get_component_rich_style("line-view--hit").bgcolor

        def marked() -> str:
            lines = [pane.render_line(y) for y in range(pane.size.height)]
            return "".join(s.text for line in lines for s in line if s.style and s.style.bgcolor == hit)

        pane.scroll_home(animate=False)
        assert pane.find("needle") and marked() == "Needle"
        first = pane.scroll_offset.y
        assert pane.find("needle") and marked() == "NEEDLE"
        assert pane.find("needle") and pane.scroll_offset.y == first
        assert pane.find("needle", back=True) and marked() == "NEEDLE"
        assert not pane.following
        assert not pane.find("absent") and not pane.find("  ")
        assert marked() == ""

    run(act)


def test_selected_text_is_without_the_wraps() -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        pane = app.pane
        pane.add(Entry(WORDS * 3), Entry("second\nthird"))
        await pilot.pause()
        assert pane.get_selection(Selection(None, None)) == (f"{WORDS * 3}\nsecond\nthird", "\n")
        assert pane.get_selection(Selection(Offset(4, 0), Offset(11, 0))) == ("margins", "\n")
        await pilot.mouse_down(pane, offset=(0, 3))
        await pilot.hover(pane, offset=(6, 3))
        await pilot.mouse_up(pane, offset=(6, 3))
        assert app.screen.get_selected_text() == "second"

    run(act)


@pytest.mark.parametrize(
    "text", ["[/red]", "[@click=app.quit]x[/]", "\x1b[2J", "\x1b]8;;http://e\x1b\\a\x1b]8;;\x1b\\"]
)
def test_hostile_text_is_only_text(text: str) -> None:
    async def act(app: PaneApp, pilot: Pilot[None]) -> None:
        app.pane.add(Entry(safe(text)), Entry("of an unknown style", "server_tool_use"))
        await pilot.click(app.pane, offset=(1, 0))
        assert app.is_running
        assert shown(app.pane)[0] == safe(text).rstrip()
        painted = app.pane.render_line(0).render(app.console)
        assert "\x1b]8" not in painted and "\x1b[2J" not in painted

    run(act)
