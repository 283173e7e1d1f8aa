"""States, times and money in words: a state is a glyph and a word, so that it reads without colour."""

from typing import NamedTuple

from sessions.event_counts import real_seconds
from sessions.events import Usage
from sessions.failures import Failure, FailureKind
from sessions.findings import Verdict
from sessions.state import AttemptState, SpokeState


class Look(NamedTuple):
    """What a state looks like; `tone` is good, bad, warn or quiet."""

    glyph: str
    word: str
    tone: str


QUEUED = Look("·", "queued", "quiet")
RUNNING = Look("▶", "running", "warn")
DONE = Look("✓", "done", "good")
FAILED = Look("✗", "failed", "bad")
CANCELLED = Look("⊘", "cancelled", "quiet")
CUT_OFF = Look("⏸", "cut off", "warn")

VERDICTS = {
    Verdict.SUPPORTED: Look("✓", "supported", "good"),
    Verdict.CONTRADICTED: Look("✗", "contradicted", "bad"),
    Verdict.QUALIFIED: Look("!", "qualified", "warn"),
    Verdict.INSUFFICIENT: Look("!", "insufficient", "warn"),
    Verdict.NOT_CHECKED: Look("·", "not checked", "quiet"),
}

RUNS = {
    "planning": Look("▶", "planning", "warn"),
    "waiting": Look("⏸", "waits for its plan to be approved", "warn"),
    "running": RUNNING,
    "done": DONE,
    "gaps": Look("✓", "done, with gaps", "warn"),
    "interrupted": Look("⏸", "interrupted", "warn"),
    "failed": FAILED,
}

_SPOKES = {"queued": QUEUED, "running": RUNNING, "done": DONE, "failed": FAILED, "cancelled": CANCELLED}

_CENT = 0.01


def spoke_look(spoke: SpokeState) -> Look:
    """How a spoke stands."""
    cut_off = spoke.status == "queued" and spoke.last is not None and not spoke.asked
    return CUT_OFF if cut_off else _SPOKES[spoke.status]


def attempt_look(attempt: AttemptState, of: SpokeState | None) -> Look:
    """How an attempt of that spoke ended; what a person cancelled did not fail."""
    if attempt.failure is not None:
        return CANCELLED if attempt.failure.kind is FailureKind.CANCELLED else FAILED
    if attempt.interrupted:
        return CANCELLED if of is not None and of.cancelled and attempt is of.last else CUT_OFF
    return RUNNING if attempt.ended is None else DONE


def clock(seconds: float) -> str:
    """Seconds as `m:ss`, or `h:mm:ss`; under ten of them as `1.2 s`."""
    seconds = real_seconds(seconds)
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def cost(usage: Usage) -> str:
    """What replies cost, as `$0.38`; a price that is not known is never taken for nothing."""
    if usage.cost is None:
        return "cost unknown"
    if not usage.cost:
        return "free"
    return f"${usage.cost:,.2f}" if usage.cost >= _CENT else f"${usage.cost:.4f}"


def percent(part: float) -> str:
    """A place on the timeline, for a style: digits and a point, whatever the run says."""
    return f"{min(100.0, max(0.0, part)):.2f}"


def counted(number: int, name: str) -> str:
    """How many, with the name in the singular or the plural."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def failure_line(failure: Failure) -> str:
    """What an attempt failed of: its kind, and the HTTP status."""
    status = f" · HTTP {failure.http_status}" if failure.http_status else ""
    return f"{failure.kind.value.replace('_', ' ')}{status}"
