"""The place where attempts run: what they find there, and whom they tell."""

from collections.abc import Callable
from dataclasses import dataclass, field

from anthropic import AsyncAnthropic

from agents.budget import Budget
from agents.documents.tools import Documents
from agents.limiter import Limiter
from agents.live_text import LiveText
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
    limiter: Limiter = field(default_factory=Limiter)
    backoff_s: float = 1.0
    """The longest wait before the second try; it doubles from try to try, up to 30 s."""
