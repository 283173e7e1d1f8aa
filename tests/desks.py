"""A desk for attempts in tests: the real client, real documents, a record of what happened."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from anthropic import AsyncAnthropic, DefaultAioHttpClient

from agents.budget import RESEARCH, Budget
from agents.calls.limiter import Limiter
from agents.calls.live_text import LiveText
from agents.desk import Desk
from agents.documents.tools import Documents
from agents.prices import load_prices
from agents.spec import AttemptLimits, AttemptSpec
from sessions.events import AnyEvent, Limits, Usage
from sessions.evidence_store import EvidenceStore

Kind = TypeVar("Kind")

TEXT = "# Tools\n\nIn 2024, 45% of musicians used AI tools. Most of them did so weekly.\n"


@dataclass
class Seat:
    """A desk with all that was recorded and shown at it."""

    desk: Desk
    events: list[AnyEvent] = field(default_factory=list[AnyEvent])
    shown: list[LiveText] = field(default_factory=list[LiveText])

    def of(self, kind: type[Kind]) -> list[Kind]:
        """The recorded events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def seat(url: str, place: Path, limits: Limits = Limits()) -> AsyncGenerator[Seat]:
    """A desk whose client talks to the server at `url`, over a folder with one document."""
    docs = place / "docs"
    docs.mkdir(exist_ok=True)
    (docs / "tools.md").write_text(TEXT, encoding="utf-8")
    documents = await Documents.open(docs, place / "cache")
    async with AsyncAnthropic(
        base_url=url, api_key="test", max_retries=0, http_client=DefaultAioHttpClient()
    ) as client:
        made = Seat(
            Desk(
                client=client,
                documents=documents,
                evidence=EvidenceStore(place / "session"),
                budget=Budget(limits, Usage()),
                record=lambda event: made.events.append(event),
                show=lambda text: made.shown.append(text),
                prices=load_prices(None),
                limiter=Limiter(0.001),
                backoff_s=0.001,
            )
        )
        try:
            yield made
        finally:
            documents.close()


def spec(**changes: object) -> AttemptSpec:
    """A researcher's attempt."""
    base = AttemptSpec(
        run="20261121-0000-test",
        spoke="music",
        attempt=1,
        role="researcher",
        model="claude-sonnet-5-5",
        system="You investigate.",
        prompt="<question>\nHow many use AI?\n</question>",
        tools=("search_documents", "read_document"),
        reply="findings",
        limits=AttemptLimits(stall_s=20, deadline_s=60),
        share=RESEARCH,
    )
    return base.model_copy(update=changes)
