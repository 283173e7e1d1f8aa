"""`python -m tests.picture FILE.svg`: the README's picture, exported from a real run on the sample library."""

import asyncio
import io
import os
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from agents.run import Settings, ask
from tui.plain import PlainProgress
from tui.safe import safe

QUESTION = "How is AI changing the creative industries?"
_LINES_OF_REPORT = 14


def main() -> None:
    """Runs the question and writes what a terminal would show of it."""
    target = Path(sys.argv[1])
    console = Console(record=True, file=io.StringIO(), width=110, markup=False, highlight=False)
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUBSPOKE_HOME"] = home
        console.print(Text(f'$ hubspoke ask "{QUESTION}" --yes', style="bold"))
        run = ask(QUESTION, Settings(provider="embedded"))
        state = asyncio.run(run.work(PlainProgress(console, live=False)))
    assert state.report is not None
    report = safe(state.report.markdown).splitlines()
    at = report.index("## Disagreements")
    for line in ["", *report[:3], "…", *report[at : at + _LINES_OF_REPORT], "…"]:
        console.print(Text(line, no_wrap=True, overflow="ellipsis"))
    svg = console.export_svg(title="hubspoke")
    # The fonts that rich would load from elsewhere: the reader's own monospace does as well.
    target.write_text(re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
