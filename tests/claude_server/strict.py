"""What the API refuses, refused here: every rule that a request must keep, with the API's status and wording.

Sources: anthropic 2.11.0's request types, the API's pages on errors, tool use, structured outputs and preserved
thinking, and its public error messages.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from anthropic.types import AnthropicBetaParam
from pydantic import ValidationError

from .conversation import conversation_problems
from .fields import NOT_PLAYED, MessagesRequest, ThinkingBlock, ToolResultBlock
from .schemas import complexity_problem, schema_problem
from .transcript import Signer, placed_blocks

VERSIONS = ("2023-06-01", "2026-10-21")
"""Both are held to the newer one's rules: no `temperature`, `top_p` or `top_k`, not even at their defaults."""

MAX_BODY_BYTES = 32 * 1024 * 1024
MAX_CONTEXT_TOKENS = 1_000_000
MAX_OUTPUT_TOKENS = 128_000
MAX_BREAKPOINTS = 4
MAX_STRICT_TOOLS = 20

BETAS = frozenset(name for literal in get_args(AnthropicBetaParam) for name in get_args(literal))
"""The values of `anthropic-beta` that the API knows."""

THINKING_OF_MODEL = {
    "claude-fable-5-1": {"adaptive"},
    "claude-opus-5-5": {"adaptive"},
    "claude-sonnet-5-5": {"adaptive", "between_tools"},
    "claude-haiku-5-5": {"adaptive", "disabled"},
}
"""The models that there are, and the types of thinking each accepts."""


@dataclass(eq=False)
class RejectedError(Exception):
    """The API would not accept this request."""

    status: int
    message: str


