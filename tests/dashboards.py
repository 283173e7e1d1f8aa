"""The real dashboard under a pilot, at an engine of its own; what stands on its screen, as text."""

import asyncio
import html
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from textual.events import Key
from textual.pilot import Pilot

from agents.port.link import Link, in_thread
from tests.running import LONGEST_S
from tui.app import Dashboard
from tui.start import Start

_CELL = 12.2
"""The width of a cell in an exported screenshot."""

_TEXT = re.compile(r'<text class="[^"]*" x="(?P<x>[\d.]+)"[^>]*line-(?P<line>\d+)\)">(?P<text>.*?)</text>')


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
    """Waits until the condition holds; fails with what is on the screen if it does not."""
    try:
        async with asyncio.timeout(timeout):
            while not condition():
                await pilot.pause(0.02)
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
    svg = app.export_screenshot(simplify=True)
    rows: dict[int, str] = {}
    for match in _TEXT.finditer(svg):
        row = rows.get(line := int(match["line"]), "")
        rows[line] = row.ljust(round(float(match["x"]) / _CELL)) + html.unescape(match["text"])
    lines = [rows.get(line, "").replace("\xa0", " ").rstrip() for line in range(app.size.height)]
    return "\n".join(lines)
