"""Runs told by hand for the screens: every state a spoke can be in, at times that never change."""

from collections.abc import Iterable
from pathlib import Path

from agents.calls.live_text import BlockType, LiveText
from agents.port.messages import Text
from sessions.estimate import Estimate, Take
from sessions.events import (
    AnyEvent,
    AttemptDropped,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    BlockFinished,
    CheckpointOpened,
    CoverageReviewed,
    EngineStarted,
    Noticed,
    PlanApproved,
    PlanMade,
    Replied,
    RunCreated,
    SpokeCancelled,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
    Usage,
)
from sessions.evidence import SegmentRef
from sessions.evidence_store import EvidenceStore
from sessions.failures import Failure, FailureKind
from sessions.findings import Finding, Quote, Span
from sessions.journal_lines import encode_event
from sessions.journal_reader import JOURNAL
from sessions.load import fold_all
from sessions.meta import write_meta
from sessions.plan import Brief, LeftOut, Plan, Subtask, Upstream
from sessions.store import Store
from tests.scripted_port import Scene

RUN = "20261121-0512-k7m2"
QUESTION = "How is AI changing the creative industries, and who earns and who loses by it?"
AT = 1_795_240_000.0
"""When every run began, by the wall clock."""

NOW = 161.0
"""The clock of a run in the middle."""

_SHA = "3f" * 32
MODEL = "claude-opus-4-8"
_SPOKES = {
    "music": ("Music", "Find how many musicians use AI tools, for what, and what it does to their income."),
    "film": ("Film and television", "Find how AI changes the hours and the crews of visual effects and dubbing."),
    "games": ("Games", "Find what studios generate, what players accept, and what the unions agreed."),
    "publishing": ("Publishing and translation", "Find the fees of translators before and after machine drafts."),
    "law": ("Law and licences", "Find which licences are sold for training, and what the courts said."),
    "arts": ("Visual arts", "Find what illustrators report about commissions and prices."),
}


def plan() -> Plan:
    """Six subtasks, one of which waits for two others."""
    needs = {"law": ("film", "publishing")}
    return Plan(
        subtasks=tuple(
            Subtask(
                id=id,
                title=title,
                objective=objective,
                key_questions=("How many, and who counted them?", "Since when, and where?"),
                depends_on=needs.get(id, ()),
                boundaries="Nothing before 2020; no forecasts.",
            )
            for id, (title, objective) in _SPOKES.items()
        ),
        assumptions="Northmark, since 2020",
        left_out=(LeftOut(title="Advertising", why="no document speaks of it"),),
    )


class Told:
    """Events in order, numbered and stamped."""

    def __init__(self, events: Iterable[AnyEvent] = ()) -> None:
        """What happened before may be given."""
        self.events = list(events)

    def __call__(self, t: float, *events: AnyEvent) -> None:
        """These happened at `t`."""
        for event in events:
            stamp = {"seq": len(self.events) + 1, "at": AT + t, "t": t}
            self.events.append(event.model_copy(update=stamp))


def planning() -> Scene:
    """The planner has looked round and thinks."""
    told = begun()
    told(0.5, AttemptStarted(spoke="hub.plan", attempt=1, role="planner", model=MODEL))
    told(2.0, *looked("hub.plan", "list_documents", {}, 0))
    thinks = (
        "The documents cover music, film, games, publishing and the visual arts. The question has two halves: "
    )
    return Scene(RUN, tuple(told.events), (Text(t=4.0, pieces=(piece("hub.plan", "thinking", thinks),)),), 4.0)


def at_the_checkpoint() -> Scene:
    """The plan waits for a person; there was no room for one more spoke."""
    told = planned()
    take = Take(tokens=(20_000, 70_000), usd=(0.14, 0.41))
    estimate = Estimate(spokes={subtask.id: take for subtask in plan().subtasks}, rest=take)
    told(14.0, CheckpointOpened(plan=plan(), missing=("Fashion and design",), estimate=estimate))
    return Scene(RUN, tuple(told.events), (), 15.0)


