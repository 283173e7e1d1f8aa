"""session.json: a whole run in one readable file, to open, to share and to go on with elsewhere."""

import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import to_json

from sessions.atomic_file import write_atomic
from sessions.errors import BadInputError
from sessions.events import (
    EVENT,
    AnyEvent,
    AttemptDropped,
    AttemptFailed,
    AttemptFinished,
    LedgerBuilt,
    ReportFinished,
)
from sessions.evidence import text_sha256
from sessions.evidence_store import EvidenceStore
from sessions.findings import Finding, Span
from sessions.model import SCHEMA
from sessions.paths import reason
from sessions.state import RunState

SNAPSHOT = "session.json"
MAX_BYTES = 200_000_000
"""The largest file that is read."""


class BadSessionFileError(BadInputError):
    """A file is not a session that can be imported; the message is one sentence that says why."""


@dataclass(frozen=True)
class Imported:
    """What a session file holds, validated: its events, and the texts of its evidence by hash."""

    events: tuple[AnyEvent, ...]
    evidence: dict[str, str]


class _Text(BaseModel):
    text: str


class _Document(BaseModel):
    """The outline of a session file; the rest of it is for people, and is made anew from the events."""

    hubspoke: Literal["session"]
    schema_: int = Field(alias="schema", ge=1)
    events: list[object]
    evidence: dict[str, _Text] = {}


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
        "evidence": _cited(state, events, evidence),
    }
    # Not orjson: a tool's input may hold integers of more than 64 bits, which it refuses.
    return to_json(document, indent=2, inf_nan_mode="null")


def _findings(state: RunState, events: tuple[AnyEvent, ...]) -> Iterator[Finding]:
    for claim in state.claims.values():
        yield claim.finding
    for event in events:
        yield from _found(event)


def _found(event: AnyEvent) -> Sequence[Finding]:
    """What an attempt found, however it ended."""
    match event:
        case AttemptFinished():
            return event.findings
        case AttemptFailed():
            return event.failure.partial
        case AttemptDropped():
            return event.partial
        case _:
            return ()


def _cited(state: RunState, events: tuple[AnyEvent, ...], evidence: EvidenceStore) -> dict[str, dict[str, str]]:
    spans = (quote.span for finding in _findings(state, events) for quote in finding.quotes)
    sources = {span.source_sha256: span.source for span in spans if span is not None}
    texts = evidence.texts(sources)
    return {
        sha256: {"source": sources[sha256], "text": text} for sha256, text in texts.items() if _is_unicode(text)
    }


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False  # half a surrogate pair, which JSON has no way to carry
    return True


def write_snapshot(directory: Path, data: bytes) -> None:
    """Replaces the run's session.json at once. Raises UnwritableError."""
    write_atomic(directory / SNAPSHOT, data)


def read_snapshot(path: Path) -> Imported:
    """Reads a session file from anywhere: nothing in it is trusted. Raises BadSessionFileError."""
    try:
        document = _Document.model_validate(_parse(path, _read(path)))
    except ValidationError as error:
        raise BadSessionFileError(f"{path} is not a session of hubspoke: {_first(error)}.") from None
    if document.schema_ > SCHEMA:
        raise _newer(path)
    events = tuple(_event(path, number, item) for number, item in enumerate(document.events, 1))
    for sha256, text in document.evidence.items():
        if text_sha256(text.text) != sha256:
            raise BadSessionFileError(
                f"{path} was changed: a text of its evidence does not have the hash {sha256[:64]!r}."
            )
    texts = {sha256: text.text for sha256, text in document.evidence.items()}
    for said, span in _quoted(events):
        if span.source_sha256 in texts and texts[span.source_sha256][span.start : span.end] != said:
            raise BadSessionFileError(
                f"{path} was changed: a quote from {span.source[:80]!r} is not what stands in its evidence there."
            )
    return Imported(events, texts)


def _quoted(events: tuple[AnyEvent, ...]) -> Iterator[tuple[str, Span]]:
    """Every quote of the findings and of the report, with the span that it claims to be."""
    for event in events:
        findings: Iterable[Finding] = _found(event)
        if isinstance(event, LedgerBuilt):
            findings = (claim.finding for claim in event.claims)
        elif isinstance(event, ReportFinished):
            for cited in event.citations:
                span = Span(
                    source=cited.source, source_sha256=cited.source_sha256, start=cited.start, end=cited.end
                )
                yield cited.quote, span
        yield from ((quote.text, quote.span) for finding in findings for quote in finding.quotes if quote.span)


def _read(path: Path) -> bytes:
    try:
        # Opening a FIFO would wait for a writer; O_NONBLOCK does not.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise BadSessionFileError(f"{path} is not a file.")
            data = file.read(MAX_BYTES + 1) if found.st_size <= MAX_BYTES else b""
    except OSError as error:
        raise BadSessionFileError(f"{path} cannot be read: {reason(error)}.") from None
    if len(data) > MAX_BYTES or found.st_size > MAX_BYTES:
        raise BadSessionFileError(
            f"{path} is too large for a session: at most {MAX_BYTES // 1_000_000} MB are read."
        )
    return data


def _parse(path: Path, data: bytes) -> object:
    try:
        # The standard parser keeps integers of any size, and stops at the interpreter's depth (some 1,000 levels).
        return json.loads(data)
    except RecursionError:
        raise BadSessionFileError(f"{path} is not a session of hubspoke: it is nested too deeply.") from None
    except ValueError:
        raise BadSessionFileError(f"{path} is not a session of hubspoke: it is not JSON.") from None


def _event(path: Path, number: int, item: object) -> AnyEvent:
    try:
        event = EVENT.validate_python(item)
    except ValidationError as error:
        raise BadSessionFileError(f"Event {number} in {path} is not valid: {_first(error)}.") from None
    if event.schema_ > SCHEMA:
        raise _newer(path)
    return event


def _newer(path: Path) -> BadSessionFileError:
    return BadSessionFileError(f"{path} was saved by a newer version of hubspoke; this one cannot read it.")


def _first(error: ValidationError) -> str:
    """Where the first problem is and of what kind; what stands there is not repeated, for it may be anything."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))[:80]
    return f"{place!r} ({first['type'].replace('_', ' ')})" if place else first["type"].replace("_", " ")
