"""A session from elsewhere does not decide which folder is read here, however its run goes on."""

import asyncio
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path

import pytest
from textual.notifications import Notification

from agents.documents.tools import BadFolderError
from agents.forking import fork
from agents.run import FolderNeededError, Settings, ask, resume
from sessions.events import PlanApproved
from sessions.export.formats import export_run
from sessions.load import load
from sessions.state import RunState
from sessions.store import Store
from tests.dashboards import dashboard, screen_text, typed, until
from tests.running import hubspoke
from tui.app import Dashboard
from tui.screens.prompt import PromptScreen
from tui.screens.sessions import SessionsScreen
from tui.session_rows import SessionList

QUESTION = "What is the code of the house?"
SECRET = "# Diary\n\nThe alarm code of the house is Zanzibar; the owner changed it in 2024."
HARMLESS = "# House\n\nThe code of the house is built of 12 letters, and was painted in 2019."


def folder(path: Path, text: str) -> Path:
    """A folder with one document."""
    path.mkdir()
    (path / "document.md").write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """The folder that a person names."""
    return folder(tmp_path / "library", HARMLESS)


@pytest.fixture
def run(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of an imported run, stopped when it had a plan, whose events name a private folder."""
    private = folder(tmp_path / "private", SECRET)
    monkeypatch.setenv("HUBSPOKE_HOME", str(tmp_path / "there"))

    async def stopped() -> str:
        run = ask(QUESTION, Settings(docs=private, provider="embedded"))

        def listen(item: object) -> None:
            if isinstance(item, PlanApproved):
                work.cancel()

        work = asyncio.create_task(run.work(listen))
        await asyncio.wait([work])
        return run.id

    made = asyncio.run(stopped())
    file = tmp_path / "run.json"
    file.write_bytes(export_run(Store(tmp_path / "there").find(made), "json"))
    monkeypatch.setenv("HUBSPOKE_HOME", str(own_home))
    return Store(own_home).import_file(file)


def read(own_home: Path, run: str) -> RunState:
    """The run as it is saved; nothing of the private folder is in it."""
    directory = Store(own_home).find(run)
    assert not any(b"Zanzibar" in path.read_bytes() for path in directory.rglob("*") if path.is_file())
    return load(directory)


def notices(app: Dashboard) -> list[str]:
    told: Iterable[Notification] = attrgetter("_notifications")(app)
    return [notice.message for notice in told]


def docs(state: RunState) -> str:
    assert state.created is not None
    return state.created.docs


def test_its_folder_is_named_by_a_person_once(own_home: Path, run: str, named: Path, tmp_path: Path) -> None:
    for refused in (lambda: resume(run), lambda: resume(run, retry={}), lambda: fork(run), lambda: resume("last")):
        with pytest.raises(FolderNeededError, match=f"^{run} was made over .*private.*--docs"):
            refused()
    done = hubspoke("resume", run, "--plain", "--yes")
    assert done.returncode == 2 and "--docs" in done.stderr
    with pytest.raises(BadFolderError):
        asyncio.run(resume(run, Settings(docs=tmp_path / "nowhere")).work())
    with pytest.raises(FolderNeededError):
        resume(run)
    state = asyncio.run(resume(run, Settings(docs=named)).work())
    assert state.report is not None
    assert docs(read(own_home, run)) == str(named)
    # It is a run of this place now.
    assert docs(asyncio.run(resume(run).work())) == str(named)
    forked = asyncio.run(fork(run).work())
    assert docs(forked) == str(named)


def test_a_fork_reads_what_a_person_names(own_home: Path, run: str, named: Path) -> None:
    forked = fork(run, Settings(docs=named))
    assert docs(asyncio.run(forked.work())) == str(named)
    assert docs(asyncio.run(resume(forked.id).work())) == str(named)
    with pytest.raises(FolderNeededError):
        resume(run)


@pytest.mark.parametrize("key", ["c", "F"])
def test_the_dashboard_asks_for_the_folder(own_home: Path, run: str, named: Path, key: str) -> None:
    async def main() -> None:
        async with dashboard(size=(80, 24)) as (app, pilot):
            app.action_sessions()
            await until(pilot, lambda: isinstance(app.screen, SessionsScreen) and app.screen.is_mounted)
            await until(pilot, lambda: app.screen.query_one(SessionList).highlighted)
            await pilot.press(key)
            if key == "F":
                await until(pilot, lambda: "The fork's question" in screen_text(app))
                await pilot.press("enter")
            await until(pilot, lambda: "Folder it may read" in screen_text(app))
            await typed(pilot, str(named / "no"))
            await pilot.press("enter")
            await until(pilot, lambda: any("There is no folder" in notice for notice in notices(app)))
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            await pilot.press("backspace", "backspace", "backspace", "enter")
            await until(pilot, lambda: app.seat and docs(app.seat.state) == str(named))
            seat = app.seat
            assert seat is not None
            if key == "F":
                await until(pilot, lambda: seat.state.status == "waiting")
                app.steering.stop()
                await pilot.press("y")
            await until(pilot, lambda: seat.state.exit is not None)
            assert docs(read(own_home, seat.run)) == str(named)

    asyncio.run(main())


def test_escape_begins_nothing_and_says_what_it_waits_for(own_home: Path, run: str) -> None:
    async def main() -> None:
        async with dashboard(size=(80, 24)) as (app, pilot):
            await app.open(run)
            await until(pilot, lambda: app.screen is app.run_screen)
            await pilot.press("c")
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            await pilot.press("escape")
            await until(pilot, lambda: "it goes on when you name the folder" in screen_text(app))
            assert app.seat and not app.seat.live

    asyncio.run(main())
