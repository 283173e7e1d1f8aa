"""The plan waits for whoever watches: approved, edited, sent back, left waiting, and never decided twice."""

import asyncio
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.engine.checkpoint import NoCheckpointError, OpenCheckpoint
from agents.hub import Approved, SentBack
from agents.port.frames import frame
from agents.port.messages import Approve, Retry, SendBack, Stop, Watch
from agents.port.version import PORT
from agents.replies import PlanReply
from sessions import paths
from sessions.events import CheckpointOpened
from sessions.load import load
from sessions.plan import Plan, Subtask
from sessions.store import Store
from tests.engine_brain import engine_brain
from tests.engine_client import Window, opened
from tests.engines import Engines, asks, here, served
from tests.engines import engines as engines
from tests.running import LONGEST_S, planned, subtask
from tests.test_pipeline import DOUBLES, WORDS
from tests.test_pipeline import docs as docs


async def at_checkpoint(window: Window, docs: Path, resume: str | None = None) -> Plan:
    """Begins, and answers the plan when it waits."""
    assert (await window.begin(docs, approved=False, resume=resume)).ok
    await window.until(lambda: window.state.status == "waiting")
    assert window.state.plan
    return window.state.plan


def opened_with(window: Window) -> list[Plan]:
    """The plans that were shown."""
    return [event.plan for event in window.events if isinstance(event, CheckpointOpened)]


def test_an_edited_plan_binds_and_an_unusable_one_is_refused(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES)) as server:
            window = await engines.window()
            early = await window.do(SendBack(id=0, checkpoint=0, note="Too early."))
            assert early.message == "No plan waits for an answer; it was given already."
            plan = await at_checkpoint(window, docs)
            alder, birch = plan.subtasks[:2]
            for broken, why in (
                ((), "no subtasks"),
                ((alder.model_copy(update={"role": "wizard"}),), "wizard"),
                ((alder.model_copy(update={"depends_on": ("alder",)}),), "in a circle"),
                ((alder, alder), "used twice"),
            ):
                refused = await window.do(Approve(id=0, checkpoint=window.checkpoint, plan=Plan(subtasks=broken)))
                assert not refused.ok and why in refused.message
            assert window.state.status == "waiting"
            early = await window.do(Retry(id=0, spoke="birch", attempt=0))
            assert not early.ok and "queued" in early.message
            objective = "Find the birch price. Count the crowns."
            mine = plan.model_copy(update={"subtasks": (birch.model_copy(update={"objective": objective}),)})
            # Two windows may answer at once; the first word counts.
            first, second = await asyncio.gather(
                window.do(Approve(id=0, checkpoint=window.checkpoint, plan=mine)),
                window.do(Approve(id=0, checkpoint=window.checkpoint, plan=plan)),
            )
            assert first.ok and not second.ok and "already" in second.message
            assert (await window.ended()).status == "done"
            assert list(window.state.spokes) == ["birch"]
            researched = [request for request in server.requests if request.title == "findings"]
            assert researched and all(objective in request.said for request in researched)

    asyncio.run(main())


def test_a_plan_that_is_sent_back_is_made_anew_with_the_note(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan(request: MessagesRequest) -> PlanReply:
        spokes = ["cedar"] if "Only the cedar, please" in request.model_dump_json() else list(WORDS)
        return planned(*(subtask(spoke, f"Find the {spoke} price.") for spoke in spokes))

    async def main() -> None:
        async with served(monkeypatch, engine_brain({**DOUBLES, "plan": plan})) as server:
            window = await engines.window()
            await at_checkpoint(window, docs)
            sent_back = window.checkpoint
            assert (await window.do(SendBack(id=0, checkpoint=sent_back, note="Only the cedar, please."))).ok
            await window.until(lambda: len(opened_with(window)) == 2)
            first, second = opened_with(window)
            assert (len(first.subtasks), len(second.subtasks)) == (5, 1)
            # A word on the first one comes too late, and is none on the second.
            for late in (
                Approve(id=0, checkpoint=sent_back, plan=first),
                SendBack(id=0, checkpoint=sent_back, note="No cedar, please."),
            ):
                refused = await window.do(late)
                assert (refused.ok, refused.message) == (
                    False,
                    "That plan was answered already; another one waits.",
                )
            assert (await window.do(Approve(id=0, checkpoint=window.checkpoint, plan=second))).ok
            assert (await window.ended()).status == "done"
            asked = [request for request in server.requests if request.title == "plan"]
            assert ["Only the cedar, please." in request.said for request in asked] == [False, True]
            assert all(map(asks("cedar"), [r for r in server.requests if r.title == "findings"]))

    asyncio.run(main())


def test_a_plan_that_was_stopped_at_is_asked_about_again_as_it_was(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES)) as server:
            window = await engines.window()
            plan = await at_checkpoint(window, docs)
            assert (await window.do(Stop(id=0))).ok
            state = await window.ended()
            assert (state.status, state.exit, window.farewell) == ("interrupted", 130, "")
            before = len(server.requests)
            again = await engines.window()
            assert await at_checkpoint(again, docs, resume=window.run) == plan
            assert len(server.requests) == before
            assert (await again.do(Approve(id=0, checkpoint=again.checkpoint, plan=plan))).ok
            assert (await again.ended()).status == "done"
            assert not any(request.title in ("plan", "coverage") for request in server.requests[before:])

    asyncio.run(main())


def test_a_plan_without_a_window_is_left_waiting_and_saved(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES)), here(engines, unattended_s=0.05) as path:
            window, other = await opened(path), await opened(path)
            plan = await at_checkpoint(window, docs)
            window.close()  # the other is no window: it never said that it would watch
            async with asyncio.timeout(5.0):
                await other.ended()
            saved = load(Store(paths.home()).find(window.run))
            assert (saved.status, saved.exit) == ("waiting", 3)
            again = await engines.window()
            assert await at_checkpoint(again, docs, resume=window.run) == plan
            assert (await again.do(Stop(id=0))).ok
            await again.ended()

    asyncio.run(main())


def test_a_window_that_may_only_watch_keeps_no_plan_waiting(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES)), here(engines, unattended_s=0.05) as path:
            window, older = await opened(path), await opened(path)
            await at_checkpoint(window, docs)
            older.writer.write(frame(Watch(id=1, port=PORT - 1)))
            await older.until(lambda: older.synced)
            window.quit()
            assert (await older.ended()).status == "waiting"

    asyncio.run(main())


def test_only_time_without_a_window_counts() -> None:
    plan = Plan(subtasks=(Subtask(id="a", title="A", objective="Find A."),))

    async def main() -> None:
        checkpoint = OpenCheckpoint(0.02)
        with pytest.raises(NoCheckpointError):
            checkpoint.decide(0, Approved(plan))
        checkpoint.attended(True)
        waiting = asyncio.create_task(checkpoint(plan, ()))
        _, still = await asyncio.wait([waiting], timeout=0.06)
        assert still
        checkpoint.attended(False)
        checkpoint.attended(True)
        _, still = await asyncio.wait([waiting], timeout=0.06)
        assert still
        checkpoint.decide(0, SentBack("again"))
        with pytest.raises(NoCheckpointError):
            checkpoint.decide(0, Approved(plan))
        assert await waiting == SentBack("again")
        # The next one opens without a window.
        checkpoint.attended(False)
        async with asyncio.timeout(LONGEST_S):
            assert await checkpoint(plan, ()) is None

    asyncio.run(main())
