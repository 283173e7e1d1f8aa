"""How a server behaves beyond what its brain says: the API's habits, and a script of faults."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .acts import Act, Barrier
from .records import RecordedRequest

Match = Callable[[RecordedRequest], bool]


@dataclass(frozen=True)
class Cue:
    """When the server acts: at the request with that index (in order of arrival, retries counted), or at each that
    the function picks; at most `times` times, without end where that is None."""

    act: Act
    when: int | Match
    times: int | None = 1

    def picks(self, request: RecordedRequest) -> bool:
        """Whether this request is meant."""
        return request.index == self.when if isinstance(self.when, int) else self.when(request)


def barrier(parties: int, when: Match) -> Cue:
    """Holds the first `parties` requests that the function picks, until all of them have arrived."""
    return Cue(Barrier(asyncio.Barrier(parties)), when, times=parties)


@dataclass(frozen=True)
class Manners:
    """The API's habits, each off until switched on.

    - thinking: every reply with content begins with a signed thinking block.
    - pings: a ping after every event, not only after the first.
    - prose: a text block stands before tool calls.
    - odd_deltas: JSON is escaped to ASCII and cut inside escapes and between surrogates; text is cut oddly.
    - pause_turn: a conversation's first reply stops with `pause_turn`; sent back, it is answered with the rest.
    - cues: the script; all the cues that pick a request act, in this order.
    """

    thinking: bool = False
    pings: bool = False
    prose: bool = False
    odd_deltas: bool = False
    pause_turn: bool = False
    cues: tuple[Cue, ...] = ()


FULL_MANNERS = Manners(thinking=True, pings=True, prose=True, odd_deltas=True, pause_turn=True)
"""Every habit, no fault."""
