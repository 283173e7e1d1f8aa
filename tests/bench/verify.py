"""How soon 100 simple claims are checked, and complex ones beside them, by a server of half a second a reply."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from math import ceil
from pathlib import Path

from pydantic import JsonValue

from agents.calls.live_text import LiveText
from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, PlanReply, QuotedText
from agents.run import Settings, ask
from agents.verification import BATCH
from sessions.events import AnyEvent, ClaimsChecked, ConflictReconciled, LedgerBuilt
from tests.bench.table import Row
from tests.claude_server import Brain, ClaudeServer, Reply, ToolUse
from tests.engine_brain import engine_brain
from tests.running import planned, subtask

SPOKES, CLAIMS, PARALLEL = 5, 20, 5
REPLY_S = 0.5
AIM_S = 4.0

_PLACES = "Alder Birch Cedar Daisy Elder".split()
_GOODS = (
    "rugs lamps bowls chairs kites drums flutes masks boats tents "
    "bells clocks knives hats coats boots belts rings vases combs"
).split()


def _sentence(spoke: int, number: int) -> str:
    return f"The {_PLACES[spoke]} workshop sold {40 + 37 * spoke + 11 * number} {_GOODS[number]} in 2024."


def _disputed(spoke: int) -> str:
    """One sentence a document that another document contradicts."""
    return f"In 2024, {30 + spoke}% of the guild's members in Northmark worked by hand."


def _plan(request: MessagesRequest) -> PlanReply:
    return planned(*(subtask(place.lower(), f"Find the {place} sales.") for place in _PLACES))


def _research(request: MessagesRequest) -> FindingsReply | Reply:
    prompt = request.messages[0].blocks[0].model_dump_json()
    spoke = next(n for n, place in enumerate(_PLACES) if f"Find the {place} sales" in prompt)
    file = f"{_PLACES[spoke].lower()}.md"
    if len(request.messages) == 1:
        return Reply((ToolUse("read_document", {"path": file, "length": 20_000}),))
    texts = [*(_sentence(spoke, number) for number in range(CLAIMS)), _disputed(spoke)]
    found = [FoundClaim(claim=text, quotes=[QuotedText(source=file, text=text)]) for text in texts]
    return FindingsReply(findings=found)


def _brain() -> Brain:
    brain = engine_brain({"plan": _plan, "coverage": lambda _: '{"missing": []}', "findings": _research})

    async def paced(request: dict[str, JsonValue]) -> Reply:
        asked = MessagesRequest.model_validate(request)
        if asked.asks_for in ("verdicts", "reconciliation"):
            await asyncio.sleep(REPLY_S)
        return await brain(request)

    return paced


async def _checked(docs: Path) -> tuple[float, int, int, int]:
    """Seconds from the ledger to its last verdict, and how many claims, conversations and conflicts there were."""
    events: list[AnyEvent] = []

    def listen(item: AnyEvent | LiveText) -> None:
        if not isinstance(item, LiveText):
            events.append(item)

    async with ClaudeServer(_brain()) as server:
        os.environ["ANTHROPIC_BASE_URL"], os.environ["ANTHROPIC_API_KEY"] = server.url, "test"
        await ask("What was sold?", Settings(docs=docs, provider="claude", max_parallel=PARALLEL)).work(listen)
    built = next(event for event in events if isinstance(event, LedgerBuilt))
    done = [event for event in events if isinstance(event, ClaimsChecked | ConflictReconciled)]
    claims = sum(len(event.verdicts) for event in done if isinstance(event, ClaimsChecked))
    return max(event.t for event in done) - built.t, claims, len(done), len(built.conflicts)


def rows() -> Iterator[Row]:
    """The time over what the server alone takes."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["HUBSPOKE_HOME"] = f"{place}/home"
        docs = Path(place) / "docs"
        docs.mkdir()
        for spoke, name in enumerate(_PLACES):
            lines = [*(_sentence(spoke, number) for number in range(CLAIMS)), _disputed(spoke)]
            (docs / f"{name.lower()}.md").write_text("\n\n".join(lines), encoding="utf-8")
        seconds, claims, talks, conflicts = asyncio.run(_checked(docs))
    floor = ceil(talks / PARALLEL) * REPLY_S
    simple = ceil(SPOKES * CLAIMS / BATCH)
    what = f"checking {claims} claims ({simple} batches of simple ones) and {conflicts} conflicts"
    figure = (
        f"{seconds:.2f} s over {floor:.2f} s that the server takes for {talks} conversations, {PARALLEL} at once"
    )
    yield Row(what, figure, seconds / floor, AIM_S / floor, "python -m tests.bench verify")
