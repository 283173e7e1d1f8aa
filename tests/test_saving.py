"""A disk that takes no more in the middle of a run: nothing is lost, and a person decides."""

import asyncio
import errno
from pathlib import Path

import pytest

from agents import saving
from agents.calls.live_text import LiveText
from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, PlanReply
from agents.run import Run, Settings, ask
from sessions.events import AnyEvent, AttemptStarted, GoneOnUnsaved, Noticed, SavingMended, SavingStopped
from sessions.journal import Journal
from sessions.journal_reader import JOURNAL, read_journal
from sessions.load import fold_all
from sessions.recorder import Recorder
from sessions.store import Store
from tests.claude_server import Reply, ThreadedClaudeServer
from tests.dashboards import dashboard, screen_text, until
from tests.disk import Disk
from tests.engine_brain import Double, engine_brain
from tests.example_runs import created, finished_run
from tests.running import LONGEST_S, planned, subtask
from tests.test_pipeline import DOUBLES, careful
from tests.test_pipeline import docs as docs
from tui.screens.confirm import ConfirmScreen
from tui.screens.plan_review import PlanReview
from tui.start import Start


@pytest.fixture
def disk(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch, own_home)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_journal_is_mended_whole_with_what_came_meanwhile(own_home: Path, disk: Disk, error: int) -> None:
    async def main() -> None:
        journal = Journal.create(own_home / "run")
        events = [journal.append(created())]
        await journal.flush()
        disk.error = error
        events.append(journal.append(Noticed(message="refused")))
        await journal.flush()
        assert journal.fault
        events.append(journal.append(Noticed(message="in memory")))
        assert await journal.mend(events)
        assert journal.fault
        disk.free()
        mending = asyncio.create_task(journal.mend(events))
        await asyncio.sleep(0)
        events.append(journal.append(Noticed(message="while it is mended")))
        assert await mending == ""
        assert journal.fault == ""
        events.append(journal.append(Noticed(message="after")))
        await journal.flush()
        assert read_journal(own_home / "run").events == tuple(events)
        journal.close()
        assert (own_home / "run" / JOURNAL).stat().st_mode & 0o777 == 0o600
        again, replay = Journal.open(own_home / "run")
        again.close()
        assert replay.events == tuple(events)
        assert not (replay.damaged or replay.torn)

    asyncio.run(main())


def test_what_the_disk_refused_is_saved_at_the_end_if_there_is_room_by_then(own_home: Path, disk: Disk) -> None:
    async def main() -> Recorder:
        recorder = Recorder(own_home / "run", Journal.create(own_home / "run"))
        disk.fill()
        for event in finished_run():
            recorder.record(event)
        sha256 = await asyncio.to_thread(recorder.evidence.put, "a text that found no room")
        await recorder.flush()
        assert recorder.fault
        disk.free()
        await recorder.close()
        assert (own_home / "run" / "evidence" / sha256).exists()
        return recorder

    recorder = asyncio.run(main())
    assert read_journal(own_home / "run").events == tuple(recorder.events)


def filling(disk: Disk) -> dict[str, Double]:
    """Doubles under which the disk fills up while the first spoke is at work."""

    def findings(request: MessagesRequest) -> FindingsReply | Reply:
        if "Find the alder price" in request.messages[0].model_dump_json():
            disk.fill()
        return careful(request)

    return {**DOUBLES, "plan": _plan, "findings": findings}


def _plan(request: MessagesRequest) -> PlanReply:
    # One after the other: the second must wait.
    return planned(subtask("alder", "Find the alder price."), subtask("birch", "Find the birch price.", "alder"))


