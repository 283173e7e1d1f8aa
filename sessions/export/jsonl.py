"""The events of a run, one a line, then the texts that its quotes stand in."""

from collections.abc import Iterator

from pydantic_core import to_json

from sessions.export.saved import Saved
from sessions.model import SCHEMA
from sessions.quoted import cited
from sessions.safe import safe_json


def jsonl(saved: Saved) -> bytes:
    """A header that counts the lines, every event, and `{"evidence": sha256, "source": …, "text": …}` a text."""
    return b"".join(safe_json(to_json(line, inf_nan_mode="null")) + b"\n" for line in _lines(saved))


def _lines(saved: Saved) -> Iterator[object]:
    created = saved.state.created
    texts = cited(saved.state, saved.events, saved.evidence)
    run, lines = created.run if created else "", len(saved.events) + len(texts)
    yield {"hubspoke": "events", "schema": SCHEMA, "run": run, "lines": lines}
    yield from saved.events
    for sha256, source in texts.items():
        yield {"evidence": sha256, **source}
