"""What is said in passing: where it stands on a small screen, for how long, and where it is read again."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.widgets._toast import Toast

from sessions.events import AttemptFailed, AttemptStarted
from tests.dashboards import screen_text, told, typed, until
from tests.dashboards import stopped_clock as stopped_clock
from tests.screen_reports import at_the_report
from tests.screen_runs import in_the_middle
from tests.scripted_port import ScriptedPort
from tui.app import Dashboard
from tui.screens.notices import NoticesScreen
from tui.screens.subtask_form import SubtaskForm
from tui.start import Start
from tui.widgets.run_bar import EventLine

LONG = "A folder that is not there was named, and this sentence goes on about it for a while. " * 4


def rows(app: Dashboard) -> list[str]:
    return screen_text(app).splitlines()


def test_a_notice_covers_the_key_line_and_nothing_else(own_home: Path) -> None:
    async def main() -> None:
        async with at_the_report(own_home) as (app, pilot):
            before = rows(app)
            await pilot.press("y")
            await until(pilot, lambda: "Sent to the clipboard" in rows(app)[-1])
            assert rows(app)[:-1] == before[:-1]

    asyncio.run(main())


def test_one_notice_stands_at_a_time_and_all_are_read_again(own_home: Path) -> None:
    async def main() -> None:
        async with at_the_report(own_home) as (app, pilot):
            for text in ("One [/red].", "The second."):
                app.notify(text, markup=False, severity="warning")
            await until(pilot, lambda: "The second." in rows(app)[-1])
            assert "One [/red]" not in screen_text(app)
            await pilot.press("f4")
            await until(pilot, lambda: isinstance(app.screen, NoticesScreen))
            await until(pilot, lambda: "One [/red]." in screen_text(app))
            assert screen_text(app).index("The second.") < screen_text(app).index("One [/red].")
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(app.screen, NoticesScreen))

    asyncio.run(main())


def test_a_line_that_is_typed_stays_in_sight(own_home: Path) -> None:
    async def main() -> None:
        async with at_the_report(own_home) as (app, pilot):
            await pilot.press("slash")
            app.notify(LONG, markup=False, severity="warning")
            await until(pilot, lambda: "A folder that is not there" in screen_text(app))
            await typed(pilot, "musicians")
            await until(pilot, lambda: "musicians" in rows(app)[-1])

    asyncio.run(main())


@pytest.mark.parametrize("key", ["tab", "shift+tab"])
def test_the_longest_notice_covers_no_field_that_has_the_focus(own_home: Path, key: str) -> None:
    async def main() -> None:
        async with at_the_report(own_home) as (app, pilot):
            assert app.seat is not None and app.seat.state.plan is not None
            subtask = app.seat.state.plan.subtasks[0]
            form = SubtaskForm(subtask, roles={"researcher": "reads"}, others=(), title="Edit")
            app.push_screen(form)
            await until(pilot, lambda: form.focused)
            app.notify(LONG, markup=False, severity="error")
            await until(pilot, lambda: form.query(Toast))
            await pilot.pause()
            toast = form.query_one(Toast).region
            assert toast.height == 2 and toast.bottom == 24
            for _ in range(12):
                assert form.focused is not None
                assert not form.focused.region.overlaps(toast), form.focused
                await pilot.press(key)

    asyncio.run(main())


def test_over_a_run_a_notice_covers_the_event_line_alone(stopped_clock: None) -> None:
    scene = in_the_middle()
    port = ScriptedPort(scene)

    async def main() -> None:
        app = Dashboard(Start(attach=scene.run), port.link)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: app.seat and app.seat.state.seq == scene.events[-1].seq)
            await until(pilot, lambda: "question unanswered" in screen_text(app))
            *_, pane, _, keys = rows(app)
            app.notify(LONG, markup=False, severity="warning")
            await until(pilot, lambda: "A folder that is not there" in rows(app)[-2])
            assert (rows(app)[-3], rows(app)[-1]) == (pane, keys)
            assert rows(app)[-2].endswith("…")

    try:
        asyncio.run(main())
    finally:
        port.die()


def test_what_a_key_did_stands_for_a_moment_and_the_news_come_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=1_000.0)
    monkeypatch.setattr("tui.widgets.run_bar.time", SimpleNamespace(monotonic=lambda: clock.now))
    scene = in_the_middle()
    began = next(event for event in scene.events if isinstance(event, AttemptStarted) and event.brief)
    failed = next(event for event in scene.events if isinstance(event, AttemptFailed))

    async def main() -> None:
        async with told(scene, size=(80, 24)) as (app, pilot):
            line = app.run_screen.query_one(EventLine)
            line.tell("It stands.", stands_s=0.2)
            line.happened(began)
            assert "It stands." in str(line.content)
            clock.now += 0.2
            await until(pilot, lambda: f"{began.spoke} began" in str(line.content))
            line.tell("It stands.", stands_s=60)
            line.happened(failed)
            assert f"{failed.spoke} failed" in str(line.content)

    asyncio.run(main())
