"""What the command line says where something cannot be, and in its lists: true, and about the right thing."""

import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from sessions.run_lock import take_lock
from sessions.store import Store
from tests.example_runs import finished_run
from tests.running import hubspoke
from tests.screen_reports import TEXTS, finished
from tests.screen_runs import RUN, created, in_the_middle, keep


@pytest.fixture
def ended(own_home: Path) -> str:
    """A finished run."""
    keep(own_home, RUN, finished(), *TEXTS)
    return RUN


def refused(*command: str, **env: str) -> str:
    """The one sentence with which a command is refused."""
    done = hubspoke(*command, **env)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr.removeprefix("hubspoke: ").strip()


def test_attaching_to_a_run_that_has_ended_says_so(ended: str) -> None:
    said = refused("attach", "last")
    ways = f"read it with: hubspoke show {ended}; open it with: hubspoke replay {ended}"
    assert said == f"The run {ended} has ended; {ways}"


def test_a_live_run_is_not_gone_on_with_and_it_is_said_what_opens_it(own_home: Path) -> None:
    keep(own_home, RUN, in_the_middle().events)
    lock = take_lock(Store(own_home).find(RUN))
    said = refused("resume", RUN, "--plain")
    os.close(lock)
    assert said == f"The run {RUN} is live; come to it with: hubspoke attach {RUN}"


def test_the_last_run_is_a_live_one_where_that_alone_can_be_meant(ended: str, own_home: Path) -> None:
    live = "20260101-0000-aaaa"
    keep(own_home, live, [created(live).model_copy(update={"at": 1.0})])
    assert Store(own_home).find("last").name == ended
    lock = take_lock(Store(own_home).find(live))
    said = refused("stop", "last")
    os.close(lock)
    assert live in said and "nothing to stop" not in said


def test_the_last_run_is_named_where_nothing_of_it_failed(own_home: Path) -> None:
    keep(own_home, RUN, [created()])
    assert refused("retry", "last") == f"No spoke of {RUN} has failed; there is nothing to retry."


def test_a_folder_that_is_none_is_refused_before_anything_is_said_of_the_run(ended: str) -> None:
    said = refused("fork", ended, "--docs", "/nope")
    assert said == "argument --docs: '/nope' is not a folder; see `hubspoke fork --help`."


def test_a_run_that_is_taken_up_has_defaults_of_its_own() -> None:
    assert "(default: the sample library)" in hubspoke("ask", "--help", COLUMNS="200").stdout
    for command in ("resume", "retry", "fork"):
        told = hubspoke(command, "--help", COLUMNS="200").stdout
        assert "sample library" not in told and "folder of documents (default: the run’s own)" in told


def test_a_data_directory_that_is_a_file_is_what_is_complained_of(tmp_path: Path) -> None:
    home = tmp_path / "a-file"
    home.write_text("")
    said = refused("ask", "Why?", "--provider", "embedded", "--yes", HUBSPOKE_HOME=str(home))
    assert said.endswith(f"cannot be made: {home} is a file.")


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_the_list_of_runs_has_a_line_a_run(own_home: Path, columns: int) -> None:
    question = "How do illustrators, translators and musicians use it, and what does that do to their fees?"
    keep(own_home, RUN, [created(question=question), *finished_run()[1:]])
    _, _, row = hubspoke("sessions", COLUMNS=str(columns)).stdout.splitlines()
    assert row.startswith(RUN) and "How do illustrators" in row and cell_len(row.rstrip()) <= columns
    assert (" tok " in row) == (columns >= 120) and row.rstrip().endswith("fees?" if columns == 200 else "…")


def test_of_what_cannot_be_read_the_list_says_no_day(own_home: Path) -> None:
    Store(own_home).create(RUN)
    listed = hubspoke("sessions").stdout
    assert RUN in listed and "unreadable" in listed
    assert "1970" not in listed and "0✓" not in listed
