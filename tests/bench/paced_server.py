"""A server whose pace is known, in a process of its own: `python -m tests.bench.paced_server` says its address.

Research is answered in two replies, a tool call and 400 streamed tokens, which take `CRITICAL_S` together;
whatever else is asked, the embedded engine answers at once. A token that is late makes none after it late.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise

import orjson
from pydantic import JsonValue

from agents.embedded.engine import reply
from agents.embedded.sse import frames
from agents.embedded.wire import MessagesRequest
from tests.bench.paced_work import document, findings

TOKENS = 400

_CALL_TOKENS = 3
_FIRST_S = 0.5
"""From a request to the beginning of its reply."""
_TOKEN_S = 0.01

CRITICAL_S = 2 * _FIRST_S + (_CALL_TOKENS + TOKENS) * _TOKEN_S
"""What a conversation takes where nobody but the server takes time: 5.03 s."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SPOKE = re.compile(rb"Find what workshop (\d+) sold")
_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nrequest-id: req_paced\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
_END = b"0\r\n\r\n"


@contextmanager
def paced_server() -> Generator[str]:
    """Runs the server, and says where it serves."""
    command = [sys.executable, "-m", "tests.bench.paced_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class _Connection(asyncio.Protocol):
    """One connection, on which a request comes when the reply before it is over."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, ended, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if ended and length and len(body) >= int(length[1]):
            self._received = b""
            self._answer(body)

    def _answer(self, body: bytes) -> None:
        asked = MessagesRequest.model_validate_json(body)
        if asked.asks_for == "findings" and (spoke := _SPOKE.search(body)):
            pieces = _paced(int(spoke[1]), called=len(asked.messages) > 1)
            loop = asyncio.get_running_loop()
            begins = loop.time() + _FIRST_S
            loop.call_at(begins, self._play, pieces, 0, begins)
        else:
            whole = b"".join(_chunk(frame.data) for frame in frames(asked, reply(asked), "msg_quick"))
            self._transport.write(_HEAD + whole + _END)

    def _play(self, pieces: tuple[bytes, ...], number: int, due: float) -> None:
        self._transport.write(pieces[number])
        if number + 1 < len(pieces):
            due += _TOKEN_S
            asyncio.get_running_loop().call_at(due, self._play, pieces, number + 1, due)


@cache
def _paced(spoke: int, *, called: bool) -> tuple[bytes, ...]:
    """A reply as it is written, a token at a time: the call of a tool, or the findings."""
    return _findings(spoke) if called else _call(spoke)


def _call(spoke: int) -> tuple[bytes, ...]:
    opening: JsonValue = {"type": "tool_use", "id": f"toolu_{spoke}", "name": "read_document", "input": {}}
    tokens = _tokens(f'{{"path": "{document(spoke)}"}}', _CALL_TOKENS)
    return _reply(opening, [{"type": "input_json_delta", "partial_json": token} for token in tokens], "tool_use")


def _findings(spoke: int) -> tuple[bytes, ...]:
    opening: JsonValue = {"type": "text", "text": ""}
    tokens = _tokens(findings(spoke), TOKENS)
    return _reply(opening, [{"type": "text_delta", "text": token} for token in tokens], "end_turn")


def _tokens(text: str, count: int) -> list[str]:
    """The text in so many pieces of about one length."""
    cuts = [len(text) * number // count for number in range(count + 1)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _reply(opening: JsonValue, deltas: list[JsonValue], stop: str) -> tuple[bytes, ...]:
    """What is written at first, and then with each delta."""
    message: JsonValue = {
        "id": "msg_paced",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 1_000, "output_tokens": 1},
    }
    begins = _event("message_start", message=message)
    begins += _event("content_block_start", index=0, content_block=opening)
    ends = _event("content_block_stop", index=0)
    ends += _event("message_delta", delta={"stop_reason": stop}, usage={"output_tokens": len(deltas)})
    ends += _event("message_stop")
    pieces = [_event("content_block_delta", index=0, delta=delta) for delta in deltas]
    return (_HEAD + begins, *pieces[:-1], pieces[-1] + ends + _END)


def _event(kind: str, **fields: JsonValue) -> bytes:
    return _chunk(b"event: %s\ndata: %s\n\n" % (kind.encode(), orjson.dumps({"type": kind, **fields})))


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0, backlog=256)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
