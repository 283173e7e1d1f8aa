"""The whole pipeline against a server written by others, its replies scripted: one model id a role."""

import asyncio
import json
from pathlib import Path

import pytest
from llmock.scenarios import Match, Reply, ToolCall
from llmock.testing import LLMockServer

from agents.run import Settings, ask
from sessions.evidence_store import EvidenceStore

SENTENCE = "The alder studio paid 12 crowns for a brush in 2024."
SCRIPT: dict[str, object] = {
    "planner": {
        "subtasks": [{"id": "alder", "title": "Alder", "objective": "Find the price.", "key_questions": []}]
    },
    "reviewer": {"missing": []},
    "researcher": {
        "findings": [{"claim": "A brush cost 12 crowns.", "quotes": [{"source": "alder.md", "text": SENTENCE}]}]
    },
    "verifier": {"verdicts": [{"claim": "c1", "verdict": "supported"}]},
    "writer": "A brush cost 12 crowns in 2024 [c1].",
}


def _role(directory: Path, name: str) -> None:
    """The role with a model id of its own, so that the script can tell who asks."""
    directory.mkdir(parents=True, exist_ok=True)
    tools = {"researcher": "read_document", "writer": "read_evidence"}.get(name, "[]")
    text = f"---\nname: {name}\ndescription: d\nmodel: mock-{name}\ntools: {tools}\n---\nDo your work.\n"
    (directory / f"{name}.md").write_text(text, encoding="utf-8")


def test_a_report_with_a_resolved_citation(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "alder.md").write_text(f"# Alder\n\n{SENTENCE}\n", encoding="utf-8")
    with LLMockServer() as server:
        for role, said in SCRIPT.items():
            _role(own_home / "config" / "roles", role)
            match = Match(provider="anthropic", model=f"mock-{role}")
            if role == "researcher":
                call = ToolCall("read_document", {"path": "alder.md"})
                server.state.scenarios.add(Reply(tool_calls=(call,), match=match))
            text = said if isinstance(said, str) else json.dumps(said)
            server.state.scenarios.add(Reply(text=text, times=None, match=match))
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.base_url("anthropic"))
        monkeypatch.setenv("ANTHROPIC_API_KEY", "test")
        run = ask("What does a brush cost?", Settings(docs=docs, provider="claude"))
        state = asyncio.run(run.work())
    assert (state.status, state.exit) == ("done", 0), (state.message, state.failures)
    assert state.report is not None
    (citation,) = state.report.citations
    text = EvidenceStore(own_home / "sessions" / run.id).get(citation.source_sha256)
    assert text is not None
    assert text[citation.start : citation.end] == SENTENCE == citation.quote
