"""The tools of one attempt: run by the SDK's tool runner, recorded, and what they return kept as evidence."""

import asyncio
import time
from collections.abc import Mapping

from anthropic.lib.tools import BetaAsyncBuiltinFunctionTool, BetaAsyncFunctionTool, ToolError, beta_async_tool
from anthropic.types.beta import BetaToolUnionParam, BetaToolUseBlock
from pydantic import JsonValue, TypeAdapter
from typing_extensions import override

from agents.desk import Desk
from agents.spec import AttemptSpec
from agents.tool_answers import Tool, ToolAnswer, ToolUseError
from agents.tool_names import READ_EVIDENCE
from sessions.events import ToolCalled, ToolReturned
from sessions.evidence import Segment
from sessions.findings import Span

CONTEXT = 300
"""Characters on each side of a span that the reading of evidence shows."""

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class ToolBench:
    """The tools that an attempt's spec names, and every segment they returned to it."""

    def __init__(self, spec: AttemptSpec, desk: Desk) -> None:
        self.spec = spec
        self.desk = desk
        self.segments: list[Segment] = []
        self.failed = ""
        """The newest error of a tool, as long as no call was answered at all."""
        self._answered = False
        self.turn = 0
        self._calls: list[BetaToolUseBlock] = []
        offered = dict(desk.document_tools)
        if READ_EVIDENCE in spec.tools:
            offered[READ_EVIDENCE] = beta_async_tool(EvidenceReader(spec.evidence, desk).read_evidence)
        # A name that is not offered here is not gained by naming it.
        self.tools = [RecordedTool(offered[name], self) for name in spec.tools if name in offered]

    def expect(self, turn: int, calls: list[BetaToolUseBlock]) -> None:
        """Announces the calls of a turn, so that each can be told by its id."""
        self.turn, self._calls = turn, calls
        known = {tool.name for tool in self.tools}
        for call in calls:
            if call.name not in known:
                self.called(call.id, call.name, call.input)
                self.returned(call.id, call.name, error=f"There is no tool named {call.name!r}.")

    def call_id(self, name: str, given: object) -> str:
        """The id of the announced call with that name and input, taken once."""
        for call in self._calls:
            if call.name == name and call.input == given:
                self._calls = [other for other in self._calls if other is not call]
                return call.id
        return ""

    def called(self, call: str, name: str, given: object) -> None:
        """Records a call."""
        spoke, attempt = self.spec.spoke, self.spec.attempt
        json = _JSON.validate_python(given)
        event = ToolCalled(spoke=spoke, attempt=attempt, turn=self.turn, call=call, name=name, input=json)
        self.desk.record(event)

    def returned(
        self, call: str, name: str, answer: ToolAnswer | None = None, error: str = "", seconds: float = 0.0
    ) -> None:
        """Records what came back."""
        answer = answer or ToolAnswer()
        self._answered |= not error
        self.failed = "" if self._answered else error
        self.segments.extend(answer.segments)
        event = ToolReturned(
            spoke=self.spec.spoke,
            attempt=self.spec.attempt,
            turn=self.turn,
            call=call,
            name=name,
            segments=tuple(segment.ref for segment in answer.segments),
            text=answer.text,
            error=error,
            seconds=seconds,
        )
        self.desk.record(event)

    async def keep(self, answer: ToolAnswer) -> None:
        """Puts the sources of an answer among the run's evidence, before any event names them."""
        for sha256 in {segment.source_sha256 for segment in answer.segments}:
            text = self.desk.documents.text(sha256)
            if text is not None:
                await asyncio.to_thread(self.desk.evidence.put, text)


class RecordedTool(BetaAsyncBuiltinFunctionTool):
    """One tool on the bench; whatever goes wrong in it is an error that the subagent is told."""

    def __init__(self, tool: BetaAsyncFunctionTool[Tool], bench: ToolBench) -> None:
        self._tool = tool
        self._bench = bench

    @override
    def to_dict(self) -> BetaToolUnionParam:
        return self._tool.to_dict()

    @override
    async def call(self, input: object) -> ToolAnswer:
        name, bench = self._tool.name, self._bench
        call = bench.call_id(name, input)
        bench.called(call, name, input)
        started = time.monotonic()
        try:
            answer = await self._tool.call(input)
            if not isinstance(answer, ToolAnswer):
                raise ToolUseError(f"{name} answered in an unknown form.")
            await bench.keep(answer)
        except (ToolUseError, ValueError, TypeError, OSError) as error:
            reason = f"{error}{_arguments(error)}"
            bench.returned(call, name, error=reason, seconds=time.monotonic() - started)
            raise ToolError(reason) from None
        bench.returned(call, name, answer, seconds=time.monotonic() - started)
        return answer


def _arguments(error: BaseException) -> str:
    """What the SDK's sentence on invalid arguments leaves out."""
    return f": {' '.join(str(error.__cause__).split())[:300]}" if error.__cause__ else ""


class EvidenceReader:
    """The writer's tool: the words behind claims, in their context."""

    def __init__(self, spans: Mapping[str, tuple[Span, ...]], desk: Desk) -> None:
        self._spans = spans
        self._desk = desk

    async def read_evidence(self, claims: list[str]) -> ToolAnswer:
        """Read the passages that claims rest on, each with some text around it.

        Args:
            claims: ids of claims from the ledger, such as ["c1", "c12"]; at most 20 at once.
        """
        unknown = [claim for claim in claims if claim not in self._spans]
        segments: list[Segment] = []
        for claim in claims[:20]:
            for span in self._spans.get(claim, ()):
                text = await asyncio.to_thread(self._desk.evidence.get, span.source_sha256)
                if text is None:
                    raise ToolUseError(f"The evidence of {claim} ({span.source}) cannot be read.")
                start = max(0, span.start - CONTEXT)
                segments.append(
                    Segment(
                        source=span.source,
                        source_sha256=span.source_sha256,
                        start=start,
                        text=text[start : span.end + CONTEXT],
                    )
                )
        remark = f"Not in the ledger: {', '.join(unknown)}." if unknown else ""
        return ToolAnswer(tuple(segments), remark)
