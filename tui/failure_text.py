"""A failed attempt in words: what went wrong, what is left of it, what could help; and why one waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.policy import POLICIES, RETRIES
from sessions.events import TryFailed
from sessions.failures import STOPS_EVERYTHING
from tui.looks import clock, cost, counted, failure_line, parked, waiting
from tui.safe import safe, safe_line
from tui.widgets.text_pane import Entry
from tui.widgets.wrapping import wrap

if TYPE_CHECKING:
    from sessions.failures import Failure
    from sessions.state import AttemptState, RunState, SpokeState
    from tui.seat import Seat


def used(state: RunState, attempt: AttemptState) -> str:
    """How long a failed attempt took, and what it cost."""
    failure = attempt.failure
    assert failure is not None
    told = [f"after {clock(failure.seconds)}", f"{failure.tokens:,} tokens", cost(state, attempt.usage)]
    return " · ".join(filter(None, told))


def kept(attempt: AttemptState) -> str:
    """What a failed attempt left."""
    findings, passages = len(attempt.failure.partial) if attempt.failure else 0, len(attempt.segments)
    if not findings and not passages:
        return "nothing kept"
    return f"{counted(findings, 'finding')} kept, {counted(passages, 'passage')} read"


def retries(attempt: AttemptState) -> str:
    """Which attempt it was, and how many of those that policy may add are spent."""
    return f"retries {attempt.retry}/{RETRIES} · attempt {attempt.number}"


def outlook(failure: Failure) -> str:
    """Whether a retry can help."""
    if failure.kind in STOPS_EVERYTHING:
        return "a retry alone will not help: it takes another key or model"
    if not failure.retryable:
        return "a retry alone will not help: edit the brief"
    return "a retry may help" + (f", after {failure.retry_after_s:.0f} s" if failure.retry_after_s else "")


def alternatives(failure: Failure) -> str:
    """What could be tried instead; empty where nobody knows."""
    return f"to try: {safe_line(', '.join(failure.alternatives), 200)}" if failure.alternatives else ""


def actions(state: RunState, spoke: SpokeState) -> str:
    """The keys that do something about a spoke that failed."""
    key = "K another key · " if state.stopped_by is not None else ""
    diff = " · D diff" if len(spoke.attempts) > 1 else ""
    return f"{key}r retry · e edit brief{diff} · Y error"


def told(state: RunState, attempt: AttemptState) -> list[Entry]:
    """A failure that is past, whole."""
    failure = attempt.failure
    assert failure is not None
    lines = [
        Entry(f"✗ {failure_line(failure)}", "error"),
        Entry(safe(failure.message), "error"),
        Entry(f"{used(state, attempt)} · {kept(attempt)}", "note"),
        Entry(f"{retries(attempt)} · {outlook(failure)}", "note"),
        Entry(alternatives(failure), "note"),
    ]
    return [line for line in lines if line.text]


def standing(state: RunState, spoke: SpokeState, columns: int, rows: int) -> list[Entry]:
    """The failure that stands of a spoke, for the end of a pane of that size.

    A pane shows the end of its text. Where it has no room for all, what matters most stands last: what went
    wrong, what is left, what can be done; three lines, which the smallest pane holds.
    """
    attempt = spoke.last
    assert attempt is not None and attempt.failure is not None
    keys = Entry(actions(state, spoke), "title")
    kind, *rest = told(state, attempt)
    if _rows([kind, *rest, keys], columns) <= rows:
        return [kind, *rest, keys]
    return [*rest, kind, Entry(f"{kept(attempt)} · {retries(attempt)}", "note"), keys]


def _rows(entries: list[Entry], columns: int) -> int:
    return sum(len(wrap(line, max(1, columns))) for entry in entries for line in entry.text.split("\n"))


def holding(seat: Seat, spoke: SpokeState) -> str:
    """Why a spoke waits, and what a person can do about it where that is long; empty where it does not wait."""
    wait, last = waiting(seat, spoke), spoke.last
    if wait is None or last is None:
        return ""
    failed = [item for item in last.log if isinstance(item, TryFailed)]
    if wait.failure is not None and failed:
        tries = sum(item.turn == failed[-1].turn for item in failed)
        why = f"try {tries} of {POLICIES[wait.why].tries} failed; the next one waits"
    else:
        why = f"held back, as another call met {wait.why}"
    can = " · r tries at once · x gives it up" if parked(seat, spoke) else ""
    return f"⏸ {why}{can}"
