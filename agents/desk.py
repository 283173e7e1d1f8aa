"""The place where attempts run: what they find there, and whom they tell."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from anthropic import AsyncAnthropic
from anthropic.lib.tools import BetaAsyncFunctionTool, beta_async_tool
from pydantic import JsonValue

from agents.budget import Budget
from agents.calls.limiter import Limiter
from agents.calls.live_text import LiveText
from agents.calls.misfits import Misfits
from agents.documents.tools import Documents
from agents.prices import Prices
from agents.tool_answers import Tool
from sessions.events import AnyEvent
from sessions.evidence_store import EvidenceStore


@dataclass
class Desk:
    """Client, documents and limits for the attempts of one run; none of it travels with an attempt."""

    client: AsyncAnthropic
    documents: Documents
    evidence: EvidenceStore
    budget: Budget
    record: Callable[[AnyEvent], None]
    """Appends an event to the run."""
    show: Callable[[LiveText], None]
    """Shows text while it streams."""
    prices: Prices
    limiter: Limiter = field(default_factory=Limiter)
    misfits: Misfits = field(default_factory=Misfits)
    backoff_s: float = 1.0
    """The longest wait before a second try; those after it are longer, as `agents.calls.patience` says."""
    talks: dict[str, asyncio.Task[tuple[str, JsonValue]]] = field(
        default_factory=dict[str, asyncio.Task[tuple[str, JsonValue]]]
    )
    """The conversations held just now, by spoke."""

    @cached_property
    def document_tools(self) -> Mapping[str, BetaAsyncFunctionTool[Tool]]:
        """The tools that read the documents, by name: described for a model once, for that takes milliseconds."""
        documents = self.documents
        tools: tuple[Tool, ...] = (
            documents.list_documents,
            documents.search_documents,
            documents.find_text,
            documents.read_document,
        )
        return {tool.__name__: beta_async_tool(tool) for tool in tools}

    def give_up(self, spoke: str) -> bool:
        """Breaks off the spoke's conversation; its attempt ends with what it has. False if there is none."""
        talk = self.talks.get(spoke)
        return talk is not None and talk.cancel()
