"""The embedded engine behind the SDK's client: an HTTP transport that never opens a socket."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Literal

import httpx2
import orjson
from pydantic import ValidationError

from agents.embedded import mishaps
from agents.embedded.engine import reply
from agents.embedded.sse import Frame, frames, message_body
from agents.embedded.wire import BadRequestError, MessagesRequest

ErrorType = Literal["invalid_request_error", "not_found_error", "rate_limit_error", "api_error"]


class EmbeddedTransport(httpx2.AsyncBaseTransport):
    """Answers `POST /v1/messages` from the request alone; hand it to `httpx2.AsyncClient(transport=…)`.

    `pace` is the pause after each delta, in seconds; 0 is none. The same requests in the same order get the same
    bytes; made anew, one gets other ids, and what it meets of the `mishaps`.
    """

    def __init__(self, pace: float = 0.0, mishaps: mishaps.Mishaps | None = None) -> None:
        self._pace = pace
        self._mishaps = mishaps
        self._times: Counter[bytes] = Counter()
        """How often each request was made, by its hash."""

    def _digest(self, body: bytes) -> str:
        """What the ids of a reply are made of: another one each time that the same is asked."""
        asked = hashlib.sha256(body)
        times = self._times[asked.digest()] = self._times[asked.digest()] + 1
        if times > 1:
            asked.update(b" %d" % times)
        return asked.hexdigest()[:24]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The reply as a stream of events, or whole; what is wrong with the request as the API words it."""
        body = await request.aread()
        digest = self._digest(body)
        if request.url.path != "/v1/messages" or request.method != "POST":
            wanted = f"{request.method} {request.url.path}"
            return _error(404, "not_found_error", f"The embedded engine has no {wanted}.", digest)
        try:
            asked = MessagesRequest.model_validate_json(body)
            mishap = self._mishaps.befalls(asked) if self._mishaps else ""
            if mishap == "rate limit":
                message = f"The demo's rate limit: try again in {mishaps.RETRY_AFTER_S} s."
                return _error(429, "rate_limit_error", message, digest, retry_after=mishaps.RETRY_AFTER_S)
            # Reading passages takes a few tenths of a second: long enough to hold up the other spokes' streams.
            answer = await asyncio.to_thread(reply, asked)
        except ValidationError as error:
            return _error(400, "invalid_request_error", _problem(error), digest)
        except BadRequestError as error:
            return _error(400, "invalid_request_error", str(error), digest)
        except (
            Exception
        ) as error:  # whatever a document made it stumble over is a failed request, no lost connection
            return _error(500, "api_error", f"The embedded engine failed: {error!r}", digest)
        headers = {"request-id": f"req_{digest}"}
        if not asked.stream:
            content = orjson.dumps(message_body(asked, answer, f"msg_{digest}"))
            return httpx2.Response(200, headers=headers | {"content-type": "application/json"}, content=content)
        return httpx2.Response(
            200,
            headers=headers | {"content-type": "text/event-stream; charset=utf-8"},
            stream=_PacedStream(
                frames(asked, answer, f"msg_{digest}"),
                self._pace,
                silent_from=mishaps.SILENT_FROM if mishap == "silence" else None,
            ),
        )


class _PacedStream(httpx2.AsyncByteStream):
    def __init__(self, frames: Iterator[Frame], pace: float, silent_from: int | None) -> None:
        self._frames = frames
        self._pace = pace
        self._silent_from = silent_from

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for number, frame in enumerate(self._frames):
            if number == self._silent_from:
                await mishaps.silence()
            yield frame.data
            if frame.delta and self._pace > 0:
                await asyncio.sleep(self._pace)


def _problem(error: ValidationError) -> str:
    """The problem that lies deepest, the way the API names it: the place, then what is wrong there."""
    problems = error.errors(include_url=False, include_input=False)
    deepest = max(problems, key=lambda problem: len(problem["loc"]))
    place = ".".join(str(part) for part in deepest["loc"])
    return f"{place}: {deepest['msg']}" if place else deepest["msg"]


def _error(
    status: int, kind: ErrorType, message: str, digest: str, retry_after: int | None = None
) -> httpx2.Response:
    request_id = f"req_{digest}"
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": request_id}
    headers = {"request-id": request_id, "content-type": "application/json"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return httpx2.Response(status, headers=headers, content=orjson.dumps(body))
