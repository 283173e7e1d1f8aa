"""The other live runs of a person: the queue that a run stands in with them, and the gate that they share."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from anthropic import AsyncAnthropic

from agents.calls.shared_gate import SharedGate, key_name
from agents.run_queue import LOOK_S, RunTicket
from sessions import paths
from sessions.errors import BadInputError
from sessions.events import AnyEvent, Noticed, RunQueued
from sessions.paths import private_directory, reason

MAX_REQUESTS = ("HUBSPOKE_MAX_REQUESTS", 20, 200)
"""Requests to models at once, of all runs: what says it, what holds unless it does, and the most it may say."""

MAX_RUNS = ("HUBSPOKE_MAX_RUNS", 4, 200)
"""Live runs over the network at once, likewise."""

_LONGEST_SHOWN = 20
"""Characters of what is no limit."""


class BadLimitError(BadInputError):
    """A limit in the environment that is none."""


class Neighbours:
    """What one run shares with the others of the same data directory, until it is closed.

    What of it the disk does not take, the run does without, and says so once.
    """

    def __init__(self, client: AsyncAnthropic | None, run: str = "") -> None:
        """Takes the last number of the queue; without a client, one that asks over the network, there is no other.

        Raises BadLimitError.
        """
        self.gate: SharedGate | None = None
        self.queued: RunQueued | None = None
        """What the run waits for, where it has to wait for its turn."""
        self._ticket: RunTicket | None = None
        self._alone: list[str] = []
        if client is None:
            return
        requests, runs = _limit(*MAX_REQUESTS), _limit(*MAX_RUNS)
        directory = _directory()
        try:
            private_directory(directory)
        except OSError as error:
            self._alone.append(f"This run minds no other run's waits and limits: {_why(error)}.")
            return
        try:
            self.gate = SharedGate(directory, key_name(client), requests)
        except OSError as error:
            self._alone.append(f"This run minds no other run's waits and requests: {_why(error)}.")
        try:
            self._ticket = RunTicket(directory / "runs", runs, run)
            self.queued = self._ticket.standing()
        except OSError as error:
            self._alone.append(_out_of_turn(error))

    def begin(self, record: Callable[[AnyEvent], None]) -> None:
        """Tells what a person should know of it, now and later."""
        for message in self._alone:
            record(Noticed(message=message))
        if self.gate is not None:
            self.gate.say = lambda message: record(Noticed(message=message))

    async def turn(self, record: Callable[[AnyEvent], None]) -> None:
        """Waits until the run may begin, and tells what it waits for."""
        told, unread = None, ""
        while self.queued is not None and self._ticket is not None:
            if self.queued != told:
                told = self.queued
                record(told)
            await asyncio.sleep(LOOK_S)
            try:
                self.queued = self._ticket.standing()
            except OSError as error:  # a queue that cannot be read keeps nobody waiting
                self.queued, unread = None, _out_of_turn(error)
        if told is not None:
            record(RunQueued())
        if unread:
            record(Noticed(message=unread))

    def close(self) -> None:
        """Leaves the queue, and gives back what is taken."""
        if self._ticket is not None:
            self._ticket.close()
        if self.gate is not None:
            self.gate.close()


def _directory() -> Path:
    """Not in the cache, which a person may clear while runs are live: each would be alone then."""
    return paths.home() / "neighbours"


def _out_of_turn(error: OSError) -> str:
    return f"This run does not wait for its turn: {_why(error)}."


def _why(error: OSError) -> str:
    return f"{error.filename or _directory()}: {reason(error)}"


def _limit(variable: str, default: int, most: int) -> int:
    said = os.environ.get(variable, "")
    if not said:
        return default
    if said.isascii() and said.isdecimal() and len(said) <= len(str(most)) and 1 <= int(said) <= most:
        return int(said)
    shown = said if len(said) <= _LONGEST_SHOWN else f"{said[:_LONGEST_SHOWN]}…"
    raise BadLimitError(f"{variable} is {shown!r}; it is a whole number from 1 to {most}.")
