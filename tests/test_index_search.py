"""Searching the saved runs: by what they are called, misspelt too, and by what their reports and findings say."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.events import AnyEvent, ReportFinished
from sessions.index import Texts
from sessions.journal import Journal
from sessions.library import Library, ordered
from sessions.meta import SessionMeta
from sessions.passages import passage
from sessions.store import Store
from tests.example_runs import created, finished_run
from tests.test_store import save

BATTERY, WATER, DRUGS = (f"20261121-000{place}-aaaa" for place in range(3))
QUESTIONS = {
    BATTERY: "How does EV battery recycling pay?",
    WATER: "Who owns the water of Café Zürich?",
    DRUGS: "Where is the GLP-1 supply chain weak?",
}
REPORTS = {
    BATTERY: "Margins fell as lithium became cheap.",
    WATER: "The river was sold; batteries were not.",
    DRUGS: "Margins of insulin rose.",
}


def run(id: str) -> list[AnyEvent]:
    """A finished run of its own question and report."""
    events = [created(id, QUESTIONS[id]), *finished_run()[1:]]
    report = f"# Report\n\n{REPORTS[id]}\n"
    return [
        event.model_copy(update={"markdown": report}) if isinstance(event, ReportFinished) else event
        for event in events
    ]


def test_a_word_with_a_number_sign_asks_for_a_tag(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for id in QUESTIONS:
        save(store, id, run(id))
    store.tag(WATER, "Alps basin")
    store.tag(DRUGS, "basin")
    with closing(Library(tmp_path)) as library:
        library.read()
        while library.read_texts():
            pass

        def found(query: str) -> list[str]:
            return [meta.run for meta in library.look(query, "used").metas]

        assert found("#a") == found("#alps") == found("#bas #al") == found("river #basin") == [WATER]
        assert found("#basin") == [DRUGS, WATER]
        assert found("#weak") == []


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Three runs, of which the last was used last."""
    home = tmp_path_factory.mktemp("library")
    store = Store(home)
    for id in QUESTIONS:
        save(store, id, run(id))
    store.rename(DRUGS, "Insulin")
    store.tag(DRUGS, "pharma")
    with closing(Library(home)) as library:
        library.read()
        while library.read_texts():
            pass
        yield library


@pytest.mark.parametrize(
    ("words", "runs", "named"),
    [
        ("battery", [BATTERY], 1),
        ("BATT ev", [BATTERY], 1),
        ("recyclng", [BATTERY], 1),
        ("recycilng", [BATTERY], 1),
        ("batery recyling", [BATTERY], 1),
        ("evbat", [BATTERY], 1),
        ("cafe zurich", [WATER], 1),
        ("insulin", [DRUGS], 1),
        ("pharma", [DRUGS], 1),
        ("#pharma glp-1", [DRUGS], 1),
        ("20261121-0001", [WATER], 1),
        ("gaps", [DRUGS, WATER, BATTERY], 3),
        ("margins", [DRUGS, BATTERY], 0),
        ("margins pay", [BATTERY], 0),
        ("batter", [BATTERY, WATER], 1),
        ("lith", [BATTERY], 0),
        ("storyboards", [DRUGS, WATER, BATTERY], 0),
        ("lithium insulin", [], 0),
        ("recipe", [], 0),
        ("", [DRUGS, WATER, BATTERY], 3),
        ("  ' \" * :", [DRUGS, WATER, BATTERY], 3),
    ],
)
def test_words_find_runs_the_best_first(library: Library, words: str, runs: list[str], named: int) -> None:
    found = library.look(words, "used")
    assert ([meta.run for meta in found.metas], found.named) == (runs, named)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_no_error(library: Library, typed: str) -> None:
    found = library.look(typed, "used")
    assert found.named <= len(found.metas) <= 3
    library.passage(BATTERY, typed)
    assert library.look("margins", "used").metas


