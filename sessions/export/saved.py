"""A saved run, as all forms of it are made from it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sessions.events import AnyEvent, ReportFinished
from sessions.evidence_store import EvidenceStore
from sessions.findings import Citation, Claim
from sessions.load import fold_all, read_run, standing_of
from sessions.state import RunState


@dataclass(frozen=True)
class Saved:
    """A run's events with what is made of them, and the texts that it quotes."""

    run: str
    events: tuple[AnyEvent, ...]
    state: RunState
    """The fold of the events and nothing else, so that an import gives the same."""
    standing: RunState
    """What a person is shown: with what could not be read, and that its engine is gone."""
    evidence: EvidenceStore

    @classmethod
    def read(cls, directory: Path) -> "Saved":
        """The run of that directory. Raises SessionDamagedError when too little is left of it."""
        replay = read_run(directory)
        state, standing = fold_all(replay.events), standing_of(directory, replay)
        return cls(directory.name, replay.events, state, standing, EvidenceStore(directory))

    @classmethod
    def told(cls, directory: Path, events: tuple[AnyEvent, ...]) -> "Saved":
        """The run of that directory as these events tell it, where the disk has not taken all of them."""
        state = fold_all(events)
        return cls(directory.name, events, state, state, EvidenceStore(directory))

    @property
    def report(self) -> ReportFinished | None:
        """The report, once there is one."""
        return self.standing.report

    @property
    def asked(self) -> str:
        """When the question was asked, as `2026-11-21 17:12 UTC`; empty where the clock said nothing usable."""
        try:
            return f"{datetime.fromtimestamp(self.standing.started_at, UTC):%Y-%m-%d %H:%M} UTC"
        except (ValueError, OverflowError, OSError):
            return ""

    @property
    def engine(self) -> str:
        """Who answered: the embedded engine, or a provider and its model."""
        created = self.standing.created
        if created is None:
            return ""
        if created.provider == "embedded":
            return "embedded engine"
        return " · ".join(filter(None, (created.provider, created.model)))

    def title(self, spoke: str) -> str:
        """What a spoke is called."""
        owner = self.standing.spokes.get(spoke) or self.standing.hub.get(spoke)
        return owner.title if owner else spoke

    def claim(self, citation: Citation) -> Claim | None:
        """The claim that a citation carries."""
        return self.standing.claims.get(citation.claim)

    def found_by(self, citation: Citation) -> tuple[str, ...]:
        """The titles of the spokes that found what a citation carries, the one named beside it first."""
        claim = self.claim(citation)
        spokes = dict.fromkeys(filter(None, (citation.spoke, *(claim.spokes if claim else ()))))
        return tuple(self.title(spoke) for spoke in spokes)
