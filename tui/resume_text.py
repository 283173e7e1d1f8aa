"""What a resume, or a fork, is going to do again, in one sentence that is said before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.events import PlanMade
from sessions.load import fold_all
from sessions.outlook import outlook
from sessions.rerun import rerun, spokes_again
from sessions.taken_over import taken_over
from tui.looks import counted
from tui.money import estimate_line
from tui.safe import safe_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sessions.events import AnyEvent
    from sessions.outlook import Outlook
    from sessions.plan import Plan
    from sessions.rerun import Begins, SpokeAgain
    from sessions.state import RunState

_NAMED = 3
"""So many spokes are named; of more it is said how many there are of each kind."""

_TITLE = 20


def resume_sentence(
    state: RunState, retry: Collection[str] | None = None, *, as_estimated: bool = True, approved: bool = False
) -> str:
    """What a resume of this run does again, and what that is thought to take.

    `retry` names the only spokes whose failures do not stand; with `as_estimated` false, as under another model,
    nobody knows what it takes; `approved` says that the plan is not to wait for a person.
    """
    again = rerun(state, retry)
    taken = _taken(outlook(state, again)) if as_estimated else ""
    told = does(again.begins, _spokes(again.spokes), again.claims or 0, approved=approved)
    return f"Resume {told}{f': {taken}' if taken else ''}.{_stay(again.cancelled)}"


def fork_sentence(
    run: str, events: Sequence[AnyEvent], question: str | None = None, plan: Plan | None = None
) -> str:
    """What a fork of the run with these events does: what it takes over, and what runs once its plan is approved.

    `question` and `plan` are the fork's own, None for the run's. Empty for a run that has no plan yet.
    """
    parent = fold_all(events)
    plan = plan or parent.plan
    if plan is None:
        return ""
    if question is not None and question.strip() != parent.question:
        return f"Fork of {run}: under another question every spoke of the plan runs again."
    fork = fold_all([PlanMade(step="plan", plan=plan), *taken_over(events, parent, parent.question, plan)])
    again = spokes_again(fork, frozenset(fork.spokes))
    kept = len(fork.spokes) - len(again)
    runs = does("spokes", _spokes(again)) if again else "runs no spoke again"
    return f"Fork of {run}: takes over {counted(kept, 'finished spoke')}, {runs}."


def does(begins: Begins, spokes: Sequence[str], claims: int = 0, *, approved: bool = False) -> str:
    """What a resume does that begins with this step; `spokes` are those it runs, `claims` those it checks.

    With `approved` the plan does not wait for a person.
    """
    match begins:
        case "plan":
            return "begins with the plan"
        case "review":
            return f"reviews the plan, which {'is approved as it is' if approved else 'then waits for you'}"
        case "checkpoint":
            return "approves the plan as it is" if approved else "shows the plan, which waits for you"
        case "spokes":  # that what is found anew is checked goes without saying
            return f"runs {_joined([*spokes, 'the report'])}"
        case "checks":
            of = f" of {counted(claims, 'claim')}" if claims else ""
            return f"runs the checks{of} and the report"
        case "report":
            return "runs the report"
        case "end" | "":
            return "runs nothing again: what is finished stays"


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
