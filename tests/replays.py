"""A dashboard at a replay, under its keys, with a clock that goes on only when it is told to."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from operator import attrgetter
from types import SimpleNamespace

import pytest
from textual.notifications import Notification
from textual.pilot import Pilot

from tests.dashboards import dashboard, screen_text, until
from tests.screen_runs import RUN
from tui.app import Dashboard
from tui.screens.replay import ReplayScreen
from tui.start import Start
from tui.widgets.text_pane import TextPane
from tui.widgets.tile import Tile


class Clock:
    """The replay's clock, which goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("tui.screens.replay.time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


class Replay:
    """A dashboard at a replay."""

    def __init__(self, app: Dashboard, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> ReplayScreen:
        assert isinstance(self.app.screen, ReplayScreen)
        return self.app.screen

    @property
    def event(self) -> str:
        """What is told of the event."""
        return self.screen.query_one("#event", TextPane).plain

    def pane(self, spoke: str) -> str:
        """What a pane holds."""
        return next(tile.plain for tile in self.screen.query(Tile) if tile.spoke == spoke)

    @property
    def text(self) -> str:
        return screen_text(self.app)

    @property
    def notices(self) -> list[str]:
        notices: Iterable[Notification] = attrgetter("_notifications")(self.app)
        return [notice.message for notice in notices]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def at(self, screen: type[object]) -> None:
        await until(self.pilot, lambda: isinstance(self.app.screen, screen) and self.app.screen.is_mounted)

    async def until(self, condition: Callable[[], object]) -> None:
        await until(self.pilot, condition)


Body = Callable[[Replay], Coroutine[None, None, None]]


def replay(body: Body, size: tuple[int, int] = (120, 40), start: Start | None = None) -> None:
    """Runs a body at the replay of the saved run, from its beginning."""

    async def main() -> None:
        async with dashboard(start or Start(replay=RUN), size=size) as (app, pilot):
            opened = Replay(app, pilot)
            await opened.at(ReplayScreen)
            await body(opened)

    asyncio.run(main())
