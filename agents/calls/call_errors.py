"""Every way a call to a model can go wrong, and the kind of failure it is.

The specification is the table of raw faults measured against anthropic 2.11: the SDK never retries once a stream
has begun, and several faults are no `anthropic.APIError` at all.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import anthropic
import httpx2

from agents.policy import POLICIES
from sessions.failures import FailureKind
from sessions.redact import redact

LONGEST_MESSAGE = 500
"""Characters of what went wrong; a server may say any number."""

LONGEST_RETRY_AFTER_S = 7 * 86_400.0
"""A server that asks for more is taken to mean this."""

RAW_FAULTS = (
    anthropic.APIError,
    httpx2.HTTPError,
    json.JSONDecodeError,
    UnicodeDecodeError,
    ValueError,
    AssertionError,
    IndexError,
)
"""What a model call may raise, besides cancellation."""


@dataclass(eq=False)
class CallError(Exception):
    """What went wrong with one try, and its kind; `tries` is how many requests a turn may make for it.

    The message is one line without secrets: a server may echo the key it was asked with.
    `code` is the API's own name for it, where it has one; `wait_s` how long the next try is going to wait.
    """

    kind: FailureKind
    message: str
    http_status: int | None = None
    request_id: str | None = None
    retry_after_s: float | None = None
    tries: int = 1
    code: str = ""
    wait_s: float = 0.0

    def __post_init__(self) -> None:
        self.message = " ".join(redact(self.message).split())[:LONGEST_MESSAGE]

    def __str__(self) -> str:
        return self.message


def call_error(kind: FailureKind, message: str) -> CallError:
    """What the attempt itself noticed, with the tries that its kind allows."""
    return CallError(kind, message, tries=POLICIES[kind].tries)


def empty_reply() -> CallError:
    """A 200 with no reply in it, such as a proxy's page; asking once more is enough."""
    return CallError(FailureKind.PROTOCOL, "The server answered 200 without a reply in it.", tries=2)


def classify(error: BaseException) -> CallError:
    """The error behind an exception of the SDK or its transport; anything unheard of is `unknown`."""
    if isinstance(error, CallError):
        return error
    if isinstance(error, anthropic.APIStatusError):
        return _status(error)
    if isinstance(error, anthropic.APIConnectionError):
        return _connection(error)
    if isinstance(error, httpx2.TimeoutException):
        return call_error(FailureKind.TIMEOUT, "The server did not answer in time.")
    if isinstance(error, httpx2.DecodingError):
        return call_error(FailureKind.PROTOCOL, f"The reply could not be read ({_first_line(error)}).")
    if isinstance(error, httpx2.HTTPError):
        return call_error(FailureKind.STREAM_DROPPED, "The connection broke in the middle of the reply.")
    if isinstance(error, AssertionError):
        return empty_reply()
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | ValueError | IndexError):
        return call_error(FailureKind.PROTOCOL, f"The reply could not be read ({_first_line(error)}).")
    if isinstance(error, anthropic.APIResponseValidationError):
        return call_error(FailureKind.PROTOCOL, f"The reply could not be read ({_first_line(error)}).")
    if isinstance(error, anthropic.AnthropicError):
        return CallError(FailureKind.AUTH, _first_line(error))
    return CallError(FailureKind.UNKNOWN, f"{type(error).__name__}: {_first_line(error)}")


def _connection(error: anthropic.APIConnectionError) -> CallError:
    """What the SDK reports of a request that got no response; what it was is in the causes."""
    cause = error.__cause__
    raw = cause.__cause__ if cause is not None else None
    if isinstance(cause, httpx2.TimeoutException) and not isinstance(cause, httpx2.ConnectTimeout):
        return call_error(FailureKind.TIMEOUT, "The server did not answer in time.")
    if isinstance(cause, aiohttp.ClientResponseError):
        return call_error(FailureKind.PROTOCOL, f"The server's answer is no HTTP ({cause.message}).")
    reached = isinstance(raw, aiohttp.ClientConnectionError) and not isinstance(raw, aiohttp.ClientConnectorError)
    if reached and not isinstance(cause, httpx2.ConnectTimeout):
        return call_error(FailureKind.STREAM_DROPPED, "The connection broke before the reply.")
    return call_error(FailureKind.OFFLINE, f"The server could not be reached ({_first_line(cause or error)}).")


_EVENT_KINDS = {
    "authentication_error": FailureKind.AUTH,
    "permission_error": FailureKind.PERMISSION,
    "not_found_error": FailureKind.NOT_FOUND,
    "invalid_request_error": FailureKind.INVALID_REQUEST,
    "rate_limit_error": FailureKind.RATE_LIMITED,
}
"""An error event inside a stream carries the status 200 of the response it came in: its type tells."""


def _status(error: anthropic.APIStatusError) -> CallError:
    status = error.status_code
    code = error.error_code or ""
    kind = _kind_of_status(status, error.type or "", code, error.api_message or "")
    message = error.api_message or f"The server answered HTTP {status}."
    found = call_error(kind, message)
    found.http_status = status
    found.request_id = error.request_id
    found.retry_after_s = retry_after(error.response.headers)
    found.code = code
    return found


def _kind_of_status(status: int, kind: str, code: str, message: str) -> FailureKind:
    if status == 402 or kind == "billing_error" or code.endswith("spend_limit_reached"):
        return FailureKind.BILLING
    if status == 529 or kind == "overloaded_error":
        return FailureKind.OVERLOADED
    outgrown = "too long" in message or ("exceed" in message and "context" in message)
    if status == 413 or kind == "request_too_large" or (outgrown and status in (200, 400)):
        return FailureKind.CONTEXT_OVERFLOW
    if status == 200 and kind in _EVENT_KINDS:
        return _EVENT_KINDS[kind]
    known = {
        400: FailureKind.INVALID_REQUEST,
        401: FailureKind.AUTH,
        403: FailureKind.PERMISSION,
        404: FailureKind.NOT_FOUND,
        429: FailureKind.RATE_LIMITED,
    }
    if status in known:
        return known[status]
    if status in (200, 408, 409) or status >= 500:
        return FailureKind.API_ERROR
    return FailureKind.INVALID_REQUEST if 400 <= status < 500 else FailureKind.UNKNOWN


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a `retry-after` header asks for, as such or as a date; None when it means nothing."""
    said = headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        try:
            until = parsedate_to_datetime(said)
        except (ValueError, OverflowError):
            return None
        seconds = max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else math.nan
    return min(seconds, LONGEST_RETRY_AFTER_S) if seconds >= 0 else None


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
