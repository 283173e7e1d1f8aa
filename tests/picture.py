"""`python -m tests.picture FILE.svg`: the README's picture, exported from a real run on the sample library."""

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from agents.port.messages import Stop
from tests.dashboards import dashboard, screen_text, until
from tui.app import Dashboard
from tui.start import Start

QUESTION = "How is AI changing the creative industries?"
PACE_S = 0.012
"""Between two pieces of a spoke's text: slow enough that spokes end one by one."""

_CELL = 12.2
"""The width of a cell in an exported screenshot."""

_REMOTE = re.compile(r"@font-face \{.*?\}|<!--.*?-->", re.DOTALL)
_INDENTED = re.compile(r' x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)" ([^>]*)>((?:&#160;)+)(?=[^&<])')


def main() -> None:
    """Runs the question in the dashboard and exports it when some spokes are done and others stream."""
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUBSPOKE_HOME"] = home
        svg = asyncio.run(_picture())
    # What would be loaded from elsewhere, fonts, goes: the reader's own monospace does as well.
    target.write_text(_INDENTED.sub(_moved, _REMOTE.sub("", svg)), encoding="utf-8")


def _moved(match: re.Match[str]) -> str:
    """A text moved to where its words begin: some viewers drop the spaces before them."""
    x, y, length, rest, spaces = match.groups()
    indent = spaces.count("&") * _CELL
    return f' x="{float(x) + indent:g}" y="{y}" textLength="{float(length) - indent:g}" {rest}>'


async def _picture() -> str:
    start = Start(question=QUESTION, approved=True, settings={"provider": "embedded", "pace": PACE_S})
    async with dashboard(start) as (app, pilot):
        await until(pilot, lambda: _telling(app) or _over(app), timeout=120)
        assert not _over(app), "The run was over before there was anything to see; make its pace slower."
        svg = app.export_screenshot(title="hubspoke", simplify=True)
        assert app.seat is not None
        await app.seat.do(Stop(id=0))
        await app.seat.gone.wait()
        return svg


def _telling(app: Dashboard) -> bool:
    """Whether two spokes are done and two run, and header and panes agree on how many."""
    states = [spoke.status for spoke in app.seat.state.spokes.values()] if app.seat else []
    done, running = states.count("done"), states.count("running")
    screen = screen_text(app)
    return min(done, running) >= 2 and f"{running}▶ {done}✓" in screen and screen.count("✓ done") == done


def _over(app: Dashboard) -> bool:
    return app.seat is not None and app.seat.state.exit is not None


if __name__ == "__main__":
    main()
