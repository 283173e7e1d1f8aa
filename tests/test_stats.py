"""The numbers of a run: from events told by hand, from real runs, and as `hubspoke show --stats` prints them."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply
from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    CheckpointOpened,
    CoverageReviewed,
    EngineStarted,
    LedgerBuilt,
    PlanApproved,
    PlanMade,
    Replied,
    ReportFinished,
    SpokeCancelled,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
    Usage,
)
from sessions.failures import Failure, FailureKind
from sessions.findings import Citation, Claim, Finding, Quote, Span
from sessions.plan import LeftOut, Plan, Subtask
from sessions.stats import Share, Stats, Work, stats, summary
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, Reply, barrier
from tests.engine_brain import engine_brain
from tests.example_runs import created, finished_run
from tests.random_events import EVENTS
from tests.running import answered as answered
from tests.running import hubspoke, run_over_server
from tests.test_dashboard_life import of
from tests.test_pipeline import DOUBLES, careful
from tests.test_pipeline import docs as docs
from tui.stats_text import stats_text, summary_text

SPOKES = ("a", "b", "c", "d", "e", "f")
PLAN = Plan(
    subtasks=tuple(Subtask(id=spoke, title=spoke.upper(), objective="x") for spoke in SPOKES),
    left_out=(LeftOut(title="Law", why="not asked"),),
)
FOUND = Finding(
    claim="It is so.",
    quotes=(Quote(text="so", source="s", span=Span(source="s", source_sha256="0", start=0, end=2)),),
)
LOOSE = Finding(claim="Nobody said it.")


def at(t: float, *events: AnyEvent) -> list[AnyEvent]:
    """The events at a time of the run's clock."""
    return [event.model_copy(update={"t": t}) for event in events]


def begun(spoke: str, attempt: int = 1, role: str = "researcher", queued_s: float = 0.0) -> AttemptStarted:
    return AttemptStarted(spoke=spoke, attempt=attempt, role=role, model="m", queued_s=queued_s)


def turn(spoke: str, attempt: int = 1, usd: float | None = 0.25, **more: object) -> TurnFinished:
    usage = Usage(input_tokens=100, turns=1, usd=usd or 0.0, priced_turns=usd is not None)
    said = {"turn": 1, "stop_reason": "end_turn", "usage": usage, "seconds": 1.0, **more}
    return TurnFinished.model_validate({"spoke": spoke, "attempt": attempt, **said})


def failed(spoke: str, kind: FailureKind, attempt: int = 1, **more: object) -> AttemptFailed:
    failure = Failure.model_validate({"kind": kind, "message": "x", "spoke": spoke, **more})
    return AttemptFailed(spoke=spoke, attempt=attempt, failure=failure)


def try_failed(spoke: str, kind: FailureKind, attempt: int = 1, number: int = 1) -> TryFailed:
    return TryFailed(
        spoke=spoke, attempt=attempt, turn=number, failure=Failure(kind=kind, message="x"), wait_s=1.0
    )


def done(spoke: str, attempt: int = 1) -> AttemptFinished:
    return AttemptFinished(step=f"spoke:{spoke}", spoke=spoke, attempt=attempt, findings=(FOUND,))


def told() -> list[AnyEvent]:
    """A run of which everything is known to the second."""
    citation = Citation(n=1, claim="c1", quote="so", source="s", source_sha256="0", start=0, end=2, spoke="a")
    return [
        *at(0, created(), EngineStarted(pid=1, version="0", docs="/", provider="claude")),
        *at(1, begun("hub.plan", role="planner")),
        *at(3, turn("hub.plan", first_token_s=0.5), Replied(spoke="hub.plan", attempt=1)),
        *at(3, PlanMade(step="plan", plan=PLAN), begun("hub.review", role="reviewer")),
        *at(4, turn("hub.review", first_token_s=1.5), Replied(spoke="hub.review", attempt=1)),
        *at(4, CoverageReviewed(step="review", round=1, no_room=("Trade", "A"))),
        *at(5, CheckpointOpened(plan=PLAN)),
        *at(9, PlanApproved(step="approve", plan=PLAN)),
        *at(10, begun("a"), begun("b"), begun("c", queued_s=2.0)),
        *at(11, try_failed("a", FailureKind.RATE_LIMITED), turn("b", stop_reason="broken off")),
        *at(11, try_failed("b", FailureKind.STREAM_DROPPED)),
        *at(12, turn("a", held_s=1.5, first_token_s=4.0), done("a"), begun("d", queued_s=3.0)),
        *at(14, failed("b", FailureKind.API_ERROR, http_status=500, partial=(FOUND,)), begun("b", 2)),
        *at(15, failed("c", FailureKind.MAX_TURNS), done("b", 2), turn("d", usd=None), done("d")),
        *at(16, begun("e"), SpokeCancelled(spoke="e"), failed("e", FailureKind.CANCELLED)),
        *at(20, LedgerBuilt(step="ledger", claims=_claims())),
        *at(20, begun("hub.verify.1", role="verifier"), begun("hub.reconcile.c1", role="reconciler")),
        *at(22, turn("hub.verify.1", usd=0.0), Replied(spoke="hub.verify.1", attempt=1)),
        *at(23, turn("hub.reconcile.c1", usd=0.0), Replied(spoke="hub.reconcile.c1", attempt=1)),
        *at(24, begun("hub.write", role="writer")),
        *at(30, failed("hub.write", FailureKind.OFFLINE)),
        *at(30, ReportFinished(step="report", markdown="It is so [1].", citations=(citation,))),
    ]


