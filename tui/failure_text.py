"""A failed attempt in words: what went wrong, what is left of it, what could help; and why one waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.policy import POLICIES, RETRIES
from sessions.events import BlockFinished, TryFailed
from sessions.failures import STOPS_EVERYTHING, FailureKind
from sessions.words import NO_PLACE
from tui.looks import CANCELLED, clock, cost, counted, failure_line, held, parked, silence, waiting
from tui.mends import mend
from tui.safe import safe, safe_line
from tui.widgets.text_pane import Entry
from tui.widgets.wrapping import wrap

if TYPE_CHECKING:
    from sessions.failures import Failure
    from sessions.spoke_state import AttemptState, SpokeState
    from sessions.state import RunState
    from tui.watched import Watched


def used(state: RunState, attempt: AttemptState) -> str:
    """How long a failed attempt took, and what it cost; the attempt alone, not the spoke."""
    failure = attempt.failure
    assert failure is not None
    told = [
        f"attempt {attempt.number} took {clock(failure.seconds)}",
        f"{failure.tokens:,} tokens",
        cost(state, attempt.usage),
    ]
    return " · ".join(filter(None, told))


def kept(attempt: AttemptState, spoke: SpokeState | None = None) -> str:
    """What is left of a failed attempt; of a spoke's, what all of its attempts left, each finding once."""
    own, passages = attempt.found, len(attempt.segments)
    findings = own if spoke is None else spoke.partial
    if not findings and not passages:
        return "nothing kept"
    of_its_own = f" ({len(own)} by this attempt)" if len(findings) != len(own) else ""
    return f"{counted(len(findings), 'finding')} kept{of_its_own}, {counted(passages, 'passage')} read"


def retries(attempt: AttemptState) -> str:
    """How many of the attempts that policy may add are spent; where it adds none, how often it was asked."""
    kind = attempt.failure.kind if attempt.failure else None
    if attempt.brief is not None and kind and POLICIES[kind].retries:
        return f"retries {attempt.retry}/{RETRIES}"
    tries = _tries_failed(attempt) + 1
    return f"{tries} {'try' if tries == 1 else 'tries'}"


def _tries_failed(attempt: AttemptState) -> int:
    """How many tries of the turn under way have failed and were made anew."""
    at = max((n for n, item in enumerate(attempt.log) if isinstance(item, TryFailed)), default=-1)
    if at < 0:
        return 0
    turn = attempt.log[at].turn
    # Blocks of a turn may be whole before it breaks off; once its tools are called, the turn is over.
    if any(item.turn > turn or not isinstance(item, BlockFinished) for item in attempt.log[at + 1 :]):
        return 0
    return sum(isinstance(item, TryFailed) and item.turn == turn for item in attempt.log)


def outlook(failure: Failure) -> str:
    """Whether a retry can help."""
    if failure.kind in STOPS_EVERYTHING:
        return f"a retry alone will not help: it needs {mend(failure).needs}"
    if failure.kind is FailureKind.BUDGET_EXCEEDED:
        return "a retry needs a higher cap: resume with --max-usd, --max-tokens or --max-minutes"
    if not failure.retryable:
        return "a retry alone will not help: edit the brief"
    return "a retry may help" + (f", after {failure.retry_after_s:.0f} s" if failure.retry_after_s else "")


def alternatives(failure: Failure) -> str:
    """What could be tried instead; empty where nobody knows."""
    return f"to try: {safe_line(', '.join(failure.alternatives), 200)}" if failure.alternatives else ""


def actions(state: RunState, spoke: SpokeState) -> str:
    """The keys that do something about a spoke that failed."""
    key = f"K {mend(state.stopped_by).another} · " if state.stopped_by is not None else ""
    diff = " · D diff" if len(spoke.attempts) > 1 else ""
    return f"{key}r retry · e edit brief{diff} · Y error"


def told(state: RunState, spoke: SpokeState, attempt: AttemptState) -> list[Entry]:
    """A failure that is past, whole; what a person cancelled did not fail."""
    failure = attempt.failure
    assert failure is not None
    left = f"{used(state, attempt)} · {kept(attempt, spoke)}"
    if failure.kind is FailureKind.CANCELLED:
        return [Entry(f"{CANCELLED.glyph} {CANCELLED.word} · {left}", "note")]
    lines = [
        Entry(f"✗ {failure_line(failure)}", "error"),
        Entry(safe(failure.message), "error"),
        Entry(left, "note"),
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
    kind, *rest = told(state, spoke, attempt)
    if _rows([kind, *rest, keys], columns) <= rows:
        return [kind, *rest, keys]
    return [*rest, kind, Entry(f"{kept(attempt, spoke)} · {retries(attempt)}", "note"), keys]


def _rows(entries: list[Entry], columns: int) -> int:
    return sum(len(wrap(line, max(1, columns))) for entry in entries for line in entry.text.split("\n"))


def holding(seat: Watched, spoke: SpokeState) -> str:
    """Why a spoke, or the coordinator, does nothing just now, and what a person can do; empty where it goes on."""
    last, wait, silent = spoke.last, waiting(seat, spoke), silence(seat, spoke)
    if last is None or not (wait or silent):
        return ""
    of_its_own = spoke.id in seat.state.hub
    tries = _tries_failed(last)
    if wait is None:
        most = POLICIES[FailureKind.TIMEOUT].tries
        why = f"no text for {silent} s · try {min(tries + 1, most)} of {most}"
        can = "X stop the run" if of_its_own else "x cancel"
    else:
        why = f"held back, as another call met {wait.why}" if wait.why else NO_PLACE
        if wait.failure is not None and tries:
            # Those that a person wanted are none of policy's.
            most = POLICIES[wait.failure.kind].tries
            why = f"try {min(tries, most)} of {most} failed; the next one waits"
        can = "r retry at once · X stop the run" if of_its_own else ""
        if parked(seat, spoke) and not of_its_own:
            can = "r retry at once · x cancel"
    return " · ".join(filter(None, (f"⏸ {why}", can)))


def hub_holding(seat: Watched) -> str:
    """The same of the coordinator, whichever of its conversations keeps it; empty where it goes on."""
    still = held(seat)
    return holding(seat, still) if still else ""
