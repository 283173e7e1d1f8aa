"""What is pasted is text: it neither reaches the terminal as a command, nor presses a key."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.message import Message
from textual.widgets import Input, TextArea

from sessions.failures import Failure, FailureKind
from sessions.plan import Subtask
from tests.dashboards import dashboard, until
from tests.running import program
from tests.terminal import Terminal
from tui.app import Dashboard
from tui.pastes import PasteParser
from tui.screens.ask import AskScreen
from tui.screens.key_form import KeyForm
from tui.screens.prompt import PromptScreen
from tui.screens.sessions import SessionsScreen
from tui.screens.subtask_form import SubtaskForm

PASTED = "one\x1b[31m two\x1b]52;c;eA==\x07\r\nthree\x03\x9b2J\u202e\tfour\n"
SUBTASK = Subtask(id="music", title="Music", objective="Find figures.", key_questions=("How many?",))


REFUSED = Failure(kind=FailureKind.NOT_FOUND, message="no such model", spoke="film", attempt=1)

FORMS: dict[str, Callable[[Dashboard], object]] = {
    "ask": lambda app: app.push_screen(AskScreen()),
    "prompt": lambda app: app.push_screen(PromptScreen("Find")),
    "key": lambda app: app.push_screen(KeyForm(REFUSED)),
    "subtask": lambda app: app.push_screen(
        SubtaskForm(SUBTASK, roles={"researcher": ""}, others=(), title="Edit")
    ),
    "sessions": lambda app: app.push_screen(SessionsScreen()),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_paste_is_text_in_every_field(own_home: Path, form: str) -> None:
    async def main() -> None:
        async with dashboard(size=(80, 24)) as (app, pilot):
            first = app.screen
            FORMS[form](app)
            await until(pilot, lambda: app.screen is not first and app.screen.is_mounted)
            screen = app.screen
            fields = [*screen.query(Input), *screen.query(TextArea)]
            assert fields
            for field in fields:
                before = field.value if isinstance(field, Input) else field.text
                field.post_message(events.Paste(PASTED))
                await pilot.pause()
                said = field.value if isinstance(field, Input) else field.text
                assert not {"\x1b", "\x07", "\x03", "\x9b", "\r", "\u202e"} & set(said), (field, said)
                assert said != before
                assert "three" in said and "one two" in said, (field, said)
            assert app.screen is screen

    asyncio.run(main())


RAW = "one\x1b\x1b[31m two\rthree\x1b"


def read(*pieces: str) -> list[Message]:
    """What the terminal's reader makes of this."""
    parser = PasteParser()
    return [message for piece in pieces for message in parser.feed(piece)]


@pytest.mark.parametrize("cut", [1, 3, 6, 11, 20, 29, 31, 33, 100])
def test_a_paste_presses_no_key_wherever_it_is_cut(cut: int) -> None:
    sent = f"a\x1b[A\x1b[200~{RAW}\x1b[201~b\x1b[200~more\x1b[201~"
    told = read(*(sent[at : at + cut] for at in range(0, len(sent), cut)))
    assert [message.key for message in told if isinstance(message, events.Key)] == ["a", "up", "b"]
    assert [message.text for message in told if isinstance(message, events.Paste)] == [
        "one[31m two\rthree",
        "more",
    ]


def test_the_program_neither_asks_nor_leaves_for_what_is_pasted(own_home: Path) -> None:
    with Terminal(*program(), size=(80, 24)) as terminal:
        terminal.until(lambda seen: "What do you want to know?" in terminal.screen)
        terminal.press(f"\x1b[200~{RAW}\x1b[201~")
        terminal.until(lambda seen: "three" in terminal.screen)
        assert "one[31m two" in terminal.screen
        assert b"\x1b[31m two" not in terminal.seen
        assert not (own_home / "sessions").exists() or not list((own_home / "sessions").iterdir())
        terminal.press("x")
        terminal.until(lambda seen: "threex" in terminal.screen)
