"""A run told by hand for its replay: failures and a retry, text that streamed at a pace, evidence that is kept."""

from pathlib import Path

from sessions.events import AnyEvent, BlockFinished, RunEnded, ToolCalled, ToolReturned
from sessions.evidence import SegmentRef, text_sha256
from tests.screen_runs import RUN, Told, answered, in_the_middle, keep, turn

EVIDENCE = "Page 1. In 2024, 45% had used AI tools. Daily use was at 12%."
SAID = "The first half of what it said came soon. The second half came a good deal later than that."
BEGAN, HALF, DONE = 160.0, 164.0, 172.0
"""When the text began, when its first sentence was there, and when all of it was."""


def replayed() -> list[AnyEvent]:
    """All that happens in the run of `in_the_middle`, and its end."""
    told = Told(in_the_middle().events)
    ref = SegmentRef(source="film.md", source_sha256=text_sha256(EVIDENCE), start=8, length=31, title="A survey")
    call = ToolCalled(
        spoke="film", attempt=1, turn=2, call="t9", name="search_documents", input={"query": "shares", "limit": 3}
    )
    returned = ToolReturned(
        spoke="film", attempt=1, turn=2, call="t9", name="search_documents", segments=(ref,), seconds=0.4
    )
    half = SAID.index("The second")
    pace = ((0, 0), (half, int(1000 * (HALF - BEGAN))), (len(SAID), int(1000 * (DONE - BEGAN))))
    said = BlockFinished(spoke="film", attempt=1, turn=2, block=0, type="text", text=SAID, pace=pace)
    told(150.0, call)
    told(150.5, returned)
    told(DONE, said)
    told(173.0, turn("film", 8_000, 600), answered("film"))
    told(240.0, RunEnded(status="gaps", exit=3))
    return told.events


def kept(home: Path) -> str:
    """The run, saved; answers its id."""
    keep(home, RUN, replayed(), EVIDENCE)
    return RUN
