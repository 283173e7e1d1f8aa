"""What a server can be told to do to one request besides answering it: faults, holds and cuts, each plain data.

`at` places an act in the stream of events of a reply (pings are not counted) as an index does in a list: 0 is
before `message_start`, -1 before `message_stop`, -2 before `message_delta`. What has an `at` leaves a request that
does not stream alone.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

KIND_OF_STATUS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""The `error.type` of a status; any other status is an `api_error`."""


@dataclass(frozen=True)
class HttpFault:
    """Answers with a status instead of a reply.

    The body is the API's error of that status, with `error_code` among its details, unless `body` gives another
    (an HTML page of a proxy, say, whose `content-type` belongs in `headers`).
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    message: str = "scripted fault"
    error_code: str = ""
    body: str | None = None


@dataclass(frozen=True)
class Barrier:
    """Answers none of the requests it meets until as many of them as the gate wants wait at once."""

    gate: asyncio.Barrier


@dataclass(frozen=True)
class Refuse:
    """Turns the reply into a refusal after `keep` characters of its text; its tool calls are gone."""

    category: str = "cyber"
    explanation: str = "This request was declined."
    keep: int = 0


@dataclass(frozen=True)
class MaxTokens:
    """Stops the reply with `max_tokens` after `keep` characters of its last block: in the midst of JSON, or of a
    tool's input."""

    keep: int = 20


@dataclass(frozen=True)
class Drop:
    """Closes the socket in the stream, without the terminating chunk."""

    at: int = 3


@dataclass(frozen=True)
class CleanEnd:
    """Ends the response properly, but before the reply is whole."""

    at: int = -1


@dataclass(frozen=True)
class ErrorEvent:
    """Ends the stream, which began with status 200, with an `error` event."""

    at: int = 1
    kind: str = "overloaded_error"
    message: str = "Overloaded"


@dataclass(frozen=True)
class Garble:
    """Writes bytes that the API would not into the stream, and goes on."""

    data: bytes
    at: int = 1


@dataclass(frozen=True)
class Stall:
    """Holds the stream until the event is set; with `ping_every` (seconds) it sends pings meanwhile."""

    release: asyncio.Event
    at: int = 3
    ping_every: float | None = None


StreamAct = Drop | CleanEnd | ErrorEvent | Garble | Stall
ReplyAct = Refuse | MaxTokens | StreamAct
Act = HttpFault | Barrier | ReplyAct
