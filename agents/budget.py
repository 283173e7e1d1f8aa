"""The caps of a run (money, tokens, turns, minutes), with a reserve for verification and report.

Every conversation has an account. Before it asks for a turn, the account sets aside what that turn is expected to
take and what the answer after it will: so a budget that runs out ends in answers, not in conversations cut off. A
reply may take more than was expected; where no other is under way, one may pass a cap.
"""

import asyncio
import contextlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from agents.calls.call_errors import CallError
from agents.calls.limiter import Told
from sessions.events import Limits, Usage
from sessions.failures import FailureKind

RESEARCH = 0.8
CHECKING = 0.92
WHOLE = 1.0
"""The share of a run's caps that its research, then its verification, then its report may come to."""

LEAST_OUTPUT = 1_024
"""Tokens that a reply may have in any case."""

LEAST_SECONDS = 1.0
"""With less time left nothing more is asked for."""

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


class Budget:
    """What a run has used of its caps. One for a run, told of every reply."""

    def __init__(self, limits: Limits, used: Usage, clock: Callable[[], float] = lambda: 0.0) -> None:
        """`clock` tells the seconds that the run has been worked on, without those it waited for a person."""
        self._limits = limits
        self._used = used
        self._clock = clock
        self._accounts: list[Account] = []
        self._freed = asyncio.Event()
        self.longest_reply = 0
        """Output tokens of the longest reply so far: the next may come to as much."""

    def add(self, usage: Usage) -> None:
        """Counts one reply."""
        self._used += usage
        self.longest_reply = max(self.longest_reply, usage.output_tokens)

    @contextmanager
    def account(self, share: float) -> Generator[Account]:
        """An account for one conversation; what it has set aside is free again when it ends."""
        account = Account(share)
        self._accounts.append(account)
        try:
            yield account
        finally:
            self._accounts.remove(account)
            self._free()

    async def claim(self, account: Account, turn: Usage, answer: Usage, told: Told) -> bool:
        """Sets aside what the next turn and the answer after it are to take; False if it has to be the answer.

        Where there is room for neither, it waits as long as another call is under way and may leave some. A
        conversation that has begun gets its answer out of the reserve, and with no other under way one reply may
        pass the cap. Raises CallError (budget_exceeded) when all is used up, or research has not begun and would
        have no room for an answer.
        """
        while True:
            goes_on = self._room(account, turn, answer)
            if goes_on is not None:
                account.began = True
                account.turn, account.answer = (turn, answer) if goes_on else (answer, Usage())
                return goes_on
            if not any(other.turn.turns for other in self._accounts if other is not account):
                raise CallError(FailureKind.BUDGET_EXCEEDED, self.spent(account.share) or self.standing())
            told(FailureKind.BUDGET_EXCEEDED, ASKED_AGAIN_S, False)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ASKED_AGAIN_S):
                    await self._freed.wait()

    def settle(self, account: Account) -> None:
        """The turn is over, and counted."""
        account.turn = Usage()
        self._free()

    def most_output(self, usd_a_token: float) -> int:
        """The output tokens that one more reply may come to before the run's caps are passed."""
        under_way = self._used + Usage.total(account.turn for account in self._accounts)
        left = [float(self._limits.max_tokens - under_way.tokens)]
        if usd_a_token > 0:
            left.append((self._limits.max_usd - under_way.usd) / usd_a_token)
        return max(LEAST_OUTPUT, int(min(left)))

    def _room(self, account: Account, turn: Usage, answer: Usage) -> bool | None:
        """Whether the next reply may be a turn (True) or must be the answer (False); None for neither."""
        others = [other for other in self._accounts if other is not account]
        turns = Usage.total(other.turn for other in others)
        held = turns + Usage.total(other.answer for other in others)
        if not self._short(self._used + held + turn + answer, account.share):
            return True
        if not account.began and account.share == RESEARCH:
            return None  # a first turn of research without an answer after it would be paid for nothing
        if not self._short(self._used + held + answer, account.share):
            return False
        share = WHOLE if account.began else account.share
        fits = not self._short(self._used + turns + answer, share)
        alone = not turns.turns
        return False if (fits or alone) and not self._spent(share) else None

    def _free(self) -> None:
        self._freed.set()
        self._freed = asyncio.Event()

    def spent(self, share: float) -> str:
        """What is used up of that share, in a sentence; empty while a further reply may be asked for."""
        if self.seconds_left(share) < LEAST_SECONDS:
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