def test_no_spoke_begins_while_nothing_is_saved(docs: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadedClaudeServer(engine_brain(filling(disk))) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
        monkeypatch.setattr(saving, "AGAIN_S", 0.001)  # not five seconds of a test

        async def main() -> Run:
            run = ask("What do brushes cost?", Settings(docs=docs, provider="claude"), attended=True)
            stopped = asyncio.Event()

            def listen(item: AnyEvent | LiveText) -> None:
                if isinstance(item, SavingStopped):
                    stopped.set()

            work = asyncio.create_task(run.work(listen))
            await stopped.wait()
            tried = disk.refused
            async with asyncio.timeout(LONGEST_S):
                while disk.refused < tried + 20:  # times the disk is tried again in vain
                    await asyncio.sleep(0.001)
            assert run.state.held
            assert run.state.spokes["alder"].status == "done"
            assert run.state.spokes["birch"].status == "queued"
            assert run.state.spokes["birch"].attempts == []
            disk.free()
            await work
            return run

        run = asyncio.run(main())
    assert run.recorder is not None
    kinds = [type(event) for event in run.recorder.events]
    began = [at for at, event in enumerate(run.recorder.events) if isinstance(event, AttemptStarted)]
    assert any(at > kinds.index(SavingMended) for at in began)
    assert GoneOnUnsaved not in kinds
    assert read_journal(run.recorder.directory).events == tuple(run.recorder.events)
    assert not run.state.unsaved
    assert run.state.exit == 0


def test_with_nobody_to_wait_for_the_run_goes_on_in_memory(
    docs: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadedClaudeServer(engine_brain(filling(disk))) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")
        run = ask("What do brushes cost?", Settings(docs=docs, provider="claude"))
        state = asyncio.run(run.work())
    assert run.recorder is not None
    kinds = [type(event) for event in run.recorder.events]
    assert (kinds.count(SavingStopped), kinds.count(GoneOnUnsaved)) == (1, 1)
    assert state.report is not None
    assert "birch brushes" in state.report.markdown or "maple" in state.report.markdown
    saved = read_journal(run.recorder.directory)
    assert 1 < len(saved.events) < len(run.recorder.events)
    assert not (saved.damaged or saved.torn)
    assert saved.events == tuple(run.recorder.events[: len(saved.events)])


@pytest.mark.parametrize("key", ["S", "U"])
def test_a_person_mends_it_or_goes_on_without(
    key: str, docs: Path, own_home: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "AGAIN_S", 3600.0)  # only a person tries again
    with ThreadedClaudeServer(engine_brain(filling(disk))) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")

        asking = Start(question="What do brushes cost?", settings={"docs": str(docs)})

        async def main() -> None:
            async with dashboard(asking, size=(80, 24)) as (
                app,
                pilot,
            ):
                await until(pilot, lambda: isinstance(app.screen, PlanReview))
                await pilot.press("a")
                await until(pilot, lambda: app.seat and app.seat.state.held)
                await until(pilot, lambda: "NOT SAVED: S saves again, U goes on" in screen_text(app))
                assert app.seat is not None
                assert app.seat.state.spokes["birch"].attempts == []
                app.run_screen.tell("")
                await pilot.press("S")
                await until(pilot, lambda: "no space left on device" in screen_text(app))
                assert app.seat.state.held
                if key == "S":
                    disk.free()
                    await pilot.press("S")
                else:
                    await pilot.press("U")
                    await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
                    await pilot.press("y")
                await until(pilot, lambda: app.seat and app.seat.state.exit is not None)
                assert app.seat.state.spokes["birch"].status == "done"
                assert bool(app.seat.state.unsaved) == (key == "U")
                await pilot.press("q")

        asyncio.run(main())
    saved = fold_all(read_journal(Store(own_home).find("last")).events)
    assert saved.exit == (0 if key == "S" else None)


def test_a_key_that_mends_nothing_says_so(own_home: Path) -> None:
    async def main() -> None:
        async with dashboard(Start(question="What do brushes cost?"), size=(80, 24)) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, PlanReview))
            await pilot.press("escape", "S")
            await until(pilot, lambda: "the run is being saved" in screen_text(app))
            await pilot.press("U")
            await until(pilot, lambda: "nothing waits for the disk" in screen_text(app))

    asyncio.run(main())
