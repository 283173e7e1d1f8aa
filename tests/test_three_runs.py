"""Three runs at once, each a process of its own, of one person: what the server tells one holds for all three."""

import asyncio
import subprocess
from pathlib import Path

from pydantic import JsonValue

from tests.claude_server import (
    Brain,
    Cue,
    HttpFault,
    Manners,
    RecordedRequest,
    Reply,
    ThreadedClaudeServer,
    barrier,
)
from tests.engine_brain import engine_brain
from tests.running import LONGEST_S, environment, program
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tests.test_storm import CLOCK_S, ON_THE_WAY_S

QUESTIONS = [f"What do brushes cost in town {number}?" for number in range(3)]
MOST = 4
RETRY_AFTER_S = 1.0
REFUSED = (6, 17, 29)
"""Which requests are refused, in order of arrival: while all three runs are at work."""


def _brain() -> Brain:
    """Answers slowly enough for requests to meet."""
    brain = engine_brain(DOUBLES)

    async def slow(request: dict[str, JsonValue]) -> Reply:
        await asyncio.sleep(0.05)
        return await brain(request)

    return slow


def _manners() -> Manners:
    limited = HttpFault(429, {"retry-after": str(RETRY_AFTER_S)})
    # No plan is answered until all three are asked for: from then on the runs are at work together.
    return Manners(
        cues=(
            barrier(len(QUESTIONS), lambda request: request.title == "plan"),
            *(Cue(limited, index) for index in REFUSED),
        )
    )


def _at_once(requests: list[RecordedRequest]) -> int:
    """The most requests that the server had at one time."""
    steps = [(request.arrived, 1) for request in requests]
    steps += [(request.ended, -1) for request in requests if request.ended is not None]
    now = most = 0
    for _, step in sorted(steps):
        now += step
        most = max(most, now)
    return most


def _asked_by(requests: list[RecordedRequest]) -> set[str]:
    """The questions of the runs that asked."""
    return {question for request in requests for question in QUESTIONS if question in request.said}


def _run_all(docs: Path, url: str) -> None:
    """Runs the program for each question, all at once, to their ends; one model is one family of models."""
    env = environment(
        ANTHROPIC_BASE_URL=url,
        ANTHROPIC_API_KEY="sk-ant-test-0123456789abcdefghij",
        HUBSPOKE_MAX_REQUESTS=str(MOST),
    )
    options = ("--docs", str(docs), "--provider", "claude", "--model", "sonnet", "--yes", "--plain")
    runs = [
        subprocess.Popen(
            program("ask", question, *options),
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for question in QUESTIONS
    ]
    try:
        for run in runs:
            _, said = run.communicate(timeout=LONGEST_S)
            assert run.returncode == 0, said
    finally:
        for run in runs:
            run.kill()
            run.communicate()


def test_three_processes_keep_to_one_retry_after_and_one_limit(docs: Path, own_home: Path) -> None:
    with ThreadedClaudeServer(_brain(), _manners()) as server:
        _run_all(docs, server.url)
        requests = server.requests
        assert server.rejected == []
    refused = [request for request in requests if request.status == 429]
    assert len(refused) == len(REFUSED)
    for refusal in refused:
        assert refusal.ended is not None
        since = [request.arrived - refusal.ended for request in requests if request.arrived > refusal.ended]
        assert [s for s in since if ON_THE_WAY_S < s < RETRY_AFTER_S - CLOCK_S] == []
        later = [request for request in requests if request.arrived > refusal.ended + RETRY_AFTER_S - CLOCK_S]
        assert _asked_by(later) == set(QUESTIONS), "all three had something to ask meanwhile"
    assert _at_once(requests) == MOST
