"""A run of twenty spokes, told by hand for the screens."""

from agents.calls.live_text import LiveText
from agents.port.messages import Text
from sessions.events import AttemptFailed, AttemptStarted, PlanApproved
from sessions.plan import Plan, Subtask
from tests.screen_runs import MODEL, NOW, RUN, answered, begun, looked, piece, rate_limited, turn
from tests.scripted_port import Scene


def with_twenty() -> Scene:
    """Twenty spokes in every state, more than a page."""
    states = ("done", "running", "running", "failed", "queued")
    subtasks = tuple(
        Subtask(id=f"region-{n}", title=f"Region {n} of twenty", objective=f"Find the figures of region {n}.")
        for n in range(1, 21)
    )
    told = begun()
    told(20.0, PlanApproved(step="approve/1-0000000000", plan=Plan(subtasks=subtasks)))
    pieces: list[LiveText] = []
    for n, subtask in enumerate(subtasks):
        id, state = subtask.id, states[n % len(states)]
        if state == "queued":
            continue
        told(21.0 + n, AttemptStarted(spoke=id, attempt=1, role="researcher", model=MODEL))
        told(50.0 + n, *looked(id, "search_documents", {"query": f"region {n + 1}"}, 2), turn(id, 3_000, 250))
        if state == "done":
            told(90.0 + n, answered(id))
        elif state == "failed":
            told(90.0 + n, AttemptFailed(spoke=id, attempt=1, failure=rate_limited(id, 1)))
        else:
            pieces.append(
                piece(id, "text", f"In region {n + 1} the share rose from {n + 10}% to {n + 19}% within ")
            )
    return Scene(RUN, tuple(told.events), (Text(t=NOW, pieces=tuple(pieces)),), NOW)
