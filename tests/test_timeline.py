"""The timeline: how attempts came to their ends."""

import asyncio

import pytest

from sessions.events import AttemptFailed, SpokeCancelled, SpokeRetried
from sessions.failures import FailureKind
from tests.dashboards import screen_text, told, until
from tests.screen_runs import Told, in_the_middle, rate_limited, started
from tests.scripted_port import Scene


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_an_attempt_that_was_cancelled_did_not_fail(size: tuple[int, int]) -> None:
    scene = in_the_middle()
    cancelled = rate_limited("film", 1).model_copy(update={"kind": FailureKind.CANCELLED})
    on = Told(scene.events)
    on(scene.t, SpokeCancelled(spoke="film"), AttemptFailed(spoke="film", attempt=1, failure=cancelled))
    on(scene.t + 40, SpokeRetried(spoke="film"), started("film", 2))

    async def main() -> None:
        async with told(Scene(scene.run, tuple(on.events), (), scene.t + 60), size) as (app, pilot):
            app.run_screen.view = "timeline"
            await until(pilot, lambda: "Film and tele" in screen_text(app))
            rows = screen_text(app).splitlines()
            (film,) = (row for row in rows if "Film and tele" in row and "━" in row)
            assert "⊘" in film and "✗" not in film
            assert any("✗ failed  ⊘ cancelled  ✓ done" in row for row in rows)

    asyncio.run(main())