def _claims() -> tuple[Claim, ...]:
    found = (("c1", ("a",), FOUND), ("c2", ("b",), FOUND), ("c3", ("d",), LOOSE))
    return tuple(Claim(id=id, spokes=spokes, finding=finding) for id, spokes, finding in found)


def test_every_number_of_a_run() -> None:
    known = stats(told())
    assert (known.spokes, known.attempts, known.parallel) == (6, 6, 3)
    assert known.retries == Share(count=1, of=6)
    # Whole: plan, review, a, d, verify, reconcile. Not: a's 429, b's that broke off (once, not twice), b's 500,
    # the writer's that reached nobody.
    assert known.tries == Share(count=4, of=10)
    assert known.partial == Share(count=1, of=3)
    assert (known.timeouts_as_empty, known.queued_s, known.held_s) == (0, 5.0, 1.5)
    assert known.first_token_s is not None
    assert (known.first_token_s.p50, known.first_token_s.p95, known.first_token_s.of) == (1.5, 4.0, 3)
    assert known.failures == {"api_error": 1, "max_turns": 1, "cancelled": 1, "offline": 1}


def test_time_and_cost_by_phase_and_by_role() -> None:
    known = stats(told())
    assert known.phases == {
        "plan": Work(seconds=2.0, turns=1, tokens=100, usd=0.25),
        "review": Work(seconds=1.0, turns=1, tokens=100, usd=0.25),
        "checkpoint": Work(seconds=4.0),
        # From 10 to 15, though three worked at once; a turn without a price makes its cost unknown.
        "research": Work(seconds=5.0, turns=3, tokens=300, usd=None),
        "verify": Work(seconds=3.0, turns=2, tokens=200, usd=0.0),
        "write": Work(seconds=6.0),
    }
    assert known.roles["researcher"] == Work(seconds=2.0 + 4.0 + 5.0 + 3.0 + 1.0, turns=3, tokens=300, usd=None)
    assert known.roles["planner"] == Work(seconds=2.0, turns=1, tokens=100, usd=0.25)
    assert known.total == Work(seconds=30.0, turns=7, tokens=700, usd=None)


def test_what_became_of_every_sub_domain() -> None:
    parts = {part.title: part for part in stats(told()).sub_domains}
    assert {title: part.fate.value for title, part in parts.items()} == {
        "A": "in_report",
        "B": "not_written",
        "C": "failed",
        "D": "not_citable",
        "E": "cancelled",
        "F": "queued",
        "Trade": "never_planned",
        "Law": "never_planned",
    }
    assert (parts["C"].failure, parts["Law"].why) == (FailureKind.MAX_TURNS, "not asked")


@pytest.mark.parametrize(
    ("events", "mistaken"),
    [
        ([try_failed("a", FailureKind.TIMEOUT)], 1),
        ([try_failed("a", FailureKind.TIMEOUT), turn("a")], 0),
        ([try_failed("a", FailureKind.TIMEOUT), turn("a", stop_reason="broken off")], 1),
        ([try_failed("a", FailureKind.OVERLOADED)], 0),
        ([("call", ""), ("error", "it took more than 30 s")], 1),
        ([("call", "")], 1),
        ([("call", ""), ("error", "there is no such file")], 0),
        ([("call", ""), ("error", "timed out"), ("call", ""), ("error", "")], 0),
    ],
)
def test_a_timeout_that_was_taken_for_an_empty_result(
    events: Sequence[AnyEvent | tuple[str, str]], mistaken: int
) -> None:
    run = [*told()[:1], PlanApproved(step="approve", plan=PLAN), begun("a")]
    run += [_tool(*event) if isinstance(event, tuple) else event for event in events]
    assert stats([*run, failed("a", FailureKind.NO_RESULTS)]).timeouts_as_empty == mistaken
    assert stats([*run, failed("a", FailureKind.TIMEOUT)]).timeouts_as_empty == 0


def _tool(what: str, error: str) -> AnyEvent:
    if what == "call":
        return ToolCalled(spoke="a", attempt=1, turn=1, call="1", name="find_text", input={})
    return ToolReturned(spoke="a", attempt=1, turn=1, call="1", name="find_text", error=error)


def test_a_run_that_was_killed_leaves_nothing_in_flight() -> None:
    killed = [*told()[:2], *at(1, PlanApproved(step="approve", plan=PLAN), begun("a"), begun("b"))]
    again = EngineStarted(pid=2, version="0", docs="/", provider="claude", resumed=True)
    known = stats([*killed, *at(4, again, begun("a", 2)), *at(6, turn("a", 2))])
    assert (known.parallel, known.phases["research"].seconds) == (2, 5.0)


