"""Whatever changes and however: what was painted place by place is what the library would have painted.

Screens are led through seeded changes, several at a time, and what the terminal was told is compared cell by cell,
colours too: of the run's screen with a painting of the whole; of layers with what the library's own compositor
tells, which leaves half of a wide character where the edge of what lay over it was.
`HUBSPOKE_NARROW_SEEDS=300 pytest tests/test_narrow.py` goes through so many more sequences.
"""

import asyncio
import os
from collections.abc import Callable, Iterable
from itertools import pairwise
from random import Random

import pytest
from rich.console import RenderableType
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widgets import Static

from agents.calls.live_text import LiveText
from tests.cells import Cells, Told, differences, resized, settled
from tests.dashboards import until
from tests.screen_reports import finished
from tests.screen_runs import RUN, in_the_middle
from tests.scripted_port import Scene, ScriptedPort
from tui.app import Dashboard
from tui.narrow import NarrowCompositor, places
from tui.start import Start
from tui.widgets.rows import Rows
from tui.widgets.text_pane import Entry, TextPane

SEEDS = int(os.environ.get("HUBSPOKE_NARROW_SEEDS", "0"))
SIZES = ((80, 24), (120, 40), (60, 20), (40, 12))
WORDS = ("the share ", "of studios ", "日本語の文字 ", "→ search_documents ", "가나다", "\n\n", "éclair ", "45% ")
KEYS = (
    *("v", "v", "v", "escape", "escape", "T", "G", "Z", "tab", "shift+tab", "j", "k", "h", "l", "n", "0", "end"),
    *("1", "2", "3", "4", "5", "shift+up", "f", "slash", "question_mark", "f4", "X", "pageup"),
)


@pytest.fixture(autouse=True)
def all_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours that are next to each other stay apart."""
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")


def words(chance: Random, most: int) -> str:
    """Up to so many words, among them wide and joined characters and empty lines."""
    return "".join(chance.choices(WORDS, k=chance.randint(1, most)))


class Over(ModalScreen[None]):
    """A form over the panes."""

    DEFAULT_CSS = "Over { align: center middle; } Over Static { width: 30; height: 5; border: round $primary; }"

    def compose(self) -> ComposeResult:
        """Its text."""
        yield Static("日本語 over the panes")


class Twice(NarrowCompositor):
    """Paints what is dirty place by place, and then once more as the library does, for a terminal of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.again: CompositorUpdate | None = None
        """The library's way of the last update."""
        self._plain = False

    def render_partial_update(self) -> ChopsUpdate | None:
        dirty = set(self._dirty_regions)
        update = super().render_partial_update()
        self._plain, self._dirty_regions = True, dirty
        self.again = Compositor.render_partial_update(self)
        self._plain = False
        return update

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        self.again = update = super().render_full_update(simplify)
        return update

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        return Compositor._get_renders(self, crop) if self._plain else super()._get_renders(crop)


class Layers(Screen[None]):
    """Rows that are docked, panes that scroll, and a note over them that may be partly off the screen."""

    DEFAULT_CSS = """
    Layers { layers: below above; overflow: hidden; }
    Layers #top { dock: top; height: 1; background: $panel; }
    Layers #bottom { dock: bottom; height: 2; background: $boost; }
    Layers #rail { width: 18; border: round $secondary; }
    Layers VerticalScroll, Layers TextPane { width: 1fr; border: heavy $accent; }
    Layers #note { layer: above; position: absolute; width: 21; height: 4; background: $error; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = self.twice = Twice()

    def compose(self) -> ComposeResult:
        """All of them."""
        yield Rows(id="top")
        with Horizontal():
            yield Rows(id="rail")
            with VerticalScroll():
                for number in range(12):
                    yield Static(f"{number} 日本語の文字", id=f"item-{number}")
            yield TextPane(id="pane")
        yield Rows(id="bottom")
        yield Static("a note 日本語", id="note")


class LayersApp(Told):
    """The screen with its layers, on a terminal of each kind."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self.cells, self.library = Cells(*size), Cells(*size)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        again = screen.twice.again if isinstance(screen, Layers) else renderable
        if renderable is not None and isinstance(again, CompositorUpdate):
            self.library.feed(again.render_segments(self.console))
            assert self.cells.rows == self.library.rows

    def get_default_screen(self) -> Screen[None]:
        """It."""
        return Layers()


Change = Callable[[LayersApp, Random], object]


def _rows(app: LayersApp, chance: Random) -> None:
    rows = app.screen_stack[0].query_one(chance.choice(("#top", "#rail", "#bottom")), Rows)
    rows.show([Content(words(chance, 6).replace("\n", "")) for _ in range(chance.randint(0, 9))])


def _item(app: LayersApp, chance: Random) -> None:
    item = app.screen_stack[0].query_one(f"#item-{chance.randrange(12)}", Static)
    match chance.randrange(3):
        case 0:
            item.update(Content(words(chance, 9)))
        case 1:
            item.styles.background = chance.choice(("red", "blue", "green"))
        case _:
            item.display = not item.display


