"""Three hundred broken sessions: each opens or is explained, on the disk, in the browser and as an import."""

import asyncio
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from sessions.errors import BadInputError
from sessions.ids import new_run_id
from sessions.journal import Journal
from sessions.load import load
from sessions.recorder import Recorder
from sessions.snapshot import SNAPSHOT
from sessions.store import Store
from tests.broken_sessions import break_one, broken_file
from tests.dashboards import dashboard, screen_text, until
from tests.example_runs import RUN, finished_run
from tui.screens.sessions import SessionsScreen
from tui.session_rows import SessionList

MANY = 300


@pytest.fixture
def whole(own_home: Path) -> Path:
    """A saved session, whole."""

    async def main() -> Path:
        directory = Store(own_home).create(RUN)
        recorder = Recorder(directory, Journal.create(directory))
        for event in finished_run():
            recorder.record(event)
        await recorder.close()
        return directory

    return asyncio.run(main())


def _many(whole: Path, count: int) -> Counter[str]:
    """So many copies of a session, each broken; how many in which way."""
    from datetime import UTC, datetime

    rng = random.Random(count)
    ways: Counter[str] = Counter()
    for _ in range(count):
        copy = whole.parent / new_run_id(datetime.fromtimestamp(rng.randrange(10**9, 2 * 10**9), UTC), rng)
        shutil.copytree(whole, copy)
        ways[break_one(copy, rng)] += 1
    return ways


def test_each_opens_or_is_explained(own_home: Path, whole: Path) -> None:
    ways = _many(whole, MANY)
    assert len(ways) >= 10
    rows = Store(own_home).list()
    assert len(rows) == MANY + 1
    opened = 0
    for row in rows:
        try:
            state = load(own_home / "sessions" / row.run)
        except BadInputError as error:
            assert row.status == "unreadable"
            assert row.error and str(error).endswith(".") and "\n" not in str(error)
        else:
            opened += 1
            assert row.status != "unreadable"
            assert state.created is not None
    assert MANY / 3 < opened < MANY


def test_the_browser_shows_them_all(own_home: Path, whole: Path) -> None:
    _many(whole, MANY)

    async def main() -> None:
        async with dashboard(size=(120, 40)) as (app, pilot):
            app.action_sessions()
            await until(pilot, lambda: isinstance(app.screen, SessionsScreen))
            await until(pilot, lambda: f"Sessions · {MANY + 1}" in screen_text(app))
            listed = app.screen.query_one(SessionList)
            await until(pilot, lambda: listed.highlighted)
            seen: set[str] = set()
            for key in ("end", *["up"] * 30, "home", *["down"] * 30, *["pagedown"] * 6):
                await pilot.press(key)
                assert listed.highlighted is not None
                seen.add(listed.highlighted.run)
            assert len(seen) > 60
            assert isinstance(app.screen, SessionsScreen)

    asyncio.run(main())


def test_each_import_is_refused_in_a_sentence_or_opens(own_home: Path, whole: Path, tmp_path: Path) -> None:
    exported, rng = (whole / SNAPSHOT).read_bytes(), random.Random(1)
    taken = refused = 0
    for number in range(MANY):
        file = tmp_path / f"{number}.json"
        file.write_bytes(broken_file(rng, exported))
        store = Store(tmp_path / f"home{number}")
        try:
            run = store.import_file(file)
        except BadInputError as error:
            refused += 1
            assert "\n" not in str(error) and str(error).endswith(".")
            assert not [path for path in (tmp_path / f"home{number}").rglob("*") if path.is_file()]
        else:
            taken += 1
            assert load(store.find(run)).created is not None
    assert refused > MANY / 3
    assert taken > 0
