"""Journals for tests, written and closed."""

from pathlib import Path

from sessions.events import AnyEvent, Noticed
from sessions.journal import Journal


def keep(directory: Path, events: list[AnyEvent]) -> list[AnyEvent]:
    """A closed journal of these events, and what `append` answered."""
    journal = Journal.create(directory)
    kept = [journal.append(event) for event in events]
    journal.close()
    assert journal.fault == ""
    return kept


def noticed(message: str) -> Noticed:
    """An event that says something."""
    return Noticed(message=message)
