"""`hubspoke ask --detach`, `attach` and `stop`: live runs without a window, or from another one."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from agents.port.link import Link, connect, launch
from agents.port.messages import Answer, Begin, Command, Stop
from agents.run_settings import Settings
from sessions import paths
from sessions.errors import BadInputError
from sessions.store import Store
from tui.arguments import is_file
from tui.output import put
from tui.seat import Seat
from tui.start import RefusedError


class NoLiveRunError(BadInputError):
    """There is no live run to attach to."""


def detach(options: argparse.Namespace) -> int:
    """Begins a run that goes on by itself and prints its id. Raises RefusedError."""
    from tui.retry_command import retries

    if options.json:
        raise RefusedError("--json waits for the run's end and --detach does not; use one of them.")
    named = ("docs", "provider", "model", "max_parallel", "max_spokes", "max_turns", "max_tokens", "pace")
    settings = Settings.model_validate(
        {name: value for name in named if (value := getattr(options, name)) is not None}
    )
    asked = options.command == "ask"
    begin = Begin(
        id=0,
        question=options.question if asked else None,
        resume=None if asked else options.session,
        file=options.command == "resume" and is_file(options.session),
        retry=retries(options) if options.command == "retry" else None,
        settings=settings,
        approved=options.yes,
    )
    answer = asyncio.run(_say(launch(), begin))
    if not answer.ok:
        raise RefusedError(answer.message)
    put(answer.run)
    return 0


def live_run(named: str | None) -> str:
    """The id of the live run that is meant: by its id or the start of it, or the newest. Raises NoLiveRunError."""
    store = Store(paths.home())
    if named is not None:
        return store.find(named).name
    live = [meta.run for meta in store.list() if meta.live]
    if not live:
        raise NoLiveRunError("No run is live; `hubspoke sessions` lists the saved ones.")
    return live[0]


def stop(named: str) -> int:
    """Stops a live run and returns when it is saved. Raises NotRunningError."""
    directory = Store(paths.home()).find(named)
    asyncio.run(_stop(connect(directory.name)))
    put(f"Stopped. Go on with: hubspoke resume {directory.name}")
    return 0


async def _say(link: Link, command: Command) -> Answer:
    seat = Seat()
    await seat.connect(link)
    reading = asyncio.create_task(seat.follow())
    answer = await seat.do(command)
    seat.leave()
    await reading
    return answer


async def say_all(link: Link, commands: Sequence[Command]) -> None:
    """Says several things to a live run's engine. Raises RefusedError for the first that is refused."""
    seat = Seat()
    await seat.connect(link)
    reading = asyncio.create_task(seat.follow())
    answers = [await seat.do(command) for command in commands]
    seat.leave()
    await reading
    for answer in answers:
        if not answer.ok:
            raise RefusedError(answer.message)


async def _stop(link: Link) -> None:
    seat = Seat()
    await seat.connect(link)
    reading = asyncio.create_task(seat.follow())
    await seat.do(Stop(id=0))
    # The engine leaves when the run is saved.
    await reading
