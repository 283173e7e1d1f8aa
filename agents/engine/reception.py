"""Who comes to the port, and what they say, before anything is done about it."""

import asyncio
import contextlib
import os
import socket
import struct
import sys

from pydantic import ValidationError

from agents.engine.viewers import Viewer
from agents.port.frames import BrokenPortError, frame
from agents.port.messages import TO_ENGINE, Answer, Bye, Command, Envelope, Quit, Watch
from agents.port.version import PORT

PATIENCE_S = 10.0
"""The end of a message comes within so long of its beginning."""

MAX_CONNECTIONS = 64
"""At once. Those that have said nothing make room for others."""

NO_COMMAND = "That was no command of this version's port."

_UNHEARD_S = 0.2

_CREDENTIALS = struct.Struct("3i")
"""Linux: pid, uid and gid of whoever connected (`man 7 unix`)."""


def is_this_user(sock: socket.socket) -> bool:
    """Whether the other end is this user's; where the system cannot say, the socket's mode decides."""
    if sys.platform != "linux":
        return True
    told = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, uid, _ = _CREDENTIALS.unpack(told)
    return uid == os.getuid()


def turned_away(sock: socket.socket, viewers: set[Viewer], *, begun: bool) -> str:
    """Why somebody who knocks is not let in; empty for one that is, for whom another may have to leave `viewers`.

    Before there is a run (`begun`) nobody leaves: whoever started the engine is silent while a question is typed.
    """
    if not is_this_user(sock):
        return "This run is another user's."
    if len(viewers) < MAX_CONNECTIONS:
        return ""
    silent = [viewer for viewer in viewers if viewer.silent]
    if not begun or not silent:
        return f"There are {MAX_CONNECTIONS} connections to this run already; close one of them."
    oldest = min(silent, key=lambda viewer: viewer.came)
    viewers.discard(oldest)
    oldest.let_go()
    return ""


async def refuse(viewer: Viewer, reader: asyncio.StreamReader, why: str) -> None:
    """Says why, and hears nothing more: what stays unread when a connection closes can cost it the last word."""
    viewer.send(frame(Bye(message=why)))
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(_UNHEARD_S):
            while await reader.read(1 << 16):
                pass


def understood(data: bytes) -> Command | Answer:
    """The command that a message is, or the refusal of another version's. Raises BrokenPortError.

    Another version's window may watch and leave: of those, the words alone are read.
    """
    try:
        told = Envelope.model_validate_json(data)
        if told.port == PORT:
            return TO_ENGINE.validate_json(data)
    except ValidationError:
        raise BrokenPortError(NO_COMMAND) from None
    match told.kind:
        case "watch":
            return Watch(id=told.id, port=told.port)
        case "quit":
            return Quit(id=told.id)
        case _:
            why = f"The engine is of another version (port {PORT}) than this window (port {told.port})"
            instead = f"which may watch and no more; `kill {os.getpid()}` stops the run, saved."
            return Answer(id=told.id, ok=False, message=f"{why}, {instead}")
