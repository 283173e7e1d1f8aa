"""The engine in a thread, where Python has no Unix sockets: the same port, but it goes with its window."""

import asyncio
import socket

from agents.engine.engine import Engine


def serve_in_thread(first: socket.socket, patience_s: float, unattended_s: float) -> None:
    """Serves one connection's run; the thread's target."""

    async def serve() -> None:
        engine = Engine(outlives=False, patience_s=patience_s, unattended_s=unattended_s, begun=lambda run: None)
        await engine.serve(None, first)

    asyncio.run(serve())
