"""The hard caps of a run (money, tokens, turns, minutes), with a reserve that always pays for the report.

Every conversation has an account. Before it asks for a turn, the account sets aside what that turn is expected to
take and what the answer after it will: so a budget that runs out ends in answers, not in conversations cut off.
"""

import asyncio
import contextlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from agents.call_errors import CallError
from agents.limiter import Told
from sessions.events import Limits, Usage
from sessions.failures import FailureKind

RESEARCH = 0.8
CHECKING = 0.92
WHOLE = 1.0
"""The share of a run's caps that its research, then its verification, then its report may come to."""

ASKED_AGAIN_S = 60.0
"""How long a conversation waits for room before it looks again, where nothing became free."""


@dataclass(eq=False)
class Account:
    """What one conversation has set aside."""

    share: float
    turn: Usage = field(default_factory=Usage)
    """For the turn that is under way, or comes next."""
    answer: Usage = field(default_factory=Usage)
    """For the answer after it."""
    began: bool = False

    def settle(self) -> None:
        """The turn is over, and counted."""
        self.turn = Usage()


class Budget:
    """What a run has used of its caps. One for a run, told of every reply."""

    def __init__(self, limits: Limits, used: Usage, clock: Callable[[], float] = lambda: 0.0) -> None:
        """`clock` tells the seconds that the run has been worked on, without those it waited for a person."""
        self._limits = limits
        self._used = used
        self._clock = clock
        self._accounts: list[Account] = []
        self._freed = asyncio.Event()

    def add(self, usage: Usage) -> None:
        """Counts one reply."""
        self._used += usage

    @contextmanager
    def account(self, share: float) -> Generator[Account]:
        """An account for one conversation; what it has set aside is free again when it ends."""
        account = Account(share)
        self._accounts.append(account)
        try:
            yield account
        finally:
            self._accounts.remove(account)
            self._freed.set()
            self._freed = asyncio.Event()

    async def begin(self, account: Account, turn: Usage, answer: Usage, told: Told) -> None:
        """Claims room for a conversation's first turn, and waits for it as long as others may leave some.

        Raises CallError (budget_exceeded) when there is none and nobody else is under way.
        """
        while True:
            try:
                self.claim(account, turn, answer)
                return
            except CallError:
                if not any(other.began for other in self._accounts):
                    raise
            told(FailureKind.BUDGET_EXCEEDED, ASKED_AGAIN_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ASKED_AGAIN_S):
                    await self._freed.wait()

    def claim(self, account: Account, turn: Usage, answer: Usage) -> bool:
        """Sets aside what the next turn and the answer after it are to take; False if it has to be the answer.

        Raises CallError (budget_exceeded) where there is room for neither. A conversation that has begun always
        gets its answer, and one of the coordinator's own with no other under way may pass its share by one reply:
        only what is used up altogether stops them.
        """
        others = Usage()
        for other in self._accounts:
            others += other.turn + other.answer if other is not account else Usage()
        for next_turn in (turn, Usage()):
            goes_on = next_turn is turn
            # A first turn of research without an answer after it would be paid for nothing.
            if not goes_on and not account.began and account.share == RESEARCH:
                break
            if not self._short(self._used + others + next_turn + answer, account.share):
                account.turn, account.answer, account.began = next_turn, answer, True
                return goes_on
        share = WHOLE if account.began else account.share
        alone = account.share > RESEARCH and not others.turns
        if (account.began or alone) and not self._spent(share):
            account.turn, account.answer, account.began = Usage(), answer, True
            return False
        raise CallError(FailureKind.BUDGET_EXCEEDED, self.spent(account.share) or self.standing())

    def spent(self, share: float) -> str:
        """What is used up of that share, in a sentence; empty while a further reply may be asked for."""
        if self.seconds_left(share) <= 0:
            return self._sentence("minutes")
        what = self._spent(share)
        return self._sentence(what) if what else ""

    def standing(self, what: str = "") -> str:
        """How a cap stands, in a sentence: the one named, or the one that is used up most."""
        parts = self._parts(self._used)
        return self._sentence(what or max(parts, key=lambda cap: parts[cap]))

    def seconds_left(self, share: float) -> float:
        """How long the run may still be worked on."""
        return 60 * self._limits.max_minutes * share - self._clock()

    def _spent(self, share: float) -> str:
        """The cap that nothing more fits under."""
        return self._short(self._used + Usage(turns=1, output_tokens=1), share)

    def _short(self, usage: Usage, share: float) -> str:
        """The first cap whose share that much would pass."""
        return next((what for what, part in self._parts(usage).items() if part > share), "")

    def _parts(self, usage: Usage) -> dict[str, float]:
        """How much of each cap that is."""
        limits = self._limits
        return {
            "usd": usage.usd / limits.max_usd,
            "tokens": usage.tokens / limits.max_tokens,
            "turns": usage.turns / limits.max_turns,
        }

    def _sentence(self, what: str) -> str:
        limits, used = self._limits, self._used
        told = {
            "usd": f"${used.usd:.2f} of its ${limits.max_usd:.2f}",
            "tokens": f"{used.tokens:,} of its {limits.max_tokens:,} tokens",
            "turns": f"{used.turns:,} of its {limits.max_turns:,} turns",
            "minutes": f"{self._clock() / 60:.1f} of its {limits.max_minutes:g} minutes",
        }[what]
        return f"The run has used {told}; what is left pays for its report (--max-{what} sets the cap)."
