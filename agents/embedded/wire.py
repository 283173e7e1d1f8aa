"""The Messages API as far as the embedded engine speaks it: requests, checked on the way in, and reply blocks.

The shapes are those of https://platform.claude.com/docs/en/api/messages. Fields that the engine has no use for
are let through unread; blocks that it cannot read are an invalid request.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Wire(BaseModel):
    """A piece of a request or of a reply."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class TextBlock(Wire):
    """Prose, or a structured reply as JSON."""

    type: Literal["text"] = "text"
    text: str


class ThinkingBlock(Wire):
    """What the engine does next, and why."""

    type: Literal["thinking"] = "thinking"
    thinking: str
    signature: str = ""


class ToolUseBlock(Wire):
    """A tool call."""

    type: Literal["tool_use"] = "tool_use"
    id: str
    name: str
    input: dict[str, JsonValue] = {}


class ToolResultBlock(Wire):
    """What a tool answered."""

    type: Literal["tool_result"] = "tool_result"
    tool_use_id: str
    content: str | tuple[TextBlock, ...] = ""
    is_error: bool | None = False

    @property
    def texts(self) -> tuple[str, ...]:
        """Its text blocks, in order."""
        return (self.content,) if isinstance(self.content, str) else tuple(b.text for b in self.content)


ReplyBlock = TextBlock | ThinkingBlock | ToolUseBlock
Block = Annotated[TextBlock | ThinkingBlock | ToolUseBlock | ToolResultBlock, Field(discriminator="type")]


class Message(Wire):
    """One message of the conversation."""

    role: Literal["user", "assistant"]
    content: str | tuple[Block, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its blocks; plain text is one text block."""
        return (TextBlock(text=self.content),) if isinstance(self.content, str) else self.content


class OfferedTool(Wire):
    """A tool on offer; the engine knows the tools it can use by their names."""

    name: str


class ToolChoice(Wire):
    """Whether tools may be called: not with `none`."""

    type: str = "auto"


class SchemaHead(Wire):
    """What the engine reads of a schema: the title says which reply is asked for."""

    title: str = ""


class OutputFormat(Wire):
    """Structured output."""

    type: Literal["json_schema"]
    schema_: Annotated[SchemaHead, Field(alias="schema")]


class OutputConfig(Wire):
    """How the reply is to look."""

    format: OutputFormat | None = None


class MessagesRequest(Wire):
    """The body of `POST /v1/messages`."""

    model: Annotated[str, Field(min_length=1)]
    max_tokens: Annotated[int, Field(ge=1)]
    messages: Annotated[tuple[Message, ...], Field(min_length=1)]
    tools: tuple[OfferedTool, ...] = ()
    tool_choice: ToolChoice = ToolChoice()
    output_config: OutputConfig | None = None
    stream: bool = False

    @property
    def asks_for(self) -> str:
        """The title of the structured reply that is asked for; empty for prose."""
        wanted = self.output_config and self.output_config.format
        return wanted.schema_.title if wanted else ""


class BadRequestError(Exception):
    """A request that cannot be answered; the message goes back as an `invalid_request_error`."""


@dataclass(frozen=True)
class EngineReply:
    """The blocks of one reply, in order, and why it ends."""

    blocks: tuple[ReplyBlock, ...]
    stop_reason: Literal["end_turn", "tool_use"]
