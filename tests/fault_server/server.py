"""Raw HTTP/1.1 over asyncio: one request a connection, answered with the bytes of a script."""

import asyncio
import json
import socket
import struct
from enum import Enum
from types import TracebackType
from typing import Self

from pydantic import JsonValue

from .wire import NOT_HTTP, PING

PING_EVERY_S = 0.05


class Do(Enum):
    """What a script does besides sending bytes."""

    RESET = "reset"
    """Ends the connection with RST instead of FIN."""
    HOLD = "hold"
    """Sends nothing until the server is released."""
    PING = "ping"
    """Sends pings and nothing else until the server is released."""


Answer = tuple[bytes | Do, ...]
"""What a connection gets for its request; when it is used up the connection is closed."""


class FaultServer:
    """Answers each connection with the next of the answers, and every further one with the last."""

    def __init__(self, *answers: Answer, port: int = 0) -> None:
        self._answers = answers
        self._port = port
        self._release = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.requests: list[dict[str, JsonValue]] = []
        """The bodies that came, whole."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release.set()
        self._server.close()
        await asyncio.gather(*self._talks)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        self.connections += 1
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has gone
        finally:
            writer.close()
            self._talks.discard(talk)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readexactly(5) != b"POST ":
            writer.write(NOT_HTTP)
            return
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        _, _, rest = head.partition(b"content-length:")
        self.requests.append(json.loads(await reader.readexactly(int(rest.split(b"\r\n")[0]))))
        for step in self._answers[min(len(self.requests), len(self._answers)) - 1]:
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            elif step is Do.RESET:
                _reset(writer)
            elif step is Do.HOLD:
                await self._release.wait()
            else:
                await self._ping(writer)

    async def _ping(self, writer: asyncio.StreamWriter) -> None:
        while not self._release.is_set():
            writer.write(PING)
            await writer.drain()
            try:
                async with asyncio.timeout(PING_EVERY_S):
                    await self._release.wait()
            except TimeoutError:
                pass


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def closed_port() -> int:
    """A port of this machine at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
