"""The gate before every model call of a run: who may ask now, so that what one spoke is told holds for all.

A 429 holds its model family until the server's `retry-after` is over. Three 529s within 30 s, or a server that
cannot be reached, shut the gate behind one probe: the others wait for what becomes of it.
"""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from agents.call_errors import CallError
from sessions.failures import FailureKind

BREAKER_FAILURES = 3
BREAKER_WINDOW_S = 30.0
LONGEST_PROBE_S = 30.0
RAMP_LIMIT = "ramp_limit_exceeded"

_ANY = ""
"""The gate of all families: a server that cannot be reached is one for each of them."""

Told = Callable[[FailureKind, float], None]
"""Hears why a call has to wait, and for how long it is thought to."""


@dataclass
class _Gate:
    why: FailureKind = FailureKind.RATE_LIMITED
    until: float = 0.0
    """On the loop's clock."""
    probing: bool = False
    """Whether one call alone goes first when it opens."""
    probe_out: bool = False
    probes: int = 0
    overloads: deque[float] = field(default_factory=lambda: deque[float](maxlen=BREAKER_FAILURES))
    most: int | None = None
    """Calls at once, where the server asked for a slower start."""


class Limiter:
    """One for a run, asked by every model call."""

    def __init__(self, probe_s: float = 1.0) -> None:
        """`probe_s` is the wait before a first probe of an overloaded family; it doubles up to 30 times that."""
        self._probe_s = probe_s
        self._gates: dict[str, _Gate] = {}
        self._in_flight = Counter[str]()
        self._changed = asyncio.Event()
        self._opened: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def call(self, family: str, told: Told) -> AsyncGenerator[None]:
        """The time of one call. The gate learns from the CallError that is raised within, or that none is."""
        probed = await self._enter(family, told)
        try:
            yield
        except CallError as error:
            self._failed(family, error)
            raise
        else:
            self._succeeded(family)
        finally:
            self._in_flight[family] -= 1
            for gate in probed:
                gate.probe_out = False
            self._wake()

    async def wait(self, family: str, seconds: float) -> None:
        """Waits that long, or until a person has the family's gate opened."""
        opened = self._opened.setdefault(family, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await opened.wait()

    def open(self, family: str) -> None:
        """Lets the calls that wait go on at once: a person says so."""
        for name in (_ANY, family):
            self._gate(name).until = 0.0
        self._opened.pop(family, asyncio.Event()).set()
        self._wake()

    def _gate(self, name: str) -> _Gate:
        return self._gates.setdefault(name, _Gate())

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _enter(self, family: str, told: Told) -> list[_Gate]:
        """Waits until the call may be made; answers the gates whose one probe it is."""
        while (shut := self._shut(family)) is not None:
            why, seconds = shut
            told(why, seconds)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._changed.wait()
        probed = [gate for name in (_ANY, family) if (gate := self._gate(name)).probing]
        for gate in probed:
            gate.probe_out = True
        self._in_flight[family] += 1
        return probed

    def _shut(self, family: str) -> tuple[FailureKind, float] | None:
        """Why a call may not be made now, and for how long at least; None when it may."""
        now = asyncio.get_running_loop().time()
        for name in (_ANY, family):
            gate = self._gate(name)
            if gate.until > now:
                return gate.why, gate.until - now
            crowded = gate.most is not None and self._in_flight[family] >= gate.most
            if gate.probe_out or crowded:
                # It ends when a call does; the time is a guess that is looked at again.
                return gate.why, LONGEST_PROBE_S
        return None

    def _succeeded(self, family: str) -> None:
        for name in (_ANY, family):
            gate = self._gate(name)
            gate.probing, gate.probes = False, 0
            gate.overloads.clear()
            if gate.most is not None:
                gate.most += 1

    def _failed(self, family: str, error: CallError) -> None:
        now = asyncio.get_running_loop().time()
        gate = self._gate(_ANY if error.kind is FailureKind.OFFLINE else family)
        match error.kind:
            case FailureKind.RATE_LIMITED:
                if error.code == RAMP_LIMIT:
                    gate.most = max(1, self._in_flight[family] // 2)
                self._hold(gate, error.kind, now + error.wait_s)
            case FailureKind.OFFLINE:
                gate.probing = True
                self._hold(gate, error.kind, now + error.wait_s)
            case FailureKind.OVERLOADED:
                gate.overloads.append(now)
                if gate.probing or self._tripped(gate, now):
                    gate.probing = True
                    probe = min(self._probe_s * 2**gate.probes, self._probe_s * LONGEST_PROBE_S)
                    gate.probes += 1
                    self._hold(gate, error.kind, now + max(error.wait_s, probe))
            case _:
                pass

    @staticmethod
    def _tripped(gate: _Gate, now: float) -> bool:
        return len(gate.overloads) == BREAKER_FAILURES and now - gate.overloads[0] <= BREAKER_WINDOW_S

    @staticmethod
    def _hold(gate: _Gate, why: FailureKind, until: float) -> None:
        """Shuts a gate; a longer wait that stands is kept."""
        if until > gate.until:
            gate.why, gate.until = why, until
