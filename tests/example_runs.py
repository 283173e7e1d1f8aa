"""A run to keep and to read back, told by hand."""

from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    BlockFinished,
    ClaimsChecked,
    ClaimVerdict,
    ConflictReconciled,
    EngineStarted,
    LedgerBuilt,
    PlanApproved,
    PlanMade,
    ReportFinished,
    RunCreated,
    RunEnded,
    ToolCalled,
    ToolReturned,
    TurnFinished,
    Usage,
)
from sessions.evidence import SegmentRef, text_sha256
from sessions.failures import Failure, FailureKind
from sessions.findings import Citation, Claim, Conflict, ConflictValue, Finding, Gap, Quote, Span, Verdict
from sessions.plan import Brief, LeftOut, Plan, Subtask

RUN = "20261121-0512-k7m2"
QUESTION = "How is AI used in the creative industries?"
MUSIC = "In 2025, 45 % of musicians had used it — once.\nDaily use: 12 %."
FILM = "Crews used it for storyboards. 🎬"


def created(run: str = RUN, question: str = QUESTION) -> RunCreated:
    """The first event of a run."""
    return RunCreated(run=run, question=question, docs="/library", provider="embedded", version="0.1.0")


def quote(text: str, source: str, stored: str) -> Quote:
    """A quote with its span in the stored text."""
    start = stored.index(text)
    span = Span(source=source, source_sha256=text_sha256(stored), start=start, end=start + len(text))
    return Quote(text=text, source=source, span=span)


def finished_run(run: str = RUN) -> list[AnyEvent]:
    """A run with a spoke that answered, one that failed with a partial result, and a report."""
    plan = Plan(
        subtasks=(
            Subtask(id="music", title="Music", objective="Find figures."),
            Subtask(id="film", title="Film", objective="Find uses.", depends_on=("music",)),
        ),
        left_out=(LeftOut(title="Law", why="out of scope"),),
    )
    used = Finding(claim="45 % had used it.", quotes=(quote("45 %", "music.md", MUSIC),), date="2025")
    daily = Finding(
        claim="12 % use it daily.", quotes=(quote("12 %", "music.md", MUSIC), Quote(text="?", source="x"))
    )
    boards = Finding(claim="It is used for storyboards.", quotes=(quote("storyboards", "film.md", FILM),))
    claims = (
        Claim(id="c1", spokes=("music",), finding=used),
        Claim(id="c2", spokes=("music",), finding=daily),
        Claim(id="c3", spokes=("film",), finding=boards, partial=True),
    )
    values = tuple(
        ConflictValue(claim=claim, value=value, unit="%", quote=f"{value} %", source="music.md")
        for claim, value in (("c1", "45"), ("c2", "12"))
    )
    ref = SegmentRef(source="music.md", source_sha256=text_sha256(MUSIC), start=0, length=len(MUSIC))
    usage = Usage(input_tokens=100, output_tokens=20, turns=1)
    cited = claims[0].finding.resolved[0]
    assert cited.span is not None
    return [
        created(run),
        EngineStarted(pid=1, version="0.1.0", docs="/library", provider="embedded"),
        PlanMade(step="plan/1-0000000000", plan=plan),
        PlanApproved(step="approve/1-0000000000", plan=plan),
        AttemptStarted(
            spoke="music",
            attempt=1,
            role="researcher",
            model="m",
            brief=Brief(question=QUESTION, title="Music", objective="Find figures."),
        ),
        AttemptStarted(spoke="film", attempt=1, role="researcher", model="m"),
        ToolCalled(spoke="music", attempt=1, turn=1, call="t1", name="find_text", input={"text": "%", "n": 2**70}),
        ToolReturned(spoke="music", attempt=1, turn=1, call="t1", name="find_text", segments=(ref,), seconds=0.1),
        TurnFinished(spoke="music", attempt=1, turn=1, stop_reason="end_turn", usage=usage, seconds=1.5),
        BlockFinished(
            spoke="music", attempt=1, turn=1, block=0, type="text", text="Done.\n\u2028", pace=((0, 0), (3, 250))
        ),
        AttemptFinished(
            step="spoke:music/1-0000000000", spoke="music", attempt=1, findings=(used, daily), usage=usage
        ),
        AttemptFailed(
            spoke="film",
            attempt=1,
            failure=Failure(
                kind=FailureKind.TIMEOUT, message="It took too long.", spoke="film", partial=(boards,)
            ),
        ),
        LedgerBuilt(
            step="ledger/1-0000000000", claims=claims, conflicts=(Conflict(id="k1", subject="use", values=values),)
        ),
        ClaimsChecked(
            step="verify/1-0000000000", verdicts=(ClaimVerdict(claim="c1", verdict=Verdict.SUPPORTED, note="yes"),)
        ),
        ConflictReconciled(
            step="reconcile/1-0000000000",
            conflict=Conflict(
                id="k1", subject="use", values=values, kind="different_definition", explanation="any/daily"
            ),
        ),
        ReportFinished(
            step="report/1-0000000000",
            markdown="# Report\n\n45 % had used it [1].\n",
            citations=(
                Citation(
                    n=1,
                    claim="c1",
                    quote=cited.text,
                    source=cited.source,
                    source_sha256=cited.span.source_sha256,
                    start=cited.span.start,
                    end=cited.span.end,
                ),
            ),
            gaps=(Gap(spoke="film", what="Film", why="timeout"),),
            left_out=plan.left_out,
        ),
        RunEnded(status="gaps", exit=3),
    ]
