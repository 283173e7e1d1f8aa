"""A run that is told by hand and kept as the engine keeps one: for tests that cut its disk off in the middle."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

from sessions.errors import BadInputError
from sessions.events import AnyEvent, AttemptFinished, Noticed, StepEvent
from sessions.evidence_store import EvidenceStore
from sessions.journal import Journal
from sessions.journal_reader import read_journal, saved_bytes
from sessions.load import fold_all, load
from sessions.meta import read_meta
from sessions.snapshot import snapshot, write_snapshot
from sessions.state import RunState, fold
from sessions.store import Store, write_meta
from tests.example_runs import RUN, finished_run


def tell(home: Path, acknowledged: Callable[[int], None]) -> None:
    """Keeps a whole run in two lives: its journal with a flush an event, evidence, and a snapshot a step.

    `acknowledged` is told each number of which the journal said that it is on disk.
    """

    async def main() -> None:
        directory = Store(home).create(RUN)
        journal = Journal.create(directory)
        evidence = EvidenceStore(directory)
        events: list[AnyEvent] = []
        state = RunState()
        for number, event in enumerate(finished_run()):
            events.append(journal.append(event))
            fold(state, events[-1])
            await journal.flush()
            assert not journal.fault
            acknowledged(events[-1].seq)
            evidence.put(f"What a tool returned, {number}. " * 40)
            if isinstance(event, StepEvent):
                write_snapshot(directory, snapshot(state, events, evidence))
                write_meta(directory, state, saved_bytes(directory))
        journal.close()
        # Taken up again: two events a sync, as when several spokes wait for one.
        journal, _ = Journal.open(directory)
        for number in range(6):
            journal.append(Noticed(message=f"before {number}"))
            last = journal.append(Noticed(message=f"resumed {number}"))
            await journal.flush()
            acknowledged(last.seq)
        journal.close()

    asyncio.run(main())


def problems(home: Path, acknowledged: int) -> list[str]:
    """What is wrong with what a crash left, of which so many events had been acknowledged."""
    directory = home / "sessions" / RUN
    if not acknowledged:
        # Nobody was promised anything; but a list must bear it.
        Store(home).list()
        return []
    try:
        return list(_problems(directory, acknowledged))
    except BadInputError as error:
        return [str(error)]


def _problems(directory: Path, acknowledged: int) -> Iterator[str]:
    told = finished_run()
    replay = read_journal(directory)
    numbers = [event.seq for event in replay.events]
    if numbers[:acknowledged] != list(range(1, acknowledged + 1)):
        yield f"acknowledged {acknowledged}, read back {numbers}"
    if replay.damaged:
        yield f"{replay.damaged} damaged lines"
    if (meta := read_meta(directory)).status == "unreadable":
        yield f"its row is unreadable: {meta.error}"
    if load(directory).question != fold_all(told).question:
        yield "its question is lost"
    finished = {event.step for event in told[:acknowledged] if isinstance(event, AttemptFinished)}
    if not finished <= load(directory).results.keys():
        yield "a finished subtask would be run again"
    journal, opened = Journal.open(directory)
    more = journal.append(Noticed(message="on we go"))
    journal.close()
    if read_journal(directory).events != (*opened.events, more):
        yield "it cannot be gone on with"
