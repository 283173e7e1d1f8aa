"""What a brain answers: the blocks of one reply and how it stops, before the server's manners are put on it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from .acts import ReplyAct


@dataclass(frozen=True)
class Text:
    """A text block; the JSON itself where structured output was asked for."""

    text: str


@dataclass(frozen=True)
class Thinking:
    """A thinking block; the server signs it."""

    text: str


@dataclass(frozen=True)
class ToolUse:
    """A tool call; without an id the server gives it one."""

    name: str
    input: Mapping[str, JsonValue]
    id: str = ""


Block = Text | Thinking | ToolUse


@dataclass(frozen=True)
class Usage:
    """Tokens of one reply; `input_tokens` are those not read from or written to a cache."""

    input_tokens: int
    output_tokens: int
    cache_read: int = 0
    cache_write: int = 0


@dataclass(frozen=True)
class Reply:
    """One reply.

    An empty `stop_reason` means `tool_use` where a tool is called, else `end_turn`; any other value is sent as it
    is, known or not. Without `usage` the tokens are estimated from the lengths. `acts` are done to this reply,
    after those of the cues.
    """

    blocks: Sequence[Block] = ()
    stop_reason: str = ""
    usage: Usage | None = None
    stop_details: Mapping[str, JsonValue] | None = None
    acts: tuple[ReplyAct, ...] = ()


Brain = Callable[[dict[str, JsonValue]], Awaitable[Reply]]
"""Answers the JSON of one request that the API would accept."""
