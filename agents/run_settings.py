"""How a run is worked on, as whoever begins or resumes it says."""

from pathlib import Path

from pydantic import ConfigDict

from agents.spec import AttemptLimits
from sessions.events import Limits
from sessions.model import Record


class Settings(Record):
    """How a run is worked on; what is None stays as the saved run has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    docs: Path | None = None
    provider: str | None = None
    model: str | None = None
    max_parallel: int | None = None
    max_spokes: int | None = None
    max_turns: int | None = None
    max_tokens: int | None = None
    max_usd: float | None = None
    max_minutes: float | None = None
    pace: float = 0.0
    """Seconds between two pieces of the embedded engine's text."""
    demo: bool = False
    """Whether the embedded engine meets mishaps on purpose; a resumed run has none unless it is said again."""
    backoff_s: float = 1.0
    attempt: AttemptLimits = AttemptLimits()

    def limits(self, base: Limits) -> Limits:
        """The caps, with what is not None put over the base."""
        names = ("max_parallel", "max_spokes", "max_turns", "max_tokens", "max_usd", "max_minutes")
        given = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return base.model_copy(update=given)