def in_the_middle() -> Scene:
    """One spoke of each kind: done, running, silent, failed, waiting for others, cancelled."""
    told = planned()
    told(20.0, PlanApproved(step="approve/1-0000000000", plan=plan()))
    for id in ("music", "film", "games", "publishing", "arts"):
        told(20.0, started(id))
    told(24.0, *looked("music", "search_documents", {"query": "musicians AI tools share"}, 3))
    told(25.0, *looked("film", "search_documents", {"query": "visual effects hours"}, 4))
    told(27.0, *looked("publishing", "search_documents", {"query": "translation fees"}, 2))
    told(31.0, _thought("film", "The council's report was corrected in 2025; both versions matter.", 1))
    told(33.0, SpokeCancelled(spoke="arts"), AttemptDropped(spoke="arts", attempt=1))
    told(40.0, *looked("film", "read_document", {"source": "film-vfx-hours-correction-2025.txt"}, 1))
    told(52.0, TryFailed(spoke="publishing", attempt=1, turn=2, failure=rate_limited("publishing", 1), wait_s=8.0))
    told(92.0, turn("music", 21_400, 1_900), answered("music"))
    told(101.0, AttemptFailed(spoke="publishing", attempt=1, failure=rate_limited("publishing", 1)))
    told(103.0, Noticed(message="Publishing and translation is attempted once more, with a narrower brief."))
    told(104.0, started("publishing", 2))
    told(120.0, *looked("publishing", "find_text", {"text": "per page"}, 2), turn("publishing", 9_800, 700))
    told(126.0, _thought("games", "The agreement of 2024 is quoted by two studios.", 1))
    told(148.0, AttemptFailed(spoke="publishing", attempt=2, failure=rate_limited("publishing", 2)))
    said = (
        "The council compared fourteen films of 2023 with sixteen of 2019. AI tools reduced visual effects work "
        "by 13% of working hours, not by 31% as the first edition said.\n\nFor dubbing the picture is another: "
    )
    texts = (
        Text(t=126.0, pieces=(piece("games", "text", "Of 41 studios asked, 26 generate concept art"),)),
        Text(t=NOW, pieces=(piece("film", "text", said),)),
    )
    return Scene(RUN, tuple(told.events), texts, NOW)


def keep(home: Path, run: str, events: Iterable[AnyEvent], *texts: str) -> None:
    """Saves a run with these events as they are, and the texts that its evidence stands in."""
    directory = Store(home).create(run)
    kept = [encode_event(event) for event in events]
    size = (directory / JOURNAL).write_bytes(b"".join(line for _, line in kept))
    for text in texts:
        EvidenceStore(directory).put(text)
    write_meta(directory, fold_all(event for event, _ in kept), size)


def created(run: str = RUN, question: str = QUESTION) -> RunCreated:
    """The first event of a run."""
    return RunCreated(run=run, question=question, docs="/library", provider="claude", version="0.1.0")


def begun() -> Told:
    """A run that has just begun."""
    told = Told()
    told(0.0, created(), EngineStarted(pid=1, version="0.1.0", docs="/library", provider="claude"))
    return told


def planned() -> Told:
    """Up to the plan that waits for a person."""
    told = begun()
    told(0.5, AttemptStarted(spoke="hub.plan", attempt=1, role="planner", model=MODEL))
    told(2.0, *looked("hub.plan", "list_documents", {}, 0))
    told(9.0, _thought("hub.plan", "Six parts, of which the law needs what film and publishing find.", 1))
    told(10.0, turn("hub.plan", 4_100, 900), Replied(spoke="hub.plan", attempt=1))
    told(10.0, PlanMade(step="plan/1-0000000000", plan=plan()))
    told(10.5, AttemptStarted(spoke="hub.review", attempt=1, role="reviewer", model=MODEL))
    told(13.0, turn("hub.review", 2_300, 200), Replied(spoke="hub.review", attempt=1))
    told(13.0, CoverageReviewed(step="review/1-0000000000", round=1, no_room=("Fashion and design",)))
    return told


