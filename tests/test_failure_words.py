"""What the dashboard and the plain commands say of attempts that failed, were cancelled, or were cut off."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from sessions.events import (
    AnyEvent,
    AttemptDropped,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    PlanApproved,
    RunEnded,
    SpokeCancelled,
    TryFailed,
    TurnHeld,
)
from sessions.failures import Failure, FailureKind
from sessions.findings import Finding
from sessions.load import fold_all
from sessions.plan import Brief, Plan, Subtask
from sessions.state import RunState
from sessions.stats import stats
from sessions.store import Store
from tests.dashboards import screen_text, told, until
from tests.example_runs import RUN, created, finished_run
from tests.running import hubspoke
from tests.screen_failures import with_waits
from tests.screen_runs import AT, in_the_middle, keep
from tests.screen_runs import RUN as MIDDLE
from tests.scripted_port import Scene
from tests.test_export_html import page
from tests.test_plain import lines
from tui.failure_text import kept, retries
from tui.looks import BROKEN_OFF, short_kind, spoke_look
from tui.screens.zoom import ZoomScreen
from tui.seat import GONE, Seat
from tui.trace_row import row
from tui.widgets.rail import Rail

ONE, TWO, THREE = (Finding(claim=claim) for claim in ("One.", "Two.", "Three."))
PLAN = Plan(subtasks=tuple(Subtask(id=id, title=id.upper(), objective="x") for id in ("a", "b", "c", "d")))


def began(spoke: str, attempt: int = 1, objective: str = "x", advice: str = "") -> AttemptStarted:
    brief = Brief(question="q", title=spoke, objective=objective, advice=advice)
    return AttemptStarted(spoke=spoke, attempt=attempt, role="r", model="m", brief=brief, retry=attempt - 1)


def failed(spoke: str, attempt: int, kind: FailureKind, *partial: Finding) -> AttemptFailed:
    failure = Failure(kind=kind, message="You cancelled it.", spoke=spoke, attempt=attempt, partial=partial)
    return AttemptFailed(spoke=spoke, attempt=attempt, failure=failure)


def try_failed(kind: FailureKind, turn: int) -> TryFailed:
    return TryFailed(spoke="a", attempt=1, turn=turn, failure=Failure(kind=kind, message="x"), wait_s=1.0)


def run_of(*events: AnyEvent) -> RunState:
    return fold_all([created(), PlanApproved(step="approve", plan=PLAN), *events])


def test_what_was_kept_is_that_of_all_attempts_each_finding_once() -> None:
    spoke = run_of(
        began("a", 1, objective="another"),
        failed("a", 1, FailureKind.TIMEOUT, THREE),
        began("a", 2),
        failed("a", 2, FailureKind.TIMEOUT, ONE, TWO),
        began("a", 3, advice="Narrower."),
        failed("a", 3, FailureKind.TIMEOUT, TWO),
    ).spokes["a"]
    first, second, third = spoke.attempts
    assert kept(third, spoke) == "3 findings kept (1 by this attempt), 0 passages read"
    assert kept(second, spoke) == "3 findings kept (2 by this attempt), 0 passages read"
    assert kept(first) == "1 finding kept, 0 passages read"


@pytest.mark.parametrize(
    ("kind", "turns", "said"),
    [
        (FailureKind.TIMEOUT, (1, 1), "retries 0/2"),
        (FailureKind.RATE_LIMITED, (2, 2, 2), "4 tries"),
        (FailureKind.RATE_LIMITED, (1, 2), "2 tries"),
        (FailureKind.INVALID_REQUEST, (), "1 try"),
    ],
)
def test_retries_are_counted_where_policy_has_any_and_else_tries(
    kind: FailureKind, turns: tuple[int, ...], said: str
) -> None:
    tries = [try_failed(kind, turn) for turn in turns]
    spoke = run_of(began("a"), *tries, failed("a", 1, kind)).spokes["a"]
    assert spoke.last is not None and retries(spoke.last) == said


def test_a_kind_says_something_in_nine_cells() -> None:
    for kind in FailureKind:
        assert len(short_kind(Failure(kind=kind, message="x"))) <= len("cancelled")
    assert short_kind(Failure(kind=FailureKind.RATE_LIMITED, message="x")) == "429"
    assert short_kind(Failure(kind=FailureKind.API_ERROR, message="x", http_status=502)) == "502"


CANCELLED = (began("a"), SpokeCancelled(spoke="a"), failed("a", 1, FailureKind.CANCELLED, ONE))


def test_what_a_person_cancelled_is_told_once_and_did_not_fail(own_home: Path) -> None:
    def tell(progress: object) -> None:
        assert callable(progress)
        for event in CANCELLED[1:]:
            progress(event)

    assert lines(tell) == ["00:00 ⊘ a you cancelled it", "00:00 ⊘ a 1 partial finding kept"]
    keep(own_home, RUN, [created(), PlanApproved(step="approve", plan=PLAN), *CANCELLED])
    shown = hubspoke("show", RUN).stdout
    assert "- A: cancelled\n" in shown


def test_the_pane_of_a_cancelled_spoke_says_it_once() -> None:
    scene = in_the_middle()
    seq, events = len(scene.events), list[AnyEvent]()
    for event in (
        SpokeCancelled(spoke="games"),
        failed("games", 1, FailureKind.CANCELLED, ONE),
    ):
        seq += 1
        events.append(event.model_copy(update={"seq": seq, "at": AT + 160, "t": 160.0}))

    async def main() -> None:
        async with told(Scene(scene.run, (*scene.events, *events), scene.texts, scene.t)) as (app, pilot):
            tile = app.run_screen.tiles["games"]
            await until(pilot, lambda: "r retry runs it after all" in tile.plain)
            assert tile.plain.count("cancelled") == 1
            assert "1 finding kept" in tile.plain
            for never in ("failed", "may help", "✗"):
                assert never not in tile.plain
            await pilot.press("3", "enter")
            await until(pilot, lambda: isinstance(app.screen, ZoomScreen) and "⊘" in screen_text(app))
            assert "✗" not in screen_text(app)

    asyncio.run(main())


def test_the_zoom_of_a_failed_spoke_opens_at_its_error_with_the_keys_for_it() -> None:
    async def main() -> None:
        async with told(in_the_middle(), (80, 24)) as (app, pilot):
            await pilot.press("4", "enter")
            await until(pilot, lambda: isinstance(app.screen, ZoomScreen))
            await until(pilot, lambda: "HTTP 429" in screen_text(app))
            assert "r retry  e edit brief  D diff" in screen_text(app).splitlines()[-1]
            # One that runs offers none of these.
            await pilot.press("k", "k")
            await until(pilot, lambda: "x cancel" in screen_text(app).splitlines()[-1])
            assert "r retry" not in screen_text(app).splitlines()[-1]
            await pilot.press("escape")
            rail = str(app.run_screen.query_one(Rail).content)
            assert "✗ 429" in rail

    asyncio.run(main())


@pytest.mark.parametrize(
    ("action", "shown"),
    [
        ("spoke(1)", "It has not begun."),
        ("attempt(-1)", "attempt 1 of 2"),
        ("part('brief')", "no forecasts"),
        ("follow", "attempt 2 of 2"),
    ],
)
def test_a_key_that_is_quicker_than_the_zoom_is_done_when_it_is_there(action: str, shown: str) -> None:
    async def main() -> None:
        async with told(in_the_middle(), (80, 24)) as (app, pilot):
            assert app.seat is not None
            zoom = ZoomScreen(app.seat, "publishing")
            app.push_screen(zoom)
            # As the app does with a key that was on its way when the screen was not composed yet.
            assert not zoom.children and await app.run_action(action, zoom)
            await until(pilot, lambda: shown in screen_text(app))

    asyncio.run(main())


def test_a_spoke_that_was_interrupted_was_cut_off_wherever_it_is_named(own_home: Path) -> None:
    done = AttemptFinished(step="spoke:a", spoke="a", attempt=1, findings=(ONE,))
    events = [
        created(),
        PlanApproved(step="approve", plan=PLAN),
        *(began(spoke) for spoke in ("a", "b", "c")),
        done,
        AttemptDropped(spoke="b", attempt=1, partial=(TWO,)),
        RunEnded(status="interrupted", exit=130),
    ]
    fates = [part.fate.value for part in stats(events).sub_domains]
    assert fates == ["researched", "cut_off", "cut_off", "queued"]
    keep(own_home, RUN, events)
    shown = hubspoke("show", RUN).stdout
    assert "- B: cut off\n- C: cut off\n- D: queued\n" in shown
    numbers = hubspoke("show", RUN, "--stats").stdout
    assert "researched, no report yet" in numbers and "⏸ B" in numbers
    assert "unfinished" not in numbers
    retry = hubspoke("retry", RUN, "--spoke", "2")
    assert retry.returncode == 2
    assert f"b was cut off; `hubspoke resume {RUN}` goes on with it." in retry.stderr
    *_, totals, _ = lines(lambda progress: progress.end(fold_all(events), RUN))
    assert "1 of 4 spokes ok · 0 failed · 2 cut off · 2 findings" in totals


def test_a_run_whose_engine_was_killed_is_no_longer_running(own_home: Path) -> None:
    keep(own_home, MIDDLE, in_the_middle().events)
    seat = Seat()
    seat.show(Store(own_home).find(MIDDLE))
    assert seat.state.status == "interrupted" and seat.lost == GONE
    assert spoke_look(seat, seat.state.spokes["film"]) == BROKEN_OFF
    assert spoke_look(seat, seat.state.spokes["law"]).word == "queued"


def test_a_call_that_waits_for_a_place_says_so_and_blames_no_other(own_home: Path) -> None:
    scene, said = with_waits(), "waits for a place: the limit of requests at once is reached"
    *before, held = scene.events
    assert isinstance(held, TurnHeld)
    held = held.model_copy(update={"why": None})

    async def main() -> None:
        async with told(replace(scene, events=(*before, held))) as (app, pilot):
            tile = app.run_screen.tiles[held.spoke]
            await until(pilot, lambda: f"⏸ {said}" in " ".join(tile.plain.split()))
            await pilot.press("v", "v")
            await until(pilot, lambda: "att. 1  waits for a place" in str(app.run_screen.query_one(Rail).content))

    asyncio.run(main())
    assert row(held).text == f"⏸ {said}"
    assert lines(lambda progress: progress(held)) == [f"02:36 ⏸ {held.spoke} {said}"]
    assert said in page(own_home, [*before, held]).text


def test_a_run_that_has_ended_cannot_be_stopped_and_says_so(own_home: Path) -> None:
    keep(own_home, RUN, finished_run())
    stopped = hubspoke("stop", RUN)
    assert (stopped.returncode, stopped.stdout) == (2, "")
    assert stopped.stderr == f"hubspoke: The run {RUN} has ended; there is nothing to stop.\n"
