"""A run as a film: how it stood after any number of its events, and what streamed at any time of its clock."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from sessions.events import AnyEvent, AttemptEvent, BlockFinished
from sessions.model import LONGEST_S
from sessions.sieve import failed
from sessions.spoke_state import SpokeState
from sessions.state import RunState, fold

KEYFRAME = 1_000
"""A state is kept every so many events: to any other place it is a few milliseconds from there."""


class Streaming(NamedTuple):
    """A block that is on its way, and how many characters of it have come."""

    block: BlockFinished
    shown: int


class Film:
    """A run's events in order. It may grow at its end; what was is never another."""

    def __init__(self, events: Iterable[AnyEvent] = (), *, keyframe: int = KEYFRAME) -> None:
        self.events: list[AnyEvent] = []
        self.failures: list[int] = []
        """The places of events that tell of a failure."""
        self._times: list[float] = []
        self._keyframe = keyframe
        self._last = RunState()
        self._keyframes = [RunState()]
        self._attempts: dict[tuple[str, int], list[int]] = {}
        """The places of each attempt's events."""
        self.extend(events)

    def __len__(self) -> int:
        return len(self.events)

    def extend(self, events: Iterable[AnyEvent]) -> None:
        """Takes what happened since."""
        for event in events:
            place, before = len(self.events), self.seconds
            self.events.append(event)
            self._times.append(max(before, event.t) if event.t < LONGEST_S else before)
            if failed(event):
                self.failures.append(place)
            if isinstance(event, AttemptEvent):
                self._attempts.setdefault((event.spoke, event.attempt), []).append(place)
            fold(self._last, event)
            if len(self.events) % self._keyframe == 0:
                self._keyframes.append(copied(self._last))

    @property
    def seconds(self) -> float:
        """How long the run has worked, also over several engines."""
        return self._times[-1] if self._times else 0.0

    @property
    def spokes(self) -> tuple[str, ...]:
        """The spokes that the plan came to have, in its order."""
        return tuple(self._last.spokes)

    def attempt(self, spoke: str, number: int) -> Sequence[int]:
        """The places of an attempt's events."""
        return self._attempts.get((spoke, number), ())

    def time(self, place: int) -> float:
        """When the event at a place happened, on the run's clock; it never goes back."""
        return self._times[place]

    def count(self, t: float) -> int:
        """How many events had happened at a time."""
        return bisect_right(self._times, t)

    def at(self, n: int) -> RunState:
        """The state after the first `n` events: the caller's own, who may fold on."""
        key = min(n, len(self.events)) // self._keyframe
        state = copied(self._keyframes[key])
        for event in self.events[key * self._keyframe : n]:
            fold(state, event)
        return state

    def heard(self, n: int) -> dict[str, float]:
        """When something came last of each spoke, and of `hub.…`, in the first `n` events."""
        heard: dict[str, float] = {}
        for (spoke, _), places in self._attempts.items():
            if at := bisect_left(places, n):
                heard[spoke] = max(heard.get(spoke, 0.0), self._times[places[at - 1]])
        return heard

    def streaming(self, n: int, t: float) -> Iterator[Streaming]:
        """The blocks that were on their way at a time between the `n`-th event and the next one."""
        for block, began in self._coming(n):
            if began <= t:
                yield Streaming(block, _shown(block, t - began))

    def quiet_until(self, n: int, t: float) -> float:
        """The time until which nothing comes, after the first `n` events; `t` itself where something streams."""
        begins = [began for _, began in self._coming(n)]
        next_event = self._times[n] if n < len(self._times) else t
        return max(t, min(next_event, *begins) if begins else next_event)

    def _coming(self, n: int) -> Iterator[tuple[BlockFinished, float]]:
        """The blocks that are the next thing to be finished in their attempts, and when each began."""
        for places in self._attempts.values():
            at = bisect_left(places, n)
            if not 0 < at < len(places):
                continue
            block = self.events[places[at]]
            if isinstance(block, BlockFinished) and block.pace:
                took = min(block.pace[-1][1], LONGEST_S) / 1000
                # An attempt says one thing after another: no block began before what came before it.
                yield block, max(self._times[places[at - 1]], self._times[places[at]] - took)


def _shown(block: BlockFinished, seconds: float) -> int:
    """How many characters of a block had come when it was so old: between two notes of its pace, evenly."""
    ms = int(seconds * 1000)
    at = bisect_right(block.pace, ms, key=itemgetter(1))
    if not at:
        return 0
    offset, since = block.pace[at - 1]
    if at < len(block.pace):
        then, until = block.pace[at]
        offset += (then - offset) * (ms - since) // max(1, until - since)
    return max(0, min(offset, len(block.text)))


def copied(state: RunState) -> RunState:
    """A state that goes its own way when more is folded into either; what no fold changes is shared."""
    return replace(
        state,
        edited=dict(state.edited),
        spokes=_owners(state.spokes),
        hub=_owners(state.hub),
        claims=dict(state.claims),
        conflicts=dict(state.conflicts),
        failures=list(state.failures),
        notices=list(state.notices),
        results=dict(state.results),
    )


def _owners(owners: dict[str, SpokeState]) -> dict[str, SpokeState]:
    return {
        id: replace(
            owner,
            attempts=[
                replace(attempt, segments=list(attempt.segments), log=list(attempt.log))
                for attempt in owner.attempts
            ],
        )
        for id, owner in owners.items()
    }
