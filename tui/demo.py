"""`hubspoke demo`: a run on the sample library in which two things go wrong, and what a newcomer is told of it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from tui.looks import counted
from tui.safe import safe_line
from tui.start import Start

if TYPE_CHECKING:
    from sessions.spoke_state import SpokeState
    from sessions.state import RunState

QUESTION = "How do artists use AI in the creative industries, and what does it do to their income?"

PACE_S = 0.02
"""Slower than other runs, so that a newcomer can read along."""

_SETTINGS: dict[str, object] = {"provider": "embedded", "demo": True, "backoff_s": 0.1}
"""No key and no network; and no long waits but the one that is to be seen."""

_TITLE = 24


def start() -> Start:
    """What the dashboard begins with: the plan waits for the newcomer."""
    return Start(question=QUESTION, settings={"pace": PACE_S, **_SETTINGS})


def told_plainly() -> int:
    """The same run told on standard error, its plan approved unseen; answers its exit code."""
    from tui.arguments import parse
    from tui.run_commands import work

    options = parse(["ask", QUESTION, "--plain", "--yes"])
    options.preset = _SETTINGS
    return work(options)


def is_demo(state: RunState) -> bool:
    """Whether a run is the demo's, also when it is gone on with or looked at again."""
    created = state.created
    return created is not None and (created.question, created.provider) == (QUESTION, "embedded")


def guide(state: RunState, clock: float) -> str:
    """What a newcomer is told when the run stands so, and its clock there: it fits two lines of 80 columns."""
    if state.exit is not None and state.status != "waiting":
        return _ended(state)
    if state.status == "waiting":
        return "The plan waits for you, one brief a spoke: space leaves one out, e edits one, a approves it."
    if not state.approved:
        return "The coordinator looks at the documents and splits the question into spokes; then you are asked."
    return _at_work(list(state.spokes.values()), clock)


def _at_work(spokes: list[SpokeState], clock: float) -> str:
    """What goes wrong comes first; of that, what is soon over."""
    for spoke in spokes:
        if left := _told_to_wait(spoke, clock):
            return (
                f"{_name(spoke)} was told to wait {left} s (429), and every spoke of that model waits with it. "
                "It goes on by itself."
            )
    for spoke in spokes:
        if spoke.status == "failed":
            tries = counted(len(spoke.attempts), "attempt")
            return (
                f"{_name(spoke)} failed, after {tries}: n goes to it. "
                "r retries it, e edits its brief, D compares its attempts."
            )
    for spoke in spokes:
        last = spoke.last
        if spoke.asked or (spoke.status == "running" and last and last.number > 1 and not last.retry):
            return f"{_name(spoke)} is attempted anew, as you asked, and it alone: what the others found stays."
        if spoke.status == "running" and last and last.retry:
            return f"{_name(spoke)} got no answer in time: attempt {last.number}, by itself, on a narrower brief."
    if any(spoke.status in ("running", "queued") for spoke in spokes):
        return "Each pane is a spoke at work: tab or its number goes there, z zooms in, esc comes back."
    return "Every claim is checked against the quotes it rests on; then the report is written from what holds."


def _ended(state: RunState) -> str:
    failed = [spoke for spoke in state.spokes.values() if spoke.status == "failed"]
    if state.report is None:
        return "The run is stopped, and saved: c goes on with it, and does nothing again that is finished."
    if failed:
        return (
            f"The report (o) has a gap: {_name(failed[0])} failed. n goes to it; r retries it alone "
            "and writes the report anew."
        )
    return (
        "o opens the report; enter on [1] shows the quote behind it. q leaves; "
        "`hubspoke` asks your own question of your own folder."
    )


def _told_to_wait(spoke: SpokeState, clock: float) -> int:
    """For how many more seconds a spoke waits because it was itself told to; 0 when it does not."""
    wait = spoke.last.wait if spoke.last and spoke.status == "running" else None
    if wait is None or wait.failure is None or wait.failure.retry_after_s is None:
        return 0
    return max(0, ceil(wait.until - clock))


def _name(spoke: SpokeState) -> str:
    return safe_line(spoke.title, _TITLE)
