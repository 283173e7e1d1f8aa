"""What a pane shows is what came over the wire: not a token more, not one less, and no pane waits for another."""

import asyncio
from pathlib import Path

import pytest

from agents.calls.live_text import readable
from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, QuotedText
from tests.claude_server import Cue, Manners, RecordedRequest, Stall, ThreadedClaudeServer
from tests.dashboards import dashboard, until
from tests.engine_brain import engine_brain
from tests.test_dashboard_life import nothing_left as nothing_left
from tests.test_dashboard_life import of
from tests.test_pipeline import DOUBLES, WORDS
from tests.test_pipeline import docs as docs
from tui.app import Dashboard
from tui.start import Start

DELTA = 24
"""Characters of a delta, as the server cuts text."""

HEAD = 2
"""Events of a stream before its first delta."""


def answer(request: MessagesRequest) -> FindingsReply:
    """One long claim a spoke, each of words of its own, without a tool call first."""
    spoke = next(spoke for spoke in WORDS if f"Find the {spoke} price" in request.messages[0].model_dump_json())
    words = " ".join(f"{spoke}{number}" for number in range(40))
    return FindingsReply(findings=[FoundClaim(claim=words, quotes=[QuotedText(source=f"{spoke}.md", text="x")])])


def shown(app: Dashboard, spoke: str) -> str:
    """What a spoke's pane says."""
    return app.run_screen.tiles[spoke].plain


def first(spoke: str, deltas: int) -> str:
    """What can be read of a spoke's reply when so many deltas have come."""
    words = " ".join(f"{spoke}{number}" for number in range(40))
    quotes = [QuotedText(source=f"{spoke}.md", text="x")]
    reply = FindingsReply(findings=[FoundClaim(claim=words, quotes=quotes)]).model_dump_json()
    return readable(reply[: DELTA * deltas])


def test_five_panes_show_what_came_and_none_waits_for_another(
    docs: Path, monkeypatch: pytest.MonkeyPatch, nothing_left: None
) -> None:
    # Each spoke's stream is held twice: after a number of deltas of its own, and after one more.
    held = {
        spoke: (Stall(asyncio.Event(), HEAD + k), Stall(asyncio.Event(), HEAD + k + 1))
        for k, spoke in enumerate(WORDS, 4)
    }

    def cue(spoke: str, stall: Stall) -> Cue:
        def picks(request: RecordedRequest) -> bool:
            return of(spoke)(request)

        return Cue(stall, picks, times=1)

    cues = tuple(cue(spoke, stall) for spoke, stalls in held.items() for stall in stalls)
    with ThreadedClaudeServer(engine_brain({**DOUBLES, "findings": answer}), Manners(cues=cues)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789abcdefghij")

        async def main() -> None:
            start = Start(question="What do brushes cost?", approved=True, settings={"docs": str(docs)})
            async with dashboard(start) as (app, pilot):
                await until(pilot, lambda: len(app.run_screen.tiles) == 6)
                for k, spoke in enumerate(WORDS, 4):
                    await until(pilot, lambda spoke=spoke, k=k: shown(app, spoke) == first(spoke, k))
                    assert first(spoke, k) != first(spoke, k + 1)
                # One more of the third, and of no other.
                server.release(held["cedar"][0].release)
                await until(pilot, lambda: shown(app, "cedar") == first("cedar", 7))
                # The third comes to its end; the others stand where they stood.
                server.release(held["cedar"][1].release)
                await until(pilot, lambda: "1 finding" in shown(app, "cedar"))
                for k, spoke in enumerate(WORDS, 4):
                    assert spoke == "cedar" or shown(app, spoke) == first(spoke, k)
                for stalls in held.values():
                    for stall in stalls:
                        server.release(stall.release)
                await until(pilot, lambda: app.seat and app.seat.state.exit is not None)

        asyncio.run(main())
