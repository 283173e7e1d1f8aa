"""A model that lies, in every place where one is asked: the gates catch it, and the report stays true."""

import json
import re
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.replies import (
    CheckedClaim,
    FindingsReply,
    FoundClaim,
    PlanReply,
    QuotedText,
    ReconciledValue,
    ReconciliationReply,
    VerdictsReply,
)
from sessions.evidence_store import EvidenceStore
from sessions.findings import Verdict
from tests.claude_server import Reply, ToolUse
from tests.engine_brain import Double, engine_brain
from tests.running import Ran, planned, run_over_server, subtask

EVER = "In 2024, 45% of musicians in Northmark used AI tools in their work, counting any use during the year."
DAILY = "In 2024, 12% of musicians in Northmark used AI tools in their work, counting daily use only."


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "survey.md").write_text(f"# The survey\n\n{EVER}\n", encoding="utf-8")
    (folder / "panel.md").write_text(f"# The panel\n\n{DAILY}\n", encoding="utf-8")
    return folder


def _plan(request: MessagesRequest) -> PlanReply:
    return planned(subtask("survey", "Find what survey says."), subtask("panel", "Find what panel says."))


def _spoke(request: MessagesRequest) -> str:
    return "survey" if "Find what survey says" in request.messages[0].blocks[0].model_dump_json() else "panel"


def _honest(request: MessagesRequest) -> FindingsReply | Reply:
    spoke = _spoke(request)
    if len(request.messages) == 1:
        return Reply((ToolUse("read_document", {"path": f"{spoke}.md"}),))
    text = EVER if spoke == "survey" else DAILY
    return FindingsReply(findings=[FoundClaim(claim=text, quotes=[QuotedText(source=f"{spoke}.md", text=text)])])


def _ids(request: MessagesRequest) -> list[str]:
    return re.findall(r'\\"id\\": ?\\"(c\d+)\\"', request.model_dump_json()) or re.findall(
        r"\bc\d+\b", request.model_dump_json()
    )


def invents_a_quote(request: MessagesRequest) -> FindingsReply | Reply:
    answer = _honest(request)
    if isinstance(answer, Reply) or _spoke(request) == "survey":
        return answer
    said = "All 9000 musicians of Northmark gave up music in 2024."
    lie = FoundClaim(claim=said, quotes=[QuotedText(source="panel.md", text=said)])
    return FindingsReply(findings=[*answer.findings, lie])


def claims_success_with_nothing(request: MessagesRequest) -> FindingsReply | Reply:
    answer = _honest(request)
    if isinstance(answer, Reply) or _spoke(request) == "survey":
        return answer
    return FindingsReply(findings=[], summary="Everything was found and fully verified.")


def approves_everything(request: MessagesRequest) -> VerdictsReply:
    asked = [*dict.fromkeys(_ids(request)), "c99"]
    return VerdictsReply(verdicts=[CheckedClaim(claim=id, verdict=Verdict.SUPPORTED) for id in asked])


def drops_a_value(request: MessagesRequest) -> ReconciliationReply:
    kept = ReconciledValue(claim="c1", value="45%")
    return ReconciliationReply(subject="AI", values=[kept], kind="unexplained", explanation="There is one value.")


def drops_the_conflict(request: MessagesRequest) -> str:
    return "Of the musicians in Northmark, 45% used AI tools in 2024 [c1]."


def cites_what_is_not_there(request: MessagesRequest) -> str:
    return "Musicians use AI [99]. In Northmark 45% did [c1] and 12% daily [c2], and 9000 gave up [c77] [12]."


def states_figures_without_a_source(request: MessagesRequest) -> str:
    return "It is 45% [c1] and 12% [c2].\n\nAnother 8,300 people lost 77% of their income in 2023."


LIES: dict[str, dict[str, Double]] = {
    "a quote that is not there": {"findings": invents_a_quote, "verdicts": approves_everything},
    "success with no findings": {"findings": claims_success_with_nothing},
    "a verifier that approves everything": {"verdicts": approves_everything},
    "a reconciler that drops a value": {"reconciliation": drops_a_value},
    "a writer that drops the conflict": {"": drops_the_conflict},
    "a writer that cites what is not there": {"": cites_what_is_not_there},
    "a writer that states figures of its own": {"": states_figures_without_a_source},
    "all at once": {
        "findings": invents_a_quote,
        "verdicts": approves_everything,
        "reconciliation": drops_a_value,
        "": cites_what_is_not_there,
    },
}


def _check_true(ran: Ran, home: Path) -> None:
    """The report cites only what stands in evidence, states no figure of its own, and shows both values."""
    report = ran.state.report
    assert report is not None
    store = EvidenceStore(home / "sessions" / ran.run.id)
    for citation in report.citations:
        text = store.get(citation.source_sha256)
        assert text is not None
        assert text[citation.start : citation.end] == citation.quote
    marks = {int(number) for number in re.findall(r"(?<!\\)\[(\d+)\]", report.markdown)}
    assert marks == {citation.n for citation in report.citations}
    for invented in ("9000", "9,000", "8,300", "77%", "c77", "[99]"):
        assert invented not in report.markdown


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_caught(docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path, lie: str) -> None:
    doubles: dict[str, Double] = {"plan": _plan, "coverage": lambda _: '{"missing": []}', "findings": _honest}
    brain = engine_brain(doubles | LIES[lie])
    ran = run_over_server(monkeypatch, brain, docs, question="How many musicians use AI?")
    _check_true(ran, own_home)
    if lie == "success with no findings":
        assert ran.state.exit == 3
        assert "Panel" in ran.report.partition("## Gaps")[2]
        return
    # Both values stand side by side, with both sources and a reason.
    (conflict,) = ran.state.conflicts.values()
    assert {(value.value, value.source) for value in conflict.values} == {
        ("45%", "survey.md"),
        ("12%", "panel.md"),
    }
    assert conflict.explanation
    cited = {citation.source for citation in ran.state.report.citations} if ran.state.report else set[str]()
    assert cited == {"survey.md", "panel.md"}
    assert "45%" in ran.report
    assert "12%" in ran.report
    assert json.dumps(ran.report).count("c99") == 0