def _said(app: LayersApp, chance: Random) -> None:
    pane = app.screen_stack[0].query_one(TextPane)
    if chance.random() < 0.2:
        pane.add(Entry(words(chance, 60), chance.choice(("text", "tool", "title"))))
    pane.set_tail([Entry(words(chance, 30), chance.choice(("text", "thinking")))])


def _scrolled(app: LayersApp, chance: Random) -> None:
    view = app.screen_stack[0].query_one(chance.choice(("VerticalScroll", "TextPane")))
    view.scroll_to(y=chance.randrange(20), animate=False, force=True)


def _moved(app: LayersApp, chance: Random) -> None:
    note = app.screen_stack[0].query_one("#note")
    note.styles.offset = chance.randint(-15, 75), chance.randint(-3, 22)


def _shown(app: LayersApp, chance: Random) -> None:
    widget = app.screen_stack[0].query_one(chance.choice(("#note", "#rail", "#top", "#pane", "VerticalScroll")))
    widget.display = not widget.display


def _noticed(app: LayersApp, chance: Random) -> None:
    if chance.random() < 0.5:
        app.notify(words(chance, 8), markup=False)
    else:
        app.clear_notifications()


def _covered(app: LayersApp, chance: Random) -> None:
    if isinstance(app.screen, Over):
        app.pop_screen()
    else:
        app.push_screen(Over())


CHANGES: tuple[Change, ...] = (
    *(_rows, _rows, _item, _item, _item, _said, _said, _scrolled, _scrolled, _moved, _moved),
    *(_shown, _noticed, _covered),
)


@pytest.mark.parametrize("seed", range(SEEDS or 3))
def test_layers_that_change_stand_as_the_library_paints_them(seed: int) -> None:
    async def main() -> None:
        chance, size = Random(seed), SIZES[seed % len(SIZES)]
        app = LayersApp(size)
        async with app.run_test(size=size, notifications=True) as pilot:
            for _ in range(16):
                if chance.random() < 0.08:
                    app.library.resize(*(other := chance.choice(SIZES)))
                    app.cells.resize(*other)
                    await pilot.resize_terminal(*other)
                for change in chance.choices(CHANGES, k=chance.choice((1, 1, 2, 4))):
                    change(app, chance)
                await settled(pilot)
                assert app.cells.rows == app.library.rows

    asyncio.run(main())


class ToldDashboard(Told, Dashboard):
    """The dashboard, and what it tells its terminal."""


async def _lead(app: ToldDashboard, scene: Scene, chance: Random) -> None:
    """Presses keys and has spokes speak, at any time, and compares whenever it is at rest."""
    async with app.run_test(size=app.cells.size, notifications=True) as pilot:
        await until(pilot, lambda: app.seat and app.seat.state.seq == scene.events[-1].seq)
        said: dict[str, int] = {}
        for step in range(8):
            if chance.random() < 0.08:
                await resized(app, pilot, chance.choice(SIZES))
            pressed = chance.choices(KEYS, k=chance.randint(0, 3))
            for key in pressed:
                await pilot.press(key)
            assert app.seat is not None
            for spoke in chance.choices(list(app.seat.state.spokes), k=chance.randint(0, 2)):
                text = words(chance, 30)
                app.seat.blocks.grow(LiveText(spoke, 1, 9, 0, "text", said.get(spoke, 0), text), 170.0)
                app.seat.versions[spoke] += 1
                said[spoke] = said.get(spoke, 0) + len(text)
            await settled(pilot)
            assert app.screen is not app.run_screen or differences(app) == [], (step, pressed)


@pytest.mark.parametrize("seed", range(SEEDS or 2))
def test_the_run_stands_as_if_painted_as_a_whole(seed: int) -> None:
    scene = (in_the_middle(), Scene(RUN, tuple(finished()), (), 200.0))[seed % 2]
    port = ScriptedPort(scene)

    async def main() -> None:
        app = ToldDashboard(Start(attach=scene.run), port.link)
        app.cells = Cells(*SIZES[seed // 2 % 2])
        await _lead(app, scene, Random(seed))

    try:
        asyncio.run(main())
    finally:
        port.die()


def test_regions_that_overlap_are_one_place_and_none_is_lost() -> None:
    chain = [Region(x, 0, 6, 2) for x in (0, 10, 5)]
    assert [sorted(place) for place in places(chain)] == [sorted(chain)]
    chance = Random(4)
    for _ in range(200):
        regions = {
            Region(*(chance.randrange(30) for _ in "xy"), *(chance.randint(1, 9) for _ in "wh"))
            for _ in "12345678"
        }
        found = places(regions)
        assert sorted(region for place in found for region in place) == sorted(regions)
        for place, other in pairwise(found):
            assert not any(one.overlaps(two) for one in place for two in other)
