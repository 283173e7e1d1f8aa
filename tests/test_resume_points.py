"""A run that is cut off anywhere goes on from there: nothing finished is asked again, and it ends the same."""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.replies import CoverageReply, FindingsReply, FoundClaim, PlanReply, QuotedText
from agents.run import resume
from sessions.events import (
    AnyEvent,
    AttemptFinished,
    AttemptStarted,
    CheckpointOpened,
    DraftGated,
    DraftWritten,
    SpokeCancelled,
    StepEvent,
)
from sessions.failures import FailureKind
from sessions.journal_lines import encode_event
from sessions.journal_reader import JOURNAL, read_journal
from sessions.load import fold_all
from sessions.rerun import Rerun, rerun
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, Reply, ToolUse
from tests.engine_brain import Double, engine_brain
from tests.running import Ran, planned, run_over_server, subtask

EVERY = bool(os.environ.get("HUBSPOKE_SOAK_POINTS"))
"""Whether each event is tried; `python -m tests.soak points` does. Else each step, and a few others."""

OTHERS = 4

SAID = {
    "alder": "Brush prices rose by 12% in 2024, the alder studio said.",
    "birch": "Brush prices rose by 18% in 2024, the birch studio said.",
    "cedar": "The cedar studio bought 40 brushes.",
    "elder": "The elder studio has sold no brushes since 1998.",
}
"""What each spoke finds; two of them disagree."""

ASKED = "What do brushes cost?"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A document a spoke."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for spoke, sentence in SAID.items():
        (folder / f"{spoke}.md").write_text(f"# {spoke}\n\n{sentence}\n", encoding="utf-8")
    return folder


def of(request: MessagesRequest) -> str:
    """The spoke that asks."""
    prompt = request.messages[0].blocks[0].model_dump_json()
    return next(spoke for spoke in SAID if f"Find what {spoke} said" in prompt)


def _plan(request: MessagesRequest) -> PlanReply:
    return planned(*(subtask(spoke, f"Find what {spoke} said.") for spoke in ("alder", "birch", "cedar")))


def _review(request: MessagesRequest) -> CoverageReply:
    # Twice: what the first review adds, the second finds there.
    lacks = "Find what elder said" not in request.model_dump_json()
    return CoverageReply(missing=[subtask("elder", "Find what elder said.", "alder")] if lacks else [])


def search(request: MessagesRequest) -> FindingsReply | Reply:
    """A researcher that looks for its own document and quotes it."""
    spoke = of(request)
    if len(request.messages) == 1:
        return Reply((ToolUse("search_documents", {"query": spoke}),))
    quote = QuotedText(source=f"{spoke}.md", text=SAID[spoke])
    return FindingsReply(findings=[FoundClaim(claim=SAID[spoke], quotes=[quote])])


def _write(request: MessagesRequest) -> str | None:
    # The first draft cites nothing and is sent back.
    return None if "<problems>" in request.model_dump_json() else "# Brushes\n\nThey cost 12 crowns."


BRAIN: dict[str, Double] = {"plan": _plan, "coverage": _review, "findings": search, "": _write}


@dataclass
class Points:
    """A whole run, kept aside, and its directory, in which it is cut off anew for each point."""

    ran: Ran
    directory: Path
    kept: Path

    def cut(self, events: int, torn: int = 0, *more: AnyEvent) -> list[AnyEvent]:
        """Leaves so many events, so many bytes of the next one, and what happened in place of the rest."""
        shutil.rmtree(self.directory)
        shutil.copytree(self.kept, self.directory)
        lines = (self.kept / JOURNAL).read_bytes().splitlines(keepends=True)
        told = [encode_event(event.model_copy(update={"seq": events + n}))[1] for n, event in enumerate(more, 1)]
        data = b"".join([*lines[:events], *told, lines[events][:torn] if torn else b""])
        (self.directory / JOURNAL).write_bytes(data)
        return list(read_journal(self.directory).events)


@pytest.fixture
def points(docs: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path, tmp_path: Path) -> Points:
    """A run with two reviews, a dependency, a disagreement and a draft that was sent back."""
    ran = run_over_server(monkeypatch, engine_brain(BRAIN), docs, question=ASKED)
    assert (ran.state.exit, len(ran.state.conflicts)) == (0, 1)
    directory = own_home / "sessions" / ran.run.id
    kept = tmp_path / "kept"
    shutil.copytree(directory, kept)
    return Points(ran, directory, kept)


def resumed(run: str, docs: Path, monkeypatch: pytest.MonkeyPatch, retry: Iterable[str] | None = None) -> Ran:
    """The run gone on with, at a server that has seen nothing of it."""
    again = dict.fromkeys(retry) if retry is not None else None
    return run_over_server(
        monkeypatch,
        engine_brain(BRAIN),
        docs,
        make=lambda settings, approve: resume(run, settings, approve=approve, retry=again),
    )


def asked_of(requests: Iterable[RecordedRequest]) -> Counter[str]:
    """How often each was asked for: the kinds of reply, and the findings of each spoke."""
    return Counter(
        of(MessagesRequest.model_validate(request.body)) if request.title == "findings" else request.title
        for request in requests
    )


