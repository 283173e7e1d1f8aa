"""The session browser, on real session directories."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from sessions import paths
from sessions.events import RunEnded
from sessions.journal import Journal
from sessions.meta import SessionMeta
from sessions.run_lock import take_lock
from sessions.store import Store
from tests.dashboards import until
from tests.example_runs import RUN, created, finished_run
from tests.test_rerun import ALL, REPORT, SUPPORTED, every, planned
from tests.test_store import save
from tui.screens.confirm import ConfirmScreen
from tui.screens.session_actions import SessionActions
from tui.screens.sessions import SessionChoice, SessionsScreen
from tui.session_rows import SessionList, age, row, tokens

HOSTILE = "[/red] \x1b]52;c;x\x07[@click=app.quit]quit[/] \u202e 漢字 " + "why? " * 40
SIZES = [(80, 24), (120, 40), (200, 60)]

Body = Callable[["Browser", Pilot[None]], Coroutine[None, None, None]]


class Browser(App[None]):
    """Shows the screen and keeps what it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[SessionChoice | str | None] = []
        self.replayed: list[str] = []

    def on_mount(self) -> None:
        self.push_screen(SessionsScreen(), self.answers.append)

    def on_session_actions_wanted(self, event: SessionActions.Wanted) -> None:
        self.replayed.append(event.run)

    @property
    def runs(self) -> SessionList:
        return self.screen.query_one(SessionList)

    @property
    def highlighted(self) -> str:
        return self.runs.highlighted.run if self.runs.highlighted else ""

    def lines(self) -> list[str]:
        return [self.runs.render_line(y).text for y in range(self.runs.size.height)]

    def has_read(self) -> bool:
        """Whether the list shows what is saved, and the line below it what can be done with that."""
        nothing = "No runs are saved" in self.lines()[0] and not any(paths.home().glob("sessions/2*"))
        return self.runs.has_focus and (nothing or self.about() != "")

    def head(self) -> str:
        return str(self.screen.query_one("#head", Static).content)

    def about(self) -> str:
        return str(self.screen.query_one("#about", Static).content)

    def notices(self) -> str:
        return " ".join(notice.message for notice in self._notifications)


def browse(body: Body, size: tuple[int, int] = (80, 24)) -> Browser:
    app = Browser()

    async def main() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(pilot, app.has_read)
            await body(app, pilot)

    asyncio.run(main())
    return app


def run_id(number: int) -> str:
    return f"20261121-{number:04d}-aaaa"


def some(home: Path, count: int, question: str = "Question") -> Store:
    """Saved runs of which the last is the newest."""
    store = Store(home)
    for number in range(count):
        save(store, run_id(number), [created(run_id(number), f"{question} {number}?"), *finished_run()[1:]])
    return store


@pytest.mark.parametrize("size", SIZES)
def test_rows_fit_and_hold_nothing_that_a_terminal_obeys(own_home: Path, size: tuple[int, int]) -> None:
    some(own_home, 30, HOSTILE)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("end", "d", "slash", *"why")
        await until(pilot, lambda: " of " in app.head())
        lines = app.lines()
        width = app.runs.scrollable_content_region.width
        assert {cell_len(line) for line in lines} == {width}
        assert lines[0].startswith(" ! gaps         [/red]") and "now     1✓1✗      120" in lines[0]
        assert [n for n, line in enumerate(lines) if line.startswith(">")] == [
            app.runs.cursor - app.runs.scroll_offset.y
        ]
        assert lines[0].endswith("-aaaa") or size[0] < 200
        assert not any(sign in "".join(lines) + app.about() for sign in "\x1b\x07\u202e")

    browse(body, size)


def test_live_runs_come_first_and_what_cannot_be_read_last(own_home: Path) -> None:
    store = some(own_home, 3)
    store.create(RUN)
    journal, _ = Journal.open(store.find(run_id(1)))

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        assert [line.split("Question ")[-1][:2] for line in app.lines()[:3]] == ["1?", "2?", "0?"]
        assert app.lines()[3].startswith(" ✗ unreadable")
        await until(pilot, lambda: "live: enter attaches" in app.about())
        await pilot.press("c", "d")
        assert "enter attaches to it" in app.notices()
        assert f"stop it before you delete it: X in the run, or hubspoke stop {run_id(1)}" in app.notices()
        await pilot.press("enter")

    answers = browse(body).answers
    journal.close()
    assert answers == [SessionChoice(run_id(1), "attach")]


@pytest.mark.parametrize(("key", "action"), [("enter", "open"), ("c", "resume")])
def test_a_run_is_opened_or_resumed(own_home: Path, key: str, action: str) -> None:
    some(own_home, 3)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "resume runs 1 failed spoke and the report" in app.about())
        await pilot.press("end", "k", "home", "j", key)

    (choice,) = browse(body).answers
    assert isinstance(choice, SessionChoice) and (choice.run, choice.action) == (run_id(1), action)


def test_a_finished_run_is_not_resumed(own_home: Path) -> None:
    finished = [created(), *planned(), *every(ALL), *SUPPORTED, REPORT, RunEnded(status="done", exit=0)]
    save(Store(own_home), RUN, finished)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "not needed" in app.about())
        await pilot.press("c")
        assert "finished; nothing to resume" in app.notices()

    assert browse(body).answers == []


