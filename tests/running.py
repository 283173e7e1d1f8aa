"""Whole runs in tests: in this process over the Claude-shaped server, or as the program itself."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agents.calls.live_text import LiveText
from agents.hub import Approver
from agents.replies import PlannedSubtask, PlanReply
from agents.run import Run, Settings, approve_as_it_is, ask
from sessions.events import AnyEvent
from sessions.state import RunState
from tests.claude_server import Brain, ClaudeServer, Manners, RecordedRequest
from tests.forked import ROOT, parent

QUESTION = "How is AI changing the creative industries?"
"""One that the sample library answers."""

LONGEST_S = 60.0
"""How long anything is waited for: only a failure waits it out, so it is enough for a machine that is busy."""


@dataclass
class Ran:
    """A finished run: what it became, all that happened, and every request on the wire."""

    run: Run
    state: RunState
    requests: list[RecordedRequest]
    rejected: list[RecordedRequest]
    events: list[AnyEvent] = field(default_factory=list[AnyEvent])

    @property
    def report(self) -> str:
        """The final report."""
        assert self.state.report is not None, self.state.message
        return self.state.report.markdown

    def asked(self, title: str) -> list[RecordedRequest]:
        """The requests for one kind of reply; the empty title is the writer's."""
        return [request for request in self.requests if request.title == title]


def run_over_server(
    monkeypatch: pytest.MonkeyPatch,
    brain: Brain,
    docs: Path,
    *,
    question: str = "How do artists use AI?",
    manners: Manners | None = None,
    approve: Approver = approve_as_it_is,
    make: Callable[[Settings, Approver], Run] | None = None,
    settings: Settings | None = None,
) -> Ran:
    """Asks a question through the real client, over real HTTP, of a server with that brain."""

    async def main() -> Ran:
        async with ClaudeServer(brain, manners) as server:
            monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
            monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
            over = {"docs": docs, "provider": "claude", "backoff_s": 0.001}
            chosen = (settings or Settings()).model_copy(update=over)
            run = make(chosen, approve) if make else ask(question, chosen, approve=approve)
            events: list[AnyEvent] = []

            def listen(item: AnyEvent | LiveText) -> None:
                if not isinstance(item, LiveText):
                    events.append(item)

            state = await run.work(listen)
            return Ran(run, state, list(server.requests), list(server.rejected), events)

    return asyncio.run(main())


def planned(*subtasks: PlannedSubtask, **more: object) -> PlanReply:
    """A planner's answer."""
    return PlanReply.model_validate({"subtasks": [subtask.model_dump() for subtask in subtasks], **more})


def subtask(spoke: str, objective: str, *needs: str, role: str = "researcher") -> PlannedSubtask:
    """One planned subtask."""
    return PlannedSubtask(
        id=spoke,
        title=spoke.capitalize(),
        objective=objective,
        key_questions=[objective],
        role=role,
        depends_on=list(needs),
    )


def program(*arguments: str) -> Sequence[str]:
    """The command that starts the program."""
    return [sys.executable, "-m", "tui", *arguments]


def environment(**changes: str) -> dict[str, str]:
    """This environment with the repository on the path, wherever the program is started."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **changes}


def hubspoke(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs the program to its end, in a process that is forked from one that has imported it."""
    return parent().run(arguments, environment(**env), LONGEST_S)


def started(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs the program to its end as a shell does: from nothing, which takes longer."""
    return subprocess.run(
        program(*arguments),
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


@pytest.fixture
def answered(own_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a run that is saved in the data directory: on the samples, asked for once and then copied."""
    once = tmp_path_factory.getbasetemp() / "answered"
    report = once / "report.md"
    if not report.exists():
        done = hubspoke("ask", QUESTION, "--provider", "embedded", "--yes", HUBSPOKE_HOME=str(once / "home"))
        assert done.returncode in (0, 3), done.stderr
        report.write_text(done.stdout, encoding="utf-8")
    shutil.copytree(once / "home", own_home)
    return report.read_text(encoding="utf-8")
