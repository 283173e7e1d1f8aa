"""Quotes that stand nowhere go back to the researcher once, over the real wire; what is left of them is marked."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.attempt import attempt
from agents.embedded.wire import MessagesRequest
from agents.quotes import MOST_FINDINGS, MOST_OPEN, MOST_SEARCHES, findings_of, joined
from agents.replies import FindingsReply, FoundClaim, QuotedText
from agents.run import Settings
from agents.spec import AttemptLimits, Outcome
from sessions.events import Limits, TurnFinished
from sessions.evidence import Segment, text_sha256
from sessions.findings import Verdict
from tests.claude_server import (
    Act,
    Brain,
    ClaudeServer,
    Cue,
    Drop,
    HttpFault,
    Manners,
    MaxTokens,
    RecordedRequest,
    Refuse,
    Reply,
    Text,
    ToolUse,
)
from tests.desks import TEXT, Seat, seat, spec
from tests.engine_brain import engine_brain
from tests.running import run_over_server
from tests.test_pipeline import DOUBLES, WORDS, careful
from tests.test_pipeline import docs as docs

SENT_BACK = "These quotes do not stand in what the tools returned:"


def found(claim: str, quote: str) -> FoundClaim:
    return FoundClaim(claim=claim, quotes=[QuotedText(source="tools.md", text=quote)])


TRUE = found("Most used them weekly.", "Most of them did so weekly.")
LIE = found("All used them.", "All musicians used AI tools.")
MENDED = found("All used them.", "45% of musicians used AI tools")

FIRST = FindingsReply(findings=[TRUE, LIE], summary="Two.", not_found=["Since when?"], alternatives=["music"])


def sent_back(request: RecordedRequest) -> bool:
    return SENT_BACK in request.said


def researcher(*answers: FindingsReply) -> Brain:
    """Searches once, then gives its answers one after another, the last one for ever."""

    async def brain(request: dict[str, JsonValue]) -> Reply:
        messages = request["messages"]
        assert isinstance(messages, list)
        if len(messages) == 1:
            return Reply((ToolUse("search_documents", {"query": "musicians AI"}),), "tool_use")
        given = json.dumps(messages).count(SENT_BACK)
        return Reply((Text(answers[min(given, len(answers) - 1)].model_dump_json()),))

    return brain


def hold(
    place: Path, brain: Brain, manners: Manners | None = None, budget: Limits = Limits(), **changes: object
) -> tuple[Outcome, Seat, ClaudeServer]:
    async def main() -> tuple[Outcome, Seat, ClaudeServer]:
        async with ClaudeServer(brain, manners) as server, seat(server.url, place, budget) as at:
            return await attempt(spec(**changes), at.desk), at, server

    return asyncio.run(main())


def claims(outcome: Outcome) -> dict[str, bool]:
    """The claims of an answer, and whether each has a quote that stands."""
    return {found.claim: bool(found.resolved) for found in findings_of(outcome.reply, outcome.segments)}


def test_quotes_that_stand_nowhere_are_named_once_and_mended(tmp_path: Path) -> None:
    outcome, at, server = hold(tmp_path, researcher(FIRST, FindingsReply(findings=[MENDED])))
    assert outcome.fault is None and server.rejected == []
    assert [sent_back(request) for request in server.requests] == [False, False, True]
    told = json.dumps(server.requests[-1].body["messages"])
    assert LIE.quotes[0].text in told.partition(SENT_BACK)[2]
    assert TRUE.quotes[0].text not in told.partition(SENT_BACK)[2], "what stands is not complained of"
    assert claims(outcome) == {TRUE.claim: True, MENDED.claim: True}
    assert outcome.usage.turns == len(at.of(TurnFinished)) == 3


def test_what_still_stands_nowhere_is_marked_and_not_sent_back_again(tmp_path: Path) -> None:
    outcome, _, server = hold(tmp_path, researcher(FIRST))
    assert outcome.fault is None
    assert len(server.requests) == 3
    assert claims(outcome) == {TRUE.claim: True, LIE.claim: False}


def test_what_was_found_stays_and_what_is_left_out_is_gone(tmp_path: Path) -> None:
    outcome, _, _ = hold(tmp_path, researcher(FIRST, FindingsReply(findings=[], not_found=["Who?"])))
    assert claims(outcome) == {TRUE.claim: True}
    reply = FindingsReply.model_validate(outcome.reply)
    assert (reply.summary, reply.not_found, reply.alternatives) == ("Two.", ["Since when?", "Who?"], ["music"])


def test_other_marks_and_breaks_are_no_reason_to_send_back(tmp_path: Path) -> None:
    loose = found("It was 45%.", "In  2024, **45%** of\nmusicians used … tools.")
    _, _, server = hold(tmp_path, researcher(FindingsReply(findings=[TRUE, loose])))
    assert len(server.requests) == 3, "parts this short are no quote"
    loose = found("It was 45%.", "In  2024, **45%** of\nmusicians … Most of them did")
    outcome, _, server = hold(tmp_path, researcher(FindingsReply(findings=[TRUE, loose])))
    assert len(server.requests) == 2
    assert [claim.resolved[0].text in TEXT for claim in findings_of(outcome.reply, outcome.segments)] == [True] * 2


@pytest.mark.parametrize("act", [HttpFault(400), HttpFault(402), Drop(), Refuse(), MaxTokens()])
def test_a_mending_that_fails_leaves_the_answer_as_it_was(tmp_path: Path, act: Act) -> None:
    manners = Manners(cues=(Cue(act, sent_back, times=None),))
    outcome, _, _ = hold(tmp_path, researcher(FIRST), manners)
    assert outcome.fault is None
    assert claims(outcome) == {TRUE.claim: True, LIE.claim: False}


def test_a_mended_answer_that_fits_no_schema_leaves_the_answer_as_it_was(tmp_path: Path) -> None:
    whole = researcher(FIRST)

    async def brain(request: dict[str, JsonValue]) -> Reply:
        return Reply((Text("Sorry!"),)) if SENT_BACK in json.dumps(request) else await whole(request)

    outcome, _, server = hold(tmp_path, brain)
    assert outcome.fault is None and len(server.requests) == 4, "a misfit is mended once, too"
    assert claims(outcome) == {TRUE.claim: True, LIE.claim: False}


@pytest.mark.parametrize(
    ("budget", "limits", "requests"),
    [
        (Limits(), AttemptLimits(max_turns=2), 3),  # one turn beyond its own, for the mending alone
        (Limits(max_turns=4), AttemptLimits(), 3),
        (Limits(max_turns=3), AttemptLimits(), 2),  # what is left is the report's
    ],
)
def test_mending_keeps_to_the_turns_there_are(
    tmp_path: Path, budget: Limits, limits: AttemptLimits, requests: int
) -> None:
    outcome, _, server = hold(tmp_path, researcher(FIRST), budget=budget, limits=limits)
    assert len(server.requests) == requests
    assert (outcome.fault, claims(outcome)) == (None, {TRUE.claim: True, LIE.claim: False})
    if requests == 3:
        assert server.requests[-1].body["tool_choice"] == {"type": "none"}, "it cannot begin to search anew"


def test_an_attempt_whose_tokens_are_used_up_mends_nothing(tmp_path: Path) -> None:
    whole, at, _ = hold(tmp_path, researcher(FIRST))
    used = whole.usage.tokens - at.of(TurnFinished)[-1].usage.tokens
    outcome, _, server = hold(tmp_path, researcher(FIRST), limits=AttemptLimits(max_tokens=used))
    assert len(server.requests) == 2
    assert (outcome.fault, claims(outcome)) == (None, {TRUE.claim: True, LIE.claim: False})


def test_the_embedded_engine_answers_such_a_turn(tmp_path: Path) -> None:
    def lying(request: MessagesRequest) -> FindingsReply | Reply | None:
        if len(request.messages) == 1:
            return Reply((ToolUse("search_documents", {"query": "musicians AI"}),))
        return None if SENT_BACK in request.model_dump_json() else FindingsReply(findings=[LIE])

    outcome, _, server = hold(
        tmp_path,
        engine_brain({"findings": lying}),
        prompt="<question>\nHow many musicians used AI tools?\n</question>",
    )
    assert outcome.fault is None and server.rejected == []
    assert any(map(sent_back, server.requests))
    assert claims(outcome) == {"In 2024, 45% of musicians used AI tools.": True}


def _daisy(lie: bool) -> Callable[[MessagesRequest], FindingsReply | Reply]:
    def answer(request: MessagesRequest) -> FindingsReply | Reply:
        known = careful(request)
        if isinstance(known, Reply) or "daisy" not in known.findings[0].claim:
            return known
        if not lie and SENT_BACK in request.model_dump_json():
            return known
        invented = QuotedText(source="daisy.md", text="The daisy studio burned down in 1999.")
        return FindingsReply(findings=[FoundClaim(claim="The daisy studio burned down.", quotes=[invented])])

    return answer


@pytest.mark.parametrize("lie", [True, False])
def test_a_run_asks_once_more_and_cites_only_what_stands(
    docs: Path, monkeypatch: pytest.MonkeyPatch, lie: bool
) -> None:
    brain = engine_brain({**DOUBLES, "findings": _daisy(lie)})
    ran = run_over_server(monkeypatch, brain, docs, settings=Settings())
    assert ran.rejected == []
    assert len(ran.asked("findings")) == 2 * len(WORDS) + 1
    (claim,) = [claim for claim in ran.state.claims.values() if "daisy" in claim.finding.claim]
    assert bool(claim.finding.resolved) is not lie
    assert (claim.verdict is Verdict.INSUFFICIENT) is lie
    assert "1999" not in ran.report
    assert ran.state.report is not None
    assert any(citation.source == "daisy.md" for citation in ran.state.report.citations) is not lie


def test_of_two_answers_together_what_stands_fits_one_reply() -> None:
    def answer(*findings: FoundClaim, part: str) -> JsonValue:
        return FindingsReply(
            findings=list(findings),
            not_found=[f"{part} {number}" for number in range(MOST_OPEN)],
            alternatives=[f"{part} {number}" for number in range(MOST_SEARCHES)],
        ).model_dump(mode="json")

    lies = [found(f"Lie {number}.", "nowhere") for number in range(MOST_FINDINGS - 1)]
    read = [Segment(source="tools.md", source_sha256=text_sha256(TEXT), start=0, text=TEXT)]
    reply = FindingsReply.model_validate(joined(answer(TRUE, part="a"), answer(*lies, MENDED, part="b"), read))
    assert len(reply.findings) == MOST_FINDINGS
    assert reply.findings[:2] == [TRUE, MENDED]
