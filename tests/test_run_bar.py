"""The run's header line: what the run costs of what it may."""

import asyncio

import pytest
from textual.content import Content

from sessions.events import EngineStarted, RunCreated, TurnFinished
from tests.dashboards import screen_text, told, until
from tests.screen_runs import in_the_middle
from tests.scripted_port import Scene
from tui.app import Dashboard
from tui.widgets.run_bar import RunBar


def bar(app: Dashboard) -> Content:
    """The header line."""
    shown = app.run_screen.query_one(RunBar).content
    assert isinstance(shown, Content)
    return shown


@pytest.mark.parametrize(
    ("usd", "priced", "told_as", "style"),
    [
        (0.5, 1, "$0.63/5.00", ""),
        (4.2, 1, "$4.33/5.00", "$warning"),
        (5.5, 1, "$5.63/5.00", "$error"),
        (0.0, 0, "cost ?", ""),
    ],
)
def test_the_header_says_what_it_costs_of_what_it_may(usd: float, priced: int, told_as: str, style: str) -> None:
    scene = in_the_middle()
    events = list(scene.events)
    at = next(n for n, event in enumerate(events) if isinstance(event, TurnFinished) and event.spoke == "music")
    paid = events[at]
    assert isinstance(paid, TurnFinished)
    usage = paid.usage.model_copy(update={"usd": usd, "priced_turns": priced})
    events[at] = paid.model_copy(update={"usage": usage})

    async def main() -> None:
        async with told(Scene(scene.run, tuple(events), (), scene.t)) as (app, pilot):
            await until(pilot, lambda: told_as in bar(app).plain)
            shown = bar(app)
            start = shown.plain.index(told_as)
            styles = {str(span.style) for span in shown.spans if span.start <= start < span.end}
            assert style in styles if style else not styles & {"$warning", "$error"}

    asyncio.run(main())


def test_the_embedded_engine_costs_nothing_and_says_nothing_of_it() -> None:
    scene = in_the_middle()
    free = [
        event.model_copy(update={"provider": "embedded"})
        if isinstance(event, RunCreated | EngineStarted)
        else event
        for event in scene.events
    ]

    async def main() -> None:
        async with told(Scene(scene.run, tuple(free), (), scene.t)) as (app, pilot):
            await until(pilot, lambda: "tok" in bar(app).plain)
            assert "$" not in screen_text(app) and "cost" not in screen_text(app)

    asyncio.run(main())
