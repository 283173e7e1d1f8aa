"""The replay at three sizes, as it was when a person last looked at it (see `test_screens`)."""

from pathlib import Path

import pytest

from tests.screen_replay import kept
from tests.test_screens import SIZES, Size, Window, show
from tests.test_screens import still as still
from tui.screens.event import EventScreen
from tui.screens.replay import ReplayScreen
from tui.screens.run import RunScreen
from tui.screens.sessions import SessionsScreen
from tui.session_rows import SessionList

pytestmark = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def test_the_replay_of_a_run_with_failures_and_a_retry(size: Size, own_home: Path) -> None:
    kept(own_home)

    async def body(window: Window) -> None:
        await window.press("f3")
        await window.at(SessionsScreen)
        await window.until(lambda: window.app.screen.query_one(SessionList).highlighted)
        await window.press("enter")
        await window.at(RunScreen)
        await window.press("t")
        await window.at(ReplayScreen)
        await window.shoot("replay-end")
        await window.shoot("replay-failure", "left_curly_bracket", "left_curly_bracket")
        await window.shoot("replay-view", "v")
        await window.shoot("replay-tools", "v", "tab", "tab", "tab", "m", "m", "end")
        await window.press("enter")
        await window.at(EventScreen)
        await window.shoot("replay-event")
        await window.press("escape", "shift+tab", "shift+tab", "shift+tab", "M", "M", "home")
        await window.shoot("replay-beginning")

    show(body, size)
