"""The seconds in which an engine reads the documents: they are not passed over in silence."""

import asyncio
import fcntl
import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agents.port.link import in_thread
from sessions.paths import private_directory
from sessions.store import Store
from tests.dashboards import dashboard, screen_text, typed, until
from tests.test_pipeline import docs as docs
from tui.app import Dashboard
from tui.layout import layout
from tui.screens.ask import AskScreen
from tui.screens.plan_review import PlanReview
from tui.start import Start
from tui.widgets.rail import Rail


@contextmanager
def being_read(home: Path, docs: Path) -> Generator[None]:
    """Has these documents read by somebody else, for whom everybody waits."""
    name = hashlib.sha256(str(docs.resolve()).encode()).hexdigest()[:32]
    with (private_directory(home / "cache" / "documents") / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_until_a_run_has_begun_its_screen_says_what_is_done(
    own_home: Path, docs: Path, size: tuple[int, int]
) -> None:
    asking = Start(question="What do brushes cost?", settings={"docs": str(docs), "provider": "embedded"})

    async def main() -> None:
        with being_read(own_home, docs):
            async with dashboard(asking, size=size) as (app, pilot):
                await until(pilot, lambda: screen_text(app).count("reads the documents first") == 2)
                text, rail = screen_text(app), app.run_screen.query_one(Rail)
                assert text.startswith(" hubspoke") and "╭─ coordinator ─" in text and "timeline" not in text
                assert rail.outer_size.width == layout(*size, 0, focus=False).rail
                await pilot.press("o")
                # The key is answered, and what is done still stands above.
                await until(pilot, lambda: screen_text(app).count("the engine starts") == 2)
                assert screen_text(app).count("reads the documents first") == 1

    asyncio.run(main())


def test_it_is_said_over_the_screen_on_which_was_asked_and_no_longer(own_home: Path, docs: Path) -> None:
    async def main() -> None:
        app = Dashboard(Start(), in_thread())
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: app.loaded and isinstance(app.screen, AskScreen))
            with being_read(own_home, docs):
                await typed(pilot, "What do brushes cost?")
                await pilot.press("tab")
                await typed(pilot, str(docs))
                await pilot.press("enter")
                await until(pilot, lambda: "The engine starts" in screen_text(app))
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            assert "The engine starts" not in screen_text(app)

    asyncio.run(main())


def test_who_asks_twice_begins_one_run(own_home: Path, docs: Path) -> None:
    async def main() -> None:
        async with dashboard(size=(80, 24)) as (app, pilot):
            with being_read(own_home, docs):
                await typed(pilot, "What do brushes cost?")
                await pilot.press("tab")
                await typed(pilot, str(docs))
                app.simulate_key("enter")
                app.simulate_key("enter")
                await until(pilot, lambda: [said for said in app.notices.said if "is about to begin" in said.text])
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            assert len(Store(own_home).list()) == 1

    asyncio.run(main())
