"""The runs of the first screen's list: as the disk has them, and the live ones as their engines say."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sessions import paths
from tui.live_states import LiveStates

if TYPE_CHECKING:
    from sessions.library import Library
    from sessions.meta import SessionMeta


class RecentRuns:
    """All runs, read again and again: what has not changed on the disk is not read twice."""

    def __init__(self) -> None:
        self._library: Library | None = None
        self._live = LiveStates()
        # Nobody can break off a thread that reads: the next one waits for it.
        self._reading = threading.Lock()

    def read(self) -> list[SessionMeta]:
        """The runs as they stand now, live ones first. Blocks for a moment. Raises BadInputError, OSError."""
        from sessions.library import Library  # not before the first frame

        with self._reading:
            if self._library is None:
                self._library = Library(paths.home())
            self._library.read()
            metas = self._library.look("", "used").metas
            self._live.ask(meta.run for meta in metas if meta.live)
            return [self._live.now(meta) for meta in metas]

    def close(self) -> None:
        """Lets the index go."""
        with self._reading:
            if self._library is not None:
                self._library.close()
