"""What panes read of a run, whether it is live, saved, or shown as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agents.calls.open_blocks import OpenBlocks
    from sessions.state import RunState


class Watched(Protocol):
    """A run that is looked at: by a seat (`tui.seat`) as it is, by a reel (`tui.reel`) as it was."""

    @property
    def state(self) -> RunState:
        """The fold of its events; for looking only."""
        ...

    @property
    def blocks(self) -> OpenBlocks:
        """What streams."""
        ...

    @property
    def live(self) -> bool:
        """Whether an engine works on it."""
        ...

    @property
    def past(self) -> bool:
        """Whether it is shown as it was: then nothing can be asked of it."""
        ...

    @property
    def lost(self) -> str:
        """Why the engine is gone, where the run had not ended."""
        ...

    @property
    def read_only(self) -> str:
        """Why nothing can be asked of the engine, where it is of another version."""
        ...

    @property
    def late(self) -> bool:
        """Whether the engine is there and says nothing."""
        ...

    @property
    def clock(self) -> float:
        """The run's clock, in seconds."""
        ...

    @property
    def versions(self) -> Mapping[str, int]:
        """How often something changed of a spoke, or of `hub.…`; 0 for one that is not known."""
        ...

    @property
    def heard(self) -> Mapping[str, float]:
        """When something came of a spoke last, on the run's clock."""
        ...
