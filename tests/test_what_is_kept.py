"""What a failure must not cost: findings that had come, finished work, the run's own end, a secret."""

import asyncio
import json
from asyncio import Event
from pathlib import Path

import pytest
from pydantic import SecretStr

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, PlanReply, QuotedText
from agents.run import Settings, ask, resume
from sessions import paths
from sessions.events import AttemptFailed
from sessions.failures import FailureKind
from sessions.findings import Verdict
from sessions.load import load
from sessions.store import Store
from tests.claude_server import (
    ClaudeServer,
    Cue,
    Drop,
    HttpFault,
    Manners,
    MaxTokens,
    RecordedRequest,
    Reply,
    Stall,
    Text,
)
from tests.engine_brain import engine_brain
from tests.running import planned, run_over_server, subtask
from tests.test_budget_run import insatiable
from tests.test_pipeline import DOUBLES, WORDS, careful
from tests.test_pipeline import docs as docs
from tests.test_policy import Steered, of


def answers(request: RecordedRequest) -> bool:
    """What follows a spoke's search."""
    return request.title == "findings" and "tool_result" in json.dumps(request.body)


def talks_on(request: MessagesRequest) -> FindingsReply | Reply:
    """A researcher whose finding comes early in a long answer."""
    answer = careful(request)
    if isinstance(answer, Reply):
        return answer
    return Reply((Text(json.dumps({**answer.model_dump(mode="json"), "summary": "more to come " * 20})),))


def _over(server: ClaudeServer, monkeypatch: pytest.MonkeyPatch, docs: Path) -> Settings:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
    return Settings(docs=docs, provider="claude", backoff_s=0.001)


