"""Times that nobody's clock shows, in a session from elsewhere, take nothing down."""

import json
from pathlib import Path

import pytest

from sessions.export.formats import export_run
from sessions.load import load
from sessions.meta import META, read_meta
from sessions.session_file import BadSessionFileError
from sessions.store import Store
from tests.replays import Replay, replay
from tests.running import hubspoke
from tests.screen_replay import kept
from tests.screen_runs import RUN
from tui.screens.run import RunScreen

ABSURD = [-100.0, 1e18, -1e18]


def imported(home: Path, tmp_path: Path, stamp: str, value: float) -> Path:
    """The directory of a run that was imported with this value in every event."""
    there = tmp_path / "there"
    kept(there)
    document = json.loads(export_run(there / "sessions" / RUN, "json"))
    for event in document["events"]:
        event[stamp] = value
    path = tmp_path / "x.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    store = Store(home)
    return store.find(store.import_file(path))


@pytest.mark.parametrize("value", ABSURD)
@pytest.mark.parametrize("stamp", ["t", "at"])
def test_any_time_is_brought_within_bounds(own_home: Path, tmp_path: Path, stamp: str, value: float) -> None:
    state = load(imported(own_home, tmp_path, stamp, value))
    assert 0 <= state.seconds <= 1e9
    assert 0 <= state.started_at <= state.updated_at <= 32_503_680_000


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_time_that_is_no_number_is_refused(own_home: Path, tmp_path: Path, value: float) -> None:
    with pytest.raises(BadSessionFileError, match="cannot be saved"):
        imported(own_home, tmp_path, "t", value)


@pytest.mark.parametrize("value", ABSURD)
def test_replay_and_timeline_show_a_run_whose_clock_ran_wild(own_home: Path, tmp_path: Path, value: float) -> None:
    imported(own_home, tmp_path, "t", value)

    async def body(opened: Replay) -> None:
        await opened.until(lambda: opened.screen.places)
        await opened.press("end", "left", "escape")
        await opened.at(RunScreen)
        await opened.until(lambda: "─ timeline" in opened.text)

    replay(body, size=(200, 60))


@pytest.mark.parametrize("value", [1e18, -1e18])
def test_every_list_of_runs_shows_one_of_no_known_day(own_home: Path, tmp_path: Path, value: float) -> None:
    directory = imported(own_home, tmp_path, "at", value)
    # An earlier version kept what it was told.
    meta = json.loads((directory / META).read_bytes())
    (directory / META).write_text(json.dumps({**meta, "updated": value, "started": value}), encoding="utf-8")
    assert read_meta(directory).updated <= 32_503_680_000
    for words in (["sessions"], ["show", RUN], ["show", "--stats", RUN], ["export", RUN, "--format", "html"]):
        done = hubspoke(*words)
        assert (done.returncode, done.stderr) == (0, ""), words
