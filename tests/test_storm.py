"""Twenty queued spokes, five places, and a server that refuses often: nobody hangs and nobody knocks too early."""

import random
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, PlanReply, QuotedText
from agents.run import Settings
from tests.claude_server import Brain, Cue, HttpFault, Manners, RecordedRequest, Reply, ToolUse
from tests.engine_brain import engine_brain
from tests.running import planned, run_over_server, subtask

SPOKES = [f"spoke{number:02}" for number in range(1, 21)]
PLACES = 5
RETRY_AFTER_S = 0.5
ON_THE_WAY_S = 0.2
"""What comes so soon after a refusal may have been sent before it was read."""

CLOCK_S = 0.005
"""How much earlier than it was asked for a request may seem to come, by the clocks of both sides."""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for spoke in SPOKES:
        (folder / f"{spoke}.md").write_text(
            f"# {spoke}\n\nThe {spoke} mill sold 40 rugs in 2024.\n", encoding="utf-8"
        )
    return folder


def _plan(request: MessagesRequest) -> PlanReply:
    return planned(*(subtask(spoke, f"Find the {spoke} rugs.") for spoke in SPOKES))


def _research(request: MessagesRequest) -> FindingsReply | Reply:
    prompt = request.messages[0].blocks[0].model_dump_json()
    spoke = next(spoke for spoke in SPOKES if f"Find the {spoke} rugs" in prompt)
    if len(request.messages) == 1:
        return Reply((ToolUse("search_documents", {"query": spoke}),))
    text = f"The {spoke} mill sold 40 rugs in 2024."
    return FindingsReply(findings=[FoundClaim(claim=text, quotes=[QuotedText(source=f"{spoke}.md", text=text)])])


def _brain() -> Brain:
    brain = engine_brain({"plan": _plan, "coverage": lambda _: '{"missing": []}', "findings": _research})

    async def answers(request: dict[str, JsonValue]) -> Reply:
        return await brain(request)

    return answers


def _storm(seed: int) -> Manners:
    """Each research request is refused by chance: one in four, half of them with a wait, half as overloaded."""
    chance = random.Random(seed)

    def falls(share: float) -> bool:
        return chance.random() < share

    limited = HttpFault(429, {"retry-after": str(RETRY_AFTER_S)})
    return Manners(
        cues=(
            Cue(limited, lambda request: request.title == "findings" and falls(0.12), times=None),
            Cue(HttpFault(529), lambda request: request.title == "findings" and falls(0.12), times=None),
        )
    )


def _most_at_once(requests: list[RecordedRequest]) -> int:
    steps = [(request.arrived, 1) for request in requests]
    steps += [(request.ended, -1) for request in requests if request.ended is not None]
    at_once = most = 0
    for _, step in sorted(steps):
        at_once += step
        most = max(most, at_once)
    return most


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_storm_of_429_and_529(docs: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    settings = Settings(max_parallel=PLACES, max_spokes=len(SPOKES))
    ran = run_over_server(monkeypatch, _brain(), docs, manners=_storm(seed), settings=settings)
    assert len(ran.state.spokes) == len(SPOKES)
    assert {spoke.status for spoke in ran.state.spokes.values()} <= {"done", "failed"}
    for spoke in ran.state.spokes.values():
        assert spoke.last is not None
        assert spoke.status == "done" or spoke.last.failure is not None
    assert ran.state.report is not None
    research = ran.asked("findings")
    assert _most_at_once(research) <= PLACES
    refused = [request for request in research if request.status == 429]
    assert refused
    for refusal in refused:
        assert refusal.ended is not None
        early = [
            request.arrived - refusal.ended
            for request in research
            if refusal.ended + ON_THE_WAY_S < request.arrived < refusal.ended + RETRY_AFTER_S - CLOCK_S
        ]
        assert early == []