def started(spoke: str, attempt: int = 1) -> AttemptStarted:
    """The beginning of an attempt."""
    title, objective = _SPOKES[spoke]
    brief = Brief(
        question=QUESTION,
        title=title,
        objective=objective,
        key_questions=("How many, and who counted them?", "Since when, and where?"),
        upstream=(Upstream(spoke="music", title="Music", findings=("45% of musicians used AI tools in 2024.",)),),
        boundaries="Nothing before 2020; no forecasts.",
        advice="Narrower: the fees of literary translators only." if attempt > 1 else "",
    )
    return AttemptStarted(
        spoke=spoke, attempt=attempt, role="researcher", model=MODEL, brief=brief, retry=attempt - 1
    )


def looked(spoke: str, tool: str, given: dict[str, str], passages: int) -> list[AnyEvent]:
    """A tool call with what came of it, in the spoke's first attempt, or `find_text` in its second."""
    attempt = 2 if tool == "find_text" else 1
    names = (f"{spoke}-survey-2025.md", f"{spoke}-report-2024.md")
    refs = tuple(
        SegmentRef(
            source=names[n % 2], source_sha256=_SHA, start=n * 200, length=180, title="A survey", date="2025-06"
        )
        for n in range(passages)
    )
    call = f"toolu_{tool}"
    return [
        ToolCalled(spoke=spoke, attempt=attempt, turn=1, call=call, name=tool, input={**given}),
        ToolReturned(
            spoke=spoke,
            attempt=attempt,
            turn=1,
            call=call,
            name=tool,
            segments=refs,
            text="" if refs else "23 of 23 documents",
            seconds=0.012,
        ),
    ]


def _thought(spoke: str, text: str, turn: int) -> BlockFinished:
    return BlockFinished(spoke=spoke, attempt=1, turn=turn, block=0, type="thinking", text=text)


def turn(spoke: str, read: int, written: int) -> TurnFinished:
    """A reply that was paid for."""
    attempt = 2 if spoke == "publishing" else 1
    usd = read * 5e-6 + written * 25e-6
    usage = Usage(input_tokens=read, output_tokens=written, turns=1, usd=usd, priced_turns=1)
    return TurnFinished(spoke=spoke, attempt=attempt, turn=1, stop_reason="end_turn", usage=usage, seconds=9.0)


def piece(spoke: str, type: BlockType, text: str) -> LiveText:
    """Text that streams in a spoke's second turn."""
    return LiveText(spoke, 1, 2, 0, type, 0, text)


def found(spoke: str, claim: str, quote: str) -> Finding:
    """A finding with its quote."""
    source = f"{spoke}-survey-2025.md"
    span = Span(source=source, source_sha256=_SHA, start=200, end=200 + len(quote))
    return Finding(
        claim=claim, quotes=(Quote(text=quote, source=source, span=span),), date="2025", scope="Northmark"
    )


def answered(spoke: str) -> AttemptFinished:
    """The end of a first attempt that found two things."""
    share = found(spoke, "45% used AI tools in 2024, counting any use.", "In 2024, 45% had used AI tools.")
    daily = found(spoke, "12% used AI tools daily in 2024.", "Daily use was at 12%.")
    return AttemptFinished(
        step=f"spoke:{spoke}/1-0000000000",
        spoke=spoke,
        attempt=1,
        findings=(share, daily),
        summary="Use has doubled since 2022; the two shares differ because one counts any use and one daily use.",
        not_found=("What it does to income",),
    )


def rate_limited(spoke: str, attempt: int) -> Failure:
    """A failure with all that a failure can say."""
    return Failure(
        kind=FailureKind.RATE_LIMITED,
        message="Number of request tokens has exceeded your per-minute rate limit.",
        spoke=spoke,
        attempt=attempt,
        query="translation fees per page",
        http_status=429,
        request_id="req_011CSHoEeqs5C35K2UUqR7Fy",
        retry_after_s=12.0,
        partial=(found(spoke, "Fees per page fell by 18% in two years.", "fees per page fell by 18%"),),
        alternatives=("literary translation only", "the union's table of fees"),
        retryable=True,
        tokens=10_500,
        seconds=44.0,
    )
