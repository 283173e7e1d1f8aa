"""The bytes of responses: status lines, headers, chunks, server-sent events, and one reply that is good."""

import json

REQUEST_ID = "req_011CFault"
SECRET = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789"

NOT_HTTP = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
"""What a plain server says to the first bytes of TLS."""

Json = dict[str, object]


def http(status: int, body: bytes = b"", **headers: str) -> tuple[bytes]:
    """A whole response. Headers are named with `_` for `-`; one given replaces the usual one."""
    usual = {
        "content_type": "application/json",
        "content_length": str(len(body)),
        "request_id": REQUEST_ID,
        "connection": "close",
    }
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in (usual | headers).items()]
    return (f"HTTP/1.1 {status} Said\r\n{''.join(lines)}\r\n".encode() + body,)


def error(status: int, kind: str, message: str = "It went wrong.", code: str = "", **headers: str) -> tuple[bytes]:
    """An error as the API words it; every one of them echoes a key."""
    details: Json = {"details": {"error_code": code}} if code else {}
    told = {"type": kind, "message": f"{message} (key {SECRET})", **details}
    return http(status, json.dumps({"type": "error", "error": told}).encode(), **headers)


def html(status: int) -> tuple[bytes]:
    """A proxy's page, which knows nothing of request ids."""
    page = b"<html><h1>Bad gateway</h1></html>"
    return (
        f"HTTP/1.1 {status} Said\r\ncontent-type: text/html\r\ncontent-length: {len(page)}\r\n\r\n".encode()
        + page,
    )


STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nrequest-id: "
    + REQUEST_ID.encode()
    + b"\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
)
END = b"0\r\n\r\n"
"""The end of a stream; one that stops without it was dropped."""


def chunk(data: bytes) -> bytes:
    """A chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def sse(name: str, data: str) -> bytes:
    """A chunk with one server-sent event, whatever its data are."""
    return chunk(f"event: {name}\ndata: {data}\n\n".encode())


def event(kind: str, **fields: object) -> bytes:
    """A chunk with one event of the API."""
    return sse(kind, json.dumps({"type": kind, **fields}))


PING = event("ping")


def begin(**usage: int) -> bytes:
    """The start of a message."""
    message: Json = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1, **usage},
    }
    return event("message_start", message=message)


def block(kind: str, index: int = 0, **fields: object) -> bytes:
    """The start of a content block."""
    return event("content_block_start", index=index, content_block={"type": kind, **fields})


def delta(kind: str, index: int = 0, **fields: object) -> bytes:
    """A piece of a content block."""
    return event("content_block_delta", index=index, delta={"type": kind, **fields})


def stop(index: int = 0) -> bytes:
    """The end of a content block."""
    return event("content_block_stop", index=index)


def reason(why: str | None) -> bytes:
    """Why the message ends."""
    return event("message_delta", delta={"stop_reason": why, "stop_sequence": None}, usage={"output_tokens": 7})


DONE = event("message_stop") + END


def text(written: str) -> bytes:
    """A whole block of text, in two pieces."""
    half = len(written) // 2
    pieces = delta("text_delta", text=written[:half]) + delta("text_delta", text=written[half:])
    return block("text", text="") + pieces + stop()


def tool(written: str) -> bytes:
    """A whole call of a tool, its input as it stands."""
    head = block("tool_use", id="toolu_1", name="search_documents", input={})
    return head + delta("input_json_delta", partial_json=written) + stop()


CLAIM = "45% of musicians used AI tools in 2024."
ANSWER = json.dumps(
    {
        "findings": [
            {
                "claim": CLAIM,
                "quotes": [],
            }
        ],
        "summary": "Many do.",
    }
)
BROKEN_OFF = ANSWER[: ANSWER.index('"summary"')]
"""An answer whose one finding came whole."""

GOOD = (STREAM + begin() + text(ANSWER) + reason("end_turn") + DONE,)
PARTIAL = STREAM + begin() + block("text", text="") + delta("text_delta", text=BROKEN_OFF)
"""The head of a stream up to the middle of an answer."""
CALLING = STREAM + begin() + block("tool_use", id="toolu_1", name="search_documents", input={})
"""The head of a stream up to the input of a call."""