@given(st.lists(st.tuples(EVENTS, st.floats()), max_size=30))
def test_any_events_at_any_times_can_be_counted_and_told(events: list[tuple[AnyEvent, float]]) -> None:
    known = stats(event.model_copy(update={"t": t}) for event, t in events)
    assert stats_text(known)
    assert json.loads(known.model_dump_json())["attempts"] == known.attempts
    assert summary_text(summary([known]))


def test_percentiles_are_values_that_occurred_in_the_runs_that_have_them() -> None:
    prices = {1: 1.0, 2: 2.0, 3: 3.0}
    many = [Stats(attempts=20 - number, total=Work(turns=1, usd=prices.get(number))) for number in range(20)]
    known = summary(many, unread=2)
    assert known.attempts is not None and known.usd is not None
    assert (known.attempts.p50, known.attempts.p95, known.attempts.of) == (10, 19, 20)
    assert (known.usd.p50, known.usd.of) == (2.0, 3)
    assert (known.read, known.unread, known.retry_rate, known.first_token_p50_s) == (20, 2, None, None)


def test_a_real_run_with_tries_retries_and_a_spoke_that_finds_nothing(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(request: MessagesRequest) -> FindingsReply | Reply:
        of_cedar = "Find the cedar price" in request.model_dump_json()
        return FindingsReply(findings=[]) if of_cedar else careful(request)

    def first(request: RecordedRequest) -> bool:
        return request.title == "findings" and "tool_result" not in json.dumps(request.body)

    cues = (barrier(5, first), Cue(HttpFault(529), of("birch"), times=2))
    brain = engine_brain({**DOUBLES, "findings": nothing})
    ran = run_over_server(monkeypatch, brain, docs, manners=Manners(cues=cues))
    known = stats(ran.events)
    assert (known.spokes, known.attempts, known.parallel) == (5, 6, 5)
    assert known.retries == Share(count=1, of=6)
    assert known.tries == Share(count=2, of=len(ran.requests))
    assert (known.failures, known.timeouts_as_empty) == ({"no_results": 2}, 0)
    fates = {part.spoke: part.fate.value for part in known.sub_domains}
    assert fates == {**dict.fromkeys(fates, "in_report"), "cedar": "failed"}
    assert sum(work.tokens for work in known.phases.values()) == known.total.tokens == ran.state.usage.tokens
    assert sum(work.turns for work in known.roles.values()) == ran.state.usage.turns


def test_show_prints_the_numbers_of_a_saved_run_and_of_all(answered: str, own_home: Path) -> None:
    asked = hubspoke("ask", "How is AI used?", "--provider", "embedded", "--yes")
    assert asked.returncode in (0, 3), asked.stderr
    known = json.loads(hubspoke("show", "last", "--stats", "--json").stdout)
    text = hubspoke("show", "last", "--stats").stdout
    assert f"{known['spokes']} · {known['attempts']} attempts" in text
    assert "timeouts taken for empty results  0" in text
    (research,) = [line.split() for line in text.splitlines() if line.startswith("research ")]
    assert research[-2] == f"{known['phases']['research']['tokens']:,}"
    assert "$" not in text
    (own_home / "sessions" / "20200101-0000-dead").mkdir()
    text = hubspoke("show", "--stats", "--all").stdout
    assert text.startswith("2 runs read, 1 could not be read")
    everything = json.loads(hubspoke("show", "--stats", "--all", "--json").stdout)
    assert (everything["read"], everything["unread"], everything["attempts"]["of"]) == (2, 1, 2)


def test_show_without_any_run_says_how_to_begin() -> None:
    done = hubspoke("show", "--stats", "--all")
    assert (done.returncode, done.stderr) == (0, "")
    assert "hubspoke ask" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "ID"),
        (("--stats",), "ID"),
        (("--json",), "ID"),
        (("--all",), "--stats"),
        (("last", "--all"), "--stats"),
        (("last", "--all", "--stats"), "leave the ID out"),
        (("last", "--stats"), "no session"),
    ],
)
def test_what_show_cannot_do_is_one_sentence(arguments: tuple[str, ...], said: str) -> None:
    done = hubspoke("show", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert said in done.stderr


def test_the_block_is_aligned_and_says_what_is_unknown_and_what_is_free() -> None:
    lines = stats_text(stats(told())).splitlines()
    shown = {line.split("  ")[0]: line for line in lines if line}
    assert shown["research"].endswith("unknown")
    assert shown["verify"].endswith("free")
    assert shown["checkpoint"].endswith("–")
    assert shown["plan"].endswith("$0.25")
    assert len({len(shown[phase]) for phase in ("phase", "plan", "research", "verify", "the whole run")}) == 1
    assert "found and not written" in shown["✗ B"]
    assert shown["✗ C"].endswith("planned and failed (max_turns)")
    hostile = created().model_copy(update={"run": "\x1b[31mred\nline"})
    assert "\x1b" not in stats_text(stats([hostile, *finished_run()[1:]]))
