"""The gate before every model call of a run: who may ask now, so that what one spoke is told holds for all.

A 429 holds its model family until the server's `retry-after` is over. Three 529s within 30 s, or a server that
cannot be reached, shut the gate behind one probe: the others wait for what becomes of it. Where there is a shared
gate, the other runs hear of it, each sends a probe of its own, and all together ask no more at once than is set.
No call fails by hearsay: where another run was told to wait for longer than one can, that one asks the server.
"""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from agents.calls.call_errors import CallError
from agents.calls.shared_gate import SharedGate
from sessions.failures import FailureKind

BREAKER_FAILURES = 3
BREAKER_WINDOW_S = 30.0
LONGEST_PROBE = 30
"""The longest wait before a probe, in first waits."""

LOOK_AGAIN_S = 30.0
"""How long a call waits for what becomes of another, before it looks again."""

LONG_S = 0.5
"""A call that waits so long for a place says so: most get one sooner."""

RAMP_LIMIT = "ramp_limit_exceeded"

_PROBED = (FailureKind.OFFLINE, FailureKind.OVERLOADED)
"""After these, one call goes first."""

_ANY = ""
"""The gate of all families: a server that cannot be reached is one for each of them."""

Told = Callable[[FailureKind | None, float, bool], None]
"""Hears why a call has to wait, for how long, and whether that is known: else it is looked at again then.

What it waits for is what a call met, or None: a place. Raises CallError where it cannot wait for so long.
"""


@dataclass(eq=False)
class _Gate:
    why: FailureKind = FailureKind.RATE_LIMITED
    until: float = 0.0
    """On the loop's clock."""
    heard_why: FailureKind = FailureKind.RATE_LIMITED
    heard_until: float = 0.0
    """What another run was told to wait for, and until when; on the loop's clock, which nobody sets."""
    probing: bool = False
    """Whether one call alone goes first when it opens."""
    probe_out: bool = False
    probes: int = 0
    overloads: deque[float] = field(default_factory=lambda: deque[float](maxlen=BREAKER_FAILURES))
    most: int | None = None
    """Calls at once, where the server asked for a slower start."""


class _Wait(NamedTuple):
    """What a call has to wait for, and for how long; `heard` is the gate of which only another run was told so."""

    why: FailureKind | None
    seconds: float
    known: bool
    heard: _Gate | None = None


