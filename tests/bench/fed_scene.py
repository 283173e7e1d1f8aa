"""A run of many spokes, all of which speak: its events, and the words that stream."""

import random
import re
import time
from collections.abc import Iterator
from itertools import cycle
from typing import NamedTuple

from sessions.events import AnyEvent, AttemptStarted, PlanApproved, RunEnded
from sessions.plan import Plan, Subtask
from tests.screen_reports import finished
from tests.screen_runs import MODEL, Told, begun, looked, turn

CHUNK = 12
"""Characters of a piece of text, as a model streams them."""

MARK = re.compile(rb"\xc2\xa7(\d{8})")
"""A piece that says when it was told, as `marked` writes it."""

_TICKS = 10_000
"""Of a mark's clock in a second; it comes round after 10^8 of them."""

_WORDS = (
    "the share of studios that use it rose from a tenth to a third – within two years, as the survey of the guild "
    "says, which asked thirteen hundred of them; fees fell where drafts are made by machine and stayed elsewhere "
).split(" ")


class Scene(NamedTuple):
    """Who streams, each in which attempt, and what happened until then."""

    voices: dict[str, int]
    events: list[AnyEvent]


def speaking(spokes: int) -> Scene:
    """So many spokes, all at work since a minute."""
    subtasks = tuple(
        Subtask(
            id=f"region-{n}",
            title=f"Region {n} of the survey",
            objective=f"Find what changed in region {n}, and why.",
        )
        for n in range(1, spokes + 1)
    )
    told = begun()
    told(1.0, PlanApproved(step="approve/1-0000000000", plan=Plan(subtasks=subtasks)))
    for subtask in subtasks:
        told(1.0, AttemptStarted(spoke=subtask.id, attempt=1, role="researcher", model=MODEL))
        told(4.0, *looked(subtask.id, "search_documents", {"query": subtask.title}, 2))
        told(5.0, turn(subtask.id, 3_000, 250))
    return Scene({subtask.id: 1 for subtask in subtasks}, told.events)


def reported() -> Scene:
    """A run with a report, disagreements and a spoke that failed twice, of which all others are at work again."""
    told = Told(event for event in finished() if not isinstance(event, RunEnded))
    again = {"music": 2, "film": 2, "games": 2, "law": 2, "arts": 2}
    for id, attempt in again.items():
        told(200.0, AttemptStarted(spoke=id, attempt=attempt, role="researcher", model=MODEL))
    return Scene(again, told.events)


def prose(seed: int) -> Iterator[str]:
    """Words without end, in pieces of `CHUNK` characters; a paragraph now and then."""
    chance = random.Random(seed)
    said = ""
    for number in cycle(range(1, 80)):
        said += chance.choice(_WORDS) + (" " if number % 79 else "\n\n")
        while len(said) >= CHUNK:
            yield said[:CHUNK]
            said = said[CHUNK:]


def marked() -> str:
    """A piece that says when it was told."""
    return f" §{int(time.monotonic() * _TICKS) % 10**8:08d}".ljust(CHUNK)


def age_s(mark: int, now: float) -> float:
    """How long ago a mark was told, by the same clock (`time.monotonic`, which processes share)."""
    return (int(now * _TICKS) - mark) % 10**8 / _TICKS
