"""What a resume, or a fork, is going to do again, in one sentence that is said before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.outlook import outlook
from sessions.rerun import rerun, spokes_again
from tui.looks import counted
from tui.money import estimate_line
from tui.safe import safe_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sessions.outlook import Outlook
    from sessions.rerun import Rerun, SpokeAgain
    from sessions.state import RunState

_NAMED = 3
"""So many spokes are named; of more it is said how many there are of each kind."""

_TITLE = 20


def resume_sentence(state: RunState, retry: Collection[str] | None = None, *, as_estimated: bool = True) -> str:
    """What a resume of this run does again, and what that is thought to take.

    `retry` names the only spokes whose failures do not stand; with `as_estimated` false, as under another model,
    nobody knows what it takes.
    """
    again = rerun(state, retry)
    taken = _taken(outlook(state, again)) if as_estimated else ""
    return f"Resume {_does(again)}{f': {taken}' if taken else ''}.{_stay(again.cancelled)}"


def fork_sentence(run: str, state: RunState, *, anew: bool = False) -> str:
    """What a fork of this run does: what it takes over, and what runs once its plan is approved.

    `state` is the run's, or what the fork begins with; `anew` says that it has another question.
    """
    if anew:
        return f"Fork of {run}: under another question every spoke of the plan runs again."
    again = spokes_again(state, frozenset(state.spokes))
    kept = len(state.spokes) - len(again)
    runs = f"runs {_joined([*_spokes(again), 'the report'])}" if again else "runs no spoke again"
    return f"Fork of {run}: takes over {counted(kept, 'finished spoke')}, {runs}."


def _does(again: Rerun) -> str:
    if again.waits:
        if again.plan:
            return "begins with the plan"
        return (
            "reviews the plan, which then waits for you"
            if again.coverage
            else "shows the plan, which waits for you"
        )
    if not again:
        return "runs nothing again: what is finished stays"
    parts = _spokes(again.spokes)
    if again.verify and not parts:  # that what is found anew is checked goes without saying
        parts.append(f"the checks of {counted(again.claims, 'claim')}" if again.claims else "the checks")
    return f"runs {_joined([*parts, 'the report'])}"


def _spokes(spokes: Sequence[SpokeAgain]) -> list[str]:
    """The spokes by name, each with its reason; many of them by their number."""
    if len(spokes) <= _NAMED:
        return [f"{spoke.number} {safe_line(spoke.title, _TITLE)} ({_why(spoke)})" for spoke in spokes]
    reasons = [spoke.why for spoke in spokes]
    each = ", ".join(f"{reasons.count(why)} {why}" for why in dict.fromkeys(reasons))
    return [f"{len(spokes)} spokes ({each})"]


def _stay(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    return f" {_joined([safe_line(title, _TITLE) for title in titles])} stay{'s' * (len(titles) == 1)} cancelled."


def _why(spoke: SpokeAgain) -> str:
    return f"failed: {spoke.failed_of}" if spoke.why == "failed" and spoke.failed_of else spoke.why


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _taken(expected: Outlook) -> str:
    """Tokens, money and time, such as `est $0.20–0.40 · 40k–90k tokens · 2 min`."""
    parts = [estimate_line(expected.take)] if expected.take is not None else []
    if expected.seconds is not None:
        minutes = round(expected.seconds / 60)
        parts.append(f"{minutes} min" if minutes else "under a minute")
    return " · ".join(parts)
