"""What can go wrong with an attempt, as a typed record."""

from enum import StrEnum

from pydantic import Field

from sessions.findings import Finding
from sessions.model import Record


class FailureKind(StrEnum):
    """Every kind of failure.

    What each looks like on the wire is in `agents/calls/call_errors.py`, what follows in `agents/policy.py`.
    """

    TIMEOUT = "timeout"
    NO_RESULTS = "no_results"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    API_ERROR = "api_error"
    OFFLINE = "offline"
    STREAM_DROPPED = "stream_dropped"
    TRUNCATED = "truncated"
    PROTOCOL = "protocol"
    INVALID_OUTPUT = "invalid_output"
    REFUSED = "refused"
    CONTEXT_OVERFLOW = "context_overflow"
    MAX_TURNS = "max_turns"
    BUDGET_EXCEEDED = "budget_exceeded"
    BILLING = "billing"
    AUTH = "auth"
    PERMISSION = "permission"
    NOT_FOUND = "not_found"
    INVALID_REQUEST = "invalid_request"
    TOOL_ERROR = "tool_error"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


STOPS_EVERYTHING = frozenset(
    {FailureKind.BILLING, FailureKind.AUTH, FailureKind.PERMISSION, FailureKind.NOT_FOUND}
)
"""Kinds that no other spoke can escape: the run stops, saved, and resumes when they are mended."""


class Failure(Record):
    """What went wrong, what it left, and what could be tried next."""

    kind: FailureKind
    message: str
    spoke: str = ""
    attempt: int = 0
    query: str = ""
    http_status: int | None = None
    request_id: str | None = None
    retry_after_s: float | None = None
    partial: tuple[Finding, ...] = ()
    alternatives: tuple[str, ...] = ()
    retryable: bool = False
    tokens: int = 0
    seconds: float = 0.0
    held_s: float = Field(default=0.0, exclude_if=lambda seconds: not seconds)
    """How long its last calls, to which no reply came, waited at the gate that all of their model family share."""
