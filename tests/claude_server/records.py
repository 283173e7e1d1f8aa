"""What the server remembers of a request."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

State = Literal["open", "answered", "rejected", "faulted", "cut", "abandoned"]
"""open: not ended yet. answered: the whole reply went out. rejected: the API would not have accepted it. faulted:
a scripted status, or the brain failed. cut: the script broke the stream off. abandoned: the client went away."""


@dataclass(eq=False)
class RecordedRequest:
    """One request to `/v1/messages`; `index` counts arrivals from 0, times are of `time.monotonic()`.

    Header names are in lower case; `problem` says why a request was rejected or failed.
    """

    index: int
    request_id: str
    headers: dict[str, str]
    body: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    arrived: float = field(default_factory=time.monotonic)
    ended: float | None = None
    state: State = "open"
    status: int | None = None
    problem: str = ""

    @property
    def model(self) -> str:
        """The model asked for."""
        return str(self.body.get("model", ""))

    @property
    def title(self) -> str:
        """The title of the structured output's schema; empty where none was asked for."""
        found: JsonValue = self.body
        for key in ("output_config", "format", "schema", "title"):
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, str) else ""

    @property
    def tools(self) -> list[str]:
        """The names of the tools on offer."""
        tools = self.body.get("tools")
        offered = tools if isinstance(tools, list) else []
        return [str(tool.get("name", "")) for tool in offered if isinstance(tool, dict)]

    @property
    def said(self) -> str:
        """Every string in the request, keys left out, one a line: all that the model could read of it."""
        return "\n".join(_strings(self.body))


def _strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