class Limiter:
    """One for a run, asked by every model call."""

    def __init__(self, probe_s: float = 1.0, shared: SharedGate | None = None) -> None:
        """`probe_s` is the wait before a first probe of an overloaded family; it doubles up to 30 times that."""
        self._probe_s = probe_s
        self._shared = shared
        self._gates: dict[str, _Gate] = {}
        self._in_flight = Counter[str]()
        self._changed = asyncio.Event()
        self._opened: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def call(self, family: str, told: Told) -> AsyncGenerator[Callable[[], None]]:
        """The time of one call. The gate learns from the CallError that is raised within, or that none is.

        What it yields is to be called when the server has answered anything: it can be reached, then.
        """
        probed, leave = await self._enter(family, told)
        try:
            yield lambda: self._reached(probed)
        except CallError as error:
            self._failed(family, error, probed)
            raise
        else:
            self._succeeded(family, probed)
        finally:
            leave()
            self._in_flight[family] -= 1
            for gate in probed:
                gate.probe_out = False
            self._wake()

    async def wait(self, family: str, seconds: float) -> bool:
        """Waits that long, or until a person has the family's gate opened, which it answers."""
        opened = self._opened.setdefault(family, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await opened.wait()
        return False

    def open(self, family: str) -> None:
        """Lets a call that waits go at once, as a person says; the others wait for what becomes of it."""
        for name in (_ANY, family):
            gate = self._gate(name)
            gate.until = gate.heard_until = 0.0
        self._gate(family).probing = True
        self._opened.pop(family, asyncio.Event()).set()
        self._wake()

    def _gate(self, name: str) -> _Gate:
        return self._gates.setdefault(name, _Gate())

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _enter(self, family: str, told: Told) -> tuple[list[_Gate], Callable[[], None]]:
        """Waits until the call may be made; answers the gates whose probe it is, and what to do when it ends."""
        await self._opened_gate(family, told)
        leave = _nothing
        while self._shared is not None:
            with _while_it_takes_long(lambda: told(None, LOOK_AGAIN_S, False)):
                leave = (await self._shared.place()).release
            # Until there was a place, the gate may have been shut.
            if self._shut(family) is None:
                break
            leave()
            await self._opened_gate(family, told)
        probed = [gate for name in (_ANY, family) if (gate := self._gate(name)).probing]
        for gate in probed:
            gate.probe_out = True
        self._in_flight[family] += 1
        return probed, leave

    async def _opened_gate(self, family: str, told: Told) -> None:
        while (shut := self._shut(family)) is not None:
            try:
                told(shut.why, shut.seconds, shut.known)
            except CallError:
                if shut.heard is None:
                    raise
                # It asks for itself, and the others wait for what becomes of it.
                shut.heard.heard_until, shut.heard.probing = 0.0, True
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(shut.seconds):
                    await self._changed.wait()

    def _shut(self, family: str) -> _Wait | None:
        """Why a call may not be made now; None when it may."""
        now = asyncio.get_running_loop().time()
        self._hear(now)
        for name in (_ANY, family):
            gate = self._gate(name)
            if gate.until > now:
                return _Wait(gate.why, gate.until - now, True)
            if gate.heard_until > now:
                return _Wait(gate.heard_why, gate.heard_until - now, True, gate)
            if gate.probe_out:
                return _Wait(gate.why, LOOK_AGAIN_S, False)
            if gate.most is not None and self._in_flight[family] >= gate.most:
                return _Wait(None, LOOK_AGAIN_S, False)
        return None

    def _hear(self, now: float) -> None:
        """Shuts the gates that other runs were told to shut."""
        for family, hold in self._shared.news().items() if self._shared else ():
            gate = self._gate(family)
            gate.probing = gate.probing or hold.why in _PROBED
            gate.heard_why, gate.heard_until = hold.why, now + hold.left()

    def _tell(self, family: str, why: FailureKind, wait_s: float) -> None:
        """Shuts a gate, here and in the other runs."""
        self._hold(self._gate(family), why, asyncio.get_running_loop().time() + wait_s)
        if self._shared is not None:
            self._shared.tell(family, why, wait_s)

    def _reached(self, probed: list[_Gate]) -> None:
        gate = self._gate(_ANY)
        if gate in probed:
            # From here on it is another's to probe.
            probed.remove(gate)
            gate.probing = gate.probe_out = False
            self._wake()

    def _succeeded(self, family: str, probed: list[_Gate]) -> None:
        for gate in probed:
            gate.probing, gate.probes = False, 0
            gate.overloads.clear()
        if (gate := self._gate(family)).most is not None:
            gate.most += 1

    def _failed(self, family: str, error: CallError, probed: list[_Gate]) -> None:
        now = asyncio.get_running_loop().time()
        if error.http_status is not None:
            self._reached(probed)
        name = _ANY if error.kind is FailureKind.OFFLINE else family
        gate = self._gate(name)
        match error.kind:
            case FailureKind.RATE_LIMITED:
                if error.code == RAMP_LIMIT:
                    gate.most = max(1, self._in_flight[family] // 2)
                self._tell(name, error.kind, error.wait_s)
            case FailureKind.OFFLINE:
                gate.probing = True
                self._tell(name, error.kind, error.wait_s)
            case FailureKind.OVERLOADED:
                gate.overloads.append(now)
                wait = error.wait_s
                # What was in flight when the breaker opened tells it nothing new.
                if gate in probed or (not gate.probing and self._tripped(gate, now)):
                    wait = max(wait, self._probe_s * min(2**gate.probes, LONGEST_PROBE))
                    gate.probing, gate.probes = True, gate.probes + 1
                if gate.probing:
                    self._tell(name, error.kind, wait)
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


@contextmanager
def _while_it_takes_long(tell: Callable[[], None]) -> Generator[None]:
    """Tells, after a moment and then now and again, that what is within still waits."""
    loop = asyncio.get_running_loop()

    def again() -> None:
        nonlocal telling
        tell()
        telling = loop.call_later(LOOK_AGAIN_S, again)

    telling = loop.call_later(LONG_S, again)
    try:
        yield
    finally:
        telling.cancel()


def _nothing() -> None:
    """Gives back what was not taken."""
