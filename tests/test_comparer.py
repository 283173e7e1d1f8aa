"""The second reading of claims: a model finds disagreements in words, and what does not stand is not believed."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from agents.embedded.conversation import read_conversation
from agents.embedded.wire import MessagesRequest
from agents.forking import fork
from agents.hub import Approver
from agents.replies import Disagreement, DisagreementsReply, FindingsReply, FoundClaim, PlanReply, QuotedText
from agents.run import Retries, Run, Settings, resume
from sessions import paths
from sessions.events import DisagreementsFound, StepEvent
from sessions.findings import Conflict
from sessions.load import load
from sessions.rerun import rerun
from sessions.store import Store
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, Reply, ToolUse, barrier
from tests.engine_brain import Double, engine_brain
from tests.running import Ran, planned, run_over_server, subtask

BANNED = "Under the house rules, generated music is banned from the main stage of the Harbour Hall."
ALLOWED = "The programme notes say that generated music is permitted on the main stage of the Harbour Hall."
EVER = "In 2024, 45% of musicians in Northmark used AI tools in their work."
DAILY = "In 2024, 12% of musicians in Northmark used AI tools in their work."
FEW = "By 2024 hardly any of the musicians in Northmark had come to use AI tools in their work."

SAID = {"rules": (BANNED, EVER), "notes": (ALLOWED, DAILY), "letters": (FEW,)}
"""What each document says; a spoke reads each."""

Values = Mapping[str, str]
"""The values of a disagreement by the claims that give them."""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, said in SAID.items():
        (folder / f"{name}.md").write_text("\n\n".join((f"# The {name}", *said)) + "\n", encoding="utf-8")
    return folder


def _plan(request: MessagesRequest) -> PlanReply:
    return planned(*(subtask(name, f"Read the {name}.") for name in SAID))


def _research(request: MessagesRequest) -> FindingsReply | Reply:
    name = next(name for name in SAID if f"Read the {name}." in request.messages[0].model_dump_json())
    if len(request.messages) == 1:
        return Reply((ToolUse("read_document", {"path": f"{name}.md"}),))
    quoted = [(text, QuotedText(source=f"{name}.md", text=text)) for text in SAID[name]]
    return FindingsReply(findings=[FoundClaim(claim=text, quotes=[quote]) for text, quote in quoted])


def _finds(subject: str, values: Values) -> Double:
    """A comparer that finds one disagreement."""

    def compare(request: MessagesRequest) -> DisagreementsReply:
        lines = read_conversation(request).section("claims").splitlines()
        ids = {claim["claim"]: claim["id"] for claim in map(json.loads, lines)}
        stated = [{"claim": ids[text], "value": value} for text, value in values.items()]
        found = Disagreement.model_validate({"subject": subject, "values": stated})
        return DisagreementsReply(disagreements=[found])

    return compare


STAGE = _finds("generated music on the main stage", {BANNED: "is banned", ALLOWED: "is permitted"})
DOUBLES: dict[str, Double] = {
    "plan": _plan,
    "coverage": lambda _: '{"missing": []}',
    "findings": _research,
    "disagreements": STAGE,
}


def _ran(
    monkeypatch: pytest.MonkeyPatch,
    docs: Path,
    *cues: Cue,
    again: Ran | None = None,
    retry: Retries | None = None,
    **doubles: Double,
) -> Ran:
    """A run with these doubles and faults, or the resume of one."""

    def resumed(settings: Settings, approve: Approver) -> Run:
        assert again is not None
        return resume(again.run.id, settings, approve=approve, retry=retry)

    brain, manners = engine_brain({**DOUBLES, **doubles}), Manners(cues=cues)
    return run_over_server(monkeypatch, brain, docs, manners=manners, make=resumed if again else None)


def _titled(*titles: str) -> Cue:
    """Refuses every request for such a reply, for good."""
    return Cue(HttpFault(400), lambda request: request.title in titles, times=None)


def _values(conflict: Conflict) -> set[tuple[str, str]]:
    return {(value.value, value.source) for value in conflict.values}


ON_STAGE = {("is banned", "rules.md"), ("is permitted", "notes.md")}
USE = {("45%", "rules.md"), ("12%", "notes.md")}


def _shown(ran: Ran, conflict: Conflict) -> bool:
    """Whether the report has all values side by side with what explains them."""
    told = ran.report.partition("## Disagreements")[2].partition("\n## ")[0]
    return bool(conflict.explanation) and all(f"**{value.value}**" in told for value in conflict.values)


def test_statements_without_a_figure_that_contradict_each_other_reach_the_report(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _ran(monkeypatch, docs)
    known, found = ran.state.conflicts.values()
    assert (known.id, _values(known)) == ("k1", USE), "the figures are found without a model"
    assert (found.id, found.subject, _values(found)) == ("k2", "generated music on the main stage", ON_STAGE)
    assert _shown(ran, known) and _shown(ran, found)
    assert {value.unit for value in found.values} == {""}
    assert {value.quote for value in found.values} == {BANNED, ALLOWED}
    assert len(ran.asked("reconciliation")) >= 2
    (asked,) = ran.asked("disagreements")
    assert asked.tools == [] and "45%" in asked.said.partition("<known>")[2]


def test_a_further_value_joins_the_disagreement_that_is_known(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = _finds("musicians who use AI", {DAILY: "12% of musicians", FEW: "hardly any of the musicians"})
    ran = _ran(monkeypatch, docs, disagreements=more)
    (conflict,) = ran.state.conflicts.values()
    assert _values(conflict) == {*USE, ("hardly any of the musicians", "letters.md")}
    assert _shown(ran, conflict)


def test_what_explained_it_stands_if_it_cannot_be_explained_again(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(request: RecordedRequest) -> bool:
        return request.title == "reconciliation" and "hardly any" in request.said

    more = _finds("musicians who use AI", {DAILY: "12% of musicians", FEW: "hardly any"})
    refused = Cue(HttpFault(400), again, times=None)
    ran = _ran(monkeypatch, docs, refused, disagreements=more)
    (conflict,) = ran.state.conflicts.values()
    assert len(conflict.values) == 3 and _shown(ran, conflict)
    assert conflict.explanation.rstrip(".") in ran.report.replace("\\", "")
    # So it does in a fork, which takes over the one and asks for the other.
    brain = engine_brain({**DOUBLES, "disagreements": more})
    forked = run_over_server(
        monkeypatch,
        brain,
        docs,
        manners=Manners(cues=(refused,)),
        make=lambda settings, approve: fork(ran.run.id, settings, approve=approve),
    )
    assert {request.title for request in forked.requests} == {"reconciliation"}
    assert forked.state.conflicts == ran.state.conflicts


def test_without_its_explanation_a_disagreement_is_told_all_the_same(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _ran(monkeypatch, docs, _titled("reconciliation"))
    assert [_values(conflict) for conflict in ran.state.conflicts.values()] == [USE, ON_STAGE]
    assert "**is banned**" in ran.report and "**is permitted**" in ran.report


def test_a_comparer_that_fails_costs_no_report_and_is_told(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _ran(monkeypatch, docs, _titled("disagreements"))
    assert ran.state.exit == 0 and "45%" in ran.report
    assert [_values(conflict) for conflict in ran.state.conflicts.values()] == [USE]
    assert any("5 claims were not compared" in notice for notice in ran.state.notices)
    # It is asked again when the run goes on, and what it finds then is in the report.
    again = _ran(monkeypatch, docs, again=ran)
    assert ON_STAGE in [_values(conflict) for conflict in again.state.conflicts.values()]
    assert "is banned" in again.report.partition("## Disagreements")[2]


def test_what_was_compared_is_not_compared_again_after_a_stop(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Cue(HttpFault(401), lambda request: request.title == "", times=None)
    ran = _ran(monkeypatch, docs, refused)
    assert ran.state.report is None and len(ran.asked("disagreements")) == 1
    again = _ran(monkeypatch, docs, again=ran)
    assert {request.title for request in again.requests} == {""}
    assert _shown(again, again.state.conflicts["k2"])


def test_one_reading_that_failed_is_left_to_do_though_the_others_are_done(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.comparison.READING", 3)

    def nothing(request: MessagesRequest) -> DisagreementsReply:
        return DisagreementsReply(disagreements=[])

    def of_letters(request: RecordedRequest) -> bool:
        return request.title == "disagreements" and FEW in request.said

    refused = Cue(HttpFault(400), of_letters, times=None)
    ran = _ran(monkeypatch, docs, refused, disagreements=nothing)
    assert (ran.state.exit, len(ran.asked("disagreements"))) == (0, 2)
    assert rerun(ran.state).verify
    again = _ran(monkeypatch, docs, again=ran, disagreements=nothing)
    assert len(again.asked("disagreements")) == 1
    assert not rerun(again.state)


def test_a_disagreement_that_has_grown_is_told_once(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = _finds("musicians who use AI", {DAILY: "12% of musicians", FEW: "hardly any of the musicians"})
    ran = _ran(monkeypatch, docs, disagreements=more)
    assert len(ran.state.conflicts["k1"].values) == 3
    again = _ran(monkeypatch, docs, again=ran, disagreements=more)
    assert again.requests == []
    assert not [event for event in again.events if isinstance(event, StepEvent)]
    assert again.state.conflicts == ran.state.conflicts
    assert not rerun(again.state)


def test_what_was_found_stands_in_a_ledger_that_is_built_anew(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spoke that fails at first adds a claim without evidence: another ledger, of which as much is compared."""

    def gossips(request: MessagesRequest) -> FindingsReply | Reply:
        answer = _research(request)
        if isinstance(answer, Reply) or "Read the letters." not in request.messages[0].model_dump_json():
            return answer
        nowhere = QuotedText(source="letters.md", text="They say the hall is haunted.")
        return FindingsReply(findings=[FoundClaim(claim=nowhere.text, quotes=[nowhere])])

    def of_letters(request: RecordedRequest) -> bool:
        return request.title == "findings" and "Read the letters." in request.said

    unexplained = _titled("reconciliation")
    ran = _ran(monkeypatch, docs, unexplained, Cue(HttpFault(400), of_letters, times=None), findings=gossips)
    again = _ran(monkeypatch, docs, unexplained, again=ran, findings=gossips)
    assert (len(ran.asked("disagreements")), len(again.asked("disagreements"))) == (1, 0)
    saved = load(Store(paths.home()).find(ran.run.id))
    assert (len(ran.state.claims), len(saved.claims)) == (4, 5)
    assert [_values(conflict) for conflict in saved.conflicts.values()] == [USE, ON_STAGE]


