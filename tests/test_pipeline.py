"""The whole pipeline over real HTTP: parallel, isolated, honest about what failed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, PlanReply, QuotedText
from agents.run import Settings
from sessions.events import AttemptFailed, AttemptFinished, AttemptStarted
from sessions.evidence_store import EvidenceStore
from sessions.load import load
from sessions.plan import Plan
from sessions.store import Store
from tests.claude_server import (
    FULL_MANNERS,
    Cue,
    HttpFault,
    Manners,
    MaxTokens,
    RecordedRequest,
    Refuse,
    Reply,
    ToolUse,
    barrier,
)
from tests.engine_brain import engine_brain
from tests.running import Ran, planned, run_over_server, subtask

WORDS = {"alder": "larch", "birch": "maple", "cedar": "poplar", "daisy": "clover", "elder": "willow"}
"""What each spoke looks for, and what only its document says."""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A document a spoke, each with a word of its own."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for spoke, word in WORDS.items():
        text = f"# The {spoke} file\n\nThe {spoke} studio reported that {word} brushes cost 12 crowns in 2024.\n"
        (folder / f"{spoke}.md").write_text(text, encoding="utf-8")
    return folder


def _objective(request: MessagesRequest) -> str:
    prompt = request.messages[0].blocks[0]
    return next(spoke for spoke in WORDS if f"Find the {spoke} price" in prompt.model_dump_json())


def careful(request: MessagesRequest) -> FindingsReply | Reply:
    """A researcher that looks for its own word and quotes its own document."""
    spoke = _objective(request)
    if len(request.messages) == 1:
        return Reply((ToolUse("search_documents", {"query": spoke}),))
    sentence = f"The {spoke} studio reported that {WORDS[spoke]} brushes cost 12 crowns in 2024."
    quote = QuotedText(source=f"{spoke}.md", text=sentence)
    return FindingsReply(findings=[FoundClaim(claim=f"Found by {spoke}: {sentence}", quotes=[quote])])


def _plan(request: MessagesRequest) -> PlanReply:
    return planned(*(subtask(spoke, f"Find the {spoke} price.") for spoke in WORDS))


def _complete(request: MessagesRequest) -> str:
    return '{"missing": []}'


DOUBLES = {"plan": _plan, "coverage": _complete, "findings": careful}


def _check_citations(ran: Ran, home: Path) -> None:
    assert ran.state.report is not None
    store = EvidenceStore(home / "sessions" / ran.run.id)
    for citation in ran.state.report.citations:
        text = store.get(citation.source_sha256)
        assert text is not None
        assert text[citation.start : citation.end] == citation.quote
        assert f"[{citation.n}]" in ran.report


def test_five_spokes_run_at_once(docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    def first_of_a_spoke(request: RecordedRequest) -> bool:
        return request.title == "findings" and "tool_result" not in json.dumps(request.body)

    # None is answered until all five have arrived: a sixth place or a queue of four would wait for ever.
    manners = Manners(cues=(barrier(5, first_of_a_spoke),))
    ran = run_over_server(monkeypatch, engine_brain(DOUBLES), docs, manners=manners)
    assert (ran.state.status, ran.state.exit) == ("done", 0)
    assert len(ran.state.report.citations if ran.state.report else ()) >= 5
    _check_citations(ran, own_home)


def test_no_spoke_sees_anothers_work(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def chained(request: MessagesRequest) -> PlanReply:
        plan = _plan(request)
        last = plan.subtasks[-1].model_copy(update={"depends_on": ["alder"]})
        return plan.model_copy(update={"subtasks": [*plan.subtasks[:-1], last]})

    question = "What do the studios of Quillmere pay for brushes?"
    ran = run_over_server(
        monkeypatch, engine_brain({**DOUBLES, "plan": chained}), docs, question=question, manners=FULL_MANNERS
    )
    assert ran.rejected == []
    by_spoke: dict[str, list[str]] = {spoke: [] for spoke in WORDS}
    for request in ran.asked("findings"):
        by_spoke[_objective(MessagesRequest.model_validate(request.body))].append(request.said)
    for spoke, said in by_spoke.items():
        assert said, f"{spoke} was never asked"
        for text in said:
            assert question in text
            for other, word in WORDS.items():
                if other == spoke:
                    continue
                told_by_the_coordinator = spoke == "elder" and other == "alder"
                assert (f"Found by {other}" in text) == told_by_the_coordinator
                assert (word in text) == told_by_the_coordinator
                assert f"Find the {other} price" not in text
    writers = ran.asked("")
    assert writers
    assert all(request.tools == ["read_evidence"] for request in writers)
    assert all(question in request.said for request in writers)


def test_a_role_that_names_an_agent_spawning_tool_gains_none(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = Path.cwd() / ".claude" / "agents"
    roles.mkdir(parents=True)
    text = "---\nname: greedy\ndescription: d\ntools: Task, Agent, Bash, search_documents\n---\nSpawn agents.\n"
    (roles / "greedy.md").write_text(text, encoding="utf-8")

    def plan(request: MessagesRequest) -> PlanReply:
        return planned(subtask("alder", "Find the alder price.", role="greedy"))

    ran = run_over_server(monkeypatch, engine_brain({**DOUBLES, "plan": plan}), docs)
    assert {tuple(request.tools) for request in ran.asked("findings")} == {("search_documents",)}
    assert ran.state.status == "done"


def test_a_failed_spoke_never_sinks_the_run(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def of_birch(request: RecordedRequest) -> bool:
        return request.title == "findings" and "Find the birch price" in request.said

    manners = Manners(cues=(Cue(HttpFault(529), of_birch, times=None),))
    ran = run_over_server(monkeypatch, engine_brain(DOUBLES), docs, manners=manners)
    assert (ran.state.status, ran.state.exit) == ("gaps", 3)
    failed = [event for event in ran.events if isinstance(event, AttemptFailed)]
    assert [(event.spoke, event.failure.kind) for event in failed] == [("birch", "overloaded")]
    assert sum(isinstance(event, AttemptFinished) for event in ran.events) == 4
    assert "Birch" in ran.report.partition("## Gaps")[2]
    # Four tries of its turn, and no second conversation that would fail like the first.
    assert sum(map(of_birch, ran.requests)) == 4


def test_a_spent_bill_stops_everything_once_and_saves(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manners = Manners(cues=(Cue(HttpFault(402), lambda request: request.title == "findings", times=None),))
    settings = Settings(max_parallel=1)
    ran = run_over_server(monkeypatch, engine_brain(DOUBLES), docs, manners=manners, settings=settings)
    assert (ran.state.status, ran.state.exit) == ("failed", 1)
    assert len(ran.asked("findings")) == 1
    assert ran.state.approved


def test_an_engine_that_fails_is_saved_as_that(
    docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    async def approves_nothing(plan: Plan, missing: tuple[str, ...]) -> Plan:
        raise KeyError(missing)

    with pytest.raises(KeyError):
        run_over_server(monkeypatch, engine_brain(DOUBLES), docs, approve=approves_nothing)
    saved = load(Store(own_home).find("last"))
    assert (saved.status, saved.exit, saved.message) == ("failed", 1, "The engine failed (KeyError).")


def test_a_spoke_with_no_results_is_broadened_and_then_a_gap(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(request: MessagesRequest) -> FindingsReply | Reply:
        if _objective(request) != "cedar":
            return careful(request)
        return FindingsReply(findings=[], alternatives=["brush makers", "price lists"])

    ran = run_over_server(monkeypatch, engine_brain({**DOUBLES, "findings": nothing}), docs)
    assert ran.state.exit == 3
    briefs = [e.brief for e in ran.events if isinstance(e, AttemptStarted) and e.spoke == "cedar" and e.brief]
    assert [brief.advice[:8] for brief in briefs] == ["", "Broader:"]
    assert "brush makers" in briefs[1].advice
    assert "Cedar" in ran.report.partition("## Gaps")[2]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (planned(subtask("a", "x", "b"), subtask("b", "x", "a")), "circle"),
        (planned(subtask("a", "x"), subtask("a", "y")), "used twice"),
        (planned(subtask("a", "x", role="wizard")), "wizard"),
        (planned(), "no subtasks"),
    ],
)
def test_a_malformed_plan_is_repaired_once_or_ends_the_run(
    docs: Path, monkeypatch: pytest.MonkeyPatch, broken: PlanReply, reason: str
) -> None:
    def mended(request: MessagesRequest) -> PlanReply:
        return _plan(request) if "<problems>" in request.model_dump_json() else broken

    ran = run_over_server(monkeypatch, engine_brain({**DOUBLES, "plan": mended}), docs)
    assert ran.state.status == "done"
    assert len(ran.asked("plan")) == 2
    assert reason in ran.asked("plan")[1].said
    ran = run_over_server(monkeypatch, engine_brain({**DOUBLES, "plan": lambda _: broken}), docs)
    assert (ran.state.status, ran.state.exit) == ("failed", 1)
    assert reason in ran.state.message
    assert len(ran.asked("plan")) == 2
    assert ran.asked("findings") == []


def test_a_plan_with_too_many_words_is_cut_and_not_the_end(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wordy(request: MessagesRequest) -> PlanReply:
        found = subtask("alder", "Find the alder price.")
        words = {"title": "Alder " * 49, "objective": "Find the alder price." + " Really." * 400}
        return planned(found.model_copy(update=words))

    ran = run_over_server(monkeypatch, engine_brain({**DOUBLES, "plan": wordy}), docs)
    assert ran.state.exit == 0
    assert ran.state.plan is not None
    assert len(ran.state.plan.subtasks[0].title) <= 200


def test_a_quote_that_stands_nowhere_is_marked_and_never_cited(
    docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    def lying(request: MessagesRequest) -> FindingsReply | Reply:
        answer = careful(request)
        if isinstance(answer, Reply) or _objective(request) != "daisy":
            return answer
        invented = QuotedText(source="daisy.md", text="The daisy studio burned down in 1999.")
        return FindingsReply(findings=[FoundClaim(claim="The daisy studio burned down.", quotes=[invented])])

    ran = run_over_server(monkeypatch, engine_brain({**DOUBLES, "findings": lying}), docs)
    (claim,) = [claim for claim in ran.state.claims.values() if "daisy" in claim.finding.claim]
    assert (claim.finding.resolved, claim.verdict) == ((), "insufficient")
    assert "1999" not in ran.report
    _check_citations(ran, own_home)


def test_a_writer_that_fails_leaves_the_report_to_the_coordinator(
    docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    manners = Manners(cues=(Cue(HttpFault(400), lambda request: request.title == "", times=None),))
    ran = run_over_server(monkeypatch, engine_brain(DOUBLES), docs, manners=manners)
    assert ran.state.status == "done"
    assert ran.state.report is not None
    assert len(ran.state.report.citations) >= 5
    _check_citations(ran, own_home)


def test_a_draft_that_fails_its_gates_goes_back_twice(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run_over_server(
        monkeypatch, engine_brain({**DOUBLES, "": lambda _: "Everything costs 99 crowns [c77]."}), docs
    )
    assert len(ran.asked("")) == 3
    assert "<problems>" in ran.asked("")[1].said
    assert "[c77]" not in ran.report
    assert all(f"{spoke} studio" in ran.report for spoke in WORDS)


def test_a_report_in_spite_of_every_habit_of_the_api_a_refusal_and_a_reply_cut_in_its_json(
    docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    def answers_of(spoke: str) -> Callable[[RecordedRequest], bool]:
        def match(request: RecordedRequest) -> bool:
            asks = request.title == "findings" and f"Find the {spoke} price" in request.said
            return asks and "tool_result" in json.dumps(request.body)

        return match

    cues = (Cue(Refuse(), answers_of("birch"), times=None), Cue(MaxTokens(keep=60), answers_of("cedar"), times=1))
    manners = replace(FULL_MANNERS, cues=cues)
    ran = run_over_server(monkeypatch, engine_brain(DOUBLES), docs, manners=manners)
    assert ran.rejected == []
    assert ran.state.exit == 3
    assert [failure.kind for failure in ran.state.failures] == ["refused"]
    assert ran.state.report is not None
    assert {citation.spoke for citation in ran.state.report.citations} == set(WORDS) - {"birch"}
    _check_citations(ran, own_home)
