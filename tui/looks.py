"""How things look: a state is a glyph, a word and a colour, so that it reads without colour too."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from sessions import words
from sessions.words import clock as clock
from sessions.words import counted as counted
from sessions.words import cut_off as cut_off
from sessions.words import usd
from tui.safe import safe_line

if TYPE_CHECKING:
    from sessions.events import Usage
    from sessions.failures import Failure
    from sessions.spoke_state import SpokeState, Wait
    from sessions.state import RunState
    from tui.watched import Watched

PARKED_S = 120.0
"""A spoke that waits longer than this is parked: a person may want to know."""


class Look(NamedTuple):
    """What a state looks like; `style` is a theme colour."""

    glyph: str
    word: str
    style: str


_STYLES = {"good": "$success", "bad": "$error", "warn": "$warning", "busy": "$primary", "quiet": "$text-muted"}


def _coloured(look: words.Look) -> Look:
    return Look(look.glyph, look.word, _STYLES[look.tone])


QUEUED = _coloured(words.QUEUED)
RUNNING = _coloured(words.RUNNING)
STALLED = Look("⏸", "stalled", "$warning")
WAITING = Look("⏸", "again in", "$warning")
PARKED = Look("⏸", "parked", "$warning")
DONE = _coloured(words.DONE)
FAILED = _coloured(words.FAILED)
BROKEN_OFF = _coloured(words.CUT_OFF)
CANCELLED = _coloured(words.CANCELLED)

RUNS = {status: _coloured(look) for status, look in words.RUNS.items()}
"""How a run's status looks."""
RUNS["waiting"] = RUNS["waiting"]._replace(word="waits for you")

_SHORT = {
    "rate_limited": "429",
    "overloaded": "529",
    "api_error": "500",
    "stream_dropped": "dropped",
    "no_results": "nothing",
    "invalid_output": "misfit",
    "context_overflow": "too long",
    "budget_exceeded": "budget",
    "invalid_request": "400",
    "permission": "403",
    "not_found": "404",
    "max_turns": "turns",
    "tool_error": "tool",
}
"""Kinds of failure that are longer than a narrow column, in words that still say which."""

LEGEND = (QUEUED, RUNNING, STALLED, DONE, FAILED, CANCELLED)


def spoke_look(seat: Watched, spoke: SpokeState) -> Look:
    """How a spoke looks just now; one that waits says how much longer, one whose stream is silent for how long."""
    if waiting(seat, spoke) is not None:
        look = PARKED if parked(seat, spoke) else WAITING
        return look._replace(word=f"{look.word} {countdown(seat, spoke)}")
    if silent := silence(seat, spoke):
        return STALLED._replace(word=f"silent {silent}s")
    return BROKEN_OFF if not seat.live and cut_off(spoke) else _coloured(words.SPOKES[spoke.status])


def run_look(seat: Watched) -> Look:
    """How the run looks just now: as what keeps the coordinator from going on, where something does."""
    still = held(seat)
    return spoke_look(seat, still) if still else RUNS[seat.state.status]


def held(seat: Watched) -> SpokeState | None:
    """The coordinator's own conversation that keeps it from going on, where one does.

    One that is parked does, whatever the others do; else they all have to wait or be silent.
    """
    begun = [owner for owner in seat.state.hub.values() if owner.status == "running"] if seat.live else []
    still = [owner for owner in begun if spoke_look(seat, owner).glyph == STALLED.glyph]
    if not still or (len(still) < len(begun) and not any(parked(seat, owner) for owner in still)):
        return None
    return max(still, key=lambda owner: wait.until if (wait := waiting(seat, owner)) else 0.0)


def silence(seat: Watched, spoke: SpokeState) -> int:
    """For how many seconds nothing came of what runs and does not wait; 0 where that is nothing unusual."""
    from tui.seat import SILENT_S

    last = spoke.last
    if last is None or spoke.status != "running" or not seat.live:
        return 0
    waited = last.wait.until if last.wait else 0.0
    silent = seat.clock - max(seat.heard.get(spoke.id, 0.0), waited, last.started)
    return int(silent) if silent >= SILENT_S else 0


def waiting(seat: Watched, spoke: SpokeState) -> Wait | None:
    """What a spoke waits for just now; None where it does not wait, or has been heard since."""
    wait = spoke.last.wait if spoke.last and spoke.status == "running" and seat.live else None
    over = wait is None or seat.clock >= wait.until or seat.heard.get(spoke.id, 0.0) > wait.since
    return None if over else wait


def parked(seat: Watched, spoke: SpokeState) -> bool:
    """Whether a spoke waits so long that a person may want to try at once, or to give it up."""
    wait = waiting(seat, spoke)
    return wait is not None and wait.until - wait.since > PARKED_S


def countdown(seat: Watched, spoke: SpokeState) -> str:
    """How much longer a spoke waits: `12s`, or `4:31` for one that is parked; empty where it does not wait."""
    wait = waiting(seat, spoke)
    if wait is None:
        return ""
    left = ceil(wait.until - seat.clock)
    return clock(left) if wait.until - wait.since > PARKED_S else f"{left}s"


def problem(seat: Watched, spoke: SpokeState) -> bool:
    """Whether a spoke failed, is parked or silent, or was cut off: one that soon tries again is none."""
    look = spoke_look(seat, spoke)
    brief = look.word.startswith(WAITING.word)
    return look.glyph in (FAILED.glyph, STALLED.glyph) and not brief


def hub_problem(seat: Watched) -> bool:
    """Whether the coordinator itself is parked or silent."""
    still = held(seat)
    return still is not None and problem(seat, still)


def needing(seat: Watched) -> int:
    """How many things wait for a person: the plan, or the problems that `n` goes to."""
    if seat.state.status == "waiting":
        return 1
    return hub_problem(seat) + sum(problem(seat, spoke) for spoke in seat.state.spokes.values())


def elapsed(seat: Watched, spoke: SpokeState) -> str:
    """How long a spoke's newest attempt has run, as `1:12`; empty when none has begun."""
    last = spoke.last
    if last is None:
        return ""
    return clock((last.ended if last.ended is not None else seat.clock) - last.started)


def tokens(count: int) -> str:
    """Tokens, short: `950`, `12.4k`, `3.1M`."""
    if count < 1_000:
        return str(count)
    return f"{count / 1_000:.1f}k" if count < 999_950 else f"{count / 1_000_000:.1f}M"


def cost(state: RunState, usage: Usage) -> str:
    """What was paid in a run, as `$0.38`; `cost ?` where a price is not known, and empty where nothing is paid."""
    if not usage.turns or usage.cost == 0 or (state.created and state.created.provider == "embedded"):
        return ""
    return "cost ?" if usage.cost is None else usd(usage.cost)


def model_name(model: str) -> str:
    """A model's id without what all of them have in common."""
    return safe_line(model, 40).removeprefix("claude-")


def short_kind(failure: Failure) -> str:
    """A failure's HTTP status, or its kind in so few cells that a narrow column cuts nothing off."""
    return str(failure.http_status or _SHORT.get(failure.kind, failure.kind))


def failure_line(failure: Failure) -> str:
    """A failure's facts on one line: kind, HTTP status, request id."""
    request = f" · {failure.request_id}" if failure.request_id else ""
    return safe_line(f"{words.failure_line(failure)}{request}")
