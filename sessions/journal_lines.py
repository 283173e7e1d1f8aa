"""One line of the journal: an event with its checksum, `{"c":"<crc32>","e":{…}}` and a newline."""

import json
import zlib
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from sessions.events import EVENT, AnyEvent
from sessions.migrations import read_event
from sessions.model import SCHEMA

_HEAD, _MIDDLE, _TAIL = b'{"c":"', b'","e":', b"}"
_START = len(_HEAD) + 8 + len(_MIDDLE)
_MAX_DEPTH = 64
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class _Envelope(BaseModel):
    """What can be told of an event that this version does not know."""

    model_config = ConfigDict(extra="ignore")

    seq: int = Field(default=0, ge=0)
    schema_: int = Field(default=0, alias="schema")


@dataclass(frozen=True)
class Line:
    """A line as it was read: without an event when it is damaged; `seq` is 0 when not even that is known."""

    event: AnyEvent | None
    seq: int = 0
    newer: bool = False


def encode_event(event: AnyEvent) -> tuple[AnyEvent, bytes]:
    """The event exactly as a reader will see it, and its line.

    What JSON cannot carry is made harmless: half a surrogate pair is replaced, a number that is not finite
    null, nesting beyond 64 levels `…`. Raises ValueError if the event is not valid then.
    """
    try:
        return _encode(event)
    except ValueError:
        plain = _JSON.validate_python(EVENT.dump_python(event, mode="json", by_alias=True))
        return _encode(EVENT.validate_python(_storable(plain, _MAX_DEPTH)))


def _encode(event: AnyEvent) -> tuple[AnyEvent, bytes]:
    data = EVENT.dump_json(event, by_alias=True)
    return EVENT.validate_json(data), _HEAD + b"%08x" % zlib.crc32(data) + _MIDDLE + data + _TAIL + b"\n"


def _storable(value: JsonValue, levels: int) -> JsonValue:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case list() | dict() if not levels:
            return "…"
        case list():
            return [_storable(item, levels - 1) for item in value]
        case dict():
            # Dumping has made the keys harmless already.
            return {key: _storable(item, levels - 1) for key, item in value.items()}
        case _:
            return value


def decode_line(line: bytes) -> Line:
    """Reads a line without its newline. Never raises: what is not an event that was written is damage."""
    data = line[_START : -len(_TAIL)]
    if line != _HEAD + b"%08x" % zlib.crc32(data) + _MIDDLE + data + _TAIL:
        return Line(None)
    try:
        event = EVENT.validate_json(data)
    except ValidationError:
        return _unknown(data)
    return Line(event, event.seq, event.schema_ > SCHEMA) if event.schema_ >= SCHEMA else _unknown(data)


def _unknown(data: bytes) -> Line:
    """A line that this schema's models do not fit: an earlier one's, a later one's, or nobody's."""
    try:
        told = _Envelope.model_validate_json(data)
        event = read_event(json.loads(data)) if told.schema_ < SCHEMA else None
    except (ValueError, RecursionError):  # pydantic.ValidationError among them
        return Line(None)
    return Line(event, told.seq, told.schema_ > SCHEMA)
