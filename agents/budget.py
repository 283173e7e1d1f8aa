"""The hard caps of a run, on turns and tokens, with a reserve that always pays for the report."""

from agents.call_errors import CallError
from sessions.events import Limits, Usage
from sessions.failures import FailureKind

RESERVE = 0.2
"""The share of a run's caps that research may not touch: it pays for verification and the report."""


class Budget:
    """What a run has used of its caps. One for a run, told of every reply."""

    def __init__(self, limits: Limits, used: Usage) -> None:
        self._limits = limits
        self._used = used

    def add(self, usage: Usage) -> None:
        """Counts one reply."""
        self._used += usage

    def spent(self, *, reserved: bool) -> str:
        """What is used up, in a sentence; empty while a further reply may be asked for.

        `reserved` is true for planning, verification and writing, which may use the reserve too.
        """
        share = 1.0 if reserved else 1.0 - RESERVE
        for what, used, limit in (
            ("turns", self._used.turns, self._limits.max_turns),
            ("tokens", self._used.tokens, self._limits.max_tokens),
        ):
            if used >= limit * share:
                kept = "" if reserved else f", {RESERVE:.0%} of it kept for the report"
                return f"The run has used {used:,} of its {limit:,} {what}{kept} (--max-{what} sets the cap)."
        return ""

    def check(self, *, reserved: bool) -> None:
        """Raises CallError (budget_exceeded) when no further reply may be asked for."""
        if sentence := self.spent(reserved=reserved):
            raise CallError(FailureKind.BUDGET_EXCEEDED, sentence)
