"""Faults before a stream: nobody answers, what answers is not HTTP, or it answers with an error."""

from dataclasses import replace

from sessions.failures import FailureKind as Kind

from .fault import IMPATIENT, Fault, lasting, passing
from .server import Do
from .wire import STREAM, error, html, http

LONG = "prompt is too long: 1000321 tokens > 1000000 maximum"
SPENT = "enforced_spend_limit_reached"


def _limited(name: str, **headers: str) -> Fault:
    return passing(name, Kind.RATE_LIMITED, 4, error(429, "rate_limit_error", **headers), 429)


def _unheard(fault: Fault) -> Fault:
    """The fault as one that came without a request id."""
    return replace(fault, request_id=None)


STATUSES = (
    lasting("400", Kind.INVALID_REQUEST, error(400, "invalid_request_error"), 400),
    lasting("400 too long", Kind.CONTEXT_OVERFLOW, error(400, "invalid_request_error", LONG), 400),
    lasting("413", Kind.CONTEXT_OVERFLOW, error(413, "request_too_large"), 413),
    lasting("422", Kind.INVALID_REQUEST, error(422, "invalid_request_error"), 422),
    lasting("402", Kind.BILLING, error(402, "billing_error"), 402),
    lasting("400 spend limit", Kind.BILLING, error(400, "invalid_request_error", code=SPENT), 400),
    lasting("429 spend limit", Kind.BILLING, error(429, "rate_limit_error", code=SPENT, retry_after="9"), 429),
    lasting("401", Kind.AUTH, error(401, "authentication_error"), 401),
    lasting("403", Kind.PERMISSION, error(403, "permission_error"), 403),
    lasting("404", Kind.NOT_FOUND, error(404, "not_found_error"), 404),
    passing("408", Kind.API_ERROR, 4, error(408, "timeout_error"), 408),
    passing("409", Kind.API_ERROR, 4, error(409, "conflict_error"), 409),
    _limited("429"),
    _limited("429 at once", retry_after="0"),
    _limited("429 a moment", retry_after="0.02"),
    _limited("429 a date gone by", retry_after="Wed, 21 Oct 2015 07:28:00 GMT"),
    _limited("429 nan", retry_after="nan"),
    _limited("429 negative", retry_after="-5"),
    _limited("429 nonsense", retry_after="soon"),
    passing("429 ramp", Kind.RATE_LIMITED, 4, error(429, "rate_limit_error", code="ramp_limit_exceeded"), 429),
    passing("500", Kind.API_ERROR, 4, error(500, "api_error"), 500),
    passing("500 without a body", Kind.API_ERROR, 4, http(500), 500),
    passing("500 cut short", Kind.API_ERROR, 4, http(500, b'{"type": "err', content_length="13"), 500),
    _unheard(passing("502 html", Kind.API_ERROR, 4, html(502), 502)),
    passing("503", Kind.API_ERROR, 4, error(503, "api_error"), 503),
    passing("504", Kind.API_ERROR, 4, error(504, "timeout_error"), 504),
    passing("529", Kind.OVERLOADED, 4, error(529, "overloaded_error"), 529),
)


def _offline(name: str, url: str) -> Fault:
    return Fault(name=name, kind=Kind.OFFLINE, tries=4, retryable=True, url=url, request_id=None)


CONNECTIONS = (
    _offline("refused", "http://127.0.0.1:9"),
    _offline("no such name", "http://no-such-host.invalid"),
    _offline("TLS to a plain port", "https://127.0.0.1:PORT"),
    _unheard(passing("closed unanswered", Kind.STREAM_DROPPED, 3, ())),
    _unheard(passing("reset unanswered", Kind.STREAM_DROPPED, 3, (Do.RESET,))),
    _unheard(passing("half a head", Kind.STREAM_DROPPED, 3, (b"HTTP/1.1 200 OK\r\ncontent-ty",))),
    _unheard(passing("not HTTP", Kind.PROTOCOL, 3, (b"220 mail.example ESMTP ready\r\n\r\n",))),
    _unheard(passing("a status of letters", Kind.PROTOCOL, 3, (b"HTTP/1.1 two hundred OK\r\n\r\n",))),
    _unheard(passing("a size of a chunk that is none", Kind.PROTOCOL, 3, (STREAM + b"xyz\r\nevent",))),
    replace(_unheard(passing("no answer at all", Kind.TIMEOUT, 3, (Do.HOLD,))), limits=IMPATIENT),
)
