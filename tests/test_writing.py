"""A file that cannot be written where it was asked for: one sentence, and nothing else goes wrong."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.dashboards import screen_text, until
from tests.replays import Replay, replay
from tests.screen_replay import kept
from tests.screen_reports import at_the_report
from tui.output import LostOutputError, put_file
from tui.screens.confirm import ConfirmScreen
from tui.screens.prompt import PromptScreen


def unwritable(tmp_path: Path) -> None:
    """Goes where no file can be made, whoever one is."""
    os.chdir("/proc")


def gone(tmp_path: Path) -> None:
    """Goes where the ground is taken away."""
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()


nowhere = pytest.mark.parametrize("go", [unwritable, gone])


@nowhere
def test_a_file_that_cannot_be_made_is_one_sentence(go: Callable[[Path], None], tmp_path: Path) -> None:
    go(tmp_path)
    with pytest.raises(LostOutputError, match=r"^report\.md cannot be written: .*\.$"):
        put_file(Path("report.md"), b"x")


@nowhere
def test_the_replay_stays_when_an_event_cannot_be_written(
    go: Callable[[Path], None], own_home: Path, tmp_path: Path
) -> None:
    kept(own_home)

    async def body(opened: Replay) -> None:
        await opened.until(lambda: opened.screen.places)
        await opened.press("end")
        go(tmp_path)
        await opened.press("w", "enter")
        await opened.until(lambda: any("cannot be written" in notice for notice in opened.notices))

    replay(body)


@nowhere
def test_an_export_that_cannot_be_written_says_so(
    go: Callable[[Path], None], own_home: Path, tmp_path: Path
) -> None:
    async def main() -> None:
        async with at_the_report(own_home) as (app, pilot):
            await pilot.press("w")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            go(tmp_path)
            await pilot.press("m")
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            await pilot.press("enter")
            await until(pilot, lambda: "cannot be written" in screen_text(app))
            # What was typed is there to be mended.
            assert isinstance(app.screen, PromptScreen) and app.screen.query_one(Input).value.endswith(".md")

    asyncio.run(main())
