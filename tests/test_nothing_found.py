"""A report of a run that found nothing says why: nobody could look, or what was read has no answer."""

from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, PlanReply, QuotedText
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, Reply, ToolUse
from tests.engine_brain import engine_brain
from tests.running import planned, run_over_server, subtask

READ = "in the passages that were read"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """One document that has no answer."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "brushes.md").write_text("# Brushes\n\nLarch brushes cost 12 crowns in 2024.\n", encoding="utf-8")
    return folder


def _plan(request: MessagesRequest) -> PlanReply:
    return planned(subtask("alder", "Find the alder price."), subtask("birch", "Find the birch price."))


def _nothing(request: MessagesRequest) -> FindingsReply | Reply:
    if len(request.messages) == 1:
        return Reply((ToolUse("search_documents", {"query": "brushes"}),))
    return FindingsReply(findings=[])


BRAIN = engine_brain({"plan": _plan, "findings": _nothing})


@pytest.mark.parametrize("writes", [True, False])
@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ("", f"Nothing {READ} answers the question."),
        (
            "birch",
            f"Nothing was found out: some parts failed (invalid_request), and nothing {READ} answers the others.",
        ),
        ("Find", "Nothing was found out: every part failed (invalid_request)."),
    ],
)
def test_what_was_not_looked_at_is_not_said_to_be_silent(
    docs: Path, monkeypatch: pytest.MonkeyPatch, refused: str, said: str, writes: bool
) -> None:
    def failing(request: RecordedRequest) -> bool:
        return (
            bool(refused) and request.title == "findings" and refused in request.said.partition("<objective>")[2]
        )

    def writing(request: RecordedRequest) -> bool:
        return not writes and request.title == ""

    cues = tuple(Cue(HttpFault(400), which, times=None) for which in (failing, writing))
    ran = run_over_server(monkeypatch, BRAIN, docs, manners=Manners(cues=cues))
    assert said in ran.report
    assert "ocuments" not in ran.report.partition("## Gaps")[0]
    if refused != "Find":
        assert f"Nothing {READ} answers it." in ran.report.partition("## Gaps")[2]


def test_what_was_found_with_invented_words_is_not_said_to_be_unanswered(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def invented(request: MessagesRequest) -> FindingsReply | Reply:
        found = _nothing(request)
        if isinstance(found, Reply):
            return found
        claim = FoundClaim(claim="Alder is dear.", quotes=[QuotedText(source="brushes.md", text="Alder is dear.")])
        return FindingsReply(findings=[claim], not_found=["What does birch cost?"])

    brain = engine_brain({"plan": _plan, "findings": invented})
    silent = Manners(cues=(Cue(HttpFault(400), lambda request: request.title == "", times=None),))
    told, _, gaps = run_over_server(monkeypatch, brain, docs, manners=silent).report.partition("## Gaps")
    assert "Nothing that was found can be cited: none of its quotes could be found." in told
    assert "answers the question" not in told
    assert f"- **What does birch cost?** (Alder): Nothing {READ} answers it." in gaps
