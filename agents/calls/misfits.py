"""Answers that do not fit their schema, counted: a batch that fails alike three times is not paid for further."""

from agents.calls.call_errors import CallError
from sessions.failures import FailureKind

MOST_ALIKE = 3
"""So many answers of one kind may fail in just the same way, one after another."""


class Misfits:
    """One for a run: what the last answers of each kind were found wrong with."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, int]] = {}

    def check(self, reply: str) -> None:
        """Raises CallError (invalid_output) where another answer of the kind would only fail like those before."""
        problem, times = self._last.get(reply, ("", 0))
        if times >= MOST_ALIKE:
            message = f"{times} answers in a row failed alike, so no other is asked for. {problem}"
            raise CallError(FailureKind.INVALID_OUTPUT, message)

    def failed(self, reply: str, problem: str) -> None:
        """An answer did not fit, after its repair."""
        known, times = self._last.get(reply, ("", 0))
        self._last[reply] = (problem, times + 1 if problem == known else 1)

    def fitted(self, reply: str) -> None:
        """An answer did fit."""
        self._last.pop(reply, None)

    def forgive(self) -> None:
        """Begins to count anew: a person wants another attempt."""
        self._last.clear()
