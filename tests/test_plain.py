"""Plain output: every turn of a run's failures is a line as it happens, and its end says what to do about them."""

import io
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply
from sessions.events import (
    AnyEvent,
    AttemptDropped,
    AttemptFailed,
    AttemptStarted,
    PlanApproved,
    RunEnded,
    SpokeCancelled,
    SpokeRetried,
    TryFailed,
    TurnFinished,
    TurnHeld,
    Usage,
)
from sessions.failures import Failure, FailureKind
from sessions.findings import Finding
from sessions.load import fold_all
from sessions.plan import Brief, Plan, Subtask
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, Reply, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.example_runs import RUN, created
from tests.running import hubspoke
from tests.test_dashboard_life import of
from tests.test_pipeline import DOUBLES, careful
from tests.test_pipeline import docs as docs
from tui.plain import PlainProgress

NOW = datetime(2026, 11, 21, 12, 0, 0).astimezone()
FAILURE_FIELDS = {
    "spoke", "attempt", "kind", "message", "query", "http_status", "request_id", "retry_after_s", "partial",
    "alternatives", "retryable", "tokens", "seconds",
}  # fmt: skip
Asked = Callable[..., tuple[int, str, str]]


def lines(tell: Callable[[PlainProgress], None]) -> list[str]:
    """What is printed, without the clock and the width of the name."""
    printed = io.StringIO()
    tell(PlainProgress(Console(file=printed, width=500), live=False))
    return [re.sub(r" {2,}", " ", line.strip()) for line in printed.getvalue().splitlines()]


def line_of(event: AnyEvent) -> str:
    (line,) = lines(lambda progress: progress(event.model_copy(update={"at": NOW.timestamp(), "t": 65.0})))
    assert line.startswith("01:05 ")
    return line.removeprefix("01:05 ")


def waits(wait_s: float, retry_after_s: float | None = None) -> TryFailed:
    failure = Failure(
        kind=FailureKind.RATE_LIMITED,
        message="Slow down.",
        http_status=429,
        request_id="req_1",
        retry_after_s=retry_after_s,
    )
    return TryFailed(spoke="music", attempt=1, turn=1, failure=failure, wait_s=wait_s)


def began(attempt: int, retry: int, advice: str) -> AttemptStarted:
    brief = Brief(question="q", title="Music", objective="x", advice=advice)
    return AttemptStarted(spoke="music", attempt=attempt, role="r", model="m", brief=brief, retry=retry)


def held(wait_s: float) -> TurnHeld:
    return TurnHeld(spoke="music", attempt=1, turn=2, why=FailureKind.RATE_LIMITED, wait_s=wait_s)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (held(12.2), "⏸ music waits 12 s: another call met rate_limited"),
        (held(0.0), "▶ music goes on: the wait is over"),
        (waits(0.5), "⏸ music rate_limited HTTP 429 req_1: Slow down. · again in 0.5 s"),
        (waits(120.0, 120.0), "⏸ music rate_limited HTTP 429 req_1: Slow down. · again in 120.0 s"),
        (
            waits(300.0, 300.0),
            f"⏸ music rate_limited HTTP 429 req_1: Slow down. · parked until "
            f"{NOW + timedelta(seconds=300):%H:%M:%S} (retry-after 300 s)",
        ),
        (
            waits(90_000.0),
            f"⏸ music rate_limited HTTP 429 req_1: Slow down. · parked until "
            f"{NOW + timedelta(seconds=90_000):%Y-%m-%d %H:%M:%S}",
        ),
        (waits(1e18, 1e18), f"⏸ music rate_limited HTTP 429 req_1: Slow down. · parked (retry-after {10**18} s)"),
        (began(1, 0, ""), "▶ music Music"),
        (began(2, 1, "Narrower: only this."), "▶ music Music (attempt 2, retry 1/2, narrower: only this.)"),
        (began(4, 0, ""), "▶ music Music (attempt 4)"),
        (SpokeRetried(spoke="music"), "▶ music you asked for another attempt on its brief"),
        (
            SpokeRetried(spoke="music", subtask=Subtask(id="music", title="Music", objective="x")),
            "▶ music you asked for another attempt on another brief: x",
        ),
        (SpokeCancelled(spoke="music"), "⊘ music you cancelled it"),
        (AttemptDropped(spoke="music", attempt=3), "⏸ music attempt 3 was cut off"),
    ],
)
def test_an_event_is_a_line(event: AnyEvent, line: str) -> None:
    assert line_of(event) == line


