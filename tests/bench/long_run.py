"""A saved run of twenty spokes as long as one likes, whose engine was killed in the middle."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from sessions.events import (
    AnyEvent,
    AttemptStarted,
    BlockFinished,
    EngineStarted,
    Limits,
    PlanApproved,
    PlanMade,
    RunCreated,
    ToolCalled,
    ToolReturned,
    TurnFinished,
    Usage,
)
from sessions.evidence import SegmentRef
from sessions.journal import Journal
from sessions.journal_reader import saved_bytes
from sessions.load import fold_all
from sessions.plan import Brief, Plan, Subtask
from sessions.store import Store, write_meta

RUN = "20261121-0512-k7m2"
SPOKES = 20
LAST_WORDS = "These are the last words of it."
"""What every spoke said last."""

_QUESTION = "What do the regions pay?"
_SAID = "The wages of the region rose from 41 to 47 crowns an hour between 2021 and 2024, says the ministry. " * 6
_MODEL = "claude-sonnet-5-5"
_LIMITS = Limits(max_turns=100_000, max_tokens=10**9, max_usd=100_000.0)


def save_run(home: Path, docs: Path, size: int) -> int:
    """Saves the run, with at least so many bytes of events; answers the size of its journal."""

    async def keep() -> int:
        directory = Store(home).create(RUN)
        journal = Journal.create(directory)
        events = [journal.append(event) for event in _told(docs, size)]
        await journal.flush()
        journal.close()
        kept = saved_bytes(directory)
        write_meta(directory, fold_all(events), kept)
        return kept

    return asyncio.run(keep())


def _told(docs: Path, size: int) -> Iterator[AnyEvent]:
    ids = [f"region-{number}" for number in range(1, SPOKES + 1)]
    subtasks = tuple(Subtask(id=id, title=f"The {id}", objective=f"Find the wages of {id}.") for id in ids)
    plan = Plan(subtasks=subtasks)
    yield RunCreated(
        run=RUN, question=_QUESTION, docs=str(docs), provider="claude", version="0.1.0", limits=_LIMITS
    )
    yield EngineStarted(pid=1, version="0.1.0", docs=str(docs), provider="claude", limits=_LIMITS)
    yield PlanMade(step="plan/1-0000000000", plan=plan)
    yield PlanApproved(step="approve/1-0000000000", plan=plan)
    for subtask in subtasks:
        brief = Brief(question=_QUESTION, title=subtask.title, objective=subtask.objective)
        yield AttemptStarted(spoke=subtask.id, attempt=1, role="researcher", model=_MODEL, brief=brief)
    written, turn = 0, 0
    while written < size:
        turn += 1
        for id in ids:
            for event in _turn(id, turn):
                written += len(event.model_dump_json())
                yield event
    for id in ids:
        yield BlockFinished(spoke=id, attempt=1, turn=turn + 1, block=0, type="text", text=LAST_WORDS)


def _turn(spoke: str, turn: int) -> Iterator[AnyEvent]:
    """What a turn of a spoke leaves: it thinks, calls a tool, and is told eight places of a document."""
    call, tool = f"toolu_{spoke}_{turn}", "search_documents"
    yield BlockFinished(
        spoke=spoke, attempt=1, turn=turn, block=0, type="text", text=_SAID, pace=((0, 0), (300, 250))
    )
    usage = Usage(input_tokens=9_000 + turn, output_tokens=200, turns=1, usd=0.02, priced_turns=1)
    yield TurnFinished(spoke=spoke, attempt=1, turn=turn, stop_reason="tool_use", usage=usage, seconds=2.5)
    yield ToolCalled(spoke=spoke, attempt=1, turn=turn, call=call, name=tool, input={"query": f"{spoke} wages"})
    places = tuple(
        SegmentRef(
            source=f"{spoke}/wages-{number}.md",
            source_sha256=f"{number:064x}",
            start=turn * 900,
            length=900,
            title="Wages of the regions, 2021 to 2024",
        )
        for number in range(8)
    )
    yield ToolReturned(spoke=spoke, attempt=1, turn=turn, call=call, name=tool, segments=places, seconds=0.02)
