"""A resume that is cut off takes nothing from a run that had come to its end, unless it had begun something."""

import asyncio
from pathlib import Path

import pytest

from agents.calls.live_text import LiveText
from agents.run import Run, Settings, ask, resume
from sessions.events import AnyEvent, AttemptStarted, EngineStarted, Limits, RunEnded, RunQueued
from sessions.journal import Journal
from sessions.load import fold_all, load
from sessions.meta import read_meta
from sessions.store import Store
from tests.example_runs import finished_run

ENGINE = EngineStarted(pid=1, version="1", docs="/d", provider="embedded", model="", limits=Limits(), resumed=True)


def work(run: Run, cut_off_at: type | None = None) -> None:
    """Works on a run until an event of this kind, at which the one who listens goes."""

    def listen(item: AnyEvent | LiveText) -> None:
        if cut_off_at is not None and isinstance(item, cut_off_at):
            raise BrokenPipeError

    asyncio.run(run.work(listen))


@pytest.fixture
def finished(own_home: Path, tmp_path: Path) -> Path:
    """The directory of a run that is done."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "net.md").write_text("# Nets\n\nA net costs 12 euro.\n", encoding="utf-8")
    run = ask("What does a net cost?", Settings(docs=docs, provider="embedded"))
    work(run)
    directory = Store(own_home).find(run.id)
    assert load(directory).status == "done"
    return directory


@pytest.mark.parametrize("event", [EngineStarted, None])
def test_a_done_run_stays_done_when_a_resume_that_runs_nothing_is_cut_off(
    finished: Path, event: type | None
) -> None:
    ended = load(finished)
    if event is None:
        # Killed: nobody wrote how it ended.
        journal, _ = Journal.open(finished)
        journal.append(ENGINE)
        journal.close()
    else:
        with pytest.raises(BrokenPipeError):
            work(resume(finished.name), event)
    state = load(finished)
    assert (state.status, state.exit, state.message) == (ended.status, ended.exit, ended.message)
    assert read_meta(finished).status == "done"


@pytest.mark.parametrize("queued", [[], [RunQueued(live=1), RunQueued()]])
def test_one_that_was_cut_off_in_the_middle_of_something_is_not_done(queued: list[AnyEvent]) -> None:
    told = [*finished_run(), ENGINE, *queued]
    ended = fold_all(finished_run())
    assert fold_all(told).status == ended.status
    told.append(AttemptStarted(spoke="film", attempt=9, role="researcher", model="m"))
    assert (fold_all(told).status, fold_all(told).exit) == ("running", None)
    told.append(RunEnded(status="interrupted", exit=130))
    assert fold_all([*told, ENGINE]).status == "running"
