"""A fork on the wire: what holds is not asked again, what was edited is, and its parent stays as it was."""

import json
import os
import signal
import subprocess
from asyncio import Event
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.forking import fork
from agents.hub import Approver
from agents.replies import FindingsReply
from agents.run import BadQuestionError, PlanLostError
from sessions.events import StepEvent
from sessions.evidence_store import EvidenceStore
from sessions.journal import Journal
from sessions.journal_reader import JOURNAL, read_journal
from sessions.load import load
from sessions.plan import Plan
from sessions.rerun import rerun
from sessions.store import Store
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, Reply, Stall, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.running import Ran, environment, hubspoke, program, run_over_server
from tests.test_resume_points import ASKED, BRAIN, SAID, asked_of, resumed, search
from tests.test_resume_points import docs as docs

CEDAR = "Find what cedar said, and who heard it."
OTHER = "What did brushes cost before?"


@pytest.fixture
def parent(docs: Path, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """A finished run."""
    return run_over_server(monkeypatch, engine_brain(BRAIN), docs, question=ASKED)


def files(home: Path, run: str) -> dict[str, bytes]:
    """All that is on disk of a run."""
    directory = home / "sessions" / run
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def forked(
    monkeypatch: pytest.MonkeyPatch,
    docs: Path,
    run: str,
    *,
    question: str | None = None,
    plan: Plan | None = None,
    approve: Approver | None = None,
) -> Ran:
    """The fork of a run, at a server that has seen nothing of it."""
    return run_over_server(
        monkeypatch,
        engine_brain(BRAIN),
        docs,
        make=lambda settings, unseen: fork(run, settings, question=question, plan=plan, approve=approve or unseen),
    )


def edited(plan: Plan, spoke: str, objective: str) -> Plan:
    return plan.with_subtask(plan.subtask(spoke).model_copy(update={"objective": objective}))


def test_a_fork_of_what_holds_asks_nobody_and_costs_nothing(
    parent: Ran, docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    before = files(own_home, parent.run.id)
    made = forked(monkeypatch, docs, parent.run.id)
    assert made.requests == []
    assert (made.state.exit, made.report, made.state.usage.tokens) == (0, parent.report, 0)
    taken_over = made.run.saved
    assert taken_over is not None
    assert taken_over.seconds == 0.0, "its time begins after what it takes over"
    assert (taken_over.claims, taken_over.conflicts, taken_over.report) == ({}, {}, None), (
        "which it is to say itself"
    )
    assert files(own_home, parent.run.id) == before
    # It stands by itself: its evidence too, with the titles of its sources.
    store = EvidenceStore(own_home / "sessions" / made.run.id)
    assert made.state.report is not None
    assert parent.state.report is not None
    assert made.state.report.citations == parent.state.report.citations
    for citation in made.state.report.citations:
        text = store.get(citation.source_sha256)
        assert text is not None
        assert text[citation.start : citation.end] == citation.quote
    assert made.state.created is not None
    assert made.state.created.forked_from == parent.run.id
    origins = {meta.run: meta.forked_from for meta in Store(own_home).list()}
    assert origins == {parent.run.id: "", made.run.id: parent.run.id}


def test_a_fork_that_is_finished_has_nothing_left_to_do(
    parent: Ran, docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    made = forked(monkeypatch, docs, parent.run.id)
    directory = own_home / "sessions" / made.run.id
    assert not rerun(load(directory)), "what it took over is older than its ledger, and stands all the same"
    again = resumed(made.run.id, docs, monkeypatch)
    assert again.requests == []
    assert (again.state.exit, again.report) == (0, made.report)
    assert not [event for event in again.events if isinstance(event, StepEvent)]
    assert not rerun(load(directory))


def test_only_a_brief_that_was_edited_at_the_checkpoint_is_investigated(
    parent: Ran, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Plan] = []

    async def edits(plan: Plan, missing: tuple[str, ...]) -> Plan:
        shown.append(plan)
        return edited(plan, "cedar", CEDAR)

    made = forked(monkeypatch, docs, parent.run.id, approve=edits)
    assert shown == [parent.state.plan]
    # It finds what it had found: then no claim is another, and none is checked again.
    assert asked_of(made.requests) == {"cedar": 2}
    assert [attempt.number for attempt in made.state.spokes["cedar"].attempts] == [1, 2]
    assert made.state.exit == 0


def test_what_rests_on_an_edited_brief_is_investigated_anew(
    parent: Ran, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hears(request: MessagesRequest) -> FindingsReply | Reply | None:
        answer = search(request)
        if isinstance(answer, Reply) or "who heard it" not in request.messages[0].model_dump_json():
            return answer
        (found,) = answer.findings
        return FindingsReply(findings=[found.model_copy(update={"claim": f"Heard by all: {found.claim}"})])

    async def edits(plan: Plan, missing: tuple[str, ...]) -> Plan:
        return edited(plan, "alder", "Find what alder said, and who heard it.")

    made = run_over_server(
        monkeypatch,
        engine_brain({**BRAIN, "findings": hears}),
        docs,
        make=lambda settings, _: fork(parent.run.id, settings, approve=edits),
    )
    # elder is told what alder found; the claims of birch and cedar are what they were.
    assert {*asked_of(made.requests)} & {*SAID} == {"alder", "elder"}
    assert "Heard by all" in made.report


def test_a_plan_with_a_spoke_less_asks_for_no_spoke(
    parent: Ran, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert parent.state.plan is not None
    fewer = tuple(subtask for subtask in parent.state.plan.subtasks if subtask.id != "cedar")
    plan = parent.state.plan.model_copy(update={"subtasks": fewer})
    made = forked(monkeypatch, docs, parent.run.id, plan=plan)
    asked = asked_of(made.requests)
    assert not {*asked} & {"plan", "coverage", *SAID}
    assert asked["verdicts"] < 3, "claims that keep their number and their neighbours are not checked again"
    assert list(made.state.spokes) == ["alder", "birch", "elder"]
    assert "cedar" not in made.report


def test_under_another_question_every_spoke_runs_again_on_the_same_plan(
    parent: Ran, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = forked(monkeypatch, docs, parent.run.id, question=OTHER)
    asked = asked_of(made.requests)
    assert (asked["plan"], asked["coverage"]) == (0, 0)
    assert {*asked} >= {*SAID, "verdicts", ""}
    assert all(OTHER in request.said for request in made.asked("findings"))
    assert made.state.question == OTHER
    assert made.state.plan == parent.state.plan


def test_what_had_failed_runs_in_the_fork_and_stays_failed_in_its_parent(
    docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    def birch(request: RecordedRequest) -> bool:
        return request.title == "findings" and "Find what birch said" in request.said

    refused = Manners(cues=(Cue(HttpFault(413), birch, None),))
    parent = run_over_server(monkeypatch, engine_brain(BRAIN), docs, question=ASKED, manners=refused)
    # Somebody may be at work on it all the while.
    journal, _ = Journal.open(own_home / "sessions" / parent.run.id)
    made = forked(monkeypatch, docs, parent.run.id)
    journal.close()
    assert {*asked_of(made.requests)} & {*SAID} == {"birch"}
    assert (made.state.exit, load(own_home / "sessions" / parent.run.id).exit) == (0, 3)


def test_what_cannot_be_forked_is_one_sentence(
    parent: Ran, docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    with pytest.raises(BadQuestionError, match="cannot be empty"):
        fork(parent.run.id, question=" ")
    directory = own_home / "sessions" / parent.run.id
    journal = (directory / JOURNAL).read_bytes().splitlines(keepends=True)
    (directory / JOURNAL).write_bytes(b"".join(journal[:3]))
    with pytest.raises(PlanLostError, match="no plan yet"):
        fork(parent.run.id)
    assert [path.name for path in (own_home / "sessions").iterdir()] == [parent.run.id]


def test_the_command_says_what_it_takes_over_and_runs_the_edited_brief(
    parent: Ran, docs: Path, own_home: Path
) -> None:
    with ThreadedClaudeServer(engine_brain(BRAIN)) as server:
        env = {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "test", "HUBSPOKE_HOME": str(own_home)}
        done = hubspoke("fork", "last", "--spoke", "3", "--brief", CEDAR, "--yes", "--json", **env)
        assert done.returncode == 0, done.stderr
        told = "takes over 3 finished spokes, runs 3 Cedar (not begun) and the report."
        assert f"Fork of {parent.run.id}: {told}" in done.stderr.splitlines()[0]
        assert json.loads(done.stdout)["plan"]["subtasks"][2]["objective"] == CEDAR
        assert asked_of(server.requests)["cedar"] == 2
        refused = hubspoke("fork", parent.run.id, "--brief", CEDAR, **env)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        # With nobody to ask, its plan waits like any other.
        waits = hubspoke("fork", parent.run.id, "--question", OTHER, **env)
        assert waits.returncode == 3
        assert "under another question every spoke" in waits.stderr


def test_a_kill_in_the_middle_leaves_the_parent_whole_and_a_fork_that_goes_on(
    parent: Ran, docs: Path, own_home: Path
) -> None:
    before = files(own_home, parent.run.id)
    stall = Stall(Event())
    cue = Cue(stall, lambda request: request.title == "findings", times=1)
    with ThreadedClaudeServer(engine_brain(BRAIN), Manners(cues=(cue,))) as server:
        env = {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "test", "HUBSPOKE_HOME": str(own_home)}
        process = subprocess.Popen(
            program("fork", parent.run.id, "--spoke", "cedar", "--brief", CEDAR, "--yes", "--plain"),
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        server.until(lambda requests: bool(requests), timeout=30)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        server.release(stall.release)
        assert files(own_home, parent.run.id) == before
        (made,) = [meta for meta in Store(own_home).list() if meta.forked_from]
        assert made.status == "interrupted"
        gone_on = hubspoke("resume", made.run, "--yes", **env)
        assert gone_on.returncode == 0, gone_on.stderr
        assert "Resume runs 3 Cedar" in gone_on.stderr.splitlines()[0]
        assert {*asked_of(server.requests)} & {*SAID} == {"cedar"}
    assert not read_journal(own_home / "sessions" / made.run).damaged
