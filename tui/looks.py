"""How things look: a state is a glyph, a word and a colour, so that it reads without colour too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.safe import safe_line

if TYPE_CHECKING:
    from sessions.failures import Failure
    from sessions.state import SpokeState
    from tui.seat import Seat


class Look(NamedTuple):
    """What a state looks like; `style` is a theme colour."""

    glyph: str
    word: str
    style: str


QUEUED = Look("·", "queued", "$text-muted")
RUNNING = Look("▶", "running", "$primary")
STALLED = Look("⏸", "stalled", "$warning")
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
    """How a spoke looks just now; one whose stream is silent is stalled, and says for how long."""
    if spoke.status == "running" and seat.live:
        from tui.seat import SILENT_S

        silent = silence(seat, spoke)
        if silent >= SILENT_S:
            return STALLED._replace(word=f"silent {silent:.0f}s")
    if spoke.status == "queued" and spoke.last and not spoke.asked and not seat.live:
        return BROKEN_OFF
    return _SPOKES[spoke.status]


def silence(seat: Seat, spoke: SpokeState) -> float:
    """For how many seconds nothing came of a running spoke."""
    last = spoke.last
    return seat.clock - max(seat.heard.get(spoke.id, 0.0), last.started if last else 0.0)


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


def model_name(model: str) -> str:
    """A model's id without what all of them have in common."""
    return safe_line(model, 40).removeprefix("claude-")


def failure_line(failure: Failure) -> str:
    """A failure's facts on one line: kind, HTTP status, request id."""
    status = f" · HTTP {failure.http_status}" if failure.http_status else ""
    request = f" · {failure.request_id}" if failure.request_id else ""
    return safe_line(f"{failure.kind}{status}{request}")