def _to_ask(finished: Iterable[AnyEvent]) -> Counter[str]:
    """What a run asks for that has finished these steps: two requests a spoke, three for the two drafts."""
    asks = Counter(dict.fromkeys(SAID, 2))
    asks += Counter({"plan": 1, "coverage": 2, "disagreements": 1, "verdicts": 3, "reconciliation": 1, "": 3})
    for event in finished:
        match event:
            case AttemptFinished():
                asks[event.spoke] -= 2
            case DraftWritten():
                asks[""] -= event.round
            case _:
                asks[_TITLES.get(event.kind, "none")] -= 1
    return +asks


_TITLES = {
    "plan_made": "plan",
    "coverage_reviewed": "coverage",
    "disagreements_found": "disagreements",
    "claims_checked": "verdicts",
    "conflict_reconciled": "reconciliation",
}


def _said(asked: Counter[str], again: Rerun) -> bool:
    """Whether what was asked is what was said before."""
    # Before the plan is approved, that it waits is all that is said of spokes.
    spokes = set(SAID) if again.waits else {spoke.id for spoke in again.spokes}
    checked = any(asked[title] for title in ("verdicts", "disagreements", "reconciliation"))
    told = (again.plan, again.coverage, again.verify, spokes)
    # A report may need no more than the last draft that is there.
    return told == (bool(asked["plan"]), bool(asked["coverage"]), checked, {*asked} & {*SAID}) and (
        again.report or not asked[""]
    )


def _places(events: Sequence[AnyEvent]) -> list[int]:
    """After how many events the run is cut off."""
    if EVERY:
        return list(range(1, len(events)))
    steps = [
        n for n, event in enumerate(events, 1) if isinstance(event, StepEvent | CheckpointOpened | DraftGated)
    ]
    others = [n for n in range(1, len(events)) if n not in steps]
    return sorted([*steps, *random.Random(OTHERS).sample(others, OTHERS)])


def test_a_run_cut_off_anywhere_asks_only_for_what_was_not_finished(
    points: Points, docs: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    places = _places(points.ran.events)
    record_property("points", len(places))
    for place in places:
        before = points.cut(place, torn=place % 3 * 10)
        again = rerun(fold_all(before))
        went_on = resumed(points.ran.run.id, docs, monkeypatch)
        asked = asked_of(went_on.requests)
        where = f"after {place}: {before[-1].kind}"
        assert (went_on.state.status, went_on.state.exit) == ("done", 0), where
        assert went_on.report == points.ran.report, where
        assert asked == _to_ask(before), where
        assert _said(asked, again), f"{where}: {again} but {asked}"


def test_of_a_run_with_gaps_only_the_gaps_run_again(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def birch(request: RecordedRequest) -> bool:
        return request.title == "findings" and "Find what birch said" in request.said

    refused = Manners(cues=(Cue(HttpFault(413), birch, None),))
    ran = run_over_server(monkeypatch, engine_brain(BRAIN), docs, question=ASKED, manners=refused)
    assert (ran.state.status, ran.state.exit) == ("gaps", 3)
    again = rerun(ran.state)
    assert [(spoke.id, spoke.failed_of) for spoke in again.spokes] == [("birch", FailureKind.CONTEXT_OVERFLOW)]
    went_on = resumed(ran.run.id, docs, monkeypatch)
    asked = asked_of(went_on.requests)
    assert went_on.state.exit == 0
    assert {*asked} & {*SAID, "plan", "coverage"} == {"birch"}
    assert _said(asked, again)
    assert not rerun(went_on.state)


def test_a_cancelled_spoke_stays_cancelled(points: Points, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = next(
        n
        for n, event in enumerate(points.ran.events, 1)
        if isinstance(event, AttemptStarted) and event.spoke == "cedar"
    )
    before = points.cut(begun, 0, SpokeCancelled(spoke="cedar"))
    again = rerun(fold_all(before))
    assert (again.cancelled, "cedar" in {spoke.id for spoke in again.spokes}) == (("Cedar",), False)
    went_on = resumed(points.ran.run.id, docs, monkeypatch)
    assert (went_on.state.exit, went_on.state.spokes["cedar"].status) == (3, "cancelled")
    assert "cedar" not in asked_of(went_on.requests)
    # Until somebody asks for it: then for it alone.
    retried = resumed(points.ran.run.id, docs, monkeypatch, ["cedar"])
    assert retried.state.exit == 0
    assert {*asked_of(retried.requests)} & {*SAID} == {"cedar"}


def test_a_run_that_was_turned_away_goes_on_with_what_it_has(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turned_away = Manners(cues=(Cue(HttpFault(401), lambda request: request.title == "verdicts", None),))
    ran = run_over_server(monkeypatch, engine_brain(BRAIN), docs, question=ASKED, manners=turned_away)
    assert (ran.state.status, ran.state.exit) == ("failed", 1)
    again = rerun(ran.state)
    assert (again.plan, again.spokes, again.verify, again.claims, again.report) == (False, (), True, 4, True)
    went_on = resumed(ran.run.id, docs, monkeypatch)
    assert went_on.state.exit == 0
    assert not {*asked_of(went_on.requests)} & {*SAID, "plan", "coverage"}
