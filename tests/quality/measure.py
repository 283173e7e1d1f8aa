"""Measures everything: one value a metric, what is behind it, and the generated pairs by kind."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.corpora import TOPICS
from tests.quality import (
    conflicts,
    conflicts_fourth,
    conflicts_held_out,
    conflicts_second,
    conflicts_third,
    coverage,
    honesty,
    retrieval,
    unanswered,
    written_out,
)
from tests.quality.citations import Citations
from tests.quality.pairs import Outcome, Score, score, try_pair
from tests.quality.runs import home, run

TOPICS_FOLDER = Path(__file__).parent.parent / "data" / "coverage"
SAMPLES_QUESTIONS = ("How do artists use AI?", "How many musicians use AI tools in their work?")

HALVES = {
    "tuned": conflicts,
    "second tuned": conflicts_second,
    "third tuned": conflicts_third,
    "fourth tuned": conflicts_fourth,
    "held out": conflicts_held_out,
}
"""The parts of the generated pairs, as the table names them."""


@dataclass(frozen=True)
class Measured:
    """A metric's value (a share, or a count), and what keeps it from being perfect."""

    name: str
    value: float
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """How the pairs of one kind of one half fare."""

    half: str
    kind: str
    conflict: bool
    pairs: int
    score: Score


@dataclass(frozen=True)
class Measurements:
    """All of it."""

    metrics: tuple[Measured, ...]
    kinds: tuple[Kind, ...]
    seconds: float


def measure() -> Measurements:
    """Measures in a home of its own; nothing outside it is read but the repository."""
    began = time.monotonic()
    metrics: list[Measured] = []
    kinds: list[Kind] = []
    for half, module in HALVES.items():
        outcomes = [try_pair(pair) for pair in module.pairs()]
        metrics += _generated(half, outcomes)
        kinds += _kinds(half, outcomes)
    with home() as (patch, folder):
        metrics += _runs(folder)
        metrics += _documents("second tuned", _judged("second"))
        # As with the pairs: what was missed, and what was false, is named nowhere.
        metrics += [replace(metric, faults=()) for metric in _documents("held out", _judged("held_out"))]
        metrics += _honesty(patch, folder)
    return Measurements(tuple(metrics), tuple(kinds), time.monotonic() - began)


def _generated(half: str, outcomes: Sequence[Outcome]) -> list[Measured]:
    got = score(outcomes)
    # Held-out pairs are named nowhere: whoever works on the detector may read this table.
    name = f"generated conflicts, {half}"
    return [
        Measured(f"{name}: recall", got.recall),
        Measured(f"{name}: false conflicts", got.false),
        Measured(f"{name}: explanation", got.explained),
    ]


def _kinds(half: str, outcomes: Sequence[Outcome]) -> list[Kind]:
    by_kind: dict[tuple[bool, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.pair.conflict, outcome.pair.kind].append(outcome)
    ordered = sorted(by_kind.items(), key=lambda item: (not item[0][0], item[0][1]))
    return [Kind(half, kind, conflict, len(items), score(items)) for (conflict, kind), items in ordered]


def _runs(folder: Path) -> list[Measured]:
    """Whole embedded runs, and what of each is written in its report."""
    citations = Citations()
    samples = [run(question) for question in SAMPLES_QUESTIONS]
    documents = [(library, run(library.question, library.folder)) for library in written_out.libraries("tuned")]
    for ran in (*samples, *(ran for _, ran in documents)):
        citations.add(ran)
    uncovered: list[str] = []
    for topic in TOPICS:
        ran = run(topic.question, TOPICS_FOLDER / topic.name)
        citations.add(ran)
        uncovered += coverage.missing(topic, ran)
    judged_questions = unanswered.measure("tuned")
    for ran in judged_questions.runs:
        citations.add(ran)
    written = [written_out.judge(library, ran) for library, ran in documents]
    domains = sum(len(topic.sub_domains) for topic in TOPICS)
    judged = retrieval.measure(folder / "cache")
    weak = tuple(f"{value:.2f} {item.query}" for item, value in judged if value < 1)
    pair = honesty.sample_pair_survives(samples[0])
    strays = tuple(stray for ran in samples for stray in written_out.strays(ran, written_out.SAMPLES))
    faults = citations.faults
    return [
        *_documents("tuned", written),
        Measured("sample library: false conflicts (count)", len(strays), strays),
        Measured("span resolution", citations.resolved / max(1, citations.marks), _of(faults, "[")),
        Measured("citation precision", citations.contained / max(1, citations.cited), _of(faults, "not in")),
        Measured("citation recall", citations.factual_cited / max(1, citations.factual)),
        Measured("uncited figures (count)", citations.uncited_figures, _of(faults, "uncited")),
        Measured("dropped conflict values (count)", citations.dropped, _of(faults, "dropped")),
        Measured("researched spokes missing (count)", citations.spokes_missing, _of(faults, "the spoke")),
        Measured("sub-domain coverage", 1 - len(uncovered) / domains, tuple(uncovered)),
        Measured("retrieval nDCG@10", sum(value for _, value in judged) / len(judged), weak),
        Measured("sample pair 45 % / 12 % survives", pair.value, pair.faults),
        *_questions("", judged_questions),
        # Named nowhere, as what else is held out.
        *_questions(", held out", replace(unanswered.measure("held_out"), refused=(), unsaid=())),
    ]


def _questions(group: str, judged: unanswered.Honesty) -> list[Measured]:
    return [
        Measured(f"unanswered questions are said{group}", judged.said / judged.open, judged.unsaid),
        Measured(f"answerable questions are answered{group}", judged.answered / judged.answerable, judged.refused),
    ]


def _judged(group: written_out.Group) -> list[written_out.WrittenOut]:
    """A run over each library of a group; its citations are left alone: faults in them are told by their words."""
    libraries = written_out.libraries(group)
    return [written_out.judge(library, run(library.question, library.folder)) for library in libraries]


def _documents(group: str, judged: Sequence[written_out.WrittenOut]) -> list[Measured]:
    name = f"written-out documents, {group}"
    known, shown = sum(one.known for one in judged), sum(one.shown for one in judged)
    explained = sum(one.explained for one in judged)
    missed = tuple(fault for one in judged for fault in one.missed)
    others = tuple(fault for one in judged for fault in one.others)
    return [
        Measured(f"{name}: recall", shown / known, missed),
        Measured(f"{name}: false conflicts (count)", len(others), others),
        Measured(f"{name}: explanation", explained / shown if shown else 1.0),
    ]


def _honesty(patch: pytest.MonkeyPatch, folder: Path) -> list[Measured]:
    named = honesty.failed_spokes_named(patch, folder)
    survived = honesty.contradictions_survive(patch, folder)
    return [
        Measured("failed spokes named", named.value, named.faults),
        Measured("contradictions survive", survived.value, survived.faults),
    ]


def _of(faults: Sequence[str], beginning: str) -> tuple[str, ...]:
    return tuple(fault for fault in faults if fault.startswith(beginning))
