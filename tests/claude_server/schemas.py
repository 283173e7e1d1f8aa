"""The part of JSON Schema that structured output takes; everything else is refused with the reason.

Sources: the API's page on structured outputs (JSON Schema limitations, complexity limits) and what anthropic
2.11.0's `transform_schema` leaves in a schema.
"""

from collections.abc import Iterator

from pydantic import JsonValue

Schema = dict[str, JsonValue]

MAX_OPTIONAL = 24
"""Properties that are not required, in all the schemas of a request."""
MAX_UNIONS = 16
"""Properties whose type is a union, likewise."""

_ANYWHERE = {
    "type",
    "title",
    "description",
    "default",
    "enum",
    "const",
    "anyOf",
    "allOf",
    "$ref",
    "$defs",
    "definitions",
}
_BY_TYPE = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "minItems"},
    "string": {"format"},
    "integer": set[str](),
    "number": set[str](),
    "boolean": set[str](),
    "null": set[str](),
}
_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}


def schema_problem(schema: Schema) -> str | None:
    """Why the API would not take this schema, in one sentence; None if it would."""
    return next(_problems(schema), None) or _recursion(schema)


def complexity_problem(schemas: list[Schema]) -> str | None:
    """Why these schemas together are more than the API compiles; None if they are not."""
    parts = [part for schema in schemas for part in _parts(schema)]
    optional = sum(len(_properties(part).keys() - _required(part)) for part in parts)
    if optional > MAX_OPTIONAL:
        return (
            f"Schemas contains too many optional parameters ({optional}), which would make grammar compilation "
            f"inefficient. Reduce the number of optional parameters in your tool schemas (limit: {MAX_OPTIONAL})."
        )
    unions = sum(_is_union(item) for part in parts for item in _properties(part).values())
    if unions > MAX_UNIONS:
        return f"Schemas contains too many parameters with union types ({unions}; limit: {MAX_UNIONS})."
    return None


def _problems(root: Schema) -> Iterator[str]:
    for schema in _parts(root):
        types = schema.get("type")
        named = types if isinstance(types, list) else [types] if types is not None else []
        allowed = set(_ANYWHERE)
        for name in named:
            if not isinstance(name, str) or name not in _BY_TYPE:
                yield f"{name!r} is not a supported type"
            else:
                allowed |= _BY_TYPE[name]
        unknown = sorted(schema.keys() - allowed)
        label = f"'{types}' type" if types is not None else "a schema without a type"
        if unknown:
            yield f"For {label}, properties {', '.join(unknown)} are not supported"
        if not schema.keys() & {"type", "enum", "const", "anyOf", "allOf", "$ref"}:
            yield "Schema must have a 'type', 'anyOf', 'allOf', 'enum', 'const' or '$ref'"
        if "object" in named and schema.get("additionalProperties") is not False:
            yield "For 'object' type, 'additionalProperties' must be explicitly set to false"
        if _required(schema) - _properties(schema).keys():
            yield "For 'object' type, 'required' names a property that is not there"
        if schema.get("minItems", 0) not in (0, 1):
            yield "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
        if schema.get("format", "date") not in _FORMATS:
            yield f"For 'string' type, format {schema['format']!r} is not supported"
        values = schema.get("enum", ["one"])
        if not isinstance(values, list) or not values or any(isinstance(item, dict | list) for item in values):
            yield "'enum' must hold at least one value, and only strings, numbers, booleans or null"
        reference = schema.get("$ref")
        if reference is not None and _target(root, reference) is None:
            yield f"'$ref' {reference!r} does not name a definition of this schema"


def _parts(schema: Schema) -> Iterator[Schema]:
    """The schema and every schema in it, each once."""
    yield schema
    for item in _inside(schema):
        yield from _parts(item)
    for name in ("$defs", "definitions"):
        definitions = schema.get(name)
        if isinstance(definitions, dict):
            for item in definitions.values():
                if isinstance(item, dict):
                    yield from _parts(item)


def _inside(schema: Schema) -> Iterator[Schema]:
    """The schemas that stand directly in this one, its definitions left out."""
    nested: list[JsonValue] = [*_properties(schema).values(), schema.get("items")]
    for name in ("anyOf", "allOf"):
        variants = schema.get(name)
        nested += variants if isinstance(variants, list) else []
    yield from (item for item in nested if isinstance(item, dict))


def _recursion(root: Schema) -> str | None:
    def loops(schema: Schema, above: tuple[str, ...]) -> bool:
        reference = schema.get("$ref")
        if isinstance(reference, str):
            target = _target(root, reference)
            return reference in above or (target is not None and loops(target, (*above, reference)))
        return any(loops(item, above) for item in _inside(schema))

    return "Recursive schemas are not supported" if loops(root, ()) else None


def _target(root: Schema, reference: JsonValue) -> Schema | None:
    parts = reference.split("/") if isinstance(reference, str) else []
    if len(parts) != 3 or parts[0] != "#" or parts[1] not in ("$defs", "definitions"):
        return None
    definitions = root.get(parts[1])
    target = definitions.get(parts[2]) if isinstance(definitions, dict) else None
    return target if isinstance(target, dict) else None


def _properties(schema: Schema) -> Schema:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _required(schema: Schema) -> set[str]:
    required = schema.get("required")
    return {str(name) for name in required} if isinstance(required, list) else set()


def _is_union(schema: JsonValue) -> bool:
    return isinstance(schema, dict) and ("anyOf" in schema or isinstance(schema.get("type"), list))
