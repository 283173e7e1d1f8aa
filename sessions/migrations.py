"""Events that an earlier version saved, brought up to this one's schema: one pure function a version."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue, TypeAdapter, ValidationError

from sessions.events import EVENT, AnyEvent
from sessions.model import SCHEMA

Fields = dict[str, JsonValue]

STEPS: Mapping[int, Callable[[Fields], Fields]] = {}
"""From each earlier schema to the next; none has been left behind yet. Each has a golden session in the tests."""

_FIELDS: TypeAdapter[Fields] = TypeAdapter(Fields)


def read_event(item: object) -> AnyEvent:
    """An event out of parsed JSON, of this schema or an earlier one. Raises pydantic.ValidationError."""
    try:
        fields = _FIELDS.validate_python(item)
    except ValidationError:
        return EVENT.validate_python(item)  # which says what is wrong
    while isinstance(version := fields.get("schema"), int) and version < SCHEMA and version in STEPS:
        fields = {**STEPS[version](fields), "schema": version + 1}
    return EVENT.validate_python(fields)
