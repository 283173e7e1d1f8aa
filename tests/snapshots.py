"""Screens as files: what a screen says at a size, kept as text and compared."""

import difflib
import os
from pathlib import Path

from textual.pilot import Pilot

from tests.dashboards import screen_text

SCREENS = Path(__file__).parent / "screens"

UPDATE = "HUBSPOKE_UPDATE_SCREENS"
"""Set to 1, the screens are written anew instead."""

_UPDATES = os.environ.get(UPDATE) == "1"

_SETTLED = 3
"""A screen that was the same so often, at `_EVERY_S`, is at rest: every pane was looked at since."""

_EVERY_S = 0.03
_LONGEST = 200


class Screens:
    """The screens of one test at one size; what differs from the files is told at the end, all of it."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self._pilot = pilot
        size = pilot.app.size
        self._size = f"{size.width}x{size.height}"
        self._differences: list[str] = []

    async def shoot(self, name: str) -> None:
        """Compares what is on the screen, once it is at rest, with the file of that name."""
        text = await self._settled()
        path = SCREENS / f"{name}-{self._size}.txt"
        if _UPDATES:
            SCREENS.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if text != kept:
            was, now = kept.splitlines(), text.splitlines()
            self._differences.append(
                "\n".join(difflib.unified_diff(was, now, path.name, "the screen", lineterm=""))
            )

    def check(self) -> None:
        """Fails if any screen was not as it is kept."""
        assert not self._differences, "\n\n".join(
            [
                f"{len(self._differences)} screens differ ({UPDATE}=1 keeps them as they are now):",
                *self._differences,
            ]
        )

    async def _settled(self) -> str:
        text, same = "", 0
        for _ in range(_LONGEST):
            await self._pilot.pause(_EVERY_S)
            shown = f"{screen_text(self._pilot.app)}\n"
            text, same = shown, same + 1 if shown == text else 0
            if same == _SETTLED:
                return text
        raise AssertionError(f"It never came to rest:\n{text}")
