"""The real dashboard under a pilot, at an engine of its own; what stands on its screen, as text."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from operator import attrgetter

from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen

from agents.port.link import Link, in_thread
from tests.running import LONGEST_S
from tui.app import Dashboard
from tui.start import Start


@asynccontextmanager
async def dashboard(
    start: Start | None = None, *, size: tuple[int, int] = (120, 40), link: Link | None = None
) -> AsyncGenerator[tuple[Dashboard, Pilot[int]]]:
    """The dashboard, its first frame drawn and what comes after it loaded; its engine is a thread."""
    app = Dashboard(start or Start(), link or in_thread())
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.loaded)
        yield app, pilot


async def until(pilot: Pilot[int], condition: Callable[[], object], timeout: float = LONGEST_S) -> None:
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


def screen_text(app: object) -> str:
    """What stands on the screen, a line a row."""
    assert isinstance(app, Dashboard)
    compositor: Compositor = attrgetter("_compositor")(app.screen)
    below: list[Screen[object]] = attrgetter("_background_screens")(app)
    visible_screen_stack.set(below)
    return "\n".join(strip.text.rstrip() for strip in compositor.render_strips())
