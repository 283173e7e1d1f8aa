"""Rendered Markdown: its lines, its citations, the cursor on them, and growth."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from rich.cells import cell_len
from rich.color import Color
from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.selection import Selection

from tui.widgets.markdown_view import MarkdownView

SIZES = [(80, 24), (120, 40)]
DOCUMENT = """# Batteries 漢字

Margins fell 12% [1][2] and *rose* again [4](https://example.org) since **2020 [12]**, `a[5]` too.

- item one [6]
- item two
  with a lazy line

    - nested [7]

1. first

2. second

| what | where |
|------|-------|
| margins[8][9] are lower than they ever were before in the whole of this large industry | x [10] |
***bold*** after a table

> quote [11]
> goes on

***

```python
value = numbers[3]

    # a blank line before
```

Setext **heading**
------------------

    indented [3]

[2]: http://evil.example

The end [13].
"""
STREAM = (
    "p\n\n***bold***\n\n- a\n\n2. b\n\n3. c\n\npara\n#hashtag\n| a | b |\n|---|---|x\n\n```\n\ncode\n\n```\nend"
)


class ViewApp(App[None]):
    """One view, the citations that were chosen in it, and what it said of following."""

    def __init__(self) -> None:
        super().__init__()
        self.view = MarkdownView()
        self.chosen: list[int] = []
        self.told: list[bool] = []

    def compose(self) -> ComposeResult:
        yield self.view

    @on(MarkdownView.CitationChosen)
    def note(self, event: MarkdownView.CitationChosen) -> None:
        self.chosen.append(event.n)

    def on_markdown_view_follow_changed(self, event: MarkdownView.FollowChanged) -> None:
        self.told.append(event.following)


def run(act: Callable[[ViewApp, Pilot[None]], Awaitable[None]], size: tuple[int, int] = (80, 24)) -> None:
    async def main() -> None:
        app = ViewApp()
        async with app.run_test(size=size) as pilot:
            app.view.focus()
            await act(app, pilot)

    asyncio.run(main())


def text_of(view: MarkdownView) -> list[str]:
    return [line.text for line in view.lines()]


def shown(view: MarkdownView) -> list[str]:
    """The lines of the view, as they are painted."""
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


@pytest.mark.parametrize("size", SIZES)
def test_blocks_are_lines_that_fit_and_nothing_is_hidden(size: tuple[int, int]) -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        view = app.view
        view.show(DOCUMENT)
        for width in (size[0], 44):
            await pilot.resize_terminal(width, size[1])
            await pilot.pause()
            assert max(cell_len(line) for line in text_of(view)) <= width - 1
        text = " ".join(" ".join(text_of(view)).split())
        for part in (
            "[1][2]",
            "[4](https://example.org)",
            "• item one",
            "2 second",
            "▌ quote [11]",
            "[2]: http://evil",
        ):
            assert part in text
        assert "  value = numbers[3]" in text_of(view)
        assert not any(
            before == after == "" for before, after in zip(text_of(view), text_of(view)[1:], strict=False)
        )

    run(act, size)


@pytest.mark.parametrize("width", [24, 40, 80, 120])
def test_every_citation_is_where_it_stands(width: int) -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        view = app.view
        view.show(DOCUMENT)
        lines = text_of(view)
        assert sorted(mark.n for mark in view.citations) == [1, 2, 2, 4, 6, 7, 8, 9, 10, 11, 12, 13]
        assert all(lines[mark.line][mark.start : mark.end] == f"[{mark.n}]" for mark in view.citations)
        assert list(view.citations) == sorted(view.citations, key=lambda mark: (mark.line, mark.start))

    run(act, (width, 24))


def test_a_citation_that_is_broken_over_lines_counts_once() -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        app.view.show("abcdefghi[123]")
        assert text_of(app.view) == ["abcdefghi[1", "23]"]
        assert [mark.n for mark in app.view.citations] == [123]

    run(act, (12, 10))


@pytest.mark.parametrize("size", SIZES)
def test_keys_move_the_cursor_and_enter_chooses(size: tuple[int, int]) -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        view = app.view
        view.following = False
        view.show("See [1] and [2].\n\n" + "filler\n\n" * 60 + "Then [12].")
        await pilot.press("enter", "]", "enter", "]", "enter", "]", "enter", "[", "enter")
        await pilot.pause()
        assert app.chosen == [2, 12, 1, 12]
        assert "Then [12]." in shown(view)
        style = next(part.style for y in range(size[1]) for part in view.render_line(y) if part.text == "[12]")
        assert style is not None and style.reverse
        await pilot.press("2", "enter", "1", "enter", "2", "enter", "9", "enter", "1", "2", "enter")
        await pilot.pause()
        assert app.chosen[4:] == [2, 1, 2, 2, 12]
        assert view.goto(1) and not view.goto(7)
        view.show("no citations")
        assert view.cursor is None
        await pilot.press("]", "enter")
        assert len(app.chosen) == 9

    run(act, size)


@pytest.mark.parametrize(("source", "step"), [(DOCUMENT, 3), (STREAM, 1)])
def test_text_that_grew_is_rendered_like_text_at_once(source: str, step: int) -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        view = app.view
        grown: list[tuple[list[str], list[tuple[str, int]], object]] = []
        for end in range(0, len(source) + 1, step):
            view.show(source[:end])
            grown.append((text_of(view), view.headings, list(view.citations)))
        for end, was in zip(range(0, len(source) + 1, step), grown, strict=True):
            view.show("")
            view.show(source[:end])
            assert (text_of(view), view.headings, list(view.citations)) == was, source[:end]

    run(act)


def test_what_is_finished_is_not_rendered_again() -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        view = app.view
        view.show(DOCUMENT)
        kept = list(view.lines())
        view.show(DOCUMENT + "\nMore comes.\n")
        assert sum(old is new for old, new in zip(kept, view.lines(), strict=False)) >= len(kept) - 3
        assert text_of(view)[-1] == "More comes."

    run(act)


def test_it_follows_is_released_and_may_begin_at_the_top() -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        view, text = app.view, "".join(f"{n} {'long ' * 30}\n\n" for n in range(60))
        view.show(f"{text}last")
        assert shown(view)[-1] == "last"
        await pilot.press("up")
        view.show(f"{text}last\n\nnew")
        assert view.unseen == 3 and shown(view)[-1] != "new"
        view.follow()
        assert shown(view)[-1] == "new"
        await pilot.press("home", "pagedown")
        assert app.told == [False, True, False]
        top = shown(view)[0].split()[0]
        await pilot.resize_terminal(40, 24)
        await pilot.pause()
        assert shown(view)[0].split()[0] == top and not view.following

    run(act)

    class Beginning(ViewApp):
        def compose(self) -> ComposeResult:
            self.view.show("first [1]\n\n" + "line\n\n" * 60)
            yield self.view

        def on_mount(self) -> None:
            self.view.scroll_home(animate=False)

    async def main() -> None:
        app = Beginning()
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            assert shown(app.view)[0] == "first [1]" and not app.view.following

    asyncio.run(main())


def test_find_headings_and_selection() -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        view = app.view
        view.show(f"{DOCUMENT}\n\n" + "filler\n\n" * 40 + "## Last one\n\n" + "filler\n\n" * 40)
        assert [heading for heading, _ in view.headings] == ["Batteries 漢字", "Setext heading", "Last one"]
        await pilot.press("home", "}")
        assert shown(view)[0] == "Setext heading"
        await pilot.press("}")
        assert shown(view)[0] == "Last one"
        await pilot.press("{", "{")
        assert shown(view)[0] == "Batteries 漢字"
        assert view.find("the end [13]") and "The end [13]." in shown(view)
        assert view.find("with a lazy line") and not view.find("http://absent")
        assert "".join(view.get_selection(Selection(None, None)) or ()).startswith("Batteries 漢字\n")

    run(act)


@pytest.mark.parametrize(
    "text",
    [
        "[/red] [bold]",
        "[@click=app.quit]x[/]",
        "\x1b[2Jwiped",
        "\x1b]8;;http://e\x1b\\a\x1b]8;;\x1b\\",
        "[a](http://e) ![b](http://e) <http://e> <a href='http://e'>c</a>",
        "&#27;]8;;http://e&#7; &#x202e;gnp",
        "> " * 60
        + "deep\n\n"
        + "".join("  " * n + "- x\n" for n in range(40))
        + "\n|"
        + "a|" * 60
        + "\n|"
        + "-|" * 60,
    ],
)
def test_hostile_text_is_only_text(text: str) -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        app.view.show(text)
        for width in (80, 2, 20):
            await pilot.resize_terminal(width, 24)
            await pilot.click(app.view, offset=(1, 0))
        assert app.is_running
        painted = [app.view.render_line(y).render(app.console) for y in range(24)]
        assert not any(bad in line for line in painted for bad in ("\x1b]", "\x1b[2J", "\x07", "\u202e"))

    run(act)


def test_colours_follow_the_theme() -> None:
    async def act(app: ViewApp, pilot: Pilot[None]) -> None:
        app.view.show("# Heading\n\n```python\nx = 1\n```")

        def colours() -> list[Color | None]:
            parts = [part for y in (0, 2) for part in app.view.render_line(y) if part.text.strip()]
            assert all(part.style and part.style.bgcolor == app.view.rich_style.bgcolor for part in parts)
            return [part.style.color for part in parts if part.style]

        dark, app.theme = colours(), "textual-light"
        await pilot.pause()
        assert all(was != now for was, now in zip(dark, colours(), strict=True))

    run(act)
