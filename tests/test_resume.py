"""A killed run goes on where it stood: finished subtasks are not run again, on this machine or another."""

import json
import os
import signal
import subprocess
import time
from asyncio import Event
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sessions.events import AttemptFinished
from sessions.journal_reader import read_journal
from tests.claude_server import Cue, Manners, RecordedRequest, Stall, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.running import LONGEST_S, environment, hubspoke, program
from tests.test_pipeline import DOUBLES, WORDS
from tests.test_pipeline import docs as docs

STUCK = "cedar"


def _of(spoke: str, request: RecordedRequest) -> bool:
    return request.title == "findings" and f"Find the {spoke} price" in request.said


def _finished(home: Path) -> set[str]:
    """The spokes whose results are saved."""
    events = [e for directory in home.glob("sessions/2*") for e in read_journal(directory).events]
    return {event.spoke for event in events if isinstance(event, AttemptFinished)}


@dataclass
class Killed:
    """A run that was killed in the middle of dispatch, and the server it talked to."""

    run: str
    home: Path
    server: ThreadedClaudeServer
    env: dict[str, str]
    before: int
    """Requests that were made before the kill."""

    def resumed(self, *what: str, **env: str) -> tuple[dict[str, object], int, list[RecordedRequest]]:
        """Resumes, and answers the document, the exit code and the requests that this made."""
        before = len(self.server.requests)
        done = hubspoke("resume", *what, "--json", "--yes", **{**self.env, **env})
        assert done.stdout, done.stderr
        return json.loads(done.stdout), done.returncode, self.server.requests[before:]


@pytest.fixture
def killed(docs: Path, own_home: Path) -> Iterator[Killed]:
    """Five spokes, of which four finish and one holds its stream until the program is killed with SIGKILL."""
    stall = Stall(Event())
    manners = Manners(cues=(Cue(stall, lambda request: _of(STUCK, request), times=1),))
    with ThreadedClaudeServer(engine_brain(DOUBLES), manners) as server:
        env = {
            "ANTHROPIC_BASE_URL": server.url,
            "ANTHROPIC_API_KEY": "sk-ant-test-0123456789abcdefghij",
            "HUBSPOKE_HOME": str(own_home),
        }
        arguments = ("ask", "What do brushes cost?", "--docs", str(docs), "--provider", "claude", "--yes")
        process = subprocess.Popen(
            program(*arguments),
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while len(_finished(own_home)) < len(WORDS) - 1:
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        (directory,) = (own_home / "sessions").iterdir()
        yield Killed(directory.name, own_home, server, env, len(server.requests))
        server.release(stall.release)


def _check(document: dict[str, object], exit: int, requests: list[RecordedRequest]) -> None:
    assert (document["status"], exit) == ("done", 0)
    researched = [request for request in requests if request.title == "findings"]
    assert researched
    assert all(_of(STUCK, request) for request in researched)
    assert not any(request.title in ("plan", "coverage") for request in requests)
    assert all(word in str(document["report_md"]) for word in WORDS.values())


def test_only_what_was_not_finished_runs_after_a_kill(killed: Killed) -> None:
    _check(*killed.resumed(killed.run))
    # And what is done is done: once more asks nothing of anybody.
    document, exit, requests = killed.resumed("last")
    assert (document["status"], exit, requests) == ("done", 0, [])


def test_an_exported_session_goes_on_in_an_empty_data_directory(
    killed: Killed, docs: Path, tmp_path: Path
) -> None:
    exported = tmp_path / "carried.json"
    done = hubspoke("export", killed.run, "--format", "json", "-o", str(exported), **killed.env)
    assert done.returncode == 0, done.stderr
    elsewhere = tmp_path / "elsewhere"
    # Which folder is read is not for the file to say.
    refused = hubspoke("resume", str(exported), "--yes", **{**killed.env, "HUBSPOKE_HOME": str(elsewhere)})
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert str(docs) in refused.stderr and "--docs" in refused.stderr
    assert not elsewhere.exists()
    _check(*killed.resumed(str(exported), "--docs", str(docs), HUBSPOKE_HOME=str(elsewhere)))
    assert _finished(elsewhere) == set(WORDS)


def test_interrupting_stops_within_two_seconds_and_saves(docs: Path, own_home: Path) -> None:
    stall = Stall(Event())
    manners = Manners(cues=(Cue(stall, lambda request: request.title == "findings", times=None),))
    with ThreadedClaudeServer(engine_brain(DOUBLES), manners) as server:
        env = environment(ANTHROPIC_BASE_URL=server.url, ANTHROPIC_API_KEY="test", HUBSPOKE_HOME=str(own_home))
        command = program("ask", "What do brushes cost?", "--docs", str(docs), "--provider", "claude", "--yes")
        with subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                server.until(lambda requests: sum(r.title == "findings" for r in requests) == 5, timeout=LONGEST_S)
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=2)
            finally:
                process.kill()
        server.release(stall.release)
    assert process.returncode == 130
    assert "hubspoke resume" in errors
    assert "Traceback" not in errors
    (directory,) = (own_home / "sessions").iterdir()
    assert read_journal(directory).events[-1].kind == "run_ended"
