"""A session from elsewhere, `json` or `jsonl`: read and checked, for nothing in it is trusted."""

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from sessions.errors import BadInputError
from sessions.events import AnyEvent
from sessions.evidence import text_sha256
from sessions.migrations import read_event
from sessions.model import SCHEMA
from sessions.paths import reason
from sessions.quoted import quoted

MAX_BYTES = 200_000_000
"""The largest file that is read."""

MAX_MARKS = 3_000_000
"""The most texts, brackets, commas and ends of lines of a file that is read: each may take 200 bytes of memory."""

_MARK = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[\[{,\n]', re.DOTALL)
"""A text of JSON, to the end of the file where it has no end, or what begins or parts values."""

_LINES = re.compile(rb'\s*\{\s*"hubspoke"\s*:\s*"events"')
"""How a file begins that holds an event a line."""


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

    hubspoke: Literal["session", "events"]
    schema_: int = Field(alias="schema", ge=1)
    events: list[object]
    evidence: dict[str, _Text] = {}


def read_snapshot(path: Path) -> Imported:
    """Reads an exported session, in either form, from anywhere. Raises BadSessionFileError."""
    data = _read(path)
    outline = _lines(path, data) if _LINES.match(data) else _parse(path, data)
    if not isinstance(outline, dict):
        raise BadSessionFileError(f"{path} is not a session of hubspoke: it is not a JSON object.")
    try:
        document = _Document.model_validate(outline)
    except ValidationError as error:
        raise BadSessionFileError(f"{path} is not a session of hubspoke: {_first(error)}.") from None
    if document.schema_ > SCHEMA:
        raise _newer(path)
    events = tuple(_event(path, number, item) for number, item in enumerate(document.events, 1))
    texts = {sha256: text.text for sha256, text in document.evidence.items()}
    _check_evidence(path, events, texts)
    return Imported(events, texts)


def _check_evidence(path: Path, events: tuple[AnyEvent, ...], texts: Mapping[str, str]) -> None:
    """Every text has its hash, and every quote stands where it says, in so far as its text is there."""
    for sha256, text in texts.items():
        if text_sha256(text) != sha256:
            raise BadSessionFileError(
                f"{path} was changed: a text of its evidence does not have the hash {sha256[:64]!r}."
            )
    for said, span in quoted(events):
        if span.source_sha256 in texts and texts[span.source_sha256][span.start : span.end] != said:
            raise BadSessionFileError(
                f"{path} was changed: a quote from {span.source[:80]!r} is not what stands in its evidence there."
            )


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
    if next(islice(_MARK.finditer(data), MAX_MARKS, None), None):
        raise BadSessionFileError(f"{path} is too large for a session: it holds too many values.")
    return data


def _lines(path: Path, data: bytes) -> dict[str, object]:
    """A file of lines in the shape of a document: its header, its events, then its evidence."""
    head, *rest = (_parse(path, line) for line in BytesIO(data) if line.strip())
    match head:
        case {"lines": int(promised)} if len(rest) < promised:
            raise BadSessionFileError(f"{path} is cut off: it has {len(rest):,} of its {promised:,} lines.")
        case _:
            pass  # as of a time when the lines were not counted
    events: list[object] = []
    evidence: dict[str, object] = {}
    for item in rest:
        match item:
            case {"kind": str()}:
                events.append(item)
            case {"evidence": str(sha256)}:
                evidence[sha256] = item
            case _:
                events.append(item)  # what it lacks is said where events are read
    assert isinstance(head, dict), "it begins like an object, and was read"
    return {**head, "events": events, "evidence": evidence}


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
        event = read_event(item)
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
