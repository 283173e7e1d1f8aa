"""Where in the trace a passage came from: the tool's returns that hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sessions.events import ToolCalled, ToolReturned
from tui.safe import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessions.findings import Citation, Claim
    from sessions.spoke_state import AttemptState
    from sessions.state import RunState

_INPUT = 120
"""Characters of a tool's input that are told."""


class Sighting(NamedTuple):
    """A turn of a spoke in which a tool returned a passage; `at` is the run's clock, `seq` the event's number."""

    spoke: str
    attempt: int
    turn: int
    at: float
    tool: str
    input: str
    """What the tool was asked, on one line; empty where that is not in the trace."""
    seq: int


def sightings(state: RunState, sha256: str, start: int, end: int) -> tuple[Sighting, ...]:
    """Every return of a tool to a spoke that holds the code points [start, end) of that text, oldest first."""
    found = (
        sighting
        for spoke in state.spokes.values()
        for attempt in spoke.attempts
        for sighting in _in_attempt(spoke.id, attempt, sha256, start, end)
    )
    return tuple(sorted(found, key=lambda sighting: sighting.at))


def finders(citation: Citation, claim: Claim | None) -> tuple[str, ...]:
    """The spokes that found what a citation carries, the one that is named beside it first."""
    found = claim.spokes if claim else ()
    return tuple(dict.fromkeys(filter(None, (citation.spoke, *found))))


def first_sightings(state: RunState, citation: Citation, claim: Claim | None) -> tuple[Sighting, ...]:
    """When each spoke that found a citation's words saw them first, in the order of `finders`."""
    first: dict[str, Sighting] = {}
    for sighting in sightings(state, citation.source_sha256, citation.start, citation.end):
        first.setdefault(sighting.spoke, sighting)
    return tuple(first[spoke] for spoke in finders(citation, claim) if spoke in first)


def _in_attempt(spoke: str, attempt: AttemptState, sha256: str, start: int, end: int) -> Iterator[Sighting]:
    calls = {(item.turn, item.call): item for item in attempt.log if isinstance(item, ToolCalled)}
    for item in attempt.log:
        if isinstance(item, ToolReturned) and _holds(item, sha256, start, end):
            call = calls.get((item.turn, item.call))
            asked = _told(call) if call else ""
            yield Sighting(spoke, attempt.number, item.turn, item.t, item.name, asked, item.seq)


def _holds(returned: ToolReturned, sha256: str, start: int, end: int) -> bool:
    return any(
        segment.source_sha256 == sha256 and segment.start <= start and end <= segment.start + segment.length
        for segment in returned.segments
    )


def _told(call: ToolCalled) -> str:
    given = call.input if isinstance(call.input, dict) else {}
    return safe_line(", ".join(f"{name}: {value}" for name, value in given.items()), _INPUT)
