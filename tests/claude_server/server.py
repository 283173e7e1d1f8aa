"""A server that answers as the Claude API does, over real HTTP on a loopback port, and keeps every request."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import orjson
from aiohttp import web
from pydantic import JsonValue, TypeAdapter, ValidationError

from .acts import (
    KIND_OF_STATUS,
    Act,
    Barrier,
    CleanEnd,
    Drop,
    ErrorEvent,
    Garble,
    HttpFault,
    Stall,
)
from .fields import MessagesRequest
from .manners import Manners
from .records import RecordedRequest, State
from .replies import Brain, Reply
from .staging import StagedMessage, after, opening, split_at_pause, stage
from .strict import MAX_BODY_BYTES, RejectedError, accept
from .transcript import Signer, whole
from .wire import PING, Event, error_body, error_event, events, message_json, script

_BODY: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class ClaudeServer:
    """`async with ClaudeServer(brain) as server:` serves at `server.url` until the block ends.

    Requests are checked as strictly as the API does before the brain sees them. An exception in the brain is
    answered with a 500, and raised when the block ends.
    """

    def __init__(self, brain: Brain, manners: Manners | None = None) -> None:
        self.requests: list[RecordedRequest] = []
        self.url = ""
        self._brain = brain
        self._manners = manners or Manners()
        self._signer = Signer()
        self._cues_used: Counter[int] = Counter()
        self._paused: set[str] = set()
        self._rests: dict[str, Reply] = {}
        self._brain_errors: list[Exception] = []
        self._handlers: set[asyncio.Task[object]] = set()
        self._watchers: list[asyncio.Future[None]] = []
        app = web.Application(client_max_size=2 * MAX_BODY_BYTES)
        app.router.add_post("/v1/messages", self._messages)
        app.router.add_route("*", "/{path:.*}", self._elsewhere)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handler in self._handlers:
            handler.cancel()
        await self._runner.cleanup()
        if self._brain_errors and error is None:
            raise self._brain_errors[0]

    @property
    def rejected(self) -> list[RecordedRequest]:
        """The requests that the API would not have accepted; a test of a whole run expects none."""
        return [request for request in self.requests if request.state == "rejected"]

    async def until(self, condition: Callable[[list[RecordedRequest]], bool], timeout: float = 10.0) -> None:
        """Waits until the condition holds for the requests; raises TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not condition(self.requests):
                changed = asyncio.get_running_loop().create_future()
                self._watchers.append(changed)
                await changed

    def _note_change(self) -> None:
        for watcher in self._watchers:
            if not watcher.done():
                watcher.set_result(None)
        self._watchers.clear()

    def _end(self, record: RecordedRequest, state: State, status: int, problem: str = "") -> None:
        record.state, record.status, record.ended = state, status, time.monotonic()
        record.problem = problem or record.problem
        self._note_change()

    async def _elsewhere(self, request: web.Request) -> web.Response:
        body = error_body("not_found_error", f"Not found: {request.method} {request.path}", "req_none")
        return web.json_response(body, status=404)

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        number = len(self.requests)
        record = RecordedRequest(index=number, request_id=f"req_{number:024d}", headers=headers)
        with suppress(ValidationError):  # what is wrong with it is said when it is checked
            record.body = _BODY.validate_json(body)
        self.requests.append(record)
        self._note_change()
        handler = asyncio.current_task()
        assert handler is not None
        self._handlers.add(handler)
        try:
            return await self._answer(record, request, body)
        except RejectedError as rejected:
            self._end(record, "rejected", rejected.status, rejected.message)
            return self._error(record, rejected.status, rejected.message)
        except (asyncio.CancelledError, ConnectionError):
            self._end(record, "abandoned", 0)
            raise
        finally:
            self._handlers.discard(handler)

    async def _answer(self, record: RecordedRequest, http: web.Request, body: bytes) -> web.StreamResponse:
        request = accept(body, record.headers, self._signer, self._rests.__contains__)
        acts = self._acts_for(record)
        for act in acts:
            if isinstance(act, Barrier):
                await act.gate.wait()
            elif isinstance(act, HttpFault):
                self._end(record, "faulted", act.status, act.message)
                return self._fault(record, act)
        try:
            reply, rest = await self._reply(request, record)
        except Exception as error:
            self._brain_errors.append(error)
            self._end(record, "faulted", 500, f"the brain failed: {error!r}")
            return self._error(record, 500, record.problem)
        acts += reply.acts
        message = stage(reply, request, self._manners, acts, self._signer, record.index)
        if rest is not None:
            self._rests[after(request, message)] = rest
        if request.stream:
            return await self._stream(record, http, message, acts)
        self._end(record, "answered", 200)
        return web.json_response(message_json(message), headers=self._headers(record))

    def _acts_for(self, record: RecordedRequest) -> list[Act]:
        acts: list[Act] = []
        for number, cue in enumerate(self._manners.cues):
            if (cue.times is None or self._cues_used[number] < cue.times) and cue.picks(record):
                self._cues_used[number] += 1
                acts.append(cue.act)
        return acts

    async def _reply(self, request: MessagesRequest, record: RecordedRequest) -> tuple[Reply, Reply | None]:
        """What the brain says now, and what it will say after a pause, if it pauses."""
        here = whole(request).digest
        if here in self._rests:
            return self._rests[here], None
        reply = await self._brain(record.body)
        if not self._manners.pause_turn or opening(request) in self._paused:
            return reply, None
        self._paused.add(opening(request))
        return split_at_pause(reply)

    async def _stream(
        self, record: RecordedRequest, http: web.Request, message: StagedMessage, acts: list[Act]
    ) -> web.StreamResponse:
        headers = {**self._headers(record), "content-type": "text/event-stream; charset=utf-8"}
        response = web.StreamResponse(headers={**headers, "cache-control": "no-cache"})
        await response.prepare(http)
        for step in script(events(message, self._manners.odd_deltas), acts, self._manners.pings):
            match step:
                case Event():
                    await response.write(bytes(step))
                case Garble():
                    await response.write(step.data)
                case Stall():
                    await _hold(response, step)
                case ErrorEvent():
                    self._end(record, "cut", 200)
                    await response.write(bytes(error_event(step.kind, step.message, record.request_id)))
                    return response
                case CleanEnd():
                    self._end(record, "cut", 200)
                    return response
                case Drop():
                    self._end(record, "cut", 200)
                    if http.transport is not None:
                        http.transport.close()
                    return response
        self._end(record, "answered", 200)
        await response.write_eof()
        return response

    def _fault(self, record: RecordedRequest, fault: HttpFault) -> web.Response:
        if fault.body is None:
            return self._error(record, fault.status, fault.message, fault.error_code, fault.headers)
        headers = {**self._headers(record), "content-type": "text/html", **fault.headers}
        return web.Response(body=fault.body.encode(), status=fault.status, headers=headers)

    def _error(
        self,
        record: RecordedRequest,
        status: int,
        message: str,
        error_code: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> web.Response:
        body = error_body(KIND_OF_STATUS.get(status, "api_error"), message, record.request_id, error_code)
        headers = {**self._headers(record), "content-type": "application/json", **(headers or {})}
        return web.Response(body=orjson.dumps(body), status=status, headers=headers)

    def _headers(self, record: RecordedRequest) -> dict[str, str]:
        reset = (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = {"request-id": record.request_id, "anthropic-organization-id": "org_test"}
        limits = {"requests": 4_000, "tokens": 4_000_000, "input-tokens": 3_000_000, "output-tokens": 1_000_000}
        for name, limit in limits.items():
            left = max(0, limit - record.index - 1)
            headers[f"anthropic-ratelimit-{name}-limit"] = str(limit)
            headers[f"anthropic-ratelimit-{name}-remaining"] = str(left)
            headers[f"anthropic-ratelimit-{name}-reset"] = reset
        return headers


async def _hold(response: web.StreamResponse, stall: Stall) -> None:
    while not stall.release.is_set():
        try:
            await asyncio.wait_for(stall.release.wait(), stall.ping_every)
        except TimeoutError:
            await response.write(bytes(PING))
