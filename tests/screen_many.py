"""A run of hundreds of spokes, told by hand: twenty are at work, the others are queued."""

from sessions.events import AttemptStarted, PlanApproved
from sessions.plan import Plan, Subtask
from tests.screen_runs import MODEL, NOW, RUN, begun
from tests.scripted_port import Scene

AT_WORK = 20
QUEUED = 300

_KINDS = ("river", "lake", "coast", "well")


def plan(spokes: int = AT_WORK + QUEUED) -> Plan:
    """So many subtasks that need nobody."""
    return Plan(
        subtasks=tuple(
            Subtask(
                id=f"site-{number}",
                title=f"Site {number}, a {_KINDS[number % len(_KINDS)]}",
                objective=f"Find the readings of site {number}.",
            )
            for number in range(1, spokes + 1)
        )
    )


def with_hundreds() -> Scene:
    """Twenty at work, three hundred behind them."""
    told = begun()
    many = plan()
    told(20.0, PlanApproved(step="approve/1-0000000000", plan=many))
    for number, subtask in enumerate(many.subtasks[:AT_WORK]):
        told(150.0 + number / 4, AttemptStarted(spoke=subtask.id, attempt=1, role="researcher", model=MODEL))
    return Scene(RUN, tuple(told.events), (), NOW)