def test_the_passage_says_where_the_words_stand(library: Library) -> None:
    passage = library.passage(BATTERY, "lith zzz")
    assert passage is not None and passage.place == "report"
    assert [text for text, found in passage.parts if found] == ["lithium"]
    assert "became cheap" in "".join(text for text, _ in passage.parts)
    finding = library.passage(BATTERY, "storyb")
    assert finding is not None and finding.place == "findings"
    assert library.passage(BATTERY, "insulin") is None and library.passage(BATTERY, "") is None


def test_the_report_of_a_live_run_is_read_when_it_rests(tmp_path: Path) -> None:
    directory = save(Store(tmp_path), BATTERY, run(BATTERY))
    journal, _ = Journal.open(directory)
    with closing(Library(tmp_path)) as library:
        library.read()
        assert library.read_texts() == 0 and library.look("lithium", "used").metas == []
        journal.close()
        library.read()
        while library.read_texts():
            pass
        assert [meta.run for meta in library.look("lithium", "used").metas] == [BATTERY]


def test_runs_are_sorted_by_use_cost_or_state() -> None:
    cheap = SessionMeta(run="a", status="done", usd=0.1, tokens=9, updated=3)
    dear = SessionMeta(run="b", status="failed", usd=2.0, tokens=5, updated=2)
    unknown = SessionMeta(run="c", status="waiting", tokens=70, updated=1)
    live = SessionMeta(run="d", status="running", updated=0, live=True)
    broken = SessionMeta(run="e", status="unreadable", updated=9)
    every = [broken, unknown, cheap, live, dear]
    assert [meta.run for meta in ordered(every, "used")] == ["d", "a", "b", "c", "e"]
    assert [meta.run for meta in ordered(every, "cost")] == ["d", "b", "a", "c", "e"]
    assert [meta.run for meta in ordered(every, "state")] == ["d", "c", "b", "a", "e"]
    assert [meta.run for meta in ordered(every, "used", live_first=False)] == ["a", "b", "c", "d", "e"]


FOREIGN = "Die Hauptstraße ist groß, sagt Łódź. co₂ und ½ x². Die ﬁnance von İstanbul; ΠΕΡΙΠΑΤΟΣ cafe\u0301s."


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Hauptstraße", "Hauptstraße"),
        ("hauptstrasse", "Hauptstraße"),
        ("groß", "groß"),
        ("łódź", "Łódź"),
        ("co2", "co₂"),
        ("x²", "x²"),
        ("finance", "ﬁnance"),
        ("istanbul", "İstanbul"),
        ("περίπατος", "ΠΕΡΙΠΑΤΟΣ"),
        ("cafés", "cafe\u0301s"),
    ],
)
def test_words_are_found_however_they_are_written(tmp_path: Path, typed: str, shown: str) -> None:
    events = [
        event.model_copy(update={"markdown": FOREIGN}) if isinstance(event, ReportFinished) else event
        for event in run(BATTERY)
    ]
    save(Store(tmp_path), BATTERY, events)
    with closing(Library(tmp_path)) as library:
        library.read()
        while library.read_texts():
            pass
        found = library.look(typed, "used")
        assert ([meta.run for meta in found.metas], found.named) == ([BATTERY], 0)
        passage = library.passage(BATTERY, typed)
        assert passage is not None and shown in [text for text, is_word in passage.parts if is_word]
        assert "".join(text for text, _ in passage.parts) == FOREIGN.rstrip(".")


def test_the_passage_is_the_one_with_most_of_the_words(tmp_path: Path) -> None:
    filler = " ".join(f"w{place}" for place in range(60))
    text = f"Margins first. {filler} Then margins of lithium fell. {filler} Lithium last."
    told = passage(Texts(text), ["margins", "lith"])
    assert told is not None
    shown = "".join(part for part, _ in told.parts)
    assert [part for part, is_word in told.parts if is_word] == ["margins", "lithium"]
    assert shown.startswith("…w") and shown.endswith("…") and "Then margins of lithium fell. w0" in shown
    assert len(shown.split()) == 24
