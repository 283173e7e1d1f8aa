"""A run of twenty spokes that need each other, told by hand: eight are done, and what needed them has begun."""

from agents.calls.live_text import LiveText
from agents.port.messages import Text
from sessions.events import AttemptFailed, AttemptStarted, PlanApproved, TryFailed
from sessions.plan import Plan, Subtask
from tests.screen_runs import MODEL, NOW, RUN, answered, begun, looked, piece, rate_limited, turn
from tests.scripted_port import Scene

DONE = 8
"""The first so many are done."""

NEEDS = {
    9: (1, 2),
    10: (2, 3),
    11: (4,),
    12: (5, 6, 7),
    15: (8,),
    16: (9, 10),
    17: (12,),
    18: (1, 12),
    19: (16, 17),
}
"""Who needs whom, by number; 13, 14 and 20 need nobody."""

TITLES = (
    "Cathodes",
    "Anodes",
    "Electrolytes",
    "Collection of old packs",
    "Prices of lithium",
    "Prices of nickel",
    "Prices of cobalt",
    "Law in the Union",
    "Direct recycling",
    "Leaching",
    "Transport and fire",
    "Margins",
    "Second life",
    "Jobs",
    "Quotas",
    "Which process wins where",
    "Who earns",
    "Who pays",
    "Outlook to 2035",
    "Critics",
)


def plan() -> Plan:
    """Twenty subtasks; the needs of nine of them make four columns of a graph."""
    return Plan(
        subtasks=tuple(
            Subtask(
                id=spoke(number),
                title=title,
                objective=f"Find what is known of this: {title.lower()}.",
                depends_on=tuple(map(spoke, NEEDS.get(number, ()))),
            )
            for number, title in enumerate(TITLES, start=1)
        )
    )


def spoke(number: int) -> str:
    """The id of the spoke with that number."""
    return f"part-{number}"


def with_needs() -> Scene:
    """Eight are done; of the next some run, one waits, one failed, one is in its second attempt."""
    told = begun()
    told(20.0, PlanApproved(step="approve/1-0000000000", plan=plan()))
    for number in range(1, DONE + 1):
        told(20.0 + number, AttemptStarted(spoke=spoke(number), attempt=1, role="researcher", model=MODEL))
        told(50.0 + number, turn(spoke(number), 3_000, 250), answered(spoke(number)))
    pieces: list[LiveText] = []
    for number in (9, 10, 11, 12, 13, 14):
        id = spoke(number)
        told(70.0 + number, AttemptStarted(spoke=id, attempt=1, role="researcher", model=MODEL))
        told(90.0 + number, *looked(id, "search_documents", {"query": TITLES[number - 1]}, 2))
        if number < 14:
            pieces.append(piece(id, "text", f"The documents on {TITLES[number - 1].lower()} agree that "))
    held = rate_limited(spoke(10), 1)
    told(110.0, TryFailed(spoke=spoke(10), attempt=1, turn=2, failure=held, wait_s=20.0))
    told(131.0, *looked(spoke(10), "read_document", {"source": "leaching.md"}, 1))
    told(140.0, AttemptFailed(spoke=spoke(11), attempt=1, failure=rate_limited(spoke(11), 1)))
    told(141.0, AttemptFailed(spoke=spoke(13), attempt=1, failure=rate_limited(spoke(13), 1)))
    told(143.0, AttemptStarted(spoke=spoke(13), attempt=2, role="researcher", model=MODEL, retry=1))
    told(150.0, TryFailed(spoke=spoke(14), attempt=1, turn=2, failure=rate_limited(spoke(14), 1), wait_s=30.0))
    return Scene(RUN, tuple(told.events), (Text(t=NOW, pieces=tuple(pieces)),), NOW)
