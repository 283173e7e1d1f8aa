"""A run goes on behind another screen: it is seen to, and costs no more than what changes."""

import asyncio
from operator import attrgetter
from pathlib import Path

from agents.calls.live_text import LiveText
from tests.cells import settled
from tests.dashboards import screen_text, told, until
from tests.screen_runs import in_the_middle


def test_what_changes_behind_another_screen_is_painted_once(own_home: Path) -> None:
    async def main() -> None:
        async with told(in_the_middle(), size=(200, 60)) as (app, pilot):
            await pilot.press("question_mark")
            await until(pilot, lambda: app.screen is not app.run_screen)
            assert app.seat is not None
            spoke = app.seat.state.spokes["games"]  # beside the keys, not under them
            assert spoke.last is not None
            said = LiveText(spoke.id, spoke.last.number, 9, 0, "text", 0, "Said behind.")
            app.seat.blocks.grow(said, app.seat.clock)
            app.seat.versions[spoke.id] += 1
            await until(pilot, lambda: "Said behind." in screen_text(app))
            await settled(pilot)
            # The library would go on for ever: each painting of what is behind asks for the next one.
            assert not attrgetter("_repaint_required")(app.run_screen)

    asyncio.run(main())
