"""The session browser: found by words, sorted, looked at, named, tagged, imported, exported, replayed."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from sessions.journal_reader import JOURNAL
from sessions.library import Library
from sessions.snapshot import SNAPSHOT
from sessions.store import Store
from tests.dashboards import until
from tests.example_runs import QUESTION, RUN, created
from tests.many_runs import fill
from tests.many_runs import run_id as many_id
from tests.test_index_search import BATTERY, DRUGS, WATER, run
from tests.test_sessions_screen import HOSTILE, Browser, browse
from tests.test_store import save
from tui.screens.confirm import ConfirmScreen
from tui.screens.prompt import PromptScreen
from tui.screens.session_actions import SessionActions
from tui.session_preview import SessionPreview

WIDE = (120, 40)


def preview(app: Browser) -> str:
    shown = app.screen.query_one(SessionPreview)
    return str(shown.query_one(Static).content) if shown.display else ""


def three(home: Path) -> Store:
    """Three runs that differ in question and report; the last was used last."""
    store = Store(home)
    for id in (BATTERY, WATER, DRUGS):
        save(store, id, run(id))
    return store


def listed(app: Browser) -> list[str]:
    return [line.split("  ")[1].strip() for line in app.lines() if line.strip()]


async def prompted(app: Browser, pilot: Pilot[None], key: str) -> Input:
    await pilot.press(key)
    await until(pilot, lambda: asks(app))
    return app.screen.query_one(Input)


def asks(app: Browser) -> bool:
    """Whether a line is asked for, and keys get there."""
    return isinstance(app.screen, PromptScreen) and app.screen.is_mounted


async def back(app: Browser, pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(app.screen, SessionActions))


def test_words_are_found_in_names_and_reports_as_they_are_typed(own_home: Path) -> None:
    three(own_home)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"batter")
        await until(pilot, lambda: app.head().startswith("Sessions · 2 of 3") and app.highlighted == BATTERY)
        await until(pilot, lambda: BATTERY in app.about())
        assert "found in" not in app.about()
        await pilot.press("enter", "down")
        await until(pilot, lambda: "In the report" in preview(app))
        await until(pilot, lambda: "found in the report" in app.about())
        assert app.highlighted == WATER
        assert "sold; batteries were not" in preview(app)
        await pilot.press("slash", *"x")
        await until(pilot, lambda: "No run matches" in app.lines()[0])
        await pilot.press("escape")
        await until(pilot, lambda: app.highlighted == DRUGS and " of " not in app.head())

    browse(body, WIDE)


def test_the_order_goes_round(own_home: Path) -> None:
    store = three(own_home)
    save(store, RUN, [created()])
    store.rename(RUN, "Begun")

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        for name, first in (("cost", "Where is"), ("state", "Begun"), ("last used", "Begun")):
            await pilot.press("o")
            await until(pilot, lambda name=name: f"sort: {name}" in app.head())
            await pilot.press("home")
            await until(pilot, lambda first=first: first in app.lines()[0])

    browse(body)


@pytest.mark.parametrize("key", ["p", "space"])
def test_the_preview_is_there_where_there_is_room_and_else_by_key(own_home: Path, key: str) -> None:
    store = three(own_home)
    store.tag(DRUGS, "pharma")

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        assert preview(app) == ""
        await pilot.press(key)
        await until(pilot, lambda: "Margins of insulin rose." in preview(app))
        for told in ("GLP-1 supply", "#pharma", "done, with gaps", "✓ 1 Music done", "✗ 2 Film failed timeout"):
            assert told in preview(app)
        assert "Resume runs 2 Film (failed: timeout) and the report." in preview(app)
        await pilot.press("down")
        await until(pilot, lambda: "The river was sold" in preview(app))
        await pilot.press(key)
        await until(pilot, lambda: preview(app) == "")
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "The river was sold" in preview(app))

    browse(body)


def test_a_preview_of_anything_is_inert(own_home: Path) -> None:
    store = Store(own_home)
    save(store, RUN, [created(question=HOSTILE), *run(BATTERY)[1:]])
    store.rename(RUN, "[@click=app.quit]x[/] [/red]")
    broken = save(store, BATTERY) / JOURNAL
    broken.write_bytes(b"\0\n")

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "[/red]" in preview(app) and "Margins fell" in preview(app))
        assert not any(sign in preview(app) for sign in "\x1b\x07\u202e")
        await pilot.press("down")
        await until(pilot, lambda: "is damaged" in preview(app))
        await pilot.press("x", "t")
        assert "is damaged" in app.notices()

    browse(body, WIDE)


def test_a_run_is_named_and_tagged_and_what_does_not_fit_is_not_lost(own_home: Path) -> None:
    store = three(own_home)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("down")
        (await prompted(app, pilot, "e")).value = "x" * 121
        await pilot.press("enter")
        await until(pilot, lambda: "121 characters" in app.notices() and asks(app))
        assert app.screen.query_one(Input).value == "x" * 121
        app.screen.query_one(Input).value = "Water"
        await pilot.press("enter")
        await back(app, pilot)
        await until(pilot, lambda: "Water" in app.lines()[1])
        assert (await prompted(app, pilot, "e")).value == "Water"
        await pilot.press("escape")
        await back(app, pilot)
        (await prompted(app, pilot, "number_sign")).value = "#rivers, law"
        await pilot.press("enter")
        await back(app, pilot)
        await until(pilot, lambda: "Water #rivers #law" in app.lines()[1])
        assert app.highlighted == WATER

    browse(body)
    (water,) = (meta for meta in store.list() if meta.run == WATER)
    assert (water.title, water.tags) == ("Water", ("rivers", "law"))


def test_a_file_is_imported_and_highlighted(own_home: Path, tmp_path: Path) -> None:
    three(own_home)
    file = save(Store(tmp_path / "elsewhere"), RUN) / SNAPSHOT

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        for wrong in ("/nowhere/x.json", "~nobody/x", str(tmp_path), "a\0b"):
            (await prompted(app, pilot, "i")).value = wrong
            before = len(app.notices())
            await pilot.press("enter")
            await until(pilot, lambda before=before: len(app.notices()) > before)
            await until(pilot, lambda: asks(app))
            await pilot.press("escape")
            await back(app, pilot)
        (await prompted(app, pilot, "i")).value = f" {file} "
        await pilot.press("enter")
        await back(app, pilot)
        await until(pilot, lambda: app.highlighted == RUN and QUESTION[:20] in app.lines()[0])

    browse(body)


def test_a_run_is_exported_or_replayed(own_home: Path) -> None:
    three(own_home)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("t")
        await until(pilot, lambda: app.replayed == [DRUGS])
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("escape")

    browse(body)


def held(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Keeps the library from asking the disk until what this answers is called."""
    go, read = threading.Event(), Library.read

    def waits(self: Library) -> int:
        go.wait(30)
        return read(self)

    monkeypatch.setattr(Library, "read", waits)
    return go.set


def test_what_the_index_has_is_shown_before_the_disk_was_asked(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(own_home, 300, words=(5, 9))
    library = Library(own_home)
    library.read()
    library.close()
    (own_home / "sessions" / many_id(0)).rename(own_home / "gone")
    go = held(monkeypatch)

    async def body(app: Browser, pilot: Pilot[None]) -> None:
        assert app.highlighted == many_id(0) and app.head().startswith("Sessions · 300")
        go()
        await until(pilot, lambda: app.highlighted == many_id(1) and app.head().startswith("Sessions · 299"))
        await pilot.press("end")
        assert app.highlighted == many_id(299)

    browse(body)
