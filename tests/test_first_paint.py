"""The first frame waits for nothing slow: neither the SDK nor the models of events are imported before it."""

import subprocess
import sys

import pytest

from tests.running import environment

_PROBE = """
import sys
from tui.start import Start
from agents.port.link import Link
import socket
from tui.app import Dashboard

class Probe(Dashboard):
    async def _load(self):
        print(sorted(sys.modules))
        self.exit()

ours, theirs = socket.socketpair()
Probe(Start(question=sys.argv[1] or None), Link(ours)).run(headless=True, size=(80, 24))
"""

SLOW = (
    "anthropic",
    "pydantic",
    "httpx2",
    "sessions.events",
    "sessions.state",
    "agents.port.messages",
    "rich.markdown",
)


@pytest.mark.parametrize("question", ["", "What do brushes cost?"])
def test_nothing_slow_is_imported_before_the_first_frame(question: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, question],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    imported = done.stdout.splitlines()[-1]
    assert "'tui.app'" in imported
    assert [module for module in SLOW if f"'{module}'" in imported] == []
