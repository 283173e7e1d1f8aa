"""A person retries, edits and cancels spokes while others stream; what comes too late has no effect."""

import asyncio
from asyncio import Event
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.port.messages import Approve, Cancel, Command, Retry, Stop
from agents.replies import PlanReply
from agents.run import Settings
from sessions.events import AnyEvent, AttemptDropped, AttemptStarted
from sessions.plan import Subtask
from tests.claude_server import Cue, Manners, RecordedRequest, Refuse, Stall
from tests.engine_brain import engine_brain
from tests.engine_client import Window
from tests.engines import Engines, answers, asks, held, served
from tests.engines import engines as engines
from tests.running import planned, subtask
from tests.test_pipeline import DOUBLES, WORDS
from tests.test_pipeline import docs as docs


def refused(spoke: str, times: int = 1) -> Cue:
    """Fails a spoke's attempts: a refusal is not tried again."""
    return Cue(Refuse(), answers(spoke), times)


def researched(requests: list[RecordedRequest]) -> set[str]:
    """The spokes that these requests are of."""
    return {spoke for spoke in WORDS if any(map(asks(spoke), requests))}


def began(events: list[AnyEvent], spoke: str) -> list[int]:
    """The numbers of a spoke's attempts."""
    return [event.attempt for event in events if isinstance(event, AttemptStarted) and event.spoke == spoke]


def edited(window: Window, spoke: str, **changes: object) -> Subtask:
    """A spoke's subtask with changes."""
    assert window.state.plan
    return window.state.plan.subtask(spoke).model_copy(update=changes)


def report(window: Window) -> str:
    """The final report."""
    assert window.state.report, window.state.message
    return window.state.report.markdown


