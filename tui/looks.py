"""How things look: a state is a glyph, a word and a colour, so that it reads without colour too."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from tui.safe import safe_line

if TYPE_CHECKING:
    from sessions.events import Usage
    from sessions.failures import Failure
    from sessions.state import RunState, SpokeState, Wait
    from tui.seat import Seat

PARKED_S = 120.0
"""A spoke that waits longer than this is parked: a person may want to know."""


class Look(NamedTuple):
    """What a state looks like; `style` is a theme colour."""

    glyph: str
    word: str
    style: str


QUEUED = Look("·", "queued", "$text-muted")
RUNNING = Look("▶", "running", "$primary")
STALLED = Look("⏸", "stalled", "$warning")
WAITING = Look("⏸", "again in", "$warning")
PARKED = Look("⏸", "parked", "$warning")
DONE = Look("✓", "done", "$success")
FAILED = Look("✗", "failed", "$error")
BROKEN_OFF = Look("⏸", "cut off", "$warning")
CANCELLED = Look("⊘", "cancelled", "$text-muted")

_SPOKES = {"queued": QUEUED, "running": RUNNING, "done": DONE, "failed": FAILED, "cancelled": CANCELLED}

RUNS = {
    "planning": Look("▶", "planning", "$primary"),
    "waiting": Look("⏸", "waits for you", "$warning"),
    "running": RUNNING,
    "done": DONE,
    "gaps": Look("✓", "done, with gaps", "$warning"),
    "interrupted": Look("⏸", "interrupted", "$warning"),
    "failed": FAILED,
    "unreadable": Look("✗", "unreadable", "$error"),
}
"""How a run's status looks."""

LEGEND = (QUEUED, RUNNING, STALLED, DONE, FAILED, CANCELLED)


def spoke_look(seat: Seat, spoke: SpokeState) -> Look:
    """How a spoke looks just now; one that waits says how much longer, one whose stream is silent for how long."""
    if spoke.status == "running" and seat.live:
        from tui.seat import SILENT_S

        if waiting(seat, spoke) is not None:
            look = PARKED if parked(seat, spoke) else WAITING
            return look._replace(word=f"{look.word} {countdown(seat, spoke)}")
        silent = silence(seat, spoke)
        if silent >= SILENT_S:
            return STALLED._replace(word=f"silent {silent:.0f}s")
    if spoke.status == "queued" and spoke.last and not spoke.asked and not seat.live:
        return BROKEN_OFF
    return _SPOKES[spoke.status]


def silence(seat: Seat, spoke: SpokeState) -> float:
    """For how many seconds nothing came of a running spoke that did not have to wait."""
    last = spoke.last
    waited = last.wait.until if last and last.wait else 0.0
    return seat.clock - max(seat.heard.get(spoke.id, 0.0), waited, last.started if last else 0.0)


def waiting(seat: Seat, spoke: SpokeState) -> Wait | None:
    """What a spoke waits for just now; None where it does not wait, or has been heard since."""
    wait = spoke.last.wait if spoke.last and spoke.status == "running" and seat.live else None
    over = wait is None or seat.clock >= wait.until or seat.heard.get(spoke.id, 0.0) > wait.since
    return None if over else wait


def parked(seat: Seat, spoke: SpokeState) -> bool:
    """Whether a spoke waits so long that a person may want to try at once, or to give it up."""
    wait = waiting(seat, spoke)
    return wait is not None and wait.until - wait.since > PARKED_S


def countdown(seat: Seat, spoke: SpokeState) -> str:
    """How much longer a spoke waits: `12s`, or `4:31` for one that is parked; empty where it does not wait."""
    wait = waiting(seat, spoke)
    if wait is None:
        return ""
    left = ceil(wait.until - seat.clock)
    return clock(left) if wait.until - wait.since > PARKED_S else f"{left}s"


def problem(seat: Seat, spoke: SpokeState) -> bool:
    """Whether a spoke failed, is parked or silent, or was cut off: one that soon tries again is none."""
    look = spoke_look(seat, spoke)
    brief = look.word.startswith(WAITING.word)
    return look.glyph in (FAILED.glyph, STALLED.glyph) and not brief


def needing(seat: Seat) -> int:
    """How many things wait for a person: the plan, or spokes that failed or are parked."""
    if seat.state.status == "waiting":
        return 1
    return sum(spoke.status == "failed" or parked(seat, spoke) for spoke in seat.state.spokes.values())


def elapsed(seat: Seat, spoke: SpokeState) -> str:
    """How long a spoke's newest attempt has run, as `1:12`; empty when none has begun."""
    last = spoke.last
    if last is None:
        return ""
    return clock((last.ended if last.ended is not None else seat.clock) - last.started)


def counted(number: int, name: str) -> str:
    """How many, with the name in the singular or the plural."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def clock(seconds: float) -> str:
    """Seconds as `m:ss`, or `h:mm:ss`."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def tokens(count: int) -> str:
    """Tokens, short: `950`, `12.4k`, `3.1M`."""
    if count < 1_000:
        return str(count)
    return f"{count / 1_000:.1f}k" if count < 999_950 else f"{count / 1_000_000:.1f}M"


def cost(state: RunState, usage: Usage) -> str:
    """What was paid in a run, as `$0.38`; `cost ?` where a price is not known, and empty where nothing is paid."""
    from tui.money import usd

    if not usage.turns or usage.cost == 0 or (state.created and state.created.provider == "embedded"):
        return ""
    return "cost ?" if usage.cost is None else usd(usage.cost)


def model_name(model: str) -> str:
    """A model's id without what all of them have in common."""
    return safe_line(model, 40).removeprefix("claude-")


def failure_line(failure: Failure) -> str:
    """A failure's facts on one line: kind, HTTP status, request id."""
    status = f" · HTTP {failure.http_status}" if failure.http_status else ""
    request = f" · {failure.request_id}" if failure.request_id else ""
    return safe_line(f"{failure.kind}{status}{request}")
