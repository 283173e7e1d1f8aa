"""`hubspoke retry ID [--spoke N] [--brief TEXT]`: another attempt on what failed; the rest stays as it is."""

from __future__ import annotations

import argparse
import asyncio

from agents.port.link import connect
from agents.port.messages import Retry
from sessions import paths
from sessions.errors import BadInputError
from sessions.load import load
from sessions.plan import OBJECTIVE, Subtask
from sessions.run_lock import is_held
from sessions.spoke_state import SpokeState
from sessions.state import RunState
from sessions.store import Store
from tui.live_commands import say
from tui.looks import cut_off
from tui.output import put
from tui.safe import safe_line


class NothingToRetryError(BadInputError):
    """No spoke that is meant can be attempted again, or not so."""


def retries(options: argparse.Namespace) -> dict[str, Subtask | None]:
    """The spokes that are meant, each with its edited subtask, or None for its brief as it is.

    Raises NothingToRetryError, UnknownSessionError, SessionDamagedError.
    """
    directory = Store(paths.home()).find(options.session)
    state = load(directory)
    if options.spoke is None:
        if options.brief is not None:
            raise NothingToRetryError("--brief is the brief of one spoke; say with --spoke which.")
        failed = [spoke.id for spoke in state.spokes.values() if spoke.status == "failed"]
        if not failed:
            raise NothingToRetryError(f"No spoke of {directory.name} has failed; there is nothing to retry.")
        return dict.fromkeys(failed)
    spoke = spoke_named(state, options.spoke)
    if cut_off(spoke) and not is_held(directory):
        raise NothingToRetryError(f"{spoke.id} was cut off; `hubspoke resume {directory.name}` goes on with it.")
    if spoke.status not in ("failed", "cancelled"):
        raise NothingToRetryError(f"{spoke.id} is {spoke.status}; only what failed or was cancelled is retried.")
    if options.brief is None or state.plan is None:
        return {spoke.id: None}
    return {spoke.id: edited(state.plan.subtask(spoke.id), options.brief)}


def edited(subtask: Subtask, brief: str) -> Subtask:
    """The subtask with another objective. Raises NothingToRetryError where that is empty or too long."""
    brief = brief.strip()
    if not 0 < len(brief) <= OBJECTIVE:
        raise NothingToRetryError(f"The brief has {len(brief):,} characters; it takes 1 to {OBJECTIVE:,}.")
    return subtask.model_copy(update={"objective": brief, "key_questions": ()})


def spoke_named(state: RunState, named: str) -> SpokeState:
    """A spoke by its number in the plan, or its id. Raises NothingToRetryError."""
    spokes = list(state.spokes.values())
    if named.isascii() and named.isdigit() and 1 <= int(named[:4]) <= len(spokes):
        return spokes[int(named[:4]) - 1]
    if found := state.spokes.get(named):
        return found
    known = ", ".join(f"{number} {spoke.id}" for number, spoke in enumerate(spokes, start=1))
    raise NothingToRetryError(f"The run has no spoke {named[:40]!r}; it has {known or 'none yet'}.")


def retry_live(options: argparse.Namespace) -> bool:
    """Has a live run's engine retry; False where the run is not live. Raises RefusedError, NotRunningError."""
    directory = Store(paths.home()).find(options.session)
    if not is_held(directory):
        return False
    state = load(directory)
    commands = [
        Retry(id=0, spoke=id, attempt=last.number if (last := state.spokes[id].last) else 0, subtask=subtask)
        for id, subtask in retries(options).items()
    ]
    asyncio.run(say(connect(directory.name), *commands))
    put(f"Retried in the live run: {', '.join(command.spoke for command in commands)}.")
    for command in commands:
        if command.subtask is not None:
            put(f"{command.spoke}, on another brief: {safe_line(command.subtask.objective)}")
    return True