def test_deleting_asks_twice_and_is_undone_one_by_one(own_home: Path) -> None:
    store = some(own_home, 4)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("d")
        assert "d again deletes “Question 3?”" in app.about()
        await pilot.press("down", "up")
        assert "d again" not in app.about()
        await pilot.press("down", "d")
        assert "d again deletes “Question 2?”" in app.about() and len(store.list()) == 4
        await pilot.press("d")
        await until(pilot, lambda: app.highlighted == run_id(1))
        await pilot.press("d", "d")
        await until(pilot, lambda: app.highlighted == run_id(0))
        assert [meta.run for meta in store.list()] == [run_id(3), run_id(0)]
        await pilot.press("u")
        await until(pilot, lambda: app.highlighted == run_id(1))
        await pilot.press("u", "u")
        await until(pilot, lambda: app.highlighted == run_id(2))
        assert "nothing to undo" in app.notices()

    browse(body)
    assert len(store.list()) == 4


def test_the_count_above_the_list_is_of_what_is_in_it(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.sessions.REFRESH_S", 0.05)
    store = some(own_home, 7)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        def told(count: int) -> bool:
            listed = sum("Question" in line for line in app.lines())
            return listed == count and app.head().startswith(f"Sessions · {count} ·")

        await until(pilot, lambda: told(7))
        for left in (6, 5):
            await pilot.press("d", "d")
            await until(pilot, lambda left=left: told(left) and "brings it back" in app.notices())
            store.rename(run_id(0), f"Question of {left}")
            await until(pilot, lambda left=left: f"Question of {left}" in "".join(app.lines()))  # read again
            assert told(left)
        await pilot.press("u")
        await until(pilot, lambda: told(6) and "brings it back" not in app.notices())
        await pilot.press("u")
        await until(pilot, lambda: told(7))

    browse(body)


def test_a_run_that_went_live_meanwhile_is_not_deleted(own_home: Path) -> None:
    store = some(own_home, 1)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("d")
        lock = take_lock(store.find(run_id(0)))
        await pilot.press("d")
        await until(pilot, lambda: "is being worked on" in app.notices() or "live" in app.notices())
        os.close(lock)

    browse(body)
    assert len(store.list()) == 1


def test_what_cannot_be_read_says_why_and_can_be_deleted(own_home: Path) -> None:
    store = Store(own_home)
    store.create(RUN)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "nothing was saved of it" in app.about())
        await pilot.press("enter", "c")
        assert "nothing was saved of it" in app.notices()
        await pilot.press("d", "d")
        await until(pilot, lambda: "No runs are saved yet" in app.lines()[0])

    assert browse(body).answers == []
    assert store.list() == []


def test_the_filter_narrows_and_escape_clears_it(own_home: Path) -> None:
    some(own_home, 12)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"QUEST 7")
        await until(pilot, lambda: app.highlighted == run_id(7) and app.lines()[1].strip() == "")
        await pilot.press("enter", "R")
        await pilot.pause()
        assert app.focused is app.runs and app.highlighted == run_id(7)
        await pilot.press("slash", "x")
        await until(pilot, lambda: "No run matches" in app.lines()[0])
        await pilot.press("enter", "c", "d", "escape")
        await until(pilot, lambda: "Question 0?" in app.lines()[11] and app.focused is app.runs)
        await pilot.press("escape")

    assert browse(body).answers == [None]


def test_the_list_follows_the_disk_and_keeps_its_place(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.sessions.REFRESH_S", 0.05)
    store = some(own_home, 22)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("end", *["up"] * 15, *["down"] * 3)
        place = app.runs.cursor - app.runs.scroll_offset.y
        kept, line = app.highlighted, app.lines()[place]
        save(store, RUN)
        journal, _ = Journal.open(store.find(run_id(5)))
        await until(pilot, lambda: app.runs.cursor == 11 and app.runs.cursor - app.runs.scroll_offset.y == place)
        assert app.highlighted == kept
        assert app.lines()[place] == line
        journal.close()

    browse(body, (80, 14))


def test_a_directory_that_cannot_be_read_is_one_sentence(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "sessions").write_text("")

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "cannot be read: not a directory" in app.about())
        assert "cannot be read" in app.lines()[0]
        (own_home / "sessions").unlink()
        await pilot.press("R")
        await until(pilot, lambda: "No runs are saved yet" in app.lines()[0])

    browse(body)


def test_the_words_of_a_row() -> None:
    ages = [age(seconds) for seconds in (-5, 59, 60, 3_599, 7_200, 90_000, 15 * 86_400, 1e12)]
    assert ages == ["now", "now", "1m", "59m", "2h", "1d", "2w", "999w"]
    assert [tokens(n) for n in (0, 999, 1_000, 1_234_567, 10**12)] == ["0", "999", "1k", "1.23M", "999M"]
    meta = SessionMeta(run=RUN, question="Why Ä?", status="interrupted", spokes_total=6, spokes_done=1)
    for width in range(1, 210):
        assert sum(map(cell_len, row(meta.model_copy(update={"question": "漢" * 300}), width, 0))) == width


@pytest.mark.parametrize(
    ("keys", "answer"), [("enter", "leave"), ("x", "cancel"), ("down enter", "cancel"), ("escape", "")]
)
def test_a_question_is_answered_by_key_or_list(keys: str, answer: str) -> None:
    async def body(app: Browser, pilot: Pilot[None]) -> None:
        choices = [("l", "leave [/red]", "leave"), ("x", "\x1b[31mcancel", "cancel")]
        app.push_screen(ConfirmScreen(HOSTILE, choices), app.answers.append)
        await pilot.pause()
        await pilot.press("7", *keys.split())
        await pilot.pause()

    assert browse(body).answers == [answer]


def test_what_was_cancelled_is_counted() -> None:
    meta = SessionMeta(run="r", status="gaps", spokes_total=3, spokes_cancelled=1, spokes_failed=2)
    state, rest = row(meta, 120, 0.0)
    assert state.startswith("! gaps")
    assert "0✓2✗1⊘" in rest
