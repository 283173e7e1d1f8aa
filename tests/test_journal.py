"""The journal: what was appended is what is read, and a run has one writer."""

import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from sessions.events import AnyEvent, BlockFinished, Noticed, ToolCalled
from sessions.journal import Journal, SessionBusyError
from sessions.journal_reader import JOURNAL, Replay, read_journal
from sessions.load import fold_all
from sessions.paths import UnwritableError
from tests.example_runs import finished_run
from tests.journals import keep, noticed
from tests.random_events import EVENTS


def test_what_was_appended_is_read_back_numbered_and_stamped(tmp_path: Path) -> None:
    before = time.time()
    kept = keep(tmp_path / "run", finished_run())
    replay = read_journal(tmp_path / "run")
    assert replay == Replay(tuple(kept))
    assert [event.seq for event in kept] == list(range(1, len(kept) + 1))
    assert all(before <= event.at <= time.time() for event in kept)
    assert [event.t for event in kept] == sorted(event.t for event in kept)


def test_a_line_is_a_checksum_and_the_event(tmp_path: Path) -> None:
    keep(tmp_path / "run", finished_run()[:1])
    line = (tmp_path / "run" / JOURNAL).read_bytes()
    assert line.startswith(b'{"c":"') and line[14:20] == b'","e":' and line.endswith(b"}\n")
    assert b'"schema":1,"seq":1,' in line


def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    keep(tmp_path / "run", finished_run()[:1])
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "run").iterdir()} == {0o600}


def test_going_on_continues_numbers_and_the_runs_clock(tmp_path: Path) -> None:
    kept = keep(tmp_path / "run", finished_run())
    journal, replay = Journal.open(tmp_path / "run")
    assert replay.events == tuple(kept)
    more = journal.append(noticed("again"))
    journal.close()
    assert more.seq == len(kept) + 1
    assert kept[-1].t <= more.t < kept[-1].t + 60
    assert read_journal(tmp_path / "run").events == (*kept, more)


@given(st.lists(EVENTS, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_fold_of_what_is_read_is_the_fold_of_what_was_appended(events: list[AnyEvent]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        kept = keep(Path(directory) / "run", events)
        replay = read_journal(Path(directory) / "run")
        assert replay == Replay(tuple(kept))
        assert fold_all(replay.events) == fold_all(kept)


def test_what_json_cannot_hold_is_made_harmless(tmp_path: Path) -> None:
    deep: JsonValue = []
    for _ in range(230):
        deep = [deep]
    call = ToolCalled(
        spoke="a", attempt=1, turn=1, call="t", name="x\ud800y", input={"k\udfff": float("inf"), "d": deep}
    )
    (kept,) = keep(tmp_path / "run", [call])
    assert read_journal(tmp_path / "run").events == (kept,)
    assert isinstance(kept, ToolCalled) and isinstance(kept.input, dict)
    assert kept.name == "x?y"
    assert kept.input["k\ufffd\ufffd\ufffd"] is None
    assert str(kept.input["d"]).strip("[]") == "'…'"


def test_fields_of_a_later_version_are_kept(tmp_path: Path) -> None:
    (kept,) = keep(tmp_path / "run", [Noticed.model_validate({"message": "m", "mood": {"is": "good"}})])
    assert kept.model_extra == {"mood": {"is": "good"}}
    assert read_journal(tmp_path / "run").events == (kept,)


def test_very_long_lines_are_fine(tmp_path: Path) -> None:
    text = "long — " * 1_000_000
    block = BlockFinished(spoke="a", attempt=1, turn=1, block=0, type="text", text=text)
    kept = keep(tmp_path / "run", [*finished_run()[:1], block, noticed("after")])
    assert read_journal(tmp_path / "run") == Replay(tuple(kept))


def test_a_second_journal_of_a_run_is_refused(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "run")
    with pytest.raises(SessionBusyError) as busy:
        Journal.create(tmp_path / "run")
    assert busy.value.pid == os.getpid()
    assert str(os.getpid()) in str(busy.value)
    journal.close()
    with pytest.raises(UnwritableError, match="file exists"):
        Journal.create(tmp_path / "run")
