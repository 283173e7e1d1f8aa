"""Tags in the list of runs: whole ones, as many as have room, and a word on the others."""

import asyncio
from pathlib import Path

from textual.pilot import Pilot

from sessions.store import Store
from tests.dashboards import dashboard, screen_text, typed, until
from tests.example_runs import RUN
from tests.running import hubspoke
from tests.test_store import save
from tui.screens.prompt import PromptScreen
from tui.screens.sessions import SessionsScreen
from tui.session_rows import hidden_tags, row, shown_tags

MANY = "art ai music film games law unions wages"


def test_a_row_shows_whole_tags_and_how_many_more_there_are(own_home: Path) -> None:
    save(Store(own_home))
    Store(own_home).tag(RUN, MANY)
    (meta,) = Store(own_home).list()
    _, narrow = row(meta, 80, meta.updated)
    assert " #art #ai" in narrow and " +" in narrow
    assert hidden_tags(meta, 80, meta.updated) == 8 - narrow.count("#") > 0
    _, wide = row(meta, 200, meta.updated)
    assert " #wages" in wide and hidden_tags(meta, 200, meta.updated) == 0
    assert shown_tags(("a", "b"), 0) == " +2"
    assert shown_tags((), 10) == ""


def test_it_is_said_when_they_are_set(own_home: Path) -> None:
    save(Store(own_home))

    async def main() -> None:
        async with dashboard(size=(80, 24)) as (app, pilot):
            app.push_screen(SessionsScreen())
            await until(pilot, lambda: "gaps" in screen_text(app))
            await tag(pilot, "art")
            await until(pilot, lambda: "#art" in screen_text(app))
            assert not list(app.notices.said)
            await tag(pilot, f" {MANY}")
            await until(pilot, lambda: app.notices.said)
            assert "of 8 tags; p shows all of them" in app.notices.said[-1].text

    async def tag(pilot: Pilot[int], words: str) -> None:
        await pilot.press("number_sign")
        await until(pilot, lambda: isinstance(pilot.app.screen, PromptScreen))
        await typed(pilot, words)
        await pilot.press("enter")

    asyncio.run(main())


def test_the_printed_list_has_all_of_them(own_home: Path) -> None:
    save(Store(own_home))
    Store(own_home).tag(RUN, MANY)
    printed = hubspoke("sessions", COLUMNS="200").stdout
    assert all(f"#{word}" in printed for word in MANY.split())
