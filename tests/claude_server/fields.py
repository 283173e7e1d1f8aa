"""The fields of a request that this server accepts, as pydantic models: what they leave out is an error.

Source: the request types of anthropic 2.11.0 (`types/beta/message_create_params.py` and the block params),
narrowed to text, thinking and the client's own tools.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

NOT_PLAYED = frozenset(
    {
        "billing_policy",
        "compaction",
        "container",
        "context_management",
        "diagnostics",
        "fallback_credit_token",
        "fallbacks",
        "mcp_servers",
        "speed",
    }
)
"""Top-level fields that the API knows and this server does not: it says so, rather than call them unknown."""


def _as_blocks(content: object) -> object:
    """A string is short for one text block."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _as_any_blocks(content: object) -> object:
    """Likewise, where there may be none: a system prompt, the content of a tool result."""
    return [] if content == "" else _as_blocks(content)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CacheControl(_Part):
    type: Literal["ephemeral"]
    ttl: Literal["5m", "1h"] = "5m"


Marker = Annotated[CacheControl | None, Field(exclude=True)]
"""A cache breakpoint: it may move between requests, so it is no part of what was said."""


class TextBlock(_Part):
    type: Literal["text"]
    text: str
    citations: Annotated[None, Field(exclude=True)] = None
    cache_control: Marker = None


class ThinkingBlock(_Part):
    type: Literal["thinking"]
    thinking: str
    signature: str


class DirectCaller(_Part):
    type: Literal["direct"]


class ToolUseBlock(_Part):
    type: Literal["tool_use"]
    id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    input: dict[str, JsonValue]
    caller: Annotated[DirectCaller | None, Field(exclude=True)] = None
    cache_control: Marker = None


class ToolResultBlock(_Part):
    type: Literal["tool_result"]
    tool_use_id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$")]
    content: Annotated[list[TextBlock], BeforeValidator(_as_any_blocks)] = []
    is_error: bool = False
    cache_control: Marker = None


UserBlock = Annotated[TextBlock | ToolResultBlock, Field(discriminator="type")]
AssistantBlock = Annotated[TextBlock | ThinkingBlock | ToolUseBlock, Field(discriminator="type")]
AnyBlock = TextBlock | ThinkingBlock | ToolUseBlock | ToolResultBlock


class UserMessage(_Part):
    role: Literal["user"]
    content: Annotated[list[UserBlock], BeforeValidator(_as_blocks)]


class AssistantMessage(_Part):
    role: Literal["assistant"]
    content: Annotated[list[AssistantBlock], BeforeValidator(_as_blocks)]


class Tool(_Part):
    type: Literal["custom"] | None = None
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,128}$")]
    description: str = ""
    input_schema: dict[str, JsonValue]
    strict: bool | None = None
    eager_input_streaming: bool | None = None
    input_examples: list[dict[str, JsonValue]] = []
    cache_control: Marker = None


class ToolChoice(_Part):
    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class Adaptive(_Part):
    type: Literal["adaptive"]
    display: Literal["summarized", "omitted"] | None = None


class BudgetedThinking(_Part):
    type: Literal["enabled"]
    budget_tokens: Annotated[int, Field(ge=1024)]
    display: Literal["summarized", "omitted"] | None = None


class OtherThinking(_Part):
    type: Literal["disabled", "between_tools"]


ThinkingConfig = Annotated[Adaptive | BudgetedThinking | OtherThinking, Field(discriminator="type")]


class OutputFormat(_Part):
    type: Literal["json_schema"]
    json_schema: dict[str, JsonValue] = Field(alias="schema")


class OutputConfig(_Part):
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: OutputFormat | None = None


class Metadata(_Part):
    user_id: Annotated[str, Field(max_length=256)] | None = None


class MessagesRequest(_Part):
    """The body of a request to `/v1/messages`."""

    model: Annotated[str, Field(min_length=1)]
    max_tokens: Annotated[int, Field(ge=1)]
    messages: Annotated[
        list[Annotated[UserMessage | AssistantMessage, Field(discriminator="role")]],
        Field(min_length=1, max_length=100_000),
    ]
    system: Annotated[list[TextBlock], BeforeValidator(_as_any_blocks)] = []
    tools: list[Tool] = []
    tool_choice: ToolChoice | None = None
    thinking: ThinkingConfig | None = None
    output_config: OutputConfig | None = None
    output_format: OutputFormat | None = None
    cache_control: CacheControl | None = None
    metadata: Metadata | None = None
    service_tier: Literal["auto", "standard_only"] | None = None
    stop_sequences: list[Annotated[str, Field(pattern=r"\S")]] = []
    inference_geo: str | None = None
    stream: bool = False
    thread: dict[str, JsonValue] | None = None

    @property
    def format(self) -> OutputFormat | None:
        """The structured output asked for, by either name."""
        return (self.output_config.format if self.output_config else None) or self.output_format

    @property
    def thinks(self) -> bool:
        """Whether the model may think at the start of a reply."""
        return self.thinking is None or self.thinking.type in ("adaptive", "enabled")

    @property
    def shows_thinking(self) -> bool:
        """Whether the text of thinking blocks is returned; the default is to leave it out."""
        return getattr(self.thinking, "display", None) == "summarized"