def test_a_run_that_is_stopped_keeps_what_had_streamed(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        brain = engine_brain({**DOUBLES, "findings": talks_on})
        async with ClaudeServer(brain, Manners(cues=(Cue(Stall(Event(), at=-4), answers, None),))) as server:
            run = ask("What do brushes cost?", _over(server, monkeypatch, docs))
            steered = Steered(run)
            await server.until(lambda requests: sum(map(answers, requests)) == len(WORDS))
            # The findings are on their way to the reader: its newest live text holds them.
            await steered.until(lambda: steered.streamed >= WORDS.keys())
            steered.work.cancel()
            await asyncio.gather(steered.work, return_exceptions=True)
            spokes = run.state.spokes.values()
            assert all(spoke.last is not None and len(spoke.last.left) == 1 for spoke in spokes)
        refused = Manners(cues=(Cue(HttpFault(400), lambda request: request.title == "findings", None),))
        async with ClaudeServer(engine_brain(DOUBLES), refused) as server:
            state = await resume(run.id, _over(server, monkeypatch, docs)).work()
        assert [claim.partial for claim in state.claims.values()] == [True] * len(WORDS)

    asyncio.run(main())


@pytest.mark.parametrize("last", [Drop(at=1), MaxTokens(keep=5)])
def test_the_fullest_of_broken_answers_is_kept(
    docs: Path, monkeypatch: pytest.MonkeyPatch, last: Drop | MaxTokens
) -> None:
    whole: list[int] = []

    def of_alder(request: RecordedRequest) -> bool:
        return of("alder")(request) and answers(request)

    def first(request: RecordedRequest) -> bool:
        """The one reply that is cut off when its finding has come."""
        if of_alder(request) and not whole:
            whole.append(request.index)
        return request.index in whole

    cues = (Cue(MaxTokens(keep=260), first), Cue(last, lambda r: of_alder(r) and r.index not in whole, None))
    brain = engine_brain({**DOUBLES, "findings": talks_on})
    ran = run_over_server(monkeypatch, brain, docs, manners=Manners(cues=cues))
    (failure,) = ran.state.failures
    assert len(failure.partial) == 1


def test_a_gap_upstream_is_told_in_words_that_do_not_change(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plan(request: MessagesRequest) -> PlanReply:
        alder = subtask("alder", "Find the alder price.")
        return planned(alder, subtask("birch", "Find the birch price.", "alder"))

    def fault(number: int) -> Manners:
        return Manners(cues=(Cue(HttpFault(400, message=f"trace {number}"), of("alder"), None),))

    brain = engine_brain({**DOUBLES, "plan": plan})
    ran = run_over_server(monkeypatch, brain, docs, manners=fault(1))
    again = run_over_server(
        monkeypatch,
        brain,
        docs,
        manners=fault(2),
        make=lambda settings, approve: resume(ran.run.id, settings, approve=approve),
    )
    assert again.state.spokes["birch"].status == "done"
    assert not any(map(of("birch"), again.requests)), "what was finished is not done again"


def test_verdicts_out_of_the_journal_stand_in_a_ledger_built_anew(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_claims(request: MessagesRequest) -> FindingsReply | Reply:
        answer = careful(request)
        if isinstance(answer, Reply):
            return answer
        (found,) = answer.findings
        spoke = found.quotes[0].source.removesuffix(".md")
        title = QuotedText(source=f"{spoke}.md", text=f"The {spoke} file")
        return FindingsReply(findings=[found, FoundClaim(claim=title.text, quotes=[title])])

    brain = engine_brain({**DOUBLES, "findings": two_claims})
    refused = Manners(cues=(Cue(HttpFault(400), of("elder"), None),))
    ran = run_over_server(monkeypatch, brain, docs, manners=refused)
    again = run_over_server(
        monkeypatch,
        brain,
        docs,
        make=lambda settings, approve: resume(ran.run.id, settings, approve=approve),
    )
    # The first eight claims are the same batch as before: only elder's are checked.
    assert (len(ran.asked("verdicts")), len(again.asked("verdicts"))) == (1, 1)
    saved = load(Store(paths.home()).find(ran.run.id))
    assert len(saved.claims) == 2 * len(WORDS)
    assert {claim.verdict for claim in saved.claims.values()} == {Verdict.SUPPORTED}


@pytest.mark.parametrize("title", ["verdicts", ""])
def test_a_key_that_is_refused_late_stops_the_run_as_early_ones_do(
    docs: Path, monkeypatch: pytest.MonkeyPatch, title: str
) -> None:
    cue = Cue(HttpFault(401), lambda request: request.title == title, times=None)
    ran = run_over_server(monkeypatch, engine_brain(DOUBLES), docs, manners=Manners(cues=(cue,)))
    assert (ran.state.status, ran.state.exit) == ("failed", 1)
    assert ran.state.stopped_by is not None
    assert ran.state.stopped_by.kind is FailureKind.AUTH


def test_a_key_that_a_person_typed_is_kept_nowhere(
    docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    other = "8f3a2b7c9d1e4f60gateway"

    async def main() -> None:
        refuses = HttpFault(401, message=f"invalid x-api-key: {other}")
        cues = (Cue(refuses, lambda request: request.title == "findings", None),)
        async with ClaudeServer(engine_brain(DOUBLES), Manners(cues=cues)) as server:
            settings = _over(server, monkeypatch, docs)
            run = ask("What do brushes cost?", settings)
            await run.work()
            state = await resume(run.id, settings, key=SecretStr(other)).work()
        assert "invalid x-api-key" in state.message
        assert other not in state.message

    asyncio.run(main())
    newest = max(own_home.glob("sessions/*/journal.jsonl"), key=lambda path: path.stat().st_size)
    assert other not in newest.read_text().rpartition("engine_started")[2]


def test_nothing_found_when_the_budget_cut_it_short_is_no_empty_result(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finds_nothing(request: MessagesRequest) -> FindingsReply | Reply:
        last = request.tool_choice.type == "none"
        return FindingsReply(findings=[]) if last else insatiable(request)

    brain = engine_brain({**DOUBLES, "findings": finds_nothing})
    ran = run_over_server(monkeypatch, brain, docs, settings=Settings(max_tokens=60_000))
    kinds = {failure.kind for failure in ran.state.failures}
    assert kinds
    assert FailureKind.NO_RESULTS not in kinds


def test_a_writer_that_is_cut_off_is_given_more_room_once(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cue = Cue(MaxTokens(keep=30), lambda request: request.title == "", times=None)
    ran = run_over_server(monkeypatch, engine_brain(DOUBLES), docs, manners=Manners(cues=(cue,)))
    assert [request.body["max_tokens"] for request in ran.asked("")] == [16_000, 32_000]
    assert ran.state.report is not None


def test_a_spoke_is_given_up_between_two_attempts(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        cue = Cue(HttpFault(413), of("alder"), times=None)
        async with ClaudeServer(engine_brain(DOUBLES), Manners(cues=(cue,))) as server:
            run = ask("What do brushes cost?", _over(server, monkeypatch, docs))
            steered = Steered(run)

            def failed() -> bool:
                return any(isinstance(event, AttemptFailed) for event in steered.events)

            await steered.until(failed)
            run.cancel("alder", 1)
            state = await steered.work
        assert state.spokes["alder"].status == "cancelled"
        assert len(state.spokes["alder"].attempts) == 1

    asyncio.run(main())
