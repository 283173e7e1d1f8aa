"""What follows from a failure, over real HTTP: another brief, a wait, a batch that stops, a run that stops."""

import asyncio
import json
from asyncio import Event
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from agents.calls.live_text import LiveText
from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, PlanReply, QuotedText
from agents.run import Run, Settings, ask, resume
from agents.spec import AttemptLimits
from sessions.events import AnyEvent, AttemptStarted, TryFailed, TurnHeld
from sessions.failures import FailureKind
from tests.claude_server import ClaudeServer, Cue, HttpFault, Manners, RecordedRequest, Reply, Stall, Text, ToolUse
from tests.engine_brain import engine_brain
from tests.running import planned, run_over_server, subtask
from tests.test_pipeline import DOUBLES, WORDS, careful
from tests.test_pipeline import docs as docs

QUICK = Settings(attempt=AttemptLimits(stall_s=0.3))


def of(spoke: str) -> Callable[[RecordedRequest], bool]:
    """Picks the research requests of a spoke."""
    return lambda request: request.title == "findings" and f"Find the {spoke} price" in request.said


def advice(request: RecordedRequest) -> str:
    """What a researcher's brief was changed by."""
    return request.said.partition("<advice>")[2].partition("</advice>")[0].strip()


def two_questions(request: MessagesRequest) -> PlanReply:
    one = subtask("alder", "Find the alder price.").model_copy(
        update={"key_questions": ["What did larch cost?", "Who says so?"]}
    )
    return planned(one, subtask("birch", "Find the birch price."))