def test_a_brief_that_is_put_back_brings_its_claims_back(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def other(request: MessagesRequest) -> FindingsReply | Reply:
        answer = _research(request)
        if isinstance(answer, FindingsReply) and "another way" in request.messages[0].model_dump_json():
            return answer.model_copy(update={"findings": answer.findings[:1]})
        return answer

    ran = _ran(monkeypatch, docs, findings=other)
    notes = (
        next(subtask for subtask in ran.state.plan.subtasks if subtask.id == "notes") if ran.state.plan else None
    )
    assert notes is not None
    changed = notes.model_copy(update={"objective": "Read the notes. Do it another way."})
    less = _ran(monkeypatch, docs, again=ran, retry={"notes": changed}, findings=other)
    back = _ran(monkeypatch, docs, again=ran, retry={"notes": notes}, findings=other)
    assert [len(each.state.claims) for each in (ran, less, back)] == [5, 4, 5]
    assert back.state.conflicts == ran.state.conflicts


def test_claims_are_compared_while_they_are_checked(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One batch, two claims in dispute, and the comparison: no verdict is given until all four were asked for.
    cue = barrier(4, lambda request: request.title in ("disagreements", "verdicts"))
    ran = _ran(monkeypatch, docs, cue)
    assert ran.state.exit == 0 and len(ran.asked("verdicts")) == 3


def test_one_claim_is_compared_with_nothing(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plan(request: MessagesRequest) -> PlanReply:
        return planned(subtask("letters", "Read the letters."))

    ran = _ran(monkeypatch, docs, plan=plan)
    assert len(ran.state.claims) == 1 and ran.asked("disagreements") == []
    assert not any(isinstance(event, DisagreementsFound) for event in ran.events)
