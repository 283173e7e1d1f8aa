"""States, times, money and numbers in words, the same on the screen and on a page.

A state is a glyph and a word, so that it reads without colour. Light, for the first frame needs it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessions.events import Usage
    from sessions.failures import Failure
    from sessions.findings import Verdict
    from sessions.spoke_state import SpokeState

NO_PLACE = "waits for a place: the limit of requests at once is reached"
"""Of a call that nobody told to wait."""

_CENT = 0.01
_LONGEST_S = 1e8
"""A journal from elsewhere may say anything: of a longer time no more is said."""


class Look(NamedTuple):
    """What a state looks like; `tone` is good, bad, warn, busy or quiet."""

    glyph: str
    word: str
    tone: str


QUEUED = Look("·", "queued", "quiet")
RUNNING = Look("▶", "running", "busy")
DONE = Look("✓", "done", "good")
FAILED = Look("✗", "failed", "bad")
CANCELLED = Look("⊘", "cancelled", "quiet")
CUT_OFF = Look("⏸", "cut off", "warn")

SPOKES = {"queued": QUEUED, "running": RUNNING, "done": DONE, "failed": FAILED, "cancelled": CANCELLED}
"""How a spoke's status looks."""

RUNS = {
    "queued": QUEUED,
    "planning": Look("▶", "planning", "busy"),
    "waiting": Look("⏸", "waits for its plan to be approved", "warn"),
    "running": RUNNING,
    "done": DONE,
    "gaps": Look("!", "done, with gaps", "warn"),
    "interrupted": Look("⏸", "interrupted", "warn"),
    "failed": FAILED,
    "unreadable": Look("✗", "unreadable", "bad"),
}
"""How a run's status looks."""

VERDICTS = {
    "supported": Look("✓", "supported", "good"),
    "contradicted": Look("✗", "contradicted", "bad"),
    "qualified": Look("!", "qualified", "warn"),
    "insufficient": Look("!", "insufficient", "warn"),
    "not_checked": Look("·", "not checked", "quiet"),
}
"""How a verdict looks."""


def cut_off(spoke: SpokeState) -> bool:
    """Whether a spoke's engine went away in the middle of it, and nothing was asked of it since."""
    return spoke.status == "queued" and spoke.last is not None and not spoke.asked


def counted(number: int, name: str) -> str:
    """How many, with the name in the singular or the plural."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def tallied(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """How many verdicts there are of each kind, such as `3 supported`."""
    return tuple(f"{count} {VERDICTS[verdict].word}" for verdict, count in Counter(verdicts).items())


def clock(seconds: float) -> str:
    """Seconds as `m:ss`, or `h:mm:ss`."""
    minutes, rest = divmod(int(min(max(0.0, seconds), _LONGEST_S)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def took(seconds: float) -> str:
    """A time to the second, as `clock`, but under ten of them to a tenth, as `1.2 s`."""
    return clock(seconds) if seconds >= 10 else f"{max(0.0, seconds):.1f} s"


def usd(amount: float) -> str:
    """An amount in USD: `$0.38`, `$12.30`; under a cent `$0.004`, and `<$0.001` where even that says nothing."""
    rounded = round(amount, 3)
    if amount > 0 and rounded < _CENT:
        return f"${rounded:.3f}" if rounded else "<$0.001"
    return f"${amount:,.2f}"


def cost(usage: Usage) -> str:
    """What replies cost, as `$0.38`; a price that is not known is never taken for nothing."""
    if usage.cost is None:
        return "cost unknown"
    return usd(usage.cost) if usage.cost else "free"


def failure_line(failure: Failure) -> str:
    """What an attempt failed of: its kind, and the HTTP status."""
    return f"{failure.kind} · HTTP {failure.http_status}" if failure.http_status else str(failure.kind)