def test_a_timeout_is_narrowed_and_the_report_says_what_was_left(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first conversation hangs on each of its tries; the next is asked less and answers.
    cue = Cue(Stall(Event()), lambda request: of("alder")(request) and not advice(request), times=None)
    brain = engine_brain({**DOUBLES, "plan": two_questions})
    ran = run_over_server(monkeypatch, brain, docs, manners=Manners(cues=(cue,)), settings=QUICK)
    told = [advice(request) for request in ran.requests if of("alder")(request)]
    assert told[:3] == ["", "", ""], "three tries of the first conversation"
    assert told[3].startswith("Narrower:")
    assert told[3].endswith("What did larch cost?")
    (failure,) = ran.state.failures
    assert (failure.kind, failure.alternatives[:2]) == ("timeout", ("What did larch cost?", "Who says so?"))
    assert [attempt.retry for attempt in ran.state.spokes["alder"].attempts] == [0, 1]
    assert ran.state.exit == 3
    assert "only this was asked: What did larch cost?" in ran.report.partition("## Gaps")[2]


def test_nothing_found_is_broadened_by_what_the_attempt_named(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(request: MessagesRequest) -> FindingsReply | Reply:
        if "Find the cedar" not in request.model_dump_json():
            return careful(request)
        return FindingsReply(findings=[], alternatives=["brush makers"])

    ran = run_over_server(monkeypatch, engine_brain({**DOUBLES, "findings": nothing}), docs)
    told = [advice(request) for request in ran.requests if of("cedar")(request)]
    assert [text[:8] for text in told] == ["", "Broader:"], "and no third that would be told the same"
    assert "brush makers" in told[1]


def test_a_search_that_failed_is_no_empty_result(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(request: MessagesRequest) -> FindingsReply | Reply:
        if "Find the cedar" not in request.model_dump_json():
            return careful(request)
        gone = ToolUse("read_document", {"path": "gone.md"})
        return Reply((gone,)) if len(request.messages) == 1 else FindingsReply(findings=[])

    ran = run_over_server(monkeypatch, engine_brain({**DOUBLES, "findings": fails}), docs)
    (failure,) = ran.state.failures
    assert (failure.kind, failure.retryable) == ("tool_error", True)
    assert "gone.md" in failure.message
    assert [advice(request) for request in ran.requests if of("cedar")(request)] == ["", ""], "no other brief"


def test_an_overflow_is_narrowed_once(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cue = Cue(HttpFault(413), of("birch"), times=None)
    ran = run_over_server(monkeypatch, engine_brain(DOUBLES), docs, manners=Manners(cues=(cue,)))
    assert [advice(request)[:8] for request in ran.requests if of("birch")(request)] == ["", "Narrower"]
    assert [failure.kind for failure in ran.state.failures] == ["context_overflow"] * 2


def test_what_a_failed_spoke_had_found_is_checked_used_and_marked(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "The daisy studio reported that clover brushes cost 12 crowns in 2024."
    found = FoundClaim(claim=f"Daisy: {sentence}", quotes=[QuotedText(source="daisy.md", text=sentence)])
    whole = json.dumps({"findings": [found.model_dump()], "summary": "more to come " * 20})

    def breaks_off(request: MessagesRequest) -> FindingsReply | Reply:
        answer = careful(request)
        of_daisy = "Find the daisy price" in request.model_dump_json()
        return Reply((Text(whole),)) if of_daisy and not isinstance(answer, Reply) else answer

    def answers(request: RecordedRequest) -> bool:
        return of("daisy")(request) and "tool_result" in json.dumps(request.body)

    # It hangs when the finding has come and the rest of the answer has not.
    cue = Cue(Stall(Event(), at=-4), answers, times=None)
    brain = engine_brain({**DOUBLES, "findings": breaks_off})
    ran = run_over_server(monkeypatch, brain, docs, manners=Manners(cues=(cue,)), settings=QUICK)
    assert ran.state.spokes["daisy"].status == "failed"
    assert {failure.kind for failure in ran.state.failures} == {FailureKind.TIMEOUT}
    assert all(len(failure.partial) == 1 for failure in ran.state.failures)
    (claim,) = [claim for claim in ran.state.claims.values() if "Daisy:" in claim.finding.claim]
    assert (claim.partial, claim.verdict) == (True, "supported")
    assert ran.state.report is not None
    (citation,) = [citation for citation in ran.state.report.citations if citation.spoke == "daisy"]
    sources = ran.report.partition("## Sources")[2]
    assert f"[{citation.n}]" in sources
    assert "partial result" in next(line for line in sources.splitlines() if f"[{citation.n}]" in line)
    assert "Daisy" in ran.report.partition("## Gaps")[2]


def test_a_batch_stops_after_three_answers_that_fail_alike(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brain = engine_brain({**DOUBLES, "findings": lambda _: '{"findings": "none"}'})
    ran = run_over_server(monkeypatch, brain, docs, settings=Settings(max_parallel=1))
    assert len(ran.asked("findings")) == 3 * 2, "three answers with their repairs, and no fourth"
    assert [failure.kind for failure in ran.state.failures] == ["invalid_output"] * len(WORDS)
    assert "no other is asked for" in ran.state.failures[-1].message
    assert ran.state.exit == 3


class Steered:
    """A run that is steered while it goes on."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.events: list[AnyEvent] = []
        self.streamed: set[str] = set()
        """Spokes whose answer has begun to stream."""
        self.changed = asyncio.Event()
        self.work = asyncio.create_task(run.work(self._listen))

    def _listen(self, item: AnyEvent | LiveText) -> None:
        if not isinstance(item, LiveText):
            self.events.append(item)
        else:
            self.streamed.add(item.spoke)
        self.changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Returns when it holds, after some event."""
        async with asyncio.timeout(20.0):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


def _over(server: ClaudeServer, monkeypatch: pytest.MonkeyPatch, docs: Path, **more: object) -> Settings:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
    return Settings.model_validate({"docs": docs, "provider": "claude", "backoff_s": 0.001, **more})


def test_a_long_wait_parks_the_spoke_until_a_person_says_try_now(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        limited = HttpFault(429, {"retry-after": "900"})
        cues = (Cue(limited, lambda request: request.title == "findings"),)
        async with ClaudeServer(engine_brain(DOUBLES), Manners(cues=cues)) as server:
            run = ask("What do brushes cost?", _over(server, monkeypatch, docs, max_parallel=2))
            steered = Steered(run)
            await steered.until(lambda: any(isinstance(event, TryFailed) for event in steered.events))
            (parked,) = [event for event in steered.events if isinstance(event, TryFailed)]
            spoke = run.state.spokes[parked.spoke]
            assert (parked.wait_s, spoke.status) == (900.0, "running")
            assert spoke.last is not None
            assert spoke.last.wait is not None
            assert spoke.last.wait.failure is not None
            # Whoever asks next is held by the same gate.
            await steered.until(lambda: any(isinstance(event, TurnHeld) for event in steered.events))
            before = len(server.requests)
            run.retry(parked.spoke, 1)
            state = await steered.work
            assert (state.exit, len(state.spokes[parked.spoke].attempts)) == (0, 1), "the same attempt went on"
            assert len(server.requests) > before

    asyncio.run(main())


def test_a_wait_that_the_runs_time_has_no_room_for_is_a_failure_at_once(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cue = Cue(HttpFault(429, {"retry-after": "86400"}), of("elder"), times=None)
    ran = run_over_server(
        monkeypatch, engine_brain(DOUBLES), docs, manners=Manners(cues=(cue,)), settings=Settings(max_parallel=1)
    )
    last = ran.state.spokes["elder"].last
    assert last is not None
    assert last.failure is not None
    failure = last.failure
    assert (failure.kind, failure.retry_after_s, failure.retryable) == ("rate_limited", 86_400.0, True)
    # Nobody else knocks at a door that is known to be shut; what was found is reported all the same.
    refused = next(request for request in ran.requests if request.status == 429)
    assert all(request.model != refused.model for request in ran.requests[refused.index + 1 :])
    assert (ran.state.exit, len(ran.state.claims)) == (3, 4)


def test_a_wrong_key_stops_all_once_and_another_goes_on_in_place(
    docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    other = "sk-ant-other-9876543210zyxwvutsrq"

    def wrong(request: RecordedRequest) -> bool:
        return request.title == "findings" and other not in request.headers["authorization"]

    async def main() -> None:
        async with ClaudeServer(
            engine_brain(DOUBLES), Manners(cues=(Cue(HttpFault(401), wrong, None),))
        ) as server:
            settings = _over(server, monkeypatch, docs, max_parallel=1)
            run = ask("What do brushes cost?", settings)
            state = await run.work()
            assert (state.status, state.exit) == ("failed", 1)
            assert state.stopped_by is not None
            assert state.stopped_by.kind is FailureKind.AUTH
            assert sum(map(wrong, server.requests)) == 1
            again = resume(run.id, settings, key=SecretStr(other))
            state = await again.work()
            assert (state.exit, state.stopped_by) == (0, None)
            assert sum(request.title == "plan" for request in server.requests) == 1

    asyncio.run(main())
    kept = [path for path in own_home.rglob("*") if path.is_file() and other.encode() in path.read_bytes()]
    assert kept == []


def test_attempts_that_policy_adds_are_told_apart_from_a_persons(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(request: MessagesRequest) -> FindingsReply | Reply:
        if "Find the cedar" not in request.model_dump_json():
            return careful(request)
        return FindingsReply(findings=[], alternatives=[f"search {request.model_dump_json().count('Broader')}"])

    brain = engine_brain({**DOUBLES, "findings": nothing})
    ran = run_over_server(monkeypatch, brain, docs)
    again = run_over_server(
        monkeypatch, brain, docs, make=lambda settings, approve: resume(ran.run.id, settings, approve=approve)
    )
    started = [e for e in (*ran.events, *again.events) if isinstance(e, AttemptStarted) and e.spoke == "cedar"]
    assert [(event.attempt, event.retry) for event in started] == [(1, 0), (2, 1), (3, 2), (4, 0), (5, 1), (6, 2)]
