"""So many runs are live at once; the others wait their turn, say so, and can be stopped."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agents.neighbours import Neighbours
from agents.port.link import sweep
from agents.run_queue import RunTicket
from sessions.events import AnyEvent, EngineStarted, PlanMade, RunCreated, RunEnded, RunQueued
from sessions.load import fold_all, load, load_standing
from sessions.plan import Plan
from sessions.run_lock import is_held
from sessions.state import RunState
from tests.engines import engines as engines
from tests.running import environment, hubspoke
from tests.test_pipeline import docs as docs
from tests.test_window_leaving import held_server
from tests.windows import QUESTION, Windows
from tests.windows import windows as windows
from tui.looks import RUNS

QUEUED = "queued: 1 run is live; it begins when one ends"

TICKET_HELD = """
import sys, time
from pathlib import Path
from agents.run_queue import RunTicket

ticket = RunTicket(Path(sys.argv[1]), 1)
print("taken", flush=True)
time.sleep(600)
"""


def test_first_come_first_served(tmp_path: Path) -> None:
    first, second, third, fourth = (RunTicket(tmp_path / "runs", 2) for _ in range(4))
    assert first.standing() is None and second.standing() is None
    assert third.standing() == RunQueued(live=2, before=0)
    assert fourth.standing() == RunQueued(live=2, before=1)
    second.close()
    assert third.standing() is None
    assert fourth.standing() == RunQueued(live=2, before=0)
    third.close()
    # Whoever comes now is the last, though a place is free for the one before.
    fifth = RunTicket(tmp_path / "runs", 2)
    assert fifth.standing() == RunQueued(live=2, before=0)
    assert fourth.standing() is None
    for ticket in (first, fourth, fifth):
        ticket.close()
    assert list((tmp_path / "runs").iterdir()) == []


def test_who_is_killed_leaves_the_queue(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TICKET_HELD, str(tmp_path / "runs")]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "taken\n"
            waiting = RunTicket(tmp_path / "runs", 1)
            assert waiting.standing() == RunQueued(live=1)
        finally:
            holder.kill()
        holder.wait()
        assert waiting.standing() is None
        waiting.close()


@pytest.mark.parametrize(
    ("live", "before", "said"),
    [
        (0, 0, "its turn has come"),
        (1, 0, QUEUED),
        (4, 0, "queued: 4 runs are live; it begins when one ends"),
        (4, 2, "queued: 4 runs are live, 2 before it wait; it begins when one ends"),
    ],
)
def test_what_it_says(live: int, before: int, said: str) -> None:
    assert RunQueued(live=live, before=before).said == said


CREATED = RunCreated(run="r", question="q", docs="/d", provider="claude")
STARTED = EngineStarted(pid=1, version="", docs="/d", provider="claude")


def state_after(*events: AnyEvent) -> RunState:
    return fold_all(event.model_copy(update={"seq": n, "t": float(10 * n)}) for n, event in enumerate(events))


def test_the_state_while_it_waits_and_after() -> None:
    waits = state_after(CREATED, STARTED, RunQueued(live=4, before=1), RunQueued(live=4))
    assert (waits.status, waits.queue and waits.queue.before) == ("queued", 0)
    assert RUNS[waits.status].word == "queued"
    begun = state_after(CREATED, STARTED, RunQueued(live=4, before=1), RunQueued(live=4), RunQueued())
    assert (begun.status, begun.queue) == ("planning", None)
    # The waiting counts as waiting, and not as work.
    assert (begun.waited, begun.queued_s) == (20.0, 20.0)
    plan = PlanMade(step="plan/1", plan=Plan(subtasks=()))
    assert state_after(CREATED, STARTED, RunQueued(live=4), RunQueued(), plan).waited == 10.0
    stopped = state_after(CREATED, STARTED, RunQueued(live=4), RunEnded(status="interrupted", exit=130))
    assert (stopped.status, stopped.queue) == ("interrupted", None)


def test_a_limit_that_is_none_gets_one_sentence(docs: Path, own_home: Path) -> None:
    asking = ("ask", QUESTION, "--docs", str(docs), "--provider", "claude", "--yes", "--plain")
    for variable, said in (("HUBSPOKE_MAX_RUNS", "0"), ("HUBSPOKE_MAX_REQUESTS", "many")):
        done = hubspoke(*asking, ANTHROPIC_API_KEY="sk-ant-x", **{variable: said})
        assert (done.returncode, done.stdout) == (2, "")
        assert (
            done.stderr.splitlines()[-1]
            == f"hubspoke: {variable} is '{said}'; it is a whole number from 1 to 200."
        )


def test_the_embedded_engine_waits_for_nobody(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOKE_MAX_RUNS", "0")
    alone = Neighbours(None)
    assert alone.gate is None and alone.queued is None
    alone.close()
    assert not (own_home / "neighbours").exists()


def test_a_detached_run_waits_its_turn_is_stopped_and_begins_when_the_other_is_killed(
    docs: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBSPOKE_MAX_RUNS", "1")
    asking = ("ask", QUESTION, "--docs", str(docs), "--provider", "claude", "--yes", "--detach")
    with held_server(monkeypatch) as (server, release):
        first = hubspoke(*asking)
        assert first.stderr == ""
        busy = windows.engine()
        second = hubspoke(*asking)
        assert (second.returncode, second.stderr) == (0, f"{QUEUED}\n")
        run, directory = second.stdout.strip(), windows.home / "sessions" / second.stdout.strip()
        # Everybody sees that it waits.
        asyncio.run(windows.until(lambda: load(directory).status == "queued"))
        listed = next(line for line in hubspoke("sessions").stdout.splitlines() if run in line)
        assert "· queued" in listed
        terminal = windows.open("attach", run, size=(80, 24))
        asyncio.run(windows.until(lambda: "· queued" in terminal.screen))
        terminal.kill()
        asked = len(server.requests)
        # It can be stopped, and taken up again: then it is the last once more.
        assert hubspoke("stop", run).returncode == 0
        assert load(directory).status == "interrupted"
        again = hubspoke("resume", run, "--yes", "--detach")
        assert again.stderr == f"{QUEUED}\n"
        asyncio.run(windows.until(lambda: load(directory).status == "queued"))
        assert (len(server.requests), is_held(directory)) == (asked, True)
        os.kill(busy, signal.SIGKILL)
        asyncio.run(windows.until(lambda: load_standing(directory).status == "running", timeout=10))
        server.release(release)
        state = asyncio.run(windows.ended(run))
        assert (state.status, state.exit) == ("done", 0)
        sweep()
