"""The first screen: asking, what is refused, and the recent runs."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual import events, on
from textual.app import App
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from sessions.events import RunCreated
from sessions.journal import Journal
from sessions.store import Store
from tests.dashboards import until
from tests.example_runs import RUN, created
from tests.test_store import OTHER, THIRD, save
from tui.screens.ask import AskScreen
from tui.screens.ask_form import LONGEST_QUESTION, FolderInput, ProviderField, QuestionArea
from tui.session_rows import SessionList

HOSTILE = "[/red] \x1b]52;c;x\x07[@click=app.quit]quit[/] \u202e 漢字"
SIZES = [(80, 24), (120, 40), (200, 60)]


class Asking(App[None]):
    """Shows the screen and keeps what it posts."""

    def __init__(self) -> None:
        super().__init__()
        self.ask = AskScreen()
        self.got: list[Message] = []
        self.helped = 0

    def on_mount(self) -> None:
        self.push_screen(self.ask)

    @on(AskScreen.Asked)
    @on(AskScreen.Opened)
    @on(AskScreen.SessionsWanted)
    def _keep(self, event: Message) -> None:
        self.got.append(event)

    def action_help(self) -> None:
        self.helped += 1

    @property
    def asked(self) -> tuple[str, Path | None, str]:
        (event,) = self.got
        assert isinstance(event, AskScreen.Asked)
        return event.question, event.docs, event.provider

    @property
    def question(self) -> QuestionArea:
        return self.ask.query_one(QuestionArea)

    @property
    def folder(self) -> FolderInput:
        return self.ask.query_one(FolderInput)

    @property
    def recent(self) -> SessionList:
        return self.ask.query_one(SessionList)

    def problems(self) -> list[str]:
        return [str(line.content) for line in self.ask.query(".problem").results(Static) if line.display]


def using(
    body: Callable[[Asking, Pilot[None]], Coroutine[None, None, None]], size: tuple[int, int] = (80, 24)
) -> Asking:
    app = Asking()

    async def main() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await body(app, pilot)
            await pilot.pause()

    asyncio.run(main())
    return app


def test_a_question_is_asked_by_enter() -> None:
    async def body(app: Asking, pilot: Pilot[None]) -> None:
        await pilot.press(*"Why s q?", "enter")

    assert using(body).asked == ("Why s q?", None, "auto")


def test_folder_and_provider_are_reached_by_tab_and_arrows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "papers [x]").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))

    async def body(app: Asking, pilot: Pilot[None]) -> None:
        await pilot.press("W", "down", *"~/papers [x]", "tab", "right", "right")
        assert isinstance(app.focused, ProviderField)
        await pilot.press("down")
        assert app.focused is app.recent
        await pilot.press("up", "left", "up")
        assert app.focused is app.folder
        await pilot.press("enter")

    assert using(body).asked == ("W", tmp_path / "papers [x]", "claude")


def test_a_folder_is_completed(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "lib.txt").write_text("")

    async def body(app: Asking, pilot: Pilot[None]) -> None:
        app.folder.value = f"{tmp_path}/l"
        await pilot.press("W", "tab", "end", "i")
        for _ in range(200):
            await pilot.pause(0.01)
            await pilot.press("right")
            if app.folder.value.endswith("library/"):
                break
        await pilot.press("enter")

    assert using(body).asked[1] == tmp_path / "library"


def test_down_goes_through_the_lines_of_a_question_before_it_leaves_it() -> None:
    async def body(app: Asking, pilot: Pilot[None]) -> None:
        app.question.text = "word " * 40
        await pilot.pause()
        assert app.question.size.height == 3
        for _ in range(2):
            await pilot.press("down")
            assert app.focused is app.question
        await pilot.press("end", "down")
        assert app.focused is app.folder

    using(body)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("/nowhere [/red]", "There is no folder /nowhere [/red]."),
        ("file", "file is a file, not a folder."),
        ("x" * 5_000, "cannot be a folder here."),
        ("a\0b", "There is no folder ab."),
        ("~nobody-of-that-name/x", "cannot be a folder here."),
    ],
)
def test_a_folder_that_is_none_is_refused_and_kept(typed: str, problem: str) -> None:
    Path("file").write_text("")

    async def body(app: Asking, pilot: Pilot[None]) -> None:
        await pilot.press("W")
        app.folder.value = typed
        await pilot.press("enter")
        await pilot.pause()
        (said,) = app.problems()
        assert said.endswith(problem)
        assert app.focused is app.folder
        assert (app.question.text, app.folder.value) == ("W", typed)
        app.folder.value = ""
        await pilot.press("enter")
        await pilot.pause()
        assert app.problems() == []

    assert using(body).asked == ("W", None, "auto")


def test_an_empty_and_an_endless_question_are_refused_and_kept() -> None:
    async def body(app: Asking, pilot: Pilot[None]) -> None:
        await pilot.press("space", "tab", *"/nowhere", "enter")
        await pilot.pause()
        assert app.problems() == ["The question is empty; type one.", "There is no folder /nowhere."]
        assert app.focused is app.question
        app.folder.value = ""
        app.question.text = "x" * (LONGEST_QUESTION + 1)
        await pilot.press("enter")
        await pilot.pause()
        assert app.problems() == ["The question has 4,001 characters; at most 4,000 can be asked."]
        assert len(app.question.text) == LONGEST_QUESTION + 1 and app.question.size.height <= 5
        app.question.text = "x" * LONGEST_QUESTION
        await pilot.press("enter")

    assert len(using(body).asked[0]) == LONGEST_QUESTION


def burst(app: Asking, *keys: str) -> None:
    """Keys that come in one read, as over a slow line."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


