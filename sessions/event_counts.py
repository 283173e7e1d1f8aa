"""What is counted of a run event by event, beside the fold: requests, waits, what timed out."""

import math
import re
from collections import Counter
from dataclasses import dataclass, field

from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptStarted,
    CoverageReviewed,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
)
from sessions.failures import FailureKind
from sessions.model import LONGEST_S
from sessions.state import RunState

_BROKEN_OFF = "broken off"
"""The stop reason of a reply that was not whole."""

_UNANSWERED = frozenset(
    {FailureKind.OFFLINE, FailureKind.TIMEOUT, FailureKind.STREAM_DROPPED, FailureKind.PROTOCOL}
)
"""What fails so without a status, and in no tool, is a request that got no reply."""

_TIMED_OUT = re.compile(r"timed? ?out|in time\b|took (more|longer) than", re.IGNORECASE)
"""A tool's error that says that it had no time left."""


@dataclass
class _Talk:
    """What one attempt's requests and tools came to, as far as it was read."""

    broken: bool = False
    """Its newest request broke off, and the failure that says so is still to come."""
    timed_out: set[int] = field(default_factory=set[int])
    """Turns whose try timed out, without a whole reply since."""
    calls: Counter[str] = field(default_factory=Counter[str])
    """Tool calls that have not returned."""
    tool_timed_out: bool = False
    tool_answered: bool = False

    @property
    def only_timeouts(self) -> bool:
        """Whether something timed out in it and nothing else answered."""
        hangs = self.tool_timed_out or self.calls.total() > 0
        return (hangs or bool(self.timed_out)) and not self.tool_answered


@dataclass
class EventCounts:
    """The counts so far."""

    talks: dict[tuple[str, int], _Talk] = field(default_factory=dict[tuple[str, int], _Talk])
    parallel: int = 0
    requests: int = 0
    failed_tries: int = 0
    queued_s: float = 0.0
    held_s: float = 0.0
    first_tokens: list[float] = field(default_factory=list[float])
    no_room: list[str] = field(default_factory=list[str])
    taken_for_empty: set[str] = field(default_factory=set[str])

    def event(self, event: AnyEvent, state: RunState) -> None:
        """Counts one event, which is folded into the state already."""
        match event:
            case CoverageReviewed():
                self.no_room += event.no_room
            case AttemptStarted():
                self.queued_s += real_seconds(event.queued_s)
                attempts = (attempt for spoke in state.spokes.values() for attempt in spoke.attempts)
                self.parallel = max(self.parallel, sum(attempt.ended is None for attempt in attempts))
            case TurnFinished():
                self._turn(event, self._talk(event.spoke, event.attempt))
            case TryFailed():
                talk = self._talk(event.spoke, event.attempt)
                self._failed_request(talk)
                if event.failure.kind is FailureKind.TIMEOUT:
                    talk.timed_out.add(event.turn)
            case ToolCalled():
                self._talk(event.spoke, event.attempt).calls[event.call] += 1
            case ToolReturned():
                talk = self._talk(event.spoke, event.attempt)
                talk.calls[event.call] -= 1
                talk.tool_timed_out |= bool(_TIMED_OUT.search(event.error))
                talk.tool_answered |= not event.error
            case AttemptFailed():
                self._failed(event, self._talk(event.spoke, event.attempt))
            case _:
                pass

    def _talk(self, spoke: str, attempt: int) -> _Talk:
        return self.talks.setdefault((spoke, attempt), _Talk())

    def _turn(self, event: TurnFinished, talk: _Talk) -> None:
        self.held_s += real_seconds(event.held_s)
        if event.first_token_s is not None and math.isfinite(event.first_token_s):
            self.first_tokens.append(event.first_token_s)
        if event.stop_reason == _BROKEN_OFF:
            self._failed_request(talk)
            talk.broken = True
        else:
            self.requests += 1
            talk.timed_out.discard(event.turn)

    def _failed_request(self, talk: _Talk) -> None:
        # A reply that broke off was counted when it did.
        if not talk.broken:
            self.requests += 1
            self.failed_tries += 1
        talk.broken = False

    def _failed(self, event: AttemptFailed, talk: _Talk) -> None:
        kind = event.failure.kind
        self.held_s += real_seconds(event.failure.held_s)
        unanswered = kind in _UNANSWERED and not talk.calls.total()
        if event.failure.http_status is not None or unanswered:
            self._failed_request(talk)
        if kind is FailureKind.NO_RESULTS and talk.only_timeouts and not event.spoke.startswith("hub."):
            self.taken_for_empty.add(event.spoke)


def real_seconds(value: float) -> float:
    """A time as it can be reckoned with: a journal from elsewhere may say anything."""
    return value if 0.0 < value < LONGEST_S else 0.0
