"""The session browser before it has looked: it says nothing that it does not know."""

import asyncio
from pathlib import Path

from tests.dashboards import until
from tests.test_sessions_screen import Browser, some
from tui.screens.sessions import SessionsScreen


def test_it_does_not_say_that_there_are_no_runs_before_it_knows(own_home: Path) -> None:
    some(own_home, 3)
    said: set[str] = set()

    async def main() -> None:
        app = Browser()
        async with app.run_test() as pilot:
            await until(pilot, lambda: isinstance(app.screen, SessionsScreen))
            while "Question" not in (first := app.lines()[0]):
                said.add(first.strip())
                await asyncio.sleep(0)

    asyncio.run(main())
    assert said <= {"Reading the saved runs …"}