def test_a_failed_spoke_is_retried_alone_and_a_stale_word_does_nothing(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = Event()
        manners = Manners(cues=(held("cedar", release), refused("birch")))
        async with served(monkeypatch, engine_brain(DOUBLES), manners) as server:
            window = await engines.window()
            assert not (await window.do(Cancel(id=0, spoke="cedar", attempt=0))).ok  # there is no run
            assert (await window.begin(docs)).ok
            await window.until(window.holds("cedar"))
            await window.until(window.is_at("birch", "failed"))
            await window.until(lambda: [s.status for s in window.state.spokes.values()].count("done") == 3)
            plan = window.state.plan
            assert plan
            seq, before = window.state.seq, len(server.requests)
            stale: list[tuple[Command, str]] = [
                (Retry(id=0, spoke="birch", attempt=0), "has moved on to attempt 1"),
                (Retry(id=0, spoke="birch", attempt=2), "has moved on to attempt 1"),
                (Retry(id=0, spoke="alder", attempt=1), "Alder is done"),
                (Retry(id=0, spoke="cedar", attempt=1), "Cedar is running"),
                (Retry(id=0, spoke="zinnia", attempt=1), "no spoke 'zinnia'"),
                (Cancel(id=0, spoke="birch", attempt=1), "nothing to cancel"),
                (Cancel(id=0, spoke="cedar", attempt=7), "has moved on to attempt 1"),
                (Approve(id=0, checkpoint=window.checkpoint, plan=plan), "No plan waits"),
            ]
            for command, sentence in stale:
                answer = await window.do(command)
                assert not answer.ok and sentence in answer.message, answer
            assert window.state.seq == seq
            assert (await window.do(Retry(id=0, spoke="birch", attempt=1))).ok
            await window.until(window.is_at("birch", "done"))
            assert researched(server.requests[before:]) == {"birch"}
            assert window.holds("cedar")()
            release.set()
            assert (await window.ended()).exit == 0
            assert {spoke: began(window.events, spoke) for spoke in ("alder", "birch", "cedar")} == {
                "alder": [1],
                "birch": [1, 2],
                "cedar": [1],
            }
            assert not any(isinstance(e, AttemptDropped) and not e.spoke.startswith("hub.") for e in window.events)
            assert WORDS["birch"] in report(window)

    asyncio.run(main())


def test_an_edited_brief_is_what_the_spoke_is_told_also_when_the_run_is_resumed(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    objective = "Find the birch price. Count the crowns."

    async def main() -> None:
        release = Event()
        manners = Manners(cues=(held("cedar", release), refused("birch", 2)))
        async with served(monkeypatch, engine_brain(DOUBLES), manners) as server:
            window = await engines.window()
            run = (await window.begin(docs)).run
            await window.until(window.is_at("birch", "failed"))
            await window.until(window.holds("cedar"))
            for changes, sentence in (
                ({"id": "alder"}, "not of birch"),
                ({"role": "wizard"}, "unknown role"),
                ({"depends_on": ("birch",)}, "in a circle"),
                ({"depends_on": ("oak",)}, "not in the plan"),
            ):
                command = Retry(id=0, spoke="birch", attempt=1, subtask=edited(window, "birch", **changes))
                answer = await window.do(command)
                assert not answer.ok and sentence in answer.message, answer
            before = len(server.requests)
            mine = edited(window, "birch", objective=objective, title="Birch crowns")
            assert (await window.do(Retry(id=0, spoke="birch", attempt=1, subtask=mine))).ok
            await window.until(lambda: len(window.state.failures) == 2)
            await window.until(window.is_at("birch", "failed"))
            assert window.spoke("birch").title == "Birch crowns"
            assert (await window.do(Stop(id=0))).ok
            await window.ended()
            again = await engines.window()
            assert (await again.begin(docs, resume=run)).ok
            assert (await again.ended()).exit == 0
            told = list(filter(asks("birch"), server.requests[before:]))
            assert len(told) == 4 and all(objective in request.said for request in told)
            assert again.state.plan and again.state.plan.subtask("birch") == mine
            assert "Birch crowns" in report(again)

    asyncio.run(main())


def test_a_spoke_that_is_retried_while_the_writer_writes_is_in_the_report(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        writing = Cue(Stall(Event(), at=-3), lambda request: request.title == "", times=1)
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(writing, refused("birch")))) as server:
            window = await engines.window()
            assert (await window.begin(docs)).ok
            await server.until(lambda requests: any(request.title == "" for request in requests))
            assert (await window.do(Retry(id=0, spoke="birch", attempt=1))).ok
            assert (await window.ended()).exit == 0
            assert window.state.report and window.state.report.gaps == ()
            assert WORDS["birch"] in report(window)
            # The draft that was under way is given up, and what it rests on is not done again.
            dropped = [event.spoke for event in window.events if isinstance(event, AttemptDropped)]
            assert dropped == ["hub.write"]
            assert began(window.events, "alder") == [1]
            assert sum(request.title == "plan" for request in server.requests) == 1

    asyncio.run(main())


def test_what_a_cancelled_spoke_found_is_kept_and_it_stays_cancelled(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", Event()),))) as server:
            window = await engines.window()
            run = (await window.begin(docs)).run
            await window.until(window.holds("cedar"))
            assert (await window.do(Cancel(id=0, spoke="cedar", attempt=1))).ok
            late = await window.do(Cancel(id=0, spoke="cedar", attempt=1))
            assert not late.ok and "cancelled" in late.message
            state = await window.ended()
            assert (state.exit, window.spoke("cedar").status) == (3, "cancelled")
            assert state.report and [(gap.spoke, gap.why) for gap in state.report.gaps] == [
                ("cedar", "You cancelled it. 1 partial findings were kept.")
            ]
            assert WORDS["cedar"] in report(window)
            before = len(server.requests)
            again = await engines.window()
            assert (await again.begin(docs, resume=run)).ok
            await again.ended()
            assert again.spoke("cedar").status == "cancelled"
            assert server.requests[before:] == []

    asyncio.run(main())


def test_a_spoke_that_is_cancelled_in_the_queue_never_makes_a_request(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        release = Event()
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("alder", release),))) as server:
            window = await engines.window()
            assert (await window.begin(docs, settings=Settings(max_parallel=1))).ok
            await window.until(window.holds("alder"))
            assert researched(server.requests) == {"alder"}
            for spoke in ("cedar", "elder"):
                assert window.spoke(spoke).status == "queued"
                assert (await window.do(Cancel(id=0, spoke=spoke, attempt=0))).ok
            assert (await window.do(Retry(id=0, spoke="elder", attempt=0))).ok  # on second thoughts
            twice = await window.do(Retry(id=0, spoke="elder", attempt=0))
            assert not twice.ok and "queued" in twice.message
            release.set()
            state = await window.ended()
            assert researched(server.requests) == set(WORDS) - {"cedar"}
            assert state.report and [(gap.spoke, gap.why) for gap in state.report.gaps] == [
                ("cedar", "You cancelled it.")
            ]

    asyncio.run(main())


