"""A client on the embedded engine, with documents and the tools that read them."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx2
from anthropic import AsyncAnthropic, transform_schema
from anthropic.lib.tools import beta_async_tool
from anthropic.types.beta import BetaOutputConfigParam

from agents.documents.tools import Documents
from agents.embedded.transport import EmbeddedTransport
from agents.replies import REPLIES, Reply
from agents.tool_answers import Tool, ToolAnswer
from agents.tool_names import DOCUMENT_TOOLS
from sessions.evidence import Segment

Answer = TypeVar("Answer", bound=Reply)

QUESTION = "How do the orchards of the valley cope with a warmer climate?"
LIBRARY = {
    "start.md": """# Orchards and a warmer climate

The orchards of the valley meet a warmer climate on four fronts: late frost, irrigation, insects and labels for
the market.
""",
    "heaters.md": """# Heaters

Date: 2024-11-02

Frost killed 38% of the apricot blossom in April 2024. Growers of the orchards lit wax heaters on eleven nights
of frost.
""",
    "sprinkling.md": """# Ice as a coat

Sprinkling keeps blossom at zero degrees while frost lasts. In the orchards it saved most of the crop, and frost
took 9% of it.
""",
    "ditches.md": """# Ditches

Irrigation by ditch loses half of the water. The orchards need irrigation from May on, three weeks earlier than in
1990, because the climate is drier.
""",
    "drip.md": """# Drip lines

Irrigation by drip line costs 2,300 euro a hectare. It halves the use of water.
""",
    "moths.md": """# Codling moth

Insects now raise three broods a year in the valley. Nets keep insects off, and a net costs 12,000 euro a hectare.
""",
    "ladybirds.md": """# Ladybirds

Useful insects are let out in May. After two years these insects halved the aphids of the orchards.
""",
    "label.md": """# The valley's label

| Label | Price per kilo | Share |
|---|---|---|
| Valley | 3.10 euro | 21% |
| Organic | 3.80 euro | 34% |

Labels bring the orchards a better price.
""",
    "market-day.md": """# Market day

Fruit with one of the labels sells by noon. Labels are checked twice a year.
""",
    "skittles.md": """# Skittles

The team meets on Fridays. New shoes are needed for skittles.
""",
    "skittles-score.md": """# Score of the skittles team

Skittles that fall count one point. The team lost to Dorn.
""",
}


@dataclass
class Desk:
    """A client on the engine, documents, and what their tools returned."""

    client: AsyncAnthropic
    documents: Documents
    segments: list[Segment]
    queries: list[str]

    async def ask(self, prompt: str, answer: type[Answer], tools: Sequence[str] = DOCUMENT_TOOLS) -> Answer:
        """The structured reply to a prompt, tools run on the way."""
        text = await self.converse(prompt, answer.model_config.get("title") or "", tools)
        return answer.model_validate_json(text)

    async def converse(self, prompt: str, title: str, tools: Sequence[str]) -> str:
        offered: dict[str, Tool] = {
            "list_documents": self.documents.list_documents,
            "search_documents": self.search_documents,
            "find_text": self.documents.find_text,
            "read_document": self.read_document,
        }
        form: BetaOutputConfigParam = {
            "format": {"type": "json_schema", "schema": transform_schema(REPLIES[title])}
        }
        runner = self.client.beta.messages.tool_runner(
            stream=True,
            thread=False,
            model="embedded",
            max_tokens=16_000,
            messages=[{"role": "user", "content": prompt}],
            tools=[beta_async_tool(offered[name]) for name in tools],
            output_config=form,
        )
        turns = [await stream.get_final_message() async for stream in runner]
        assert len(turns) <= 4 and turns[-1].stop_reason == "end_turn"
        return "".join(block.text for block in turns[-1].content if block.type == "text")

    async def search_documents(self, query: str, limit: int = 6) -> ToolAnswer:
        self.queries.append(query)
        return self._kept(await self.documents.search_documents(query, limit))

    async def read_document(self, path: str, start: int = 0, length: int = 6000) -> ToolAnswer:
        return self._kept(await self.documents.read_document(path, start, length))

    def _kept(self, answer: ToolAnswer) -> ToolAnswer:
        self.segments.extend(answer.segments)
        return answer


@asynccontextmanager
async def desk(place: Path, library: dict[str, str] = LIBRARY) -> AsyncGenerator[Desk]:
    """A desk over a folder with these documents."""
    for name, text in library.items():
        file = place / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    documents = await Documents.open(place / "docs", place / "cache")
    http = httpx2.AsyncClient(transport=EmbeddedTransport())
    try:
        async with AsyncAnthropic(
            api_key="x", base_url="http://embedded.invalid", http_client=http, max_retries=0
        ) as client:
            yield Desk(client, documents, [], [])
    finally:
        documents.close()
