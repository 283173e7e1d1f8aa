"""What a report owns up to: failed spokes, and sources that contradict each other."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, PlanReply, QuotedText, ReconciledValue, ReconciliationReply
from tests.claude_server import (
    CleanEnd,
    Cue,
    Drop,
    ErrorEvent,
    HttpFault,
    Manners,
    MaxTokens,
    RecordedRequest,
    Refuse,
    Reply,
    ToolUse,
)
from tests.engine_brain import Double, engine_brain
from tests.quality.runs import Finished
from tests.running import Ran, planned, run_over_server, subtask

_TREES = {"alder": "larch", "birch": "maple", "cedar": "poplar", "elder": "willow", "hazel": "spruce"}
"""What each spoke looks for, and what only its document says."""

_FAULTS = (
    (HttpFault(529), ("birch",)),
    (HttpFault(500), ("alder", "hazel")),
    (HttpFault(400), ("cedar",)),
    (Refuse(), ("elder", "birch")),
    (MaxTokens(keep=20), ("hazel",)),
    (Drop(), ("cedar", "alder")),
    (CleanEnd(), ("birch",)),
    (ErrorEvent(), ("elder", "cedar", "hazel")),
)
"""What happens to every reply of some spokes."""


@dataclass(frozen=True)
class Share:
    """How many of how many, and what was not."""

    kept: int
    of: int
    faults: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.kept / self.of if self.of else 1.0


def failed_spokes_named(patch: pytest.MonkeyPatch, folder: Path) -> Share:
    """Injects faults into whole runs over HTTP: which of the spokes that failed stand under Gaps."""
    docs = folder / "trees"
    docs.mkdir()
    for spoke, wood in _TREES.items():
        text = f"# The {spoke} file\n\nThe {spoke} studio bought {wood} brushes for 12 crowns in 2024.\n"
        (docs / f"{spoke}.md").write_text(text, encoding="utf-8")

    def plan(request: MessagesRequest) -> PlanReply:
        return planned(*(subtask(spoke, f"Find the {spoke} price.") for spoke in _TREES))

    def research(request: MessagesRequest) -> FindingsReply | Reply:
        told = request.messages[0].model_dump_json()
        spoke = next(name for name in _TREES if f"Find the {name} price" in told)
        if len(request.messages) == 1:
            return Reply((ToolUse("search_documents", {"query": spoke}),))
        text = f"The {spoke} studio bought {_TREES[spoke]} brushes for 12 crowns in 2024."
        return FindingsReply(
            findings=[FoundClaim(claim=text, quotes=[QuotedText(source=f"{spoke}.md", text=text)])]
        )

    doubles: dict[str, Double] = {"plan": plan, "coverage": lambda _: '{"missing": []}', "findings": research}
    failed: list[str] = []
    unnamed: list[str] = []
    for fault, spokes in _FAULTS:

        def hits(request: RecordedRequest, spokes: tuple[str, ...] = spokes) -> bool:
            return request.title == "findings" and any(f"Find the {name} price" in request.said for name in spokes)

        manners = Manners(cues=(Cue(fault, hits, times=None),))
        ran = run_over_server(patch, engine_brain(doubles), docs, manners=manners)
        gaps = Finished(ran.run.id, ran.state).section("Gaps")
        for spoke in spokes:
            assert ran.state.spokes[spoke].status == "failed", f"{fault} does not fail {spoke}"
            failed.append(spoke)
            if spoke.capitalize() not in gaps:
                unnamed.append(f"{spoke} after {fault}")
    return Share(len(failed) - len(unnamed), len(failed), tuple(unnamed))


_CONTRADICTIONS = (
    ("In 2024, 45% of musicians in Northmark used AI tools, counting any use.",
     "In 2024, 12% of musicians in Northmark used AI tools, counting daily use only.", "45%", "12%"),
    ("In 2024, 61% of bakers in Northmark worked at night.",
     "In 2024, 38% of bakers in Northmark worked at night.", "61%", "38%"),
    ("The pool paid 4.2 million euro to painters in 2024.",
     "The pool paid 3.6 million euro to painters in 2024.", "4.2 million", "3.6 million"),
    ("The lighthouse at Ferrow is 48 metres high.",
     "The lighthouse at Ferrow is 61 metres high.", "48", "61"),
)  # fmt: skip


def contradictions_survive(patch: pytest.MonkeyPatch, folder: Path) -> Share:
    """Contradictions that two researchers bring home: both values, both sources and a reason in the report.

    Once with the engine's own reconciler, once with one that keeps only the first value of each.
    """
    docs = folder / "contradictions"
    docs.mkdir()
    for name, at in (("first", 0), ("second", 1)):
        text = "\n\n".join(pair[at] for pair in _CONTRADICTIONS)
        (docs / f"{name}.md").write_text(f"# The {name} account\n\n{text}\n", encoding="utf-8")

    def plan(request: MessagesRequest) -> PlanReply:
        return planned(*(subtask(name, f"Read the {name} account.") for name in ("first", "second")))

    def research(request: MessagesRequest) -> FindingsReply | Reply:
        name, at = (
            ("first", 0) if "Read the first account" in request.messages[0].model_dump_json() else ("second", 1)
        )
        if len(request.messages) == 1:
            return Reply((ToolUse("read_document", {"path": f"{name}.md"}),))
        said = [pair[at] for pair in _CONTRADICTIONS]
        quoted = [FoundClaim(claim=text, quotes=[QuotedText(source=f"{name}.md", text=text)]) for text in said]
        return FindingsReply(findings=quoted)

    def forgetful(request: MessagesRequest) -> ReconciliationReply:
        claim = re.findall(r"\bc\d+\b", request.messages[0].model_dump_json())[0]
        kept = [ReconciledValue(claim=claim, value="one")]
        return ReconciliationReply(
            subject="one thing", values=kept, kind="unexplained", explanation="All is well."
        )

    doubles: dict[str, Double] = {"plan": plan, "coverage": lambda _: '{"missing": []}', "findings": research}
    lost: list[str] = []
    for way, more in (("", {}), (" (forgetful reconciler)", {"reconciliation": forgetful})):
        ran = run_over_server(patch, engine_brain({**doubles, **more}), docs, question="What is known?")
        lost += [f"{pair[2]} and {pair[3]}{way}" for pair in _CONTRADICTIONS if not _survived(ran, pair[2:])]
    of = 2 * len(_CONTRADICTIONS)
    return Share(of - len(lost), of, tuple(lost))


def _survived(ran: Ran, values: tuple[str, str]) -> bool:
    told = Finished(ran.run.id, ran.state).section("Disagreements")
    for conflict in ran.state.conflicts.values():
        sources = {value.source for value in conflict.values}
        if all(any(wanted in value.value for value in conflict.values) for wanted in values):
            shown = all(value.value in told for value in conflict.values)
            return shown and sources == {"first.md", "second.md"} and bool(conflict.explanation)
    return False


_SAMPLES_PAIR = {"musicians-ai-use-union-survey-2025.md": "45%", "musicians-daily-ai-use-panel-2025.md": "12%"}


def sample_pair_survives(ran: Finished) -> Share:
    """The 45% against 12% of the sample library: found by spokes, kept with both sources, explained, shown."""
    told = ran.section("Disagreements")
    for conflict in ran.state.conflicts.values():
        values = {value.source: value.value for value in conflict.values}
        if all(figure in values.get(source, "") for source, figure in _SAMPLES_PAIR.items()):
            reason = conflict.explanation.rstrip(".")
            explained = (
                conflict.kind == "different_definition" and bool(reason) and reason in told.replace("\\", "")
            )
            numbers = {
                n for n in map(int, re.findall(r"\[(\d+)\]", told))
                if any(c.n == n and c.source in _SAMPLES_PAIR for c in ran.citations)
            }  # fmt: skip
            return Share(int(explained and len(numbers) >= 2 and all(v in told for v in values.values())), 1)
    return Share(0, 1, ("45% and 12% of the sample library",))
