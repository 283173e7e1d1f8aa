"""Where in the trace a passage came from."""

from sessions.events import AnyEvent, AttemptStarted, PlanMade, ToolCalled, ToolReturned
from sessions.evidence import SegmentRef
from sessions.findings import Citation, Claim, Finding
from sessions.load import fold_all
from sessions.plan import Plan, Subtask
from sessions.state import RunState
from tests.hostile import HOSTILE
from tests.screen_runs import Told
from tui.provenance import Sighting, finders, first_sightings, sightings

SHA, OTHER = "ab" * 32, "cd" * 32


def returned(
    spoke: str,
    query: str,
    *places: tuple[int, int],
    attempt: int = 1,
    turn: int = 1,
    call: str = "t1",
    sha: str = SHA,
) -> list[AnyEvent]:
    """A search of a spoke that returned [start, start + length) of a text."""
    refs = tuple(
        SegmentRef(source="a.md", source_sha256=sha, start=start, length=length) for start, length in places
    )
    return [
        ToolCalled(spoke=spoke, attempt=attempt, turn=turn, call=call, name="search", input={"query": query}),
        ToolReturned(spoke=spoke, attempt=attempt, turn=turn, call=call, name="search", segments=refs),
    ]


def state(*happened: tuple[float, list[AnyEvent]]) -> RunState:
    """A run of two spokes, music with two attempts, in which these things happened at these times."""
    told = Told()
    subtasks = tuple(Subtask(id=id, title=id.title(), objective="x") for id in ("music", "film"))
    told(0.0, PlanMade(step="plan/1-0", plan=Plan(subtasks=subtasks)))
    for spoke, attempt in (("music", 1), ("music", 2), ("film", 1), ("hub.verify.1", 1)):
        told(1.0, AttemptStarted(spoke=spoke, attempt=attempt, role="researcher", model="m"))
    for t, events in happened:
        told(t, *events)
    return fold_all(told.events)


def test_a_passage_is_traced_to_the_turn_and_the_call_that_returned_it() -> None:
    run = state(
        (5.0, returned("music", "nothing of it", (0, 50))),
        (9.0, returned("music", "a part of it", (100, 15), attempt=2)),
        (12.0, returned("music", "all of it", (0, 50), (90, 40), attempt=2, turn=3)),
    )
    found = Sighting("music", attempt=2, turn=3, at=12.0, tool="search", input="query: all of it", seq=11)
    assert sightings(run, SHA, 100, 120) == (found,)


def test_a_segment_holds_a_passage_up_to_its_ends_and_no_further() -> None:
    run = state((5.0, returned("music", "q", (100, 20), (120, 20))))
    assert len(sightings(run, SHA, 100, 120)) == 1
    assert sightings(run, SHA, 99, 120) == sightings(run, SHA, 100, 121) == ()
    assert sightings(run, OTHER, 100, 120) == ()


def test_the_oldest_comes_first_and_the_coordinator_s_own_reading_is_none() -> None:
    run = state(
        (2.0, returned("hub.verify.1", "checks", (0, 50))),
        (4.0, returned("film", "early", (0, 50))),
        (7.0, returned("music", "late", (0, 50))),
        (9.0, returned("film", "again", (0, 50), turn=2)),
    )
    found = sightings(run, SHA, 10, 20)
    assert [(it.spoke, it.input) for it in found] == [
        ("film", "query: early"),
        ("music", "query: late"),
        ("film", "query: again"),
    ]


def test_each_finder_s_first_sighting_is_told_the_named_one_first() -> None:
    run = state(
        (4.0, returned("film", "early", (0, 50))),
        (7.0, returned("music", "late", (0, 50))),
        (9.0, returned("film", "again", (0, 50), turn=2)),
    )
    citation = Citation(
        n=1, claim="c1", quote="q", source="a.md", source_sha256=SHA, start=10, end=20, spoke="music"
    )
    claim = Claim(id="c1", spokes=("film", "music", "games"), finding=Finding(claim="x"))
    assert finders(citation, claim) == ("music", "film", "games")
    assert [it.input for it in first_sightings(run, citation, claim)] == ["query: late", "query: early"]
    assert [it.input for it in first_sightings(run, citation, None)] == ["query: late"]


def test_a_call_is_told_by_its_own_turn_where_its_id_is_used_twice() -> None:
    run = state(
        (4.0, returned("music", "first", (500, 10), turn=1)),
        (5.0, returned("music", "second", (0, 50), turn=2)),
        (6.0, returned("music", "third", (500, 10), turn=3)),
    )
    assert [it.input for it in sightings(run, SHA, 0, 10)] == ["query: second"]


def test_a_return_without_its_call_is_traced_too() -> None:
    _, alone = returned("music", "q", (0, 50))
    assert sightings(state((5.0, [alone])), SHA, 0, 10) == (Sighting("music", 1, 1, 5.0, "search", "", seq=6),)


def test_what_a_tool_was_asked_is_one_short_harmless_line() -> None:
    (found,) = sightings(state((5.0, returned("music", f"{HOSTILE}\nmore {'x' * 500}", (0, 50)))), SHA, 0, 10)
    assert found.input.isprintable() and len(found.input) == 120 and "red" in found.input
