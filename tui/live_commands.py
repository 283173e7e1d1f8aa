"""`hubspoke ask --detach`, `attach` and `stop`: live runs without a window, or from another one."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from agents.port.link import Link, connect, in_process
from agents.port.messages import Answer, Command, Stop
from sessions import paths
from sessions.errors import BadInputError
from sessions.load import load
from sessions.run_lock import is_held
from sessions.store import LAST, Store
from tui.output import put
from tui.safe import safe_line
from tui.seat import Seat
from tui.start import RefusedError, Start


class NoLiveRunError(BadInputError):
    """There is no live run that could be meant."""


def detach(start: Start, *, as_json: bool) -> int:
    """Begins a run that goes on by itself and prints its id. Raises RefusedError, NoEngineError."""
    if as_json:
        raise RefusedError("--json waits for the run's end and --detach does not; use one of them.")
    (answer,) = asyncio.run(say(in_process(), start.begin()))
    put(answer.run)
    if answer.message:
        print(safe_line(answer.message), file=sys.stderr)  # noqa: T201
    return 0


def live_run(named: str | None) -> str:
    """The id of the live run that is meant: by its id or the start of it, or as `last`. Raises NoLiveRunError."""
    if named is None and not _last_live():
        raise NoLiveRunError("No run is live; `hubspoke sessions` lists the saved ones.")
    directory = _meant(named or LAST)
    if not is_held(directory):
        raise NoLiveRunError("; ".join(not_live(directory)))
    return directory.name


def _meant(named: str) -> Path:
    """The session that is meant; the `last` is the live run used last, where one is live."""
    return Store(paths.home()).find((named == LAST and _last_live()) or named)


def _last_live() -> str:
    return next((meta.run for meta in Store(paths.home()).list() if meta.live), "")


def stop(named: str) -> int:
    """Stops a live run and returns when its engine has gone.

    Raises NoLiveRunError, NotRunningError, SessionDamagedError.
    """
    directory = _meant(named)
    if not is_held(directory):
        stands, _ = not_live(directory)
        raise NoLiveRunError(f"{stands}; there is nothing to stop.")
    # The engine leaves when the run is saved.
    asyncio.run(say(connect(directory.name), Stop(id=0), leave=False))
    put(stopped(directory))
    return 0


def not_live(directory: Path) -> tuple[str, str]:
    """How a run stands that nobody works on, and what can be done with it. Raises SessionDamagedError."""
    run = directory.name
    match load(directory).status:
        case "done" | "gaps":
            return (
                f"The run {run} has ended",
                f"read it with: hubspoke show {run}; open it with: hubspoke replay {run}",
            )
        case "waiting":
            return f"The plan of the run {run} waits for you", f"answer it with: hubspoke resume {run}"
        case "failed":
            return f"The run {run} failed", f"go on with: hubspoke resume {run}"
        case _:
            return f"The run {run} was interrupted", f"go on with: hubspoke resume {run}"


def stopped(directory: Path) -> str:
    """What is left of a run whose engine was stopped and has gone, by what stands on the disk."""
    run = directory.name
    state = load(directory)
    # What was recorded last is its end: where that is missing, more may be.
    if state.exit is None or state.unsaved:
        return f"Stopped. Not all of the run was saved; what was: hubspoke show {run}"
    if state.status == "done":
        return f"Stopped. It had come to its end; the report: hubspoke show {run}"
    return f"Stopped. Go on with: hubspoke resume {run}"


async def say(link: Link, *commands: Command, leave: bool = True) -> list[Answer]:
    """Says something to an engine and answers its answers; then leaves it, or waits until it has left.

    Raises RefusedError for the first command that is refused.
    """
    seat = Seat()
    await seat.connect(link)
    reading = asyncio.create_task(seat.follow())
    answers = [await seat.do(command) for command in commands]
    # An engine that refused goes on.
    if leave or not all(answer.ok for answer in answers):
        seat.leave()
    await reading
    for answer in answers:
        if not answer.ok:
            raise RefusedError(answer.message)
    return answers
