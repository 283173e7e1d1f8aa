"""What of a run's time is nobody's work, and does not count against `--max-minutes`."""

import pytest

from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptStarted,
    CheckpointOpened,
    GoneOnUnsaved,
    Noticed,
    PlanApproved,
    RunEnded,
    SavingMended,
    SavingStopped,
)
from sessions.failures import Failure, FailureKind
from sessions.load import fold_all
from sessions.plan import Plan, Subtask
from sessions.state import RunState
from sessions.stats import stats
from tests.example_runs import created

PLAN = Plan(subtasks=(Subtask(id="alder", title="Alder", objective="O"),))
STARTED = AttemptStarted(spoke="alder", attempt=1, role="researcher", model="m")
FAILED = AttemptFailed(spoke="alder", attempt=1, failure=Failure(kind=FailureKind.TIMEOUT, message="late"))
STOPPED = SavingStopped(why="no space left on device")
APPROVED = PlanApproved(step="s", plan=PLAN)


def run(*told: tuple[float, AnyEvent]) -> tuple[RunState, float]:
    """The run after events at these seconds, and how long its numbers say that its plan waited for a person."""
    events = [event.model_copy(update={"t": t}) for t, event in ((0.0, created()), *told)]
    return fold_all(events), stats(events).phases["checkpoint"].seconds


@pytest.mark.parametrize("end", [SavingMended(), GoneOnUnsaved(), RunEnded(status="interrupted", exit=130)])
def test_time_in_which_no_spoke_may_begin_is_waited(end: AnyEvent) -> None:
    state, asked = run((10.0, STOPPED), (100.0, Noticed(message="x")), (3610.0, end), (3700.0, FAILED))
    assert (state.waited, state.unsaved_s, asked) == (3600.0, 3600.0, 0.0)


def test_spokes_at_work_meanwhile_are_at_work() -> None:
    state, asked = run(
        (1.0, APPROVED), (5.0, STARTED), (10.0, STOPPED), (70.0, FAILED), (200.0, SavingMended()), (210.0, FAILED)
    )
    assert (state.waited, asked) == (130.0, 0.0)


@pytest.mark.parametrize("word", [SavingMended(), GoneOnUnsaved(), Noticed(message="x")])
def test_a_plan_still_waits_for_a_person_when_the_disk_is_mended(word: AnyEvent) -> None:
    state, asked = run((10.0, STOPPED), (10.0, CheckpointOpened(plan=PLAN)), (40.0, word), (100.0, APPROVED))
    assert (state.waited, asked) == (90.0, 90.0)
