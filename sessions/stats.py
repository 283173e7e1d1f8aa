"""What a run took and what became of it, counted from its events alone; and the same over many runs."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import Field, computed_field

from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptStarted,
    CoverageReviewed,
    ToolCalled,
    ToolReturned,
    TryFailed,
    TurnFinished,
    Usage,
)
from sessions.failures import FailureKind
from sessions.model import Record
from sessions.state import AttemptState, RunState, SpokeState, fold

PHASES = ("plan", "review", "checkpoint", "research", "verify", "write")
"""The phases of a run, in their order."""

_PHASE_OF = {"reconcile": "verify"}
"""The phase of a conversation `hub.<name>…` that is not named like its phase."""

_BROKEN_OFF = "broken off"
"""The stop reason of a reply that was not whole."""

_LONGEST_S = 1e10
"""A time beyond this (300 years) was made up."""

_TIMED_OUT = re.compile(r"timed? ?out|in time\b|took (more|longer) than", re.IGNORECASE)
"""A tool's error that says that it had no time left."""


class Share(Record):
    """So many of so many."""

    count: int = 0
    of: int = 0

    @computed_field
    @property
    def rate(self) -> float | None:
        """From 0 to 1; None where there is nothing to have a share of."""
        return self.count / self.of if self.of else None


class Spread(Record):
    """Two percentiles by nearest rank, so each is a value that occurred; `of` is how many values there were."""

    p50: float
    p95: float
    of: int


class Work(Record):
    """What a part of a run took."""

    seconds: float = 0.0
    turns: int = 0
    tokens: int = 0
    usd: float | None = 0.0
    """None where the price of a turn was not known."""


class Fate(StrEnum):
    """What became of a sub-domain."""

    IN_REPORT = "in_report"
    NOT_WRITTEN = "not_written"
    """Something citable was found, and the report cites none of it."""
    NOT_CITABLE = "not_citable"
    """It ended well, and nothing that it found can be cited."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    NEVER_PLANNED = "never_planned"
    """It was named, and there was no room for it or it was left out on purpose."""
    UNFINISHED = "unfinished"


class SubDomain(Record):
    """A part of the question and what became of it."""

    title: str
    fate: Fate
    spoke: str = ""
    failure: FailureKind | None = None
    """How its newest attempt failed, also where what it left is in the report."""
    why: str = ""
    """Why it was left out."""


class Stats(Record):
    """The numbers of one run. Times are seconds of the run's own clock, unless said otherwise."""

    run: str = ""
    status: str = ""
    spokes: int = 0
    attempts: int = 0
    """Of spokes; the coordinator's own conversations are not among them."""
    parallel: int = 0
    """Attempts of spokes in flight at once, at most."""
    retries: Share = Share()
    """Attempts beyond a spoke's first, of all its attempts."""
    tries: Share = Share()
    """Requests that brought no whole reply, of all requests, the coordinator's included."""
    partial: Share = Share()
    """Attempts of spokes that failed and left findings, of those that failed."""
    timeouts_as_empty: int = 0
    """Spokes with an attempt that failed as `no_results` although it was a timeout. It must be 0.

    Counted is an attempt in which a turn's try timed out and no whole reply to that turn followed, or a tool
    timed out (its error says so, or it never returned), while no tool call at all came back without an error.
    """
    queued_s: float = 0.0
    """Of all attempts, waiting for a place."""
    held_s: float = 0.0
    """Of all replies, waiting at the gate that a model family shares."""
    first_token_s: Spread | None = None
    total: Work = Work()
    phases: dict[str, Work] = Field(default_factory=dict[str, Work])
    """Seconds in which at least one conversation of the phase was in flight; of the checkpoint, in which the plan
    waited for a person. Phases that overlap, as after a retry, both count."""
    roles: dict[str, Work] = Field(default_factory=dict[str, Work])
    """Seconds are those of all attempts of the role, added up."""
    failures: dict[str, int] = Field(default_factory=dict[str, int])
    """Failed attempts by kind, the coordinator's included; the most frequent first."""
    sub_domains: tuple[SubDomain, ...] = ()