def test_keys_that_come_in_one_burst_take_effect_in_their_order(tmp_path: Path) -> None:
    async def body(app: Asking, pilot: Pilot[None]) -> None:
        burst(app, "a", "b", "backspace", "c", "left", "d")
        await pilot.pause()
        assert app.question.text == "adc"
        app.folder.focus()
        await pilot.pause()
        app.folder.value = "elsewhere"
        burst(app, "ctrl+u", *str(tmp_path), "enter")
        await pilot.pause()
        assert app.asked[:2] == ("adc", tmp_path)

    using(body)


def test_a_question_asked_in_one_burst_is_whole() -> None:
    async def body(app: Asking, pilot: Pilot[None]) -> None:
        burst(app, *"Why", "enter")
        await pilot.pause()
        assert app.asked[0] == "Why"

    using(body)


def test_what_is_pasted_holds_nothing_that_a_terminal_obeys() -> None:
    async def body(app: Asking, pilot: Pilot[None]) -> None:
        app.post_message(events.Paste(f"Why\n{HOSTILE}?"))
        await pilot.pause()
        await pilot.press("tab")
        app.post_message(events.Paste("\x1b[31m/nowhere"))
        await pilot.pause()
        assert app.question.text == "Why\n[/red] [@click=app.quit]quit[/]  漢字?"
        assert app.folder.value == "/nowhere"

    using(body)


@pytest.mark.parametrize("size", SIZES)
def test_recent_runs_are_shown_live_first_and_opened(own_home: Path, size: tuple[int, int]) -> None:
    store = Store(own_home)
    for run in (RUN, OTHER, THIRD):
        save(store, run, [_asked(run)])
    store.create("20261121-0512-aaaa")
    journal, _ = Journal.open(store.find(OTHER))

    async def body(app: Asking, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "unreadable" in app.recent.render_line(3).text)
        await pilot.press(*"kept", "escape")
        await pilot.pause()
        lines = [app.recent.render_line(y).text for y in range(4)]
        assert lines[0].startswith(">▶ planning") and lines[3].startswith(" ✗ unreadable")
        assert "[/red] [@click=app.quit]quit[/] 漢字" in lines[1] and "\x1b" not in "".join(lines)
        assert {cell_len(line) for line in lines} == {app.recent.size.width}
        await pilot.press("enter", "down", "enter", "end", "enter")
        await pilot.pause()
        assert app.question.text == "kept"

    got = using(body, size).got
    journal.close()
    opened = [(event.run, event.live) for event in got if isinstance(event, AskScreen.Opened)]
    assert opened == [(OTHER, True), (THIRD, False)]


def test_recent_runs_are_followed_while_the_screen_is_in_front(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.ask.REFRESH_S", 0.02)
    store = Store(own_home)
    save(store, RUN, [_asked(RUN)])

    async def body(app: Asking, pilot: Pilot[None]) -> None:
        def lines() -> list[str]:
            return [app.recent.render_line(y).text for y in range(2)]

        await until(pilot, lambda: "interrupted" in lines()[0])
        journal, _ = Journal.open(store.find(RUN))
        await until(pilot, lambda: "▶ planning" in lines()[0])
        save(store, OTHER, [_asked(OTHER)])
        await until(pilot, lambda: "interrupted" in lines()[1])
        await app.push_screen(Screen[None]())
        await until(pilot, lambda: not app.ask.workers)
        journal.close()
        app.pop_screen()
        await until(pilot, lambda: "interrupted" in lines()[0])

    using(body)


def _asked(run: str) -> RunCreated:
    return created(run, HOSTILE)


def test_function_keys_work_in_the_question_and_letters_after_escape() -> None:
    async def body(app: Asking, pilot: Pilot[None]) -> None:
        await pilot.press("f3", "f1", "ctrl+o", "s", "escape", "s", "question_mark", "escape", "q")
        assert app.question.text == "sq" and app.focused is app.question
        assert app.is_running
        await pilot.press("escape", "q")
        await pilot.pause()

    app = using(body)
    assert [type(event) for event in app.got] == [AskScreen.SessionsWanted] * 3
    assert app.helped == 2
    assert not app.is_running


@pytest.mark.parametrize("size", SIZES)
def test_the_keys_are_in_the_footer(size: tuple[int, int]) -> None:
    async def body(app: Asking, pilot: Pilot[None]) -> None:
        await pilot.pause()
        shown = {
            binding.binding.description for binding in app.ask.active_bindings.values() if binding.binding.show
        }
        assert {"ask", "next field", "sessions", "help", "then letters: s ? q"} <= shown
        assert app.question.has_focus and app.recent.size.height >= 4

    using(body, size)


def test_the_screens_need_no_models_to_be_painted() -> None:
    code = (
        "import sys, tui.screens.ask_form, tui.screens.sessions, tui.screens.confirm;"
        "print({'pydantic', 'anthropic', 'sessions.meta', 'sessions.store'} & set(sys.modules))"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
