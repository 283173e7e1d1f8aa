"""A run that reaches its budget: it stops asking in time, and still ends in a checked report that says so."""

import json
from asyncio import Event
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply
from agents.run import Settings, resume
from sessions.findings import Verdict
from tests.claude_server import Brain, Cue, Manners, RecordedRequest, Reply, Stall, ToolUse, Usage
from tests.engine_brain import engine_brain
from tests.running import Ran, run_over_server
from tests.test_pipeline import DOUBLES, WORDS, careful
from tests.test_pipeline import docs as docs

REPLY = Usage(input_tokens=1_000, output_tokens=500)
TOKENS = REPLY.input_tokens + REPLY.output_tokens
USD = (2.0 * REPLY.input_tokens + 10.0 * REPLY.output_tokens) / 1e6
"""What a reply costs on the default model; a dearer role's costs twice that."""


def insatiable(request: MessagesRequest) -> FindingsReply | Reply:
    """A researcher that goes on as long as it has a tool."""
    if len(request.messages) == 1 or request.tool_choice.type == "none":
        return careful(request)
    return Reply((ToolUse("list_documents", {}),))


def _brain() -> Brain:
    brain = engine_brain({**DOUBLES, "findings": insatiable})

    async def counted(request: dict[str, JsonValue]) -> Reply:
        return replace(await brain(request), usage=REPLY)

    return counted


def _run(monkeypatch: pytest.MonkeyPatch, docs: Path, settings: Settings) -> Ran:
    return run_over_server(monkeypatch, _brain(), docs, settings=settings)


def _check(ran: Ran) -> None:
    """A report with verified findings in it, which says that the budget ended the research."""
    assert ran.state.exit == 3
    verified = {claim.id for claim in ran.state.claims.values() if claim.verdict is Verdict.SUPPORTED}
    assert ran.state.report is not None
    assert verified & {citation.claim for citation in ran.state.report.citations}
    gaps = ran.report.partition("## Gaps")[2]
    assert "The run has used" in gaps
    # No conversation was cut off in the middle: each spoke answered, or was not begun.
    for spoke in ran.state.spokes.values():
        assert spoke.last is not None
        assert spoke.status == "done" or not spoke.last.usage.turns


@pytest.mark.parametrize("cap", [20_000, 32_000, 40_000, 60_000])
def test_tokens_that_run_out_in_the_middle(docs: Path, monkeypatch: pytest.MonkeyPatch, cap: int) -> None:
    ran = _run(monkeypatch, docs, Settings(max_tokens=cap))
    _check(ran)
    assert cap / 2 < ran.state.usage.tokens <= cap + TOKENS


def test_money_that_runs_out_in_the_middle(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _run(monkeypatch, docs, Settings(max_usd=0.40))
    _check(ran)
    assert ran.state.usage.cost is not None
    assert 0.15 < ran.state.usage.cost <= 0.40 + 2 * USD


def test_a_run_without_a_limit_in_its_way_spends_more(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _run(monkeypatch, docs, Settings())
    assert ran.state.exit == 0
    assert ran.state.usage.tokens > 60_000


def test_a_budget_for_nothing_still_ends_in_a_report(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _run(monkeypatch, docs, Settings(max_tokens=9_000))
    assert ran.asked("findings") == []
    assert [failure.kind for failure in ran.state.failures] == ["budget_exceeded"] * len(WORDS)
    assert (ran.state.exit, ran.state.claims) == (3, {})
    assert "--max-tokens" in ran.report
    again = run_over_server(
        monkeypatch,
        _brain(),
        docs,
        make=lambda settings, approve: resume(
            ran.run.id, settings.model_copy(update={"max_tokens": 1_000_000}), approve=approve
        ),
    )
    assert again.state.exit == 0, "with more to spend, it goes on"
    assert again.asked("plan") == []


def test_time_that_is_over_ends_the_research_and_not_the_report(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(request: RecordedRequest) -> bool:
        return request.title == "findings" and "tool_result" in json.dumps(request.body)

    # The findings have come, and the rest of each answer hangs: nothing but the run's own time ends it.
    cue = Cue(Stall(Event(), at=-3), answers, times=None)
    settings = Settings(max_minutes=0.1)
    ran = run_over_server(
        monkeypatch, engine_brain(DOUBLES), docs, manners=Manners(cues=(cue,)), settings=settings
    )
    assert [failure.kind for failure in ran.state.failures] == ["budget_exceeded"] * len(WORDS)
    assert "--max-minutes" in ran.report
    assert {claim.verdict for claim in ran.state.claims.values()} == {Verdict.SUPPORTED}
    assert ran.state.report is not None
    assert len(ran.state.report.citations) == len(WORDS)