class Summary(Record):
    """The numbers of many runs: the spread of each over the runs in which it is known."""

    read: int = 0
    unread: int = 0
    """Saved runs that could not be read."""
    timeouts_as_empty: int = 0
    """Of all runs together. It must be 0."""
    spokes: Spread | None = None
    attempts: Spread | None = None
    parallel: Spread | None = None
    retry_rate: Spread | None = None
    try_rate: Spread | None = None
    partial_rate: Spread | None = None
    queued_s: Spread | None = None
    held_s: Spread | None = None
    first_token_p50_s: Spread | None = None
    first_token_p95_s: Spread | None = None
    seconds: Spread | None = None
    tokens: Spread | None = None
    usd: Spread | None = None
    phase_seconds: dict[str, Spread] = Field(default_factory=dict[str, Spread])
    """Over the runs that came to the phase."""
    phase_usd: dict[str, Spread] = Field(default_factory=dict[str, Spread])


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
class _Count:
    """What is counted event by event, beside the fold."""

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
                self.queued_s += _seconds(event.queued_s)
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
        self.held_s += _seconds(event.held_s)
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
        # What fails without a reply, without a status and in no tool, is either of these two.
        unanswered = kind in (FailureKind.OFFLINE, FailureKind.TIMEOUT) and not talk.calls.total()
        if event.failure.http_status is not None or unanswered:
            self._failed_request(talk)
        if kind is FailureKind.NO_RESULTS and talk.only_timeouts and not event.spoke.startswith("hub."):
            self.taken_for_empty.add(event.spoke)


def stats(events: Iterable[AnyEvent]) -> Stats:
    """The numbers of the run with these events, finished or not."""
    state, count = RunState(), _Count()
    for event in events:
        fold(state, event)
        count.event(event, state)
    attempts = [attempt for spoke in state.spokes.values() for attempt in spoke.attempts]
    failed = [attempt.failure for attempt in attempts if attempt.failure is not None]
    return Stats(
        run=state.created.run if state.created else "",
        status=state.status,
        spokes=len(state.spokes),
        attempts=len(attempts),
        parallel=count.parallel,
        retries=Share(
            count=sum(max(0, len(spoke.attempts) - 1) for spoke in state.spokes.values()), of=len(attempts)
        ),
        tries=Share(count=count.failed_tries, of=count.requests),
        partial=Share(count=sum(bool(failure.partial) for failure in failed), of=len(failed)),
        timeouts_as_empty=len(count.taken_for_empty),
        queued_s=count.queued_s,
        held_s=count.held_s,
        first_token_s=_spread(count.first_tokens),
        total=_work(_seconds(state.seconds), state.usage),
        phases=_phases(state),
        roles=_roles(state),
        failures=dict(Counter(failure.kind.value for failure in state.failures).most_common()),
        sub_domains=(*_planned(state), *_never_planned(state, count.no_room)),
    )


def summary(many: Sequence[Stats], unread: int = 0) -> Summary:
    """The spread of every number over these runs; `unread` is how many more could not be read."""
    firsts = [one.first_token_s for one in many if one.first_token_s is not None]
    phases = dict.fromkeys((*PHASES, *(phase for one in many for phase in one.phases)))
    came = {phase: [work for one in many if (work := one.phases.get(phase)) and work.seconds] for phase in phases}
    return Summary(
        read=len(many),
        unread=unread,
        timeouts_as_empty=sum(one.timeouts_as_empty for one in many),
        spokes=_spread(one.spokes for one in many),
        attempts=_spread(one.attempts for one in many),
        parallel=_spread(one.parallel for one in many),
        retry_rate=_spread(one.retries.rate for one in many),
        try_rate=_spread(one.tries.rate for one in many),
        partial_rate=_spread(one.partial.rate for one in many),
        queued_s=_spread(one.queued_s for one in many),
        held_s=_spread(one.held_s for one in many),
        first_token_p50_s=_spread(first.p50 for first in firsts),
        first_token_p95_s=_spread(first.p95 for first in firsts),
        seconds=_spread(one.total.seconds for one in many),
        tokens=_spread(one.total.tokens for one in many),
        usd=_spread(one.total.usd for one in many),
        phase_seconds=_spreads({phase: [work.seconds for work in works] for phase, works in came.items()}),
        phase_usd=_spreads({phase: [work.usd for work in works if work.turns] for phase, works in came.items()}),
    )


