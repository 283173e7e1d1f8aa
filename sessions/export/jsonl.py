"""The events of a run, one a line, then the texts that its quotes stand in."""

from collections.abc import Iterator

from pydantic_core import to_json

from sessions.export.saved import Saved
from sessions.model import SCHEMA
from sessions.quoted import cited
from sessions.safe import safe_json


def jsonl(saved: Saved) -> bytes:
    """A header, every event, and `{"evidence": sha256, "source": …, "text": …}` for each text."""
    return b"".join(safe_json(to_json(line, inf_nan_mode="null")) + b"\n" for line in _lines(saved))


def _lines(saved: Saved) -> Iterator[object]:
    created = saved.state.created
    yield {"hubspoke": "events", "schema": SCHEMA, "run": created.run if created else ""}
    yield from saved.events
    for sha256, source in cited(saved.state, saved.events, saved.evidence).items():
        yield {"evidence": sha256, **source}
