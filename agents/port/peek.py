"""A look at a live run from outside: one question to its engine, one answer. Blocks for a moment at most."""

import socket
import time

from pydantic import ValidationError

from agents.port.frames import frame
from agents.port.link import NotRunningError, connect
from agents.port.messages import TO_VIEWER, Peek, Quit, Standing
from sessions.meta import SessionMeta

PATIENCE_S = 0.5

_MOST = 65_536
"""Bytes of an answer; an engine says hello and how the run stands, and that is short."""


def peek(run: str) -> SessionMeta | None:
    """How a live run stands; None where its engine has no port, does not answer, or is of another version."""
    until = time.monotonic() + PATIENCE_S
    try:
        with connect(run, PATIENCE_S).sock as sock:
            sock.sendall(frame(Peek(id=1)))
            while time.monotonic() < until:
                message = TO_VIEWER.validate_json(_message(sock))
                if isinstance(message, Standing):
                    sock.sendall(frame(Quit(id=2)))
                    return message.meta
    except (NotRunningError, OSError, ValidationError):
        pass
    return None


def _message(sock: socket.socket) -> bytes:
    """The next one's bytes. Raises OSError."""
    return _exactly(sock, int.from_bytes(_exactly(sock, 4), "big"))


def _exactly(sock: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size <= _MOST:
        if not (more := sock.recv(size - len(data))):
            break
        data += more
    if len(data) != size:
        raise ConnectionError
    return bytes(data)