def _spread(values: Iterable[float | None]) -> Spread | None:
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    p50, p95 = (known[math.ceil(part * len(known) / 100) - 1] for part in (50, 95))
    return Spread(p50=p50, p95=p95, of=len(known))


def _spreads(values: Mapping[str, Sequence[float | None]]) -> dict[str, Spread]:
    return {name: spread for name, some in values.items() if (spread := _spread(some)) is not None}


def _seconds(value: float) -> float:
    """A time as it can be reckoned with: a journal from elsewhere may say anything."""
    return value if 0.0 < value < _LONGEST_S else 0.0


def _work(seconds: float, usage: Usage) -> Work:
    return Work(seconds=seconds, turns=usage.turns, tokens=usage.tokens, usd=usage.cost)


def _phases(state: RunState) -> dict[str, Work]:
    phases: dict[str, list[AttemptState]] = {phase: [] for phase in PHASES}
    for owner in (*state.hub.values(), *state.spokes.values()):
        phases.setdefault(_phase(owner.id), []).extend(owner.attempts)
    works = {
        phase: _work(_covered(_spans(state, attempts)), _usage(attempts)) for phase, attempts in phases.items()
    }
    works["checkpoint"] = _work(_seconds(state.waited), Usage())
    return works


def _phase(spoke: str) -> str:
    if not spoke.startswith("hub."):
        return "research"
    name = spoke.split(".")[1]
    return _PHASE_OF.get(name, name)


def _roles(state: RunState) -> dict[str, Work]:
    roles: dict[str, list[AttemptState]] = {}
    for owner in (*state.hub.values(), *state.spokes.values()):
        for attempt in owner.attempts:
            roles.setdefault(attempt.role, []).append(attempt)
    return {
        role: _work(sum(max(0.0, end - start) for start, end in _spans(state, attempts)), _usage(attempts))
        for role, attempts in roles.items()
    }


def _usage(attempts: Sequence[AttemptState]) -> Usage:
    return sum((attempt.usage for attempt in attempts), Usage())


def _spans(state: RunState, attempts: Sequence[AttemptState]) -> list[tuple[float, float]]:
    """From when to when each attempt was in flight; one that still is, until now."""
    return [
        (_seconds(attempt.started), _seconds(state.seconds if attempt.ended is None else attempt.ended))
        for attempt in attempts
    ]


def _covered(spans: Sequence[tuple[float, float]]) -> float:
    """Seconds that lie in at least one of the spans."""
    total = reached = 0.0
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _planned(state: RunState) -> list[SubDomain]:
    cited = _cited(state)
    citable = {spoke for claim in state.claims.values() if claim.citable for spoke in claim.spokes}
    return [
        SubDomain(
            title=spoke.title,
            spoke=spoke.id,
            fate=_fate(state, spoke, cited=spoke.id in cited, citable=spoke.id in citable),
            failure=spoke.last.failure.kind if spoke.last and spoke.last.failure else None,
        )
        for spoke in state.spokes.values()
    ]


def _cited(state: RunState) -> set[str]:
    """The spokes that the report rests on: everyone who found a claim that it cites."""
    cited: set[str] = set()
    for citation in state.report.citations if state.report else ():
        claim = state.claims.get(citation.claim)
        cited.update(claim.spokes if claim else (citation.spoke,))
    return cited


def _fate(state: RunState, spoke: SpokeState, *, cited: bool, citable: bool) -> Fate:
    if cited:
        return Fate.IN_REPORT
    if state.report is not None and citable:
        return Fate.NOT_WRITTEN
    match spoke.status:
        case "failed":
            return Fate.FAILED
        case "cancelled":
            return Fate.CANCELLED
        case "done" if state.report is not None:
            return Fate.NOT_CITABLE
        case _:
            return Fate.UNFINISHED


def _never_planned(state: RunState, no_room: Sequence[str]) -> list[SubDomain]:
    left_out = (*(state.plan.left_out if state.plan else ()), *(state.report.left_out if state.report else ()))
    why = dict.fromkeys(no_room, "") | {item.title: item.why for item in left_out}
    planned = {spoke.title for spoke in state.spokes.values()}
    return [
        SubDomain(title=title, fate=Fate.NEVER_PLANNED, why=reason)
        for title, reason in why.items()
        if title not in planned
    ]
