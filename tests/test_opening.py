"""The first frame, and what is pressed before the form that follows it is there."""

import asyncio
import sys
from pathlib import Path

import pytest
from textual.message import Message

from tests.terminal import Terminal
from tests.test_pipeline import docs as docs
from tests.test_plan_review import PLAN, Reviewing
from tui.plan_rows import PlanList

CTRL_Q = "\x11"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_what_is_pressed_before_the_form_is_there_is_the_forms(own_home: Path, size: tuple[int, int]) -> None:
    with Terminal(sys.executable, "-m", "tui", size=size) as terminal:
        terminal.until(lambda seen: b"One question in" in seen)
        # Letters that are keys where no field has the focus, and a paste.
        terminal.press("quiet?\x1b[200~ pasted\x1b[201~ q")
        terminal.until(lambda _: "quiet? pasted q" in terminal.screen)
        terminal.press(CTRL_Q)
        assert terminal.process.wait(60) == 0


def test_a_dumb_terminal_has_no_dashboard(own_home: Path) -> None:
    with Terminal(sys.executable, "-m", "tui", TERM="dumb") as terminal:
        terminal.until(lambda seen: b"which TERM=dumb is not" in seen)
        assert terminal.process.wait(60) == 2


def test_on_a_dumb_terminal_a_run_is_told_in_lines(own_home: Path, docs: Path) -> None:
    ask = ("ask", "What do brushes cost?", "--provider", "embedded", "--docs", str(docs), "--yes")
    with Terminal(sys.executable, "-m", "tui", *ask, TERM="dumb") as terminal:
        terminal.until(lambda seen: b"# What do brushes cost?" in seen)
        assert b"\x1b[" not in terminal.seen


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_a_plan_has_its_width_from_the_first_frame_on(size: tuple[int, int]) -> None:
    app = Reviewing(PLAN, (), 7)
    widths: set[int] = set()

    def look(_: Message) -> None:
        widths.update(shown.outer_size.width for shown in app.review.query(PlanList))

    async def main() -> None:
        async with app.run_test(size=size, message_hook=look) as pilot:
            await pilot.pause()
            assert widths - {0} == {app.plan_list.outer_size.width}

    asyncio.run(main())
