"""The server in a thread of its own, for tests that run the program as a subprocess."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from .manners import Manners
from .records import RecordedRequest
from .replies import Brain
from .server import ClaudeServer


class ThreadedClaudeServer:
    """`with ThreadedClaudeServer(brain) as server:` serves at `server.url` until the block ends.

    The brain and the acts run in the server's thread: set an `asyncio.Event` of theirs by `release`.
    """

    def __init__(self, brain: Brain, manners: Manners | None = None) -> None:
        self._server = ClaudeServer(brain, manners)
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._stop = asyncio.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="claude-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release(self._stop)
        self._thread.join()
        if self._error is not None and error is None:
            raise self._error

    @property
    def url(self) -> str:
        """Where it serves."""
        return self._server.url

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests so far; the list grows while it is read."""
        return self._server.requests

    @property
    def rejected(self) -> list[RecordedRequest]:
        """The requests that the API would not have accepted; a test of a whole run expects none."""
        return self._server.rejected

    def until(self, condition: Callable[[list[RecordedRequest]], bool], timeout: float = 10.0) -> None:
        """Waits until the condition holds for the requests; raises TimeoutError after `timeout` seconds."""
        waiting = self._server.until(condition, timeout)
        asyncio.run_coroutine_threadsafe(waiting, self._started.result()).result()

    def release(self, event: asyncio.Event) -> None:
        """Sets an event that something in the server's thread waits for."""
        self._started.result().call_soon_threadsafe(event.set)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._error = error
            if not self._started.done():
                self._started.set_exception(error)

    async def _serve(self) -> None:
        async with self._server:
            self._started.set_result(asyncio.get_running_loop())
            await self._stop.wait()
