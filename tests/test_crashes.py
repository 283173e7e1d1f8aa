"""Kills, power cuts and full disks, at every moment there is: what was acknowledged is there, and goes on."""

import asyncio
import errno
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.calls.live_text import LiveText
from agents.run import Settings, ask
from sessions.events import AnyEvent, AttemptFinished, AttemptStarted, PlanApproved, ReportFinished
from sessions.journal_reader import JOURNAL, read_journal
from sessions.load import load
from sessions.store import Store
from tests.disk import Disk
from tests.power_loss import RecordedDisk
from tests.running import ROOT, environment, hubspoke, program
from tests.test_pipeline import docs as docs
from tests.told_run import problems, tell

KILLS = int(os.environ.get("HUBSPOKE_SOAK_CRASHES", "1"))
"""Random kills of a real run; many more by `python -m tests.soak crashes`."""

EVERY = int(os.environ.get("HUBSPOKE_SOAK_EVERY", "17"))
"""Of the calls at which a run can be killed, each so many-th is tried."""


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """A directory where syncs cost nothing, where there is one: a thousand of them are made."""
    if not Path("/dev/shm").is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as directory:
        yield Path(directory)


def test_a_kill_at_any_write_loses_nothing_that_was_acknowledged(
    in_memory: Path, record_property: Callable[[str, object], None]
) -> None:
    command = [sys.executable, "-m", "tests.crash_points", str(in_memory), str(EVERY)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cases = [json.loads(line) for line in done.stdout.splitlines()]
    record_property("cases", len(cases))
    assert len(cases) > 250 / EVERY
    assert all(case["killed"] for case in cases)
    assert [case for case in cases if case["bad"]] == []


def test_no_power_cut_loses_what_was_acknowledged(
    in_memory: Path, record_property: Callable[[str, object], None]
) -> None:
    home = in_memory / "home"
    home.mkdir()
    with RecordedDisk(home) as disk:
        tell(home, disk.acknowledge)
    record_property("states", len(disk.states))
    assert len(disk.states) >= 250
    bad: list[str] = []
    for number, state in enumerate(disk.states):
        state.make(in_memory / str(number))
        bad += problems(in_memory / str(number), state.acknowledged)
    assert bad == []


def test_random_kills_of_a_real_run_cost_no_finished_work(
    own_home: Path, record_property: Callable[[str, object], None]
) -> None:
    rng, kills, runs = random.Random(KILLS), 0, 0
    while kills < KILLS:
        runs += 1
        known = ""
        while True:
            what = ("resume", known, "--yes") if known else ("ask", "How do artists use AI?", "--yes")
            pace = {"HUBSPOKE_HOME": str(own_home)}
            process = subprocess.Popen(
                # Each kill costs a run the turns that were under way; its cap on them is another test's.
                program(*what, "--plain", "--provider", "embedded", "--max-turns", "100000"),
                env=environment(**pace),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            known = _until_it_has_begun(own_home, process, known)
            before = read_journal(own_home / "sessions" / known)
            # Not the verdict hangs on this clock, only where the kill falls.
            try:
                process.wait(rng.uniform(0.0, 1.2))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                kills += 1
            after = read_journal(own_home / "sessions" / known)
            assert after.damaged == 0
            assert after.events[: len(before.events)] == before.events
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL
            if kills >= KILLS:
                done = hubspoke("resume", known, "--yes", HUBSPOKE_HOME=str(own_home))
                assert done.returncode == 0, done.stderr
                break
        events = read_journal(own_home / "sessions" / known).events
        finished = Counter(event.spoke for event in events if isinstance(event, AttemptFinished))
        assert set(finished.values()) == {1}
        for at, event in enumerate(events):
            if isinstance(event, AttemptFinished):
                assert not any(
                    isinstance(later, AttemptStarted) and later.spoke == event.spoke for later in events[at:]
                )
        assert sum(isinstance(event, ReportFinished) for event in events) == 1
    record_property("kills", kills)
    record_property("runs", runs)


def _until_it_has_begun(home: Path, process: subprocess.Popen[bytes], known: str) -> str:
    """The run's id, when it has a journal that grew."""
    size = (home / "sessions" / known / JOURNAL).stat().st_size if known else 0
    while process.poll() is None:
        for directory in sorted((home / "sessions").glob("2*"), reverse=True):
            journal = directory / JOURNAL
            if (not known or directory.name == known) and journal.exists() and journal.stat().st_size > size:
                return directory.name
        time.sleep(0.005)
    return known


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("part", [JOURNAL, ".tmp-"])
def test_a_disk_that_refuses_never_ends_a_run(
    part: str, error: int, docs: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch, own_home, only=part)
    run = ask("What do brushes cost?", Settings(provider="embedded", docs=docs))

    def listen(item: AnyEvent | LiveText) -> None:
        if isinstance(item, PlanApproved):
            disk.error = error

    state = asyncio.run(run.work(listen))
    assert state.exit in (0, 3)
    assert state.report is not None
    assert any(spoke.found for spoke in state.spokes.values())
    disk.free()
    directory = Store(own_home).find(run.id)
    assert run.recorder is not None
    if part != JOURNAL:
        # Snapshots, rows and evidence come of the journal, or of memory: the truth is whole.
        assert load(directory).report == state.report
        assert [meta.status for meta in Store(own_home).list()] == [state.status]
    assert not read_journal(directory).damaged
