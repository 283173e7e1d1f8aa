"""The first frame, and what is pressed before the form that follows it is there."""

import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal

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
