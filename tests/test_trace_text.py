"""What is told of events, on a line and whole: nothing is left out, and nothing of it steers a terminal."""

import asyncio
from pathlib import Path

import pytest
from pydantic import JsonValue

from sessions.events import EVENT, AnyEvent, AttemptFailed, Noticed, ToolCalled, ToolReturned, TurnFinished, Usage
from sessions.evidence import SegmentRef
from sessions.failures import Failure, FailureKind
from sessions.film import Film
from tests.dashboards import dashboard, until
from tests.example_runs import RUN, finished_run
from tests.hostile import HOSTILE
from tests.screen_reports import finished
from tests.screen_runs import Told, keep
from tui.safe import safe
from tui.screens.replay import ReplayScreen
from tui.start import Start
from tui.trace_row import row
from tui.trace_text import whole


def kept(sha256: str) -> str | None:
    return "0123456789" if sha256 == "aa" else None


def told(*events: AnyEvent, place: int = -1) -> str:
    film = Film(events)
    return "\n".join(entry.text for entry in whole(film, place % len(film), kept))


def call(turn: int = 1) -> ToolCalled:
    return ToolCalled(spoke="a", attempt=1, turn=turn, call="t1", name="search", input={"query": "x", "n": [1, 2]})


def returned(*segments: SegmentRef, turn: int = 1, error: str = "") -> ToolReturned:
    return ToolReturned(
        spoke="a", attempt=1, turn=turn, call="t1", name="search", segments=segments, error=error, seconds=0.25
    )


def segment(sha256: str, start: int, length: int) -> SegmentRef:
    return SegmentRef(source="a.md", source_sha256=sha256, start=start, length=length, title="A", date="2025")


def test_a_call_and_its_return_each_tell_both() -> None:
    events = (call(1), call(2), returned(segment("aa", 2, 3), segment("bb", 0, 9), turn=2))
    for place in (1, 2):
        said = told(*events, place=place)
        assert '"query": "x"' in said and "turn 2" in said and "after 250 ms: 2 passages" in said
        assert "a.md · A · 2025 · characters 2–5 · text aa\n234\n" in said
        assert "the source's text is not kept here" in said
    assert "returned" not in told(*events, place=0)
    assert "✗ returned after 250 ms: timed out" in told(call(), returned(error="timed out"))


def test_a_turn_tells_its_usage_its_cost_and_its_request() -> None:
    usage = Usage(input_tokens=1_200, output_tokens=34, cache_read_tokens=5, turns=1, usd=0.25, priced_turns=1)
    turn = TurnFinished(
        spoke="a",
        attempt=1,
        turn=3,
        stop_reason="tool_use",
        request_id="req_1",
        usage=usage,
        seconds=2.5,
        held_s=1.0,
    )
    said = told(turn)
    for part in (
        "turn 3 · tool_use · took 2.5 s, held back 1.0 s",
        "in 1,200 out 34, cache 5 read",
        "$0.25",
        "req_1",
    ):
        assert part in said
    unpriced = turn.model_copy(update={"usage": usage.model_copy(update={"priced_turns": 0})})
    assert "cost ?" in told(unpriced)


def test_a_failure_is_told_as_json() -> None:
    failure = Failure(kind=FailureKind.OVERLOADED, message="busy", http_status=529, request_id="req_2")
    said = told(AttemptFailed(spoke="a", attempt=1, failure=failure))
    assert failure.model_dump_json(indent=2) in said


@pytest.mark.parametrize("place", range(len(finished_run())))
def test_every_field_of_every_event_is_told(place: int) -> None:
    events = [event.model_copy(update={"later": "of a newer version"}) for event in finished_run()]
    said = told(*events, place=place)
    assert "of a newer version" in said, "what this version does not know"
    for name, value in events[place]:
        if isinstance(value, str) and name not in ("kind", "spoke", "step", "later"):
            assert safe(value) in said, name


def test_a_wild_time_is_told_as_the_last_there_is() -> None:
    odd = Noticed(message="x", at=1e300, t=float("nan"))
    assert told(odd) == "#0 noticed · 0:00.0 · 3000-01-01 00:00:00Z\nx"


def hostile(events: list[AnyEvent]) -> list[AnyEvent]:
    """The events with every text in them hostile, but for ids and kinds."""
    names = {"question", "message", "title", "objective", "text", "claim", "summary", "name", "error", "markdown"}

    def spoilt(value: JsonValue, name: str = "") -> JsonValue:
        match value:
            case str():
                return f"{value}{HOSTILE}"[-200:] if name in names else value
            case dict():
                return {key: spoilt(inner, key) for key, inner in value.items()}
            case list():
                return [spoilt(inner, name) for inner in value]
            case _:
                return value

    return [
        EVENT.validate_python(spoilt(EVENT.dump_python(event, mode="json", by_alias=True))) for event in events
    ]


def test_nothing_of_an_event_steers_a_terminal(own_home: Path) -> None:
    events = Told()
    for number, event in enumerate(hostile([*finished_run(), *finished()])):
        events(float(number), event)
    film = Film(events.events)
    for place, event in enumerate(film.events):
        assert row(event).text.isprintable()
        for entry in whole(film, place, lambda sha256: HOSTILE):
            assert entry.text == safe(entry.text)
    keep(own_home, RUN, events.events, HOSTILE)

    async def main() -> None:
        async with dashboard(Start(replay=RUN), size=(80, 24)) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, ReplayScreen) and app.screen.is_mounted)
            screen = app.screen
            assert isinstance(screen, ReplayScreen)
            for _ in range(len(events.events)):
                await pilot.press("right")
            assert screen.player.at_end
            await pilot.press("v", "enter", "escape")

    asyncio.run(main())
