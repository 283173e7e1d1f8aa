"""A researcher that has found a figure looks for other figures of the same thing, however they rank."""

from agents.embedded.counterparts import counterparts
from agents.embedded.extraction import Passages, Picked, Wanted
from agents.embedded.question import read_question
from agents.embedded.statements import statements
from sessions.evidence import Segment

_WANTED = Wanted(read_question("What is known of the harbour and its guests?"))
_FOUND = "At the end of 2024 Velby Ferries employed 187 people."


def _segment(source: str, text: str) -> Segment:
    return Segment(source=source, source_sha256="0" * 64, start=0, text=text)


def _added(*others: str, first: str = _FOUND) -> list[tuple[str, str, float]]:
    """What is added to the finding when the other documents say this."""
    segments = [_segment("found.md", first), *(_segment(f"{n}.md", text) for n, text in enumerate(others))]
    picked = Picked(segments[0], statements(first)[0], 0.7)
    found = counterparts([picked], Passages([segments]), _WANTED)
    return [(one.segment.source, one.statement.text, one.score) for one in found]


def test_another_figure_for_the_same_thing_is_a_finding_too() -> None:
    other = "At the end of 2024 Velby Ferries employed 214 people."
    text = f"The company burned 3,150 tonnes of diesel in 2024. {other}"
    assert _added("The town has a school.", text) == [("1.md", other, 0.7)]


def test_the_same_figure_and_figures_of_other_things_are_not() -> None:
    assert _added(_FOUND, "At the end of 2024 Velby Ferries owned 11 ferries.") == []


def test_what_only_may_disagree_is_not() -> None:
    first = "In 2023, 28% of book authors in Northmark used AI writing tools for a book project."
    other = "Authors of non-fiction were ahead: 36% of non-fiction authors used AI writing tools in 2023."
    assert _added(other, first=first) == []


def test_a_figure_with_a_detail_more_stands_against_the_one_that_was_found() -> None:
    first = (
        "In 2023, Ellmoor Water lost 18% of its water through leaks, those in customers' own pipes not included."
    )
    other = "Ellmoor Water lost 24% of its water through leaks in 2023."
    assert [text for _, text, _ in _added(other, first=first)] == [other]


def test_what_two_others_dispute_is_a_finding_when_it_was_asked_for() -> None:
    guests = ["The harbour received 71,400 guests in 2024.", "The harbour received 78,900 guests in 2024."]
    assert [text for _, text, _ in _added(*guests)] == guests
    diesel = ["The company burned 3,150 tonnes of diesel.", "The company burned 2,200 tonnes of diesel."]
    assert _added(*diesel) == []
