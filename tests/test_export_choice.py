"""The key `w` in the report: which form, and where it went."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from sessions.export.formats import Format, export_run
from tests.dashboards import screen_text, until
from tests.screen_reports import at_the_report
from tests.screen_runs import RUN
from tui.app import Dashboard
from tui.screens.confirm import ConfirmScreen
from tui.screens.prompt import PromptScreen
from tui.screens.report import ReportScreen

Body = Callable[[Dashboard, Pilot[int]], Coroutine[None, None, None]]


def show(home: Path, body: Body) -> None:
    async def main() -> None:
        async with at_the_report(home) as (app, pilot):
            await body(app, pilot)

    asyncio.run(main())


@pytest.mark.parametrize(("key", "form"), [("m", "md"), ("h", "html"), ("j", "json"), ("l", "jsonl")])
def test_a_key_writes_its_form_and_says_where(own_home: Path, key: str, form: Format) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        path = Path(f"hubspoke-{RUN}.{form}")
        path.write_text("mine")
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await until(pilot, lambda: "jsonl" in screen_text(app) and "with its sources" in screen_text(app))
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        assert app.screen.query_one(Input).value == str(path)
        await pilot.press("enter")
        await until(pilot, lambda: "is there already" in screen_text(app))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press("home", *"my-", "enter")
        await until(pilot, lambda: "Written to" in screen_text(app))
        assert isinstance(app.screen, ReportScreen)
        assert path.read_text() == "mine"
        wanted = export_run(own_home / "sessions" / RUN, form)
        assert Path(f"my-{path}").read_bytes() == wanted
        await pilot.press("w", key)
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press("enter")
        await until(pilot, lambda: "is there already" in screen_text(app))
        await pilot.press("y")
        await until(pilot, lambda: path.read_bytes() == wanted)

    show(own_home, body)


def test_escape_writes_nothing(own_home: Path) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen))
        assert list(Path().iterdir()) == []

    show(own_home, body)


def test_what_cannot_be_exported_is_one_sentence(own_home: Path) -> None:
    async def body(app: Dashboard, pilot: Pilot[int]) -> None:
        (own_home / "sessions" / RUN / "journal.jsonl").unlink()
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("m")
        await until(pilot, lambda: "cannot be opened" in screen_text(app))
        assert list(Path().iterdir()) == []

    show(own_home, body)
