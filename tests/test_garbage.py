"""What is let go of is gone: nothing that was left is kept, and what a run was shown with is looked for."""

import asyncio
import gc
import weakref
from collections.abc import Mapping
from pathlib import Path

from tests.dashboards import dashboard, told, until
from tests.many_runs import fill, run_id
from tests.screen_runs import in_the_middle
from tui import loading
from tui.screens.help import HelpScreen


def test_a_screen_that_was_left_is_not_kept(own_home: Path) -> None:
    async def main() -> None:
        async with dashboard() as (app, pilot):
            await pilot.press("f1")
            assert isinstance(app.screen, HelpScreen)
            left = weakref.ref(app.screen)
            # It may come as late as this.
            await loading.the_rest()
            await pilot.press("escape")
            await until(pilot, lambda: gc.collect() and left() is None)

    asyncio.run(main())


def test_a_run_that_was_left_is_looked_for(own_home: Path) -> None:
    fill(own_home, 2)
    looks: list[int] = []

    def looked(phase: str, found: Mapping[str, int]) -> None:
        looks.extend([found["generation"]] if phase == "stop" else [])

    async def main() -> None:
        async with dashboard() as (app, pilot):
            await app.open(run_id(0))
            looks.clear()
            await app.open(run_id(1))
            await until(pilot, lambda: 2 in looks)

    gc.callbacks.append(looked)
    try:
        asyncio.run(main())
    finally:
        gc.callbacks.remove(looked)


def test_garbage_is_looked_for_again_whenever_it_ends(own_home: Path) -> None:
    async def main() -> None:
        async with told(in_the_middle()):
            assert not gc.isenabled(), "what was just told is painted first"

    asyncio.run(main())
    assert gc.isenabled()
