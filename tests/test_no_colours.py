"""Without colours (NO_COLOR) everything is as readable as with them: the words of every state above all."""

import asyncio
import html
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from textual.color import Color

from tests.dashboards import screen_text, told, until
from tests.screen_runs import in_the_middle
from tui.theme import THEMES

_FILL = re.compile(r"\.(?P<name>terminal-\d+-r\d+) \{ fill: (?P<fill>#[0-9a-f]{6})")
_RECT = re.compile(r'<rect fill="(?P<fill>#[0-9a-f]{6})" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" width="(?P<w>[\d.]+)')
_TEXT = re.compile(r'<text class="(?P<name>[^"]*)" x="(?P<x>[\d.]+)"[^>]*-(?P<line>\d+)\)">(?P<text>.*?)</text>')
_ROW = 24.4
"""The height of a row in an exported screenshot."""

STATES = ("✗ failed", "⏸ silent", "▶ running", "✓ done", "⊘ cancelled", "· queued")


class Words(NamedTuple):
    """A stretch of a row in one style, and how it stands out from what is behind it."""

    text: str
    contrast: float
    grey: bool


def words(svg: str) -> Iterator[Words]:
    """All that stands on an exported screen."""
    fills = {match["name"]: match["fill"] for match in _FILL.finditer(svg)}
    behind = [
        (round((float(match["y"]) - 1.5) / _ROW), float(match["x"]), float(match["w"]), match["fill"])
        for match in _RECT.finditer(svg)
    ]
    for match in _TEXT.finditer(svg):
        text = html.unescape(match["text"]).replace("\xa0", " ").strip()
        x, line = float(match["x"]), int(match["line"])
        under = next(
            (fill for row, left, width, fill in behind if row == line and left - 1 <= x < left + width - 1), None
        )
        if text and under and match["name"] in fills:
            front, back = Color.parse(fills[match["name"]]), Color.parse(under)
            grey = all(len({color.r, color.g, color.b}) == 1 for color in (front, back))
            yield Words(text, _contrast(front, back), grey)


def _contrast(one: Color, other: Color) -> float:
    """As WCAG has it, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Color) -> float:
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
def test_states_and_text_can_be_read(theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def main() -> str:
        async with told(in_the_middle()) as (app, pilot):
            app.theme = theme
            await until(pilot, lambda: all(state in screen_text(app) for state in STATES))
            return app.export_screenshot()

    shown = list(words(asyncio.run(main())))
    assert len(shown) > 50
    assert all(each.grey for each in shown)
    said = [each for each in shown if re.search(r"\w", each.text)]
    assert [each for each in said if each.contrast < 4.5] == []
    for state in STATES:
        assert any(state in each.text and each.contrast >= 4.5 for each in said), state


def test_a_failure_stands_out_as_much_as_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def main() -> str:
        async with told(in_the_middle()) as (app, pilot):
            await until(pilot, lambda: all(state in screen_text(app) for state in STATES))
            return app.export_screenshot()

    shown = list(words(asyncio.run(main())))
    failed = next(each.contrast for each in shown if each.text.startswith("✗ failed"))
    done = next(each.contrast for each in shown if each.text.startswith("✓ done"))
    border = max(each.contrast for each in shown if "┏" in each.text or "┃" in each.text)
    assert failed >= done
    assert border >= 4.5
