"""The quality suite keeps its floors, and would notice if something got worse."""

from dataclasses import replace
from itertools import combinations

import pytest

from sessions.findings import Citation
from tests.quality import retrieval, written_out
from tests.quality.citations import Citations
from tests.quality.floors import Line, compared, table
from tests.quality.measure import HALVES, Measured, measure
from tests.quality.pairs import Pair, Statement, claims, score, try_pair
from tests.quality.runs import run


def test_the_floors_are_kept() -> None:
    metrics = measure().metrics
    assert not any(metric.faults for metric in metrics if "held out" in metric.name), "held-out faults are named"
    lines = compared(metrics)
    below = [f"{line.measured.name}: {line.measured.faults[:5]}" for line in lines if not line.ok]
    assert below == [], table(lines)


def test_every_half_holds_enough_of_every_kind_and_shares_no_words() -> None:
    for half in HALVES.values():
        pairs = half.pairs()
        assert sum(pair.conflict for pair in pairs) >= 200 <= sum(not pair.conflict for pair in pairs)
        assert len({pair.kind for pair in pairs if pair.conflict}) == 8
        assert half.pairs() == pairs, "the same seed gives the same pairs"
    for one, two in combinations(HALVES.values(), 2):
        assert not {pair.first.text for pair in one.pairs()} & {pair.first.text for pair in two.pairs()}
        assert not {metric.label for metric in one.HALF.metrics} & {metric.label for metric in two.HALF.metrics}
        assert not set(one.HALF.styles) & set(two.HALF.styles)


@pytest.mark.parametrize("group", ["tuned", "second", "held_out"])
def test_every_known_figure_stands_in_its_document(group: written_out.Group) -> None:
    libraries = written_out.libraries(group)
    assert sum(len(list(library.folder.glob("*.md"))) for library in libraries) >= 6
    for library in libraries:
        for source, figure in (value for known in library.known for value in (known.first, known.second)):
            assert figure in (library.folder / source).read_text("utf-8"), source


def test_every_quote_of_a_pair_stands_in_its_source() -> None:
    for pair in (pair for half in HALVES.values() for pair in half.pairs()):
        for claim, said in zip(claims(pair), (pair.first, pair.second), strict=True):
            whole = "\n".join(said.lines or (said.text,))
            spans = [quote.span for quote in claim.finding.quotes]
            assert all(spans)
            assert [whole[span.start : span.end] for span in spans if span] == [
                quote.text for quote in claim.finding.quotes
            ]


def test_a_conflict_counts_only_with_both_values() -> None:
    said = "In 2024, {v} of musicians in Northmark used AI tools."
    first, second = (Statement(said.format(v=value), value) for value in ("45%", "12%"))
    found = try_pair(Pair("unexplained", True, first, second))
    assert found.reported
    other = try_pair(Pair("unexplained", True, replace(first, value="99%"), second))
    assert not other.reported
    false = try_pair(Pair("other subject", False, first, second))
    assert score([found, other, false]).recall == 0.5
    assert score([found, other, false]).false == 1.0


def test_a_report_that_is_wrong_is_seen_to_be() -> None:
    good = run("How many musicians use AI tools in their work?")
    assert good.state.report is not None
    citation: Citation = good.citations[0]
    moved = citation.model_copy(update={"start": citation.start + 1, "end": citation.end + 1})
    text = good.report.replace("45%", "54%").replace("\n## ", "\nOf 33 bands, 7 sing.\n\n## ", 1)
    worse = good.state.report.model_copy(update={"markdown": text, "citations": (moved, *good.citations[1:])})
    bad = replace(good, state=replace(good.state, report=worse))
    counted = Citations()
    counted.add(good)
    assert counted.faults == [] and counted.marks == counted.resolved > 0
    counted = Citations()
    counted.add(bad)
    assert counted.resolved < counted.marks
    assert counted.contained < counted.cited
    assert counted.uncited_figures == 1
    assert counted.dropped >= 1


@pytest.mark.parametrize(
    ("ranked", "wanted"), [(["a", "b"], 1.0), (["x", "a", "b"], 0.66), (["x"], 0.0), ([], 0.0)]
)
def test_ndcg(ranked: list[str], wanted: float) -> None:
    assert retrieval.ndcg(ranked, {"a": 2, "b": 1}) == pytest.approx(wanted, abs=0.01)


def test_at_least_25_queries_are_judged() -> None:
    assert sum(len(items) for items in retrieval.read_judgements().values()) >= 25


def test_a_value_below_its_floor_is_told() -> None:
    kept, lost = Line(Measured("a", 0.9), 0.9, False), Line(Measured("b (count)", 2), 1, True)
    assert (kept.ok, lost.ok) == (True, False)
    assert table([kept, lost]).splitlines()[2].split()[-1] == "below"
