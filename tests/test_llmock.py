"""The whole pipeline against a server written by others, which breaks its replies and judges how they are met."""

import asyncio
import json
from pathlib import Path

import pytest
from llmock.pytest_plugin import LLMock
from llmock.scenarios import Behavior, Fail, Match, Reply, StreamFault, ToolCall, ToolFault

from agents.calls.live_text import LiveText
from agents.run import Settings, ask
from agents.spec import AttemptLimits
from sessions.events import AnyEvent, TryFailed
from sessions.evidence_store import EvidenceStore
from sessions.failures import FailureKind
from tests.running import Ran

SENTENCE = "The alder studio paid 12 crowns for a brush in 2024."
FOUND = {"claim": "A brush cost 12 crowns.", "quotes": [{"source": "alder.md", "text": SENTENCE}]}


def _planned(*roles: str) -> dict[str, object]:
    """A plan with a subtask for each role."""
    common: dict[str, object] = {"title": "Alder", "objective": "Find the price.", "key_questions": []}
    return {"subtasks": [{"id": f"alder-{role}", "role": role, **common} for role in roles]}


SCRIPT: dict[str, object] = {
    "planner": _planned("researcher"),
    "reviewer": {"missing": []},
    "researcher": {"findings": [FOUND]},
    "stranger": {"findings": [FOUND]},
    "verifier": {"verdicts": [{"claim": "c1", "verdict": "supported"}]},
    "writer": "A brush cost 12 crowns in 2024 [c1].",
}
"""What each role answers; `stranger` is a researcher that only some plans know."""


def _asks(role: str) -> Match:
    """The requests of one role: it has a model id of its own."""
    return Match(provider="anthropic", model=f"mock-{role}")


def _role(directory: Path, name: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    tools = {"researcher": "read_document", "stranger": "read_document", "writer": "read_evidence"}.get(name, "[]")
    text = f"---\nname: {name}\ndescription: d\nmodel: mock-{name}\ntools: {tools}\n---\nDo your work.\n"
    (directory / f"{name}.md").write_text(text, encoding="utf-8")


def _run(home: Path, llmock: LLMock, *faults: Behavior, plan: dict[str, object] | None = None) -> Ran:
    """A run whose server answers by the script, broken by the faults."""
    docs = home / "docs"
    docs.mkdir(parents=True)
    (docs / "alder.md").write_text(f"# Alder\n\n{SENTENCE}\n", encoding="utf-8")
    llmock.add(*faults)
    for role, said in SCRIPT.items():
        _role(home / "config" / "roles", role)
        if role == "researcher":
            # Twice: a reply that is broken off counts as given.
            call = ToolCall("read_document", {"path": "alder.md"})
            llmock.add(Reply(tool_calls=(call,), times=2, match=_asks(role)))
        said = plan if plan and role == "planner" else said
        llmock.add(Reply(text=said if isinstance(said, str) else json.dumps(said), times=None, match=_asks(role)))
    settings = Settings(docs=docs, provider="claude", backoff_s=0.02, attempt=AttemptLimits(stall_s=0.5))
    run = ask("What does a brush cost?", settings)
    events: list[AnyEvent] = []

    def listen(item: AnyEvent | LiveText) -> None:
        if not isinstance(item, LiveText):
            events.append(item)

    state = asyncio.run(run.work(listen))
    return Ran(run, state, [], [], events)


def test_a_report_with_a_resolved_citation(own_home: Path, llmock: LLMock) -> None:
    ran = _run(own_home, llmock)
    assert (ran.state.status, ran.state.exit) == ("done", 0), (ran.state.message, ran.state.failures)
    assert ran.state.report is not None
    (citation,) = ran.state.report.citations
    text = EvidenceStore(own_home / "sessions" / ran.run.id).get(citation.source_sha256)
    assert text is not None
    assert text[citation.start : citation.end] == SENTENCE == citation.quote
    llmock.assert_resilient(strict=True)


EVERYWHERE = [_asks(role) for role in ("planner", "reviewer", "researcher", "verifier", "writer")]

SCENARIOS: list[tuple[str, list[Behavior], FailureKind | None]] = [
    # what breaks; the failed tries that are to be told of, where it makes any
    ("a rate limit", [Fail(429, retry_after=1, times=2)], FailureKind.RATE_LIMITED),
    (
        "a rate limit of the spokes",
        [Fail(429, retry_after=1, match=_asks("researcher"))],
        FailureKind.RATE_LIMITED,
    ),
    (
        "overload everywhere",
        [Fail(529, retry_after=0, match=match) for match in EVERYWHERE],
        FailureKind.OVERLOADED,
    ),
    ("overload, thrice", [Fail(529, retry_after=0, times=3, match=_asks("researcher"))], FailureKind.OVERLOADED),
    ("an outage that ends", [Fail(500, retry_after=0, times=3)], FailureKind.API_ERROR),
    ("truncation", [StreamFault("truncate", 2, match=match) for match in EVERYWHERE], FailureKind.TRUNCATED),
    ("truncation at once", [StreamFault("truncate", 0, times=1)], FailureKind.PROTOCOL),
    (
        "a disconnect",
        [StreamFault("disconnect", 3, match=match) for match in EVERYWHERE],
        FailureKind.STREAM_DROPPED,
    ),
    ("a stall", [StreamFault("stall", 2, 30, match=_asks("researcher"))], FailureKind.TIMEOUT),
    (
        "a chunk that is no JSON",
        [StreamFault("malformed", 2, match=match) for match in EVERYWHERE],
        FailureKind.PROTOCOL,
    ),
    (
        "a tool call that is no JSON",
        [ToolFault("malformed_arguments", match=_asks("researcher"))],
        FailureKind.PROTOCOL,
    ),
    ("a tool that is none", [ToolFault("unknown_tool", match=_asks("researcher"))], None),
]


@pytest.mark.parametrize(("faults", "told"), [row[1:] for row in SCENARIOS], ids=[row[0] for row in SCENARIOS])
def test_what_passes_is_survived_as_it_should_be(
    own_home: Path, llmock: LLMock, faults: list[Behavior], told: FailureKind | None
) -> None:
    ran = _run(own_home, llmock, *faults)
    assert (ran.state.status, ran.state.exit) == ("done", 0), (ran.state.message, ran.state.failures)
    assert ran.state.report is not None and ran.state.report.citations
    assert {event.failure.kind for event in ran.events if isinstance(event, TryFailed)} == (
        {told} if told else set()
    )
    llmock.assert_resilient()


@pytest.mark.parametrize("status", [400, 413, 429, 529])
def test_a_spoke_that_cannot_be_saved_costs_its_part_and_not_the_report(
    own_home: Path, llmock: LLMock, status: int
) -> None:
    lost = Fail(status, retry_after=0, times=None, match=_asks("stranger"))
    ran = _run(own_home, llmock, lost, plan=_planned("researcher", "stranger"))
    assert ran.state.exit == 3, (ran.state.message, ran.state.failures)
    assert ran.state.report is not None and ran.state.report.citations
    assert {failure.http_status for failure in ran.state.failures} == {status}
    llmock.assert_resilient()
