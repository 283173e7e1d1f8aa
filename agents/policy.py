"""What follows from each kind of failure: the one table that says what is tried again, where, and how changed.

Tries are requests for one turn, repeated inside the attempt, whose transcript they keep; attempts are the spoke's,
each a new conversation. Policy adds an attempt only where its brief differs from the last: what is transient
is tried again where nothing of what was paid for is lost. Kinds that stand in `sessions.failures.STOPS_EVERYTHING`
end the run, saved. Source of the tries: raw faults measured against anthropic 2.11.
"""

from dataclasses import dataclass
from typing import Literal

from sessions.failures import FailureKind

MAX_TRIES = 4
"""Requests for one turn, at most."""

RETRIES = 2
"""Attempts that policy may add to a spoke. A person's retry and a resume spend none."""


@dataclass(frozen=True)
class Policy:
    """What is done about one kind of failure by itself."""

    tries: int = 1
    change: Literal["", "narrower", "broader"] = ""
    """How the brief of a further attempt differs; empty where policy adds none."""
    retries: int = 0
    """Attempts that policy adds for it, at most."""
    helps: bool = False
    """Whether a person's retry, with nothing changed, may help."""


_TRANSIENT = Policy(tries=MAX_TRIES, helps=True)
_BROKEN = Policy(tries=3, helps=True)
_TOO_MUCH = Policy(change="narrower", retries=RETRIES, helps=True)
_HOPELESS = Policy()

POLICIES: dict[FailureKind, Policy] = {
    FailureKind.RATE_LIMITED: _TRANSIENT,
    FailureKind.OVERLOADED: _TRANSIENT,
    FailureKind.API_ERROR: _TRANSIENT,
    FailureKind.OFFLINE: _TRANSIENT,
    FailureKind.STREAM_DROPPED: _BROKEN,
    FailureKind.TRUNCATED: _BROKEN,
    FailureKind.PROTOCOL: _BROKEN,
    FailureKind.TIMEOUT: Policy(tries=3, change="narrower", retries=RETRIES, helps=True),
    FailureKind.MAX_TURNS: _TOO_MUCH,
    FailureKind.BUDGET_EXCEEDED: Policy(change="narrower", retries=RETRIES),
    FailureKind.CONTEXT_OVERFLOW: Policy(change="narrower", retries=1),
    FailureKind.NO_RESULTS: Policy(change="broader", retries=RETRIES),
    FailureKind.INVALID_OUTPUT: Policy(helps=True),
    FailureKind.CANCELLED: Policy(helps=True),
    FailureKind.TOOL_ERROR: Policy(helps=True),
    FailureKind.REFUSED: _HOPELESS,
    FailureKind.INVALID_REQUEST: _HOPELESS,
    FailureKind.BILLING: _HOPELESS,
    FailureKind.AUTH: _HOPELESS,
    FailureKind.PERMISSION: _HOPELESS,
    FailureKind.NOT_FOUND: _HOPELESS,
    FailureKind.UNKNOWN: _HOPELESS,
}
"""Every kind of failure has its row."""