def accept(
    body: bytes, headers: Mapping[str, str], signer: Signer, paused: Callable[[str], bool]
) -> MessagesRequest:
    """The request, if the API would accept it; raises RejectedError if not.

    Header names are in lower case. `paused` tells whether a conversation with that digest was stopped by
    `pause_turn`: only then may it end with the assistant's words.
    """
    _check_headers(headers)
    if len(body) > MAX_BODY_BYTES:
        raise RejectedError(413, "Request exceeds the maximum size")
    try:
        request = MessagesRequest.model_validate_json(body)
    except ValidationError as error:
        raise RejectedError(400, _first_of(error)) from None
    if request.model not in THINKING_OF_MODEL:
        raise RejectedError(404, f"model: {request.model}")
    for problem in _problems(request, headers, len(body) // 4, signer, paused):
        raise RejectedError(400, problem)
    return request


def _check_headers(headers: Mapping[str, str]) -> None:
    if not headers.get("x-api-key") and not headers.get("authorization"):
        raise RejectedError(401, "x-api-key header is required")
    if headers.get("anthropic-version") not in VERSIONS:
        raise RejectedError(400, "anthropic-version: header is required, and must name a version that there is")
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise RejectedError(400, "content-type: must be application/json")
    unknown = sorted(_betas(headers) - BETAS)
    if unknown:
        raise RejectedError(400, f"Unexpected value(s) `{', '.join(unknown)}` for the `anthropic-beta` header.")


def _betas(headers: Mapping[str, str]) -> set[str]:
    return {name.strip() for name in headers.get("anthropic-beta", "").split(",")} - {""}


def _first_of(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return f"The request body is not valid JSON: {first['msg']}"
    path = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden" and path in NOT_PLAYED:
        return f"{path}: the API knows this field, this server does not"
    return f"{path}: {first['msg']}"


def _problems(
    request: MessagesRequest,
    headers: Mapping[str, str],
    tokens: int,
    signer: Signer,
    paused: Callable[[str], bool],
) -> Iterator[str]:
    if tokens > MAX_CONTEXT_TOKENS:
        yield f"prompt is too long: {tokens} tokens > {MAX_CONTEXT_TOKENS} maximum"
    if request.max_tokens > MAX_OUTPUT_TOKENS:
        yield (
            f"max_tokens: {request.max_tokens} > {MAX_OUTPUT_TOKENS}, which is the maximum allowed number of "
            f"output tokens for {request.model}"
        )
    yield from _betas_needed(request, _betas(headers))
    yield from _thinking(request)
    yield from _tools(request)
    yield from _formats(request)
    yield from _breakpoints(request)
    yield from conversation_problems(request, signer, paused)


def _betas_needed(request: MessagesRequest, betas: set[str]) -> Iterator[str]:
    if request.thread is not None:
        if "message-threads-2026-08-12" not in betas:
            yield "thread: Extra inputs are not permitted"
        yield "thread: this server holds no threads; send the whole conversation"
    if request.output_format is not None:
        if request.output_config is not None and request.output_config.format is not None:
            yield "output_format: use only output_config.format, not both"
        if "structured-outputs-2025-11-13" not in betas:
            yield "output_format: Extra inputs are not permitted"


def _thinking(request: MessagesRequest) -> Iterator[str]:
    if request.thinking is None:
        return
    kind = request.thinking.type
    if kind not in THINKING_OF_MODEL[request.model]:
        yield (
            f'"thinking.type.{kind}" is not supported for this model. Use "thinking.type.adaptive" and '
            '"output_config.effort" to control thinking behavior.'
        )
    effort = request.output_config.effort if request.output_config else None
    if kind == "disabled" and effort in ("xhigh", "max"):
        yield (
            f"output_config.effort '{effort}' is not supported when thinking is disabled on this model. Use "
            "effort 'high' or below, or enable thinking."
        )


def _tools(request: MessagesRequest) -> Iterator[str]:
    names = [tool.name for tool in request.tools]
    if len(set(names)) < len(names):
        yield "tools: Tool names must be unique."
    for number, tool in enumerate(request.tools):
        if tool.input_schema.get("type") != "object":
            yield f"tools.{number}.custom.input_schema.type: Input should be 'object'"
        problem = schema_problem(tool.input_schema) if tool.strict else None
        if problem:
            yield f"tools.{number}.custom.input_schema: {problem}"
    if sum(bool(tool.strict) for tool in request.tools) > MAX_STRICT_TOOLS:
        yield f"tools: at most {MAX_STRICT_TOOLS} strict tools are allowed"
    choice = request.tool_choice
    if choice is None:
        return
    if not request.tools:
        yield "tool_choice: may only be specified while providing tools"
    if (choice.name is not None) != (choice.type == "tool"):
        yield "tool_choice.name: required for type tool, and for no other"
    if choice.type == "none" and choice.disable_parallel_tool_use is not None:
        yield "tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted"
    if choice.type in ("any", "tool"):
        if "disabled" not in THINKING_OF_MODEL[request.model]:
            yield f"tool_choice: forced tool use ({choice.type}) is not supported for this model"
        if request.thinks:
            yield "Thinking may not be enabled when tool_choice forces tool use."
        if choice.name is not None and choice.name not in names:
            yield f"tool_choice: Tool '{choice.name}' not found in provided tools"


def _formats(request: MessagesRequest) -> Iterator[str]:
    problem = schema_problem(request.format.json_schema) if request.format else None
    if problem:
        yield f"output_config.format.schema: {problem}"
    compiled = [tool.input_schema for tool in request.tools if tool.strict]
    compiled += [request.format.json_schema] if request.format else []
    problem = complexity_problem(compiled)
    if problem:
        yield problem


def _breakpoints(request: MessagesRequest) -> Iterator[str]:
    marked = [request.cache_control]
    marked += [block.cache_control for block in request.system]
    marked += [tool.cache_control for tool in request.tools]
    for placed in placed_blocks(request):
        if isinstance(placed.block, ThinkingBlock):
            continue
        marked.append(placed.block.cache_control)
        if isinstance(placed.block, ToolResultBlock):
            marked += [block.cache_control for block in placed.block.content]
    found = sum(marker is not None for marker in marked)
    if found > MAX_BREAKPOINTS:
        yield f"A maximum of {MAX_BREAKPOINTS} blocks with cache_control may be provided. Found {found}."
