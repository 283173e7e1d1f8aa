"""Twenty spokes stream at once, under the keys: for seconds here, for minutes by `python -m tests.soak stream`."""

import asyncio
import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, PlanReply, QuotedText
from sessions import paths
from sessions.journal_reader import JOURNAL
from tests.claude_server import Reply, Text, ThreadedClaudeServer, ToolUse
from tests.engine_brain import engine_brain
from tests.engines import engines as engines
from tests.running import LONGEST_S, planned, subtask
from tests.terminal import Terminal
from tests.windows import Slowed, Windows
from tests.windows import windows as windows

SPOKES = 20
MINUTES = float(os.environ.get("HUBSPOKE_SOAK_STREAM", "0.12"))
"""How long the spokes stream; after ten of work a deadline gives each another attempt."""

PIECES_S = 20
"""Pieces of a stream that come in a second: with 24 characters each, more than a hundred tokens."""

TURN_S = min(6.0, MINUTES * 10)

_WORDS = "the wages of this region rose while the prices of bread and coal fell, as its office says "
_FACT = "Wages rose in every region."


def plan(request: MessagesRequest) -> PlanReply:
    """All of the spokes."""
    return planned(
        *(subtask(f"region-{number}", f"Find the wages of region {number}.") for number in range(1, 21))
    )


def covered(request: MessagesRequest) -> str:
    """Nothing is missing of the plan."""
    return '{"missing": []}'


class Research:
    """Talks at length and calls a tool, turn after turn, until it is to answer."""

    def __init__(self) -> None:
        self.over = False
        """May be set from any thread."""

    def __call__(self, request: MessagesRequest) -> Reply | FindingsReply:
        """The next reply."""
        if self.over:
            quotes = [QuotedText(source="wages.md", text=_FACT)]
            return FindingsReply(findings=[FoundClaim(claim=_FACT, quotes=quotes)])
        said = (_WORDS * 1_000)[: round(PIECES_S * TURN_S * 24)]
        return Reply((Text(said), ToolUse("read_document", {"path": "wages.md"})))


def rss_mb(pid: int) -> float:
    """What a process holds of memory."""
    (line,) = re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(line) / 1_000


class Keys:
    """Keys that move the selection from pane to pane, at seeded moments, each until it is painted."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._chance = random.Random(16)
        self._at = 1
        self.pressed = self.painted = 0

    async def press(self) -> None:
        """One more; it counts as painted when the pane that it leads to is marked."""
        step = self._chance.choice((1, -1)) if 1 < self._at < SPOKES else 1 if self._at == 1 else -1
        self._at += step
        seen = len(self._terminal.seen)
        self._terminal.press("\t" if step > 0 else "\x1b[Z")
        self.pressed += 1
        marked = re.compile(rb"> ?%d " % self._at)
        await painted(self._terminal, lambda: marked.search(self._terminal.seen, seen))
        self.painted += 1
        # What was painted is not needed again, and minutes of it are hundreds of megabytes.
        self._terminal.seen = self._terminal.seen[-4_096:]
        for _ in range(self._chance.randrange(12)):
            self._terminal.read(0)
            await asyncio.sleep(0.01)


async def painted(terminal: Terminal, condition: Callable[[], object]) -> None:
    """Reads the terminal until the condition holds of what was painted; fails with what stands there."""
    until = time.monotonic() + LONGEST_S
    while not condition():
        if not terminal.read(0):
            assert time.monotonic() < until, f"exit {terminal.process.poll()}:\n{terminal.screen}"
            await asyncio.sleep(0.002)


def test_every_key_is_painted_and_nothing_grows_or_stays(
    windows: Windows,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "wages.md").write_text(_FACT, encoding="utf-8")
    roles = paths.config_dir() / "roles"
    roles.mkdir(parents=True)
    many = "---\nname: researcher\ntools: read_document\nmaxTurns: 100\n---\nAnswer from the documents."
    (roles / "researcher.md").write_text(many, encoding="utf-8")
    research = Research()
    brain = Slowed(engine_brain({"plan": plan, "coverage": covered, "findings": research}), TURN_S)

    async def main() -> None:
        caps = "--max-spokes 20 --max-parallel 20 --max-turns 100000 --max-tokens 1000000000 --max-usd 100000"
        terminal = windows.ask(docs, "--yes", *caps.split(), size=(200, 60), question="What are the wages?")
        run = await windows.begun()
        journal = windows.home / "sessions" / run / JOURNAL
        await painted(terminal, lambda: b"20 Region-20 " in terminal.seen)
        keys = Keys(terminal)
        pids = {"window": terminal.process.pid, "engine": windows.engine()}
        held: dict[str, list[float]] = {name: [] for name in pids}
        written: list[int] = []
        until = time.monotonic() + 60 * MINUTES
        while time.monotonic() < until:
            await keys.press()
            for name, pid in pids.items():
                held[name].append(rss_mb(pid))
            written.append(journal.stat().st_size)
        research.over, brain.reply_s = True, 0.0
        assert keys.pressed == keys.painted
        quarter = len(written) // 4
        text_mb = (written[-1] - written[quarter]) / 1e6
        for name, told in held.items():
            record_property(f"{name} MB", " → ".join(f"{told[n]:.0f}" for n in (0, quarter, -1)))
            # All that was told is kept, several times over as objects: no more than that may grow.
            assert told[-1] - told[quarter] < 30 + 4 * text_mb
        record_property("keys", f"{keys.painted} of {keys.pressed}")
        record_property("journal MB", f"{written[-1] / 1e6:.1f}")
        terminal.seen = b""
        await painted(terminal, lambda: b"report" in terminal.seen and not windows.engines.processes())
        assert (await windows.ended(run)).status in ("done", "gaps")
        terminal.press("q")
        await windows.left(terminal)

    with ThreadedClaudeServer(brain) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        asyncio.run(main())
        assert server.rejected == []
