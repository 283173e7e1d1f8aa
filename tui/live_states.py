"""How live runs stand just now, asked of their engines: the saved state of a run is some seconds behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessions.meta import SessionMeta


class LiveStates:
    """What the engines of live runs said last."""

    def __init__(self) -> None:
        self._said: dict[str, SessionMeta] = {}

    def ask(self, runs: Iterable[str]) -> bool:
        """Asks the engines of these runs; whether one that answered before is gone. Blocks for a moment."""
        from agents.port.peek import peek  # not before the first frame

        before = self._said
        self._said = {run: meta for run in runs if (meta := peek(run)) is not None}
        return not before.keys() <= self._said.keys()

    def now(self, meta: SessionMeta) -> SessionMeta:
        """The run as its engine says, where what is saved is no newer."""
        said = self._said.get(meta.run) if meta.live else None
        if said is None or said.updated < meta.updated:
            return meta
        # What a person calls it no engine knows.
        return said.model_copy(update={"title": meta.title, "tags": meta.tags, "live": True})
