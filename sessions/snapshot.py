"""session.json: a whole run in one readable file, to open, to share and to go on with elsewhere."""

from collections.abc import Iterable
from pathlib import Path

from pydantic_core import to_json

from sessions.atomic_file import write_atomic
from sessions.events import AnyEvent
from sessions.evidence_store import EvidenceStore
from sessions.model import SCHEMA
from sessions.quoted import cited
from sessions.safe import safe_json
from sessions.session_file import MAX_BYTES as MAX_BYTES
from sessions.session_file import BadSessionFileError as BadSessionFileError
from sessions.session_file import Imported as Imported
from sessions.session_file import read_snapshot as read_snapshot
from sessions.state import RunState

SNAPSHOT = "session.json"


def snapshot(state: RunState, events: Iterable[AnyEvent], evidence: EvidenceStore) -> bytes:
    """The run as one JSON document, with the text of every source that a finding's quote stands in.

    `events` are those that `state` is the fold of, as the journal returned them.
    """
    events = tuple(events)
    created, report = state.created, state.report
    planned = state.plan.left_out if state.plan else ()
    document: dict[str, object] = {
        "hubspoke": "session",
        "schema": SCHEMA,
        "run": created.run if created else "",
        "status": state.status,
        "exit": state.exit,
        "question": state.question,
        "provider": created.provider if created else "",
        "model": created.model if created else "",
        "team": created.team if created else "",
        "started": state.started_at,
        "seconds": state.seconds,
        "plan": state.plan,
        "findings": list(state.claims.values()),
        "conflicts": list(state.conflicts.values()),
        "gaps": report.gaps if report else (),
        "left_out": report.left_out if report else planned,
        "failures": state.failures,
        "report_md": report.markdown if report else "",
        "citations": report.citations if report else (),
        "usage": state.usage,
        "events": events,
        "evidence": cited(state, events, evidence),
    }
    # Not orjson: a tool's input may hold integers of more than 64 bits, which it refuses.
    return safe_json(to_json(document, indent=2, inf_nan_mode="null"))


def write_snapshot(directory: Path, data: bytes) -> None:
    """Replaces the run's session.json at once. Raises UnwritableError."""
    write_atomic(directory / SNAPSHOT, data)
