"""When what was worked on: a row for each kind of the coordinator's work and for each attempt of a spoke."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sessions.event_counts import real_seconds
from sessions.export.looks import attempt_look, spoke_look
from sessions.spoke_state import AttemptState, SpokeState
from sessions.state import RunState
from sessions.words import DONE, FAILED, QUEUED, RUNNING, Look, cost, counted, failure_line, took

_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Bar:
    """A stretch of the run, in percent of it."""

    start: float
    width: float
    look: Look


@dataclass(frozen=True)
class Row:
    """One line of the timeline: whose it is, its bars, and the same in words."""

    title: str
    about: str
    look: Look
    bars: tuple[Bar, ...]
    told: str


@dataclass(frozen=True)
class Timeline:
    """All rows, and the axis below them: percent and time."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]


def timeline(state: RunState) -> Timeline:
    """The timeline of a run, finished or not."""
    owners = (*state.hub.values(), *state.spokes.values())
    ends = [real_seconds(a.ended) for owner in owners for a in owner.attempts if a.ended is not None]
    total = max([real_seconds(state.seconds), *ends]) or 1.0
    rows = (*_coordinator(state, total), *_spokes(state, total))
    return Timeline(rows, tuple((100 * part, took(part * total)) for part in _TICKS))


def _coordinator(state: RunState, total: float) -> Iterator[Row]:
    """The coordinator's conversations, those of a kind (`hub.<kind>…`) on one line."""
    kinds: dict[str, list[tuple[AttemptState, Bar]]] = {}
    for owner in state.hub.values():
        kind = owner.id.removeprefix("hub.").partition(".")[0].capitalize()
        worked = [(attempt, _bar(attempt, owner, state, total)) for attempt in owner.attempts]
        kinds.setdefault(kind, []).extend(worked)
    for kind, worked in kinds.items():
        bars = tuple(bar for _, bar in worked)
        # One that did not end well is what a reader has to know of.
        look = next(
            (bar.look for bar in bars if bar.look not in (DONE, RUNNING)), bars[-1].look if bars else QUEUED
        )
        attempts = [attempt for attempt, _ in worked]
        told = f"{counted(len(attempts), 'conversation')}, {_when(attempts, state)}"
        yield Row(kind, "coordinator", look, bars, told)


def _spokes(state: RunState, total: float) -> Iterator[Row]:
    for spoke in state.spokes.values():
        if not spoke.attempts:
            yield Row(spoke.title, "", spoke_look(spoke), (), "never begun")
        for attempt in spoke.attempts:
            bar = _bar(attempt, spoke, state, total)
            about = f"attempt {attempt.number}" if len(spoke.attempts) > 1 else ""
            yield Row(spoke.title, about, bar.look, (bar,), _told(attempt, bar.look, state))


def _told(attempt: AttemptState, look: Look, state: RunState) -> str:
    told = [failure_line(attempt.failure)] if attempt.failure is not None and look is FAILED else []
    told += [counted(len(attempt.found), "finding")] if attempt.found or look is DONE else []
    told += [cost(attempt.usage)] if attempt.usage.usd else []
    return ", ".join([*told, _when([attempt], state)])


def _when(attempts: Sequence[AttemptState], state: RunState) -> str:
    spans = [_span(attempt, state) for attempt in attempts]
    return f"{took(min(start for start, _ in spans))} to {took(max(end for _, end in spans))}" if spans else ""


def _bar(attempt: AttemptState, of: SpokeState, state: RunState, total: float) -> Bar:
    start, end = _span(attempt, state)
    return Bar(100 * start / total, 100 * (end - start) / total, attempt_look(attempt, of))


def _span(attempt: AttemptState, state: RunState) -> tuple[float, float]:
    """From when to when it worked; one that still does, until now."""
    start = real_seconds(attempt.started)
    return start, max(start, real_seconds(state.seconds if attempt.ended is None else attempt.ended))
