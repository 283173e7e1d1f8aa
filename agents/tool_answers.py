"""What a tool answers, and how it stands on the wire."""

import re
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass

import orjson
from anthropic.types.beta import BetaTextBlockParam
from pydantic import BaseModel, ValidationError

from sessions.evidence import Segment

Tool = Callable[..., Coroutine[None, None, "ToolAnswer"]]
"""What a model may call; its docstring is what the model reads of it."""


class ToolUseError(Exception):
    """A tool could not do what it was asked; its one sentence goes to the subagent as a tool error."""


@dataclass(frozen=True)
class ToolAnswer:
    """Stretches of sources, which become evidence, and what the tool says beyond them."""

    segments: tuple[Segment, ...] = ()
    text: str = ""

    def __iter__(self) -> Iterator[BetaTextBlockParam]:
        """The content blocks of the tool result, which is how the SDK's tool runner takes an answer."""
        return iter([BetaTextBlockParam(type="text", text=block) for block in answer_to_wire(self)])


class _Header(BaseModel):
    source: str
    sha256: str
    start: int
    title: str = ""
    date: str = ""


def segment_to_wire(segment: Segment) -> str:
    """One text block: a line of JSON that names the place, then the text as it stands in the source."""
    header = _Header(
        source=segment.source,
        sha256=segment.source_sha256,
        start=segment.start,
        title=segment.title,
        date=segment.date,
    )
    return f"{header.model_dump_json(exclude_defaults=True)}\n{segment.text}"


def segment_from_wire(block: str) -> Segment | None:
    """The segment a text block holds, or None if the block is something else that a tool said."""
    head, _, text = block.partition("\n")
    if not head.startswith('{"source":'):
        return None
    try:
        header = _Header.model_validate(orjson.loads(head))
    except (orjson.JSONDecodeError, ValidationError):
        return None
    return Segment(
        source=header.source,
        source_sha256=header.sha256,
        start=header.start,
        text=text,
        title=header.title,
        date=header.date,
    )


def answer_to_wire(answer: ToolAnswer) -> list[str]:
    """The text blocks of a tool result, in order; never empty."""
    blocks = [segment_to_wire(segment) for segment in answer.segments]
    # A remark that looks like a header would be read as evidence: it never starts with one.
    remark = re.sub(r'^\{"source":', ' {"source":', answer.text)
    return [*blocks, remark] if remark or not blocks else blocks
