"""What a run took and what became of it, counted from its events alone; and the same over many runs."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field, computed_field

from sessions.event_counts import EventCounts, real_seconds
from sessions.events import AnyEvent, Usage
from sessions.model import Record
from sessions.spoke_state import AttemptState
from sessions.state import RunState, fold
from sessions.sub_domains import SubDomain, sub_domains

PHASES = ("plan", "review", "checkpoint", "research", "verify", "write")
"""The phases of a run, in their order."""

_PHASE_OF = {"compare": "verify", "reconcile": "verify"}
"""The phase of a conversation `hub.<name>…` that is not named like its phase."""


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


def stats(events: Iterable[AnyEvent]) -> Stats:
    """The numbers of the run with these events, finished or not."""
    state, count = RunState(), EventCounts()
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
        total=_work(real_seconds(state.seconds), state.usage),
        phases=_phases(state),
        roles=_roles(state),
        failures=dict(Counter(failure.kind.value for failure in state.failures).most_common()),
        sub_domains=sub_domains(state, count.no_room),
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


def _work(seconds: float, usage: Usage) -> Work:
    return Work(seconds=seconds, turns=usage.turns, tokens=usage.tokens, usd=usage.cost)


def _phases(state: RunState) -> dict[str, Work]:
    phases: dict[str, list[AttemptState]] = {phase: [] for phase in PHASES}
    for owner in (*state.hub.values(), *state.spokes.values()):
        phases.setdefault(_phase(owner.id), []).extend(owner.attempts)
    works = {
        phase: _work(_covered(_spans(state, attempts)), _usage(attempts)) for phase, attempts in phases.items()
    }
    works["checkpoint"] = _work(real_seconds(state.waited - state.queued_s - state.unsaved_s), Usage())
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
        (real_seconds(attempt.started), real_seconds(state.seconds if attempt.ended is None else attempt.ended))
        for attempt in attempts
    ]


def _covered(spans: Sequence[tuple[float, float]]) -> float:
    """Seconds that lie in at least one of the spans."""
    total = reached = 0.0
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total