def test_the_end_of_a_run_names_what_was_lost_kept_and_paid() -> None:
    plan = Plan(subtasks=tuple(Subtask(id=id, title=id.upper(), objective="x") for id in ("a", "b", "c")))
    kept = (Finding(claim="One."), Finding(claim="Two."))
    usage = Usage(input_tokens=1_200, turns=3, usd=0.38, priced_turns=3)

    def failed(attempt: int, *partial: Finding) -> list[AnyEvent]:
        failure = Failure(
            kind=FailureKind.OVERLOADED,
            message="x",
            http_status=529,
            request_id=f"req_{'9' * 300}",
            partial=partial,
        )
        return [
            AttemptStarted(spoke="b", attempt=attempt, role="r", model="m"),
            AttemptFailed(spoke="b", attempt=attempt, failure=failure),
        ]

    events = [
        created(),
        PlanApproved(step="approve", plan=plan),
        *failed(1, *kept),
        *failed(2, kept[0]),
        SpokeCancelled(spoke="c"),
        TurnFinished(spoke="b", attempt=2, turn=1, stop_reason="end_turn", usage=usage, seconds=1.0, t=72.0),
        RunEnded(status="gaps", exit=3),
    ]
    state = fold_all(events)
    failure, cancelled, ended, totals = lines(lambda progress: progress.end(state, RUN))
    assert failure.startswith("00:00 ✗ 2 B overloaded HTTP 529 req_999")
    assert failure.endswith(f"2 findings kept · 2 attempts · hubspoke retry {RUN} --spoke 2")
    assert cancelled == f"00:00 ⊘ 3 C cancelled · nothing kept · 0 attempts · hubspoke retry {RUN} --spoke 3"
    assert ended == "00:00 ! gaps The report is there, with gaps."
    spokes = "0 of 3 spokes ok · 1 failed · 1 cancelled"
    assert totals == f"00:00 {spokes} · 2 findings · 1,200 tokens in 3 turns · $0.38 · 1:12"
    state.usage += Usage(turns=1)
    assert "· cost unknown ·" in lines(lambda progress: progress.end(state, RUN))[-1]
    state.usage = usage.model_copy(update={"usd": 0.0})
    assert lines(lambda progress: progress.end(state, RUN))[-1].endswith("1,200 tokens in 3 turns · 1:12")


@pytest.fixture
def asked(docs: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Asks a server with these faults; cedar never finds anything. Answers exit code, output and what was told."""

    def nothing(request: MessagesRequest) -> FindingsReply | Reply:
        of_cedar = "Find the cedar price" in request.model_dump_json()
        return FindingsReply(findings=[]) if of_cedar else careful(request)

    def ask(*more: str, cue: Cue) -> tuple[int, str, str]:
        with ThreadedClaudeServer(engine_brain({**DOUBLES, "findings": nothing}), Manners(cues=(cue,))) as server:
            monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
            monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
            question = ("ask", "What do brushes cost?", "--docs", str(docs), "--provider", "claude", "--yes")
            done = hubspoke(*question, *more)
            # What it says is to be done can be done.
            if commands := re.findall(r"hubspoke (retry \S+ --spoke 2)$", done.stderr, re.MULTILINE):
                assert hubspoke(*commands[0].split(), "--yes").returncode == 3
            return done.returncode, done.stdout, re.sub(r" {2,}", " ", done.stderr)

    return ask


def test_a_run_with_failures_tells_them_twice_and_how_to_retry(asked: Asked) -> None:
    code, report, told = asked("--plain", cue=Cue(HttpFault(400), of("birch")))
    assert (code, report.startswith("# ")) == (3, True)
    assert "⏸ birch" not in told
    assert "✗ birch invalid_request HTTP 400 req_" in told
    assert "(attempt 2, retry 1/2, broader: " in told
    *_, birch, cedar, ended, totals = told.splitlines()
    assert re.search(
        r"✗ 2 Birch invalid_request HTTP 400 req_\S+ · nothing kept · 1 attempt · hubspoke retry \S+ --spoke 2$",
        birch,
    )
    assert re.search(r"✗ 3 Cedar no_results · nothing kept · 2 attempts · hubspoke retry \S+ --spoke 3$", cedar)
    assert "with gaps" in ended
    assert re.search(r"3 of 5 spokes ok · 2 failed · 3 findings · [\d,]+ tokens in \d+ turns · \S+", totals)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "Set ANTHROPIC_API_KEY to another key, then go on with: hubspoke resume {run}"),
        (402, "Top up the account or raise its spend limit, then go on with: hubspoke resume {run}"),
        (403, "Use a key that may use this model, or choose another model: hubspoke resume {run} --model ID"),
        (404, "Choose another model: hubspoke resume {run} --model ID"),
    ],
)
def test_what_stopped_the_whole_run_is_one_sentence_on_what_to_do(status: int, said: str, asked: Asked) -> None:
    def research(request: RecordedRequest) -> bool:
        return request.title == "findings"

    code, report, told = asked("--plain", cue=Cue(HttpFault(status), research, times=None))
    assert (code, report) == (1, "")
    (run,) = re.findall(r"· run (\S+) · claude", told)
    assert told.splitlines()[-1].endswith(f"Saved. {said.format(run=run)}")
    assert "hubspoke retry" not in told


def test_the_document_has_every_field_of_a_failure_and_the_cost(asked: Asked) -> None:
    code, output, told = asked("--json", cue=Cue(HttpFault(400), of("birch")))
    document = json.loads(output)
    assert (code, len(document["failures"])) == (3, 3)
    for failure in document["failures"]:
        assert set(failure) >= FAILURE_FIELDS
    (birch,) = [failure for failure in document["failures"] if failure["spoke"] == "birch"]
    assert (birch["kind"], birch["http_status"], birch["attempt"]) == ("invalid_request", 400, 1)
    assert birch["request_id"].startswith("req_")
    assert birch["query"] == "Find the birch price."
    assert isinstance(document["usage"]["usd"], float)
    assert "hubspoke retry" in told