def test_a_retry_right_after_a_cancel_is_a_new_attempt(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(held("cedar", Event()),))):
            window = await engines.window()
            assert (await window.begin(docs)).ok
            await window.until(window.holds("cedar"))
            cancelled, retried = await asyncio.gather(
                window.do(Cancel(id=0, spoke="cedar", attempt=1)), window.do(Retry(id=0, spoke="cedar", attempt=1))
            )
            assert cancelled.ok and retried.ok
            assert (await window.ended()).exit == 0
            assert began(window.events, "cedar") == [1, 2]

    asyncio.run(main())


def test_a_spoke_under_way_is_told_anew_what_its_retried_dependency_found(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chained(request: MessagesRequest) -> PlanReply:
        needs = {"elder": ("birch",), "daisy": ("elder",)}
        return planned(*(subtask(spoke, f"Find the {spoke} price.", *needs.get(spoke, ())) for spoke in WORDS))

    async def main() -> None:
        manners = Manners(cues=(held("elder", Event()), refused("birch")))
        async with served(monkeypatch, engine_brain({**DOUBLES, "plan": chained}), manners) as server:
            window = await engines.window()
            assert (await window.begin(docs)).ok
            await window.until(window.holds("elder"))
            assert not any("Found by birch" in request.said for request in server.requests)
            assert (await window.do(Retry(id=0, spoke="birch", attempt=1))).ok
            assert (await window.ended()).exit == 0
            assert {spoke: began(window.events, spoke) for spoke in ("alder", "birch", "elder", "daisy")} == {
                "alder": [1],
                "birch": [1, 2],
                "elder": [1, 2],
                "daisy": [1],
            }
            assert "Found by birch" in list(filter(asks("elder"), server.requests))[-1].said

    asyncio.run(main())


def test_of_several_failures_only_the_named_one_is_attempted_again(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        manners = Manners(cues=(refused("birch"), refused("daisy")))
        async with served(monkeypatch, engine_brain(DOUBLES), manners) as server:
            window = await engines.window()
            run = (await window.begin(docs)).run
            assert (await window.ended()).exit == 3
            before = len(server.requests)
            again = await engines.window()
            assert (await again.begin(docs, resume=run, retry={"birch": None})).ok
            state = await again.ended()
            assert researched(server.requests[before:]) == {"birch"}
            assert state.report and [gap.spoke for gap in state.report.gaps] == ["daisy"]
            assert WORDS["birch"] in report(again)
            # Without a name every failure is attempted again.
            last = await engines.window()
            assert (await last.begin(docs, resume=run)).ok
            assert (await last.ended()).exit == 0

    asyncio.run(main())


def test_a_brief_that_does_not_fit_the_plan_is_refused_when_a_run_is_resumed_with_it(
    docs: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with served(monkeypatch, engine_brain(DOUBLES), Manners(cues=(refused("birch"),))):
            window = await engines.window()
            run = (await window.begin(docs)).run
            plan = (await window.ended()).plan
            assert plan is not None
            lost = plan.subtask("birch").model_copy(update={"depends_on": ("nobody",)})
            again = await engines.window()
            refusal = await again.begin(docs, resume=run, retry={"birch": lost})
            assert not refusal.ok
            assert "'nobody', which is not in the plan" in refusal.message
            # Nothing of it was saved: the run resumes.
            assert (await again.begin(docs, resume=run)).ok
            assert (await again.ended()).exit == 0

    asyncio.run(main())
