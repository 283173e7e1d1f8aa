"""The real dashboard under a pilot, at an engine of its own; what stands on its screen, as text."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from operator import attrgetter
from types import SimpleNamespace
from typing import TypeVar

import pytest
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen

from agents.port.link import Link, in_thread
from tests.running import LONGEST_S
from tests.scripted_port import Scene, ScriptedPort
from tui.app import Dashboard
from tui.start import Start
from tui.widgets.tile import HUB

Answer = TypeVar("Answer")
"""What an app answers when it is over."""


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run's clock does not go on between two ticks of its engine."""
    monkeypatch.setattr("tui.seat.time", SimpleNamespace(monotonic=lambda: 1_000.0))


@asynccontextmanager
async def dashboard(
    start: Start | None = None, *, size: tuple[int, int] = (120, 40), link: Link | None = None
) -> AsyncGenerator[tuple[Dashboard, Pilot[int]]]:
    """The dashboard, its first frame drawn and what comes after it loaded; its engine is a thread."""
    app = Dashboard(start or Start(), link or in_thread())
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.loaded)
        yield app, pilot


@asynccontextmanager
async def told(scene: Scene, size: tuple[int, int] = (120, 40)) -> AsyncGenerator[tuple[Dashboard, Pilot[int]]]:
    """The dashboard at a run as a scripted port tells it: all of it was told, and every spoke has its pane."""
    port = ScriptedPort(scene)
    try:
        async with dashboard(Start(attach=scene.run), size=size, link=port.link) as (app, pilot):
            await until(pilot, lambda: app.seat and app.seat.state.seq == scene.events[-1].seq)
            await until(pilot, lambda: app.seat and app.run_screen.tiles.keys() >= {HUB, *app.seat.state.spokes})
            yield app, pilot
    finally:
        port.die()


async def until(pilot: Pilot[Answer], condition: Callable[[], object], timeout: float = LONGEST_S) -> None:
    """Waits until the condition holds and the screen is at rest; fails with what is on it if that never comes."""
    try:
        async with asyncio.timeout(timeout):
            while not condition():
                await pilot.pause(0.02)
            await pilot.pause()
    except TimeoutError:
        raise AssertionError(f"It never came to this:\n{screen_text(pilot.app)}") from None


async def typed(pilot: Pilot[int], text: str) -> None:
    """Types into the field that has the focus as fast as a paste: `press` would wait after every character."""
    for character in text:
        pilot.app.post_message(Key(character, character))
    await pilot.pause()


def screen_text(app: App[Answer]) -> str:
    """What stands on the screen, a line a row."""
    compositor: Compositor = attrgetter("_compositor")(app.screen)
    below: list[Screen[object]] = attrgetter("_background_screens")(app)
    visible_screen_stack.set(below)
    return "\n".join(strip.text.rstrip() for strip in compositor.render_strips())
