"""What a request tells the engine: the sections of the prompt, and what its earlier tool calls brought."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import JsonValue

from agents.embedded.wire import MessagesRequest, TextBlock, ToolResultBlock, ToolUseBlock
from agents.tool_answers import segment_from_wire
from sessions.evidence import Segment

_SECTION = re.compile(r"^<(?P<name>[a-z_]+)>\n(?P<text>.*?)\n?</(?P=name)>$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Call:
    """A tool call that the engine wants to make."""

    name: str
    input: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True)
class Ask:
    """Tool calls to make before the engine can answer, and why it makes them."""

    why: str
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Exchange:
    """A tool call that was made and what came of it."""

    call: Call
    segments: tuple[Segment, ...]
    remark: str
    failed: bool


@dataclass(frozen=True)
class Conversation:
    """A request as the engine reads it."""

    sections: dict[str, str]
    tools: frozenset[str]
    turns: tuple[tuple[Exchange, ...], ...]
    """The engine's earlier turns with tool calls, oldest first."""

    def section(self, name: str) -> str:
        """The text of a section of the prompt; empty if there is none."""
        return self.sections.get(name, "")

    def exchanges(self, tool: str) -> list[Exchange]:
        """The calls of one tool that worked, oldest first."""
        return [e for turn in self.turns for e in turn if e.call.name == tool and not e.failed]

    def offered(self, calls: Iterable[Call]) -> tuple[Call, ...]:
        """Those of the calls that can be made: their tools are on offer, and they were not made yet."""
        made = [exchange.call for turn in self.turns for exchange in turn]
        wanted: list[Call] = []
        for call in calls:
            if call.name in self.tools and call not in made and call not in wanted:
                wanted.append(call)
        return tuple(wanted)


def sections(prompt: str) -> dict[str, str]:
    """The tagged sections of a prompt by name, as `agents.prompts.tagged` writes them.

    Sections do not nest: what looks like a tag inside of one is text. Of two with one name the first counts.
    """
    found: dict[str, str] = {}
    for match in _SECTION.finditer(prompt):
        name = match["name"]
        found.setdefault(name, re.sub(rf"<\\/(\s*{name})", r"</\1", match["text"]))
    return found


def read_conversation(request: MessagesRequest) -> Conversation:
    """The conversation of a request."""
    results = {
        block.tool_use_id: block
        for message in request.messages
        for block in message.blocks
        if isinstance(block, ToolResultBlock)
    }
    turns: list[tuple[Exchange, ...]] = []
    for message in request.messages:
        calls = [block for block in message.blocks if isinstance(block, ToolUseBlock)]
        if calls:
            turns.append(tuple(_exchange(call, results.get(call.id)) for call in calls))
    opening = [block.text for block in request.messages[0].blocks if isinstance(block, TextBlock)]
    offered = () if request.tool_choice.type == "none" else request.tools
    return Conversation(
        sections=sections("\n\n".join(opening)),
        tools=frozenset(tool.name for tool in offered),
        turns=tuple(turns),
    )


def _exchange(call: ToolUseBlock, result: ToolResultBlock | None) -> Exchange:
    segments: list[Segment] = []
    remarks: list[str] = []
    for text in result.texts if result else ():
        segment = segment_from_wire(text)
        if segment is None:
            remarks.append(text)
        else:
            segments.append(segment)
    failed = result is None or bool(result.is_error)
    return Exchange(Call(call.name, call.input), tuple(segments), "\n".join(remarks), failed)
