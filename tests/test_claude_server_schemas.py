"""The JSON Schema that the Claude-shaped server takes for structured output: the part that the API compiles."""

import asyncio
from copy import deepcopy
from enum import Enum
from typing import Annotated

import anthropic
import pytest
from anthropic import transform_schema
from pydantic import BaseModel, Field, JsonValue

from agents.replies import REPLIES
from tests.claude_server import ClaudeServer
from tests.claude_server.examples import SCHEMA, body, client_of, librarian, post


def changed_schema(path: str, **changes: JsonValue) -> dict[str, JsonValue]:
    """The schema with keywords added at a property, or at the top for an empty path."""
    schema = deepcopy(SCHEMA)
    properties = schema["properties"]
    assert isinstance(properties, dict)
    target = properties.setdefault(path, {}) if path else schema
    assert isinstance(target, dict)
    target.update(changes)
    return schema


def many_optional(count: int) -> dict[str, JsonValue]:
    return {
        "type": "object",
        "properties": {f"p{number}": {"type": "string"} for number in range(count)},
        "additionalProperties": False,
    }


def many_unions(count: int) -> dict[str, JsonValue]:
    names: list[JsonValue] = [f"p{number}" for number in range(count)]
    properties: JsonValue = {str(name): {"type": ["string", "null"]} for name in names}
    return {**many_optional(0), "properties": properties, "required": names}


BAD_SCHEMAS: list[tuple[dict[str, JsonValue], str]] = [
    (changed_schema("claim", maxLength=10), "properties maxLength are not supported"),
    (changed_schema("claim", pattern="^a"), "properties pattern are not supported"),
    (changed_schema("share", minimum=0, maximum=1), "properties maximum, minimum are not supported"),
    (changed_schema("list", type="array", items={"type": "string"}, maxItems=2), "maxItems are not supported"),
    (changed_schema("list", type="array", items={"type": "string"}, minItems=2), "values other than 0 or 1"),
    (changed_schema("claim", format="colour"), "format 'colour' is not supported"),
    (changed_schema("", additionalProperties=True), "'additionalProperties' must be explicitly set to false"),
    (changed_schema("inner", type="object", properties={}), "'additionalProperties' must be explicitly set"),
    (changed_schema("any", oneOf=[{"type": "string"}]), "oneOf are not supported"),
    (changed_schema("any", description="anything"), "Schema must have a 'type'"),
    (changed_schema("other", **{"$ref": "#/$defs/Other"}), "does not name a definition"),
    (changed_schema("other", **{"$ref": "https://example.org/x.json"}), "does not name a definition"),
    (
        {
            **changed_schema("me", **{"$ref": "#/$defs/me"}),
            "$defs": {"me": changed_schema("", anyOf=[{"$ref": "#/$defs/me"}])},
        },
        "Recursive schemas are not supported",
    ),
    (changed_schema("choice", enum=[{"a": 1}]), "'enum' must hold"),
    (changed_schema("claim", type="text"), "'text' is not a supported type"),
    (changed_schema("", required=["nobody"]), "'required' names a property that is not there"),
    (many_unions(17), r"too many parameters with union types \(17;"),
    (many_optional(25), "too many optional parameters \\(25\\)"),
]


def test_only_the_subset_of_json_schema_that_the_api_compiles_is_taken() -> None:
    async def run() -> None:
        async with ClaudeServer(librarian) as server, client_of(server.url) as client:
            for schema, words in BAD_SCHEMAS:
                with pytest.raises(anthropic.BadRequestError, match=words):
                    await post(client, body(output_config={"format": {"type": "json_schema", "schema": schema}}))
            good = [
                SCHEMA,
                many_optional(24),
                many_unions(16),
                changed_schema("list", type="array", items={"type": "string"}, minItems=1),
            ]
            for schema in good:
                await post(client, body(output_config={"format": {"type": "json_schema", "schema": schema}}))

    asyncio.run(run())


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    colour: Colour
    date: str | None = None


class Demanding(BaseModel):
    """Uses what the API has no keyword for."""

    name: Annotated[str, Field(max_length=10, pattern="^[a-z]+$")]
    share: Annotated[float, Field(ge=0, le=1)]
    inner: Annotated[list[Inner], Field(min_length=2, max_length=5)]
    pair: Inner | str


@pytest.mark.parametrize("model", [Demanding, *REPLIES.values()], ids=lambda model: model.__name__)
def test_a_schema_transformed_by_the_sdk_passes(model: type[BaseModel]) -> None:
    async def run() -> None:
        async with ClaudeServer(librarian) as server, client_of(server.url) as client:
            raw = model.model_json_schema()
            with pytest.raises(anthropic.BadRequestError, match=r"output_config\.format\.schema"):
                await post(client, body(output_config={"format": {"type": "json_schema", "schema": raw}}))
            schema = transform_schema(model)
            await post(client, body(output_config={"format": {"type": "json_schema", "schema": schema}}))

    asyncio.run(run())
