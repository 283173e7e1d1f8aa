"""The hard caps of a run (money, tokens, turns, minutes), with a reserve that always pays for the report.

Every conversation has an account. Before it asks for a turn, the account sets aside what that turn is expected to
take and what the answer after it will: so a budget that runs out ends in answers, not in conversations cut off.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from agents.call_errors import CallError
from sessions.events import Limits, Usage
from sessions.failures import FailureKind

RESEARCH = 0.8
CHECKING = 0.92
WHOLE = 1.0
"""The share of a run's caps that its research, then its verification, then its report may come to."""


@dataclass(eq=False)
class Account:
    """What one conversation has set aside."""

    share: float
    held: Usage = field(default_factory=Usage)
    began: bool = False


class Budget:
    """What a run has used of its caps. One for a run, told of every reply."""

    def __init__(self, limits: Limits, used: Usage, clock: Callable[[], float] = lambda: 0.0) -> None:
        """`clock` tells the seconds that the run has been worked on, without those it waited for a person."""
        self._limits = limits
        self._used = used
        self._clock = clock
        self._accounts: list[Account] = []

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

    def claim(self, account: Account, turn: Usage, answer: Usage) -> bool:
        """Sets aside what the next turn and the answer after it are to take; False if it has to be the answer.

        Raises CallError (budget_exceeded) where there is room for neither. A conversation that has begun always
        gets its answer, and one of the coordinator's own with no other under way may pass its share by one reply:
        only what is used up altogether stops them.
        """
        others = Usage()
        for other in self._accounts:
            others += other.held if other is not account else Usage()
        for wanted, goes_on in ((turn + answer, True), (answer, False)):
            # A first turn of research without an answer after it would be paid for nothing.
            if not goes_on and not account.began and account.share == RESEARCH:
                break
            if not self._short(self._used + others + wanted, account.share):
                account.held, account.began = wanted, True
                return goes_on
        share = WHOLE if account.began else account.share
        alone = account.share > RESEARCH and not others.turns
        if (account.began or alone) and not self._spent(share):
            account.held, account.began = answer, True
            return False
        raise CallError(FailureKind.BUDGET_EXCEEDED, self.spent(account.share) or self._sentence(self._tightest()))

    def spent(self, share: float) -> str:
        """What is used up of that share, in a sentence; empty while a further reply may be asked for."""
        if self.seconds_left(share) <= 0:
            return self._sentence("minutes")
        what = self._spent(share)
        return self._sentence(what) if what else ""

    def seconds_left(self, share: float) -> float:
        """How long the run may still be worked on."""
        return 60 * self._limits.max_minutes * share - self._clock()

    def _spent(self, share: float) -> str:
        """The cap that nothing more fits under."""
        return self._short(self._used + Usage(turns=1, output_tokens=1), share)

    def _short(self, usage: Usage, share: float) -> str:
        """The first cap whose share that much would pass."""
        return next((what for what, part in self._parts(usage).items() if part > share), "")

    def _tightest(self) -> str:
        parts = self._parts(self._used)
        return max(parts, key=lambda what: parts[what])

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
