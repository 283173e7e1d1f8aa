"""What was not checked, and what was not read, is said with its reason, and is not promised again and again."""

import re
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.replies import CheckedClaim, VerdictsReply
from agents.reporting.ground import Ground
from agents.reporting.report import complete, finalize
from agents.verification import LEFT_OUT
from sessions.findings import Verdict
from sessions.plan import LeftOut
from sessions.rerun import rerun
from tests.engine_brain import engine_brain
from tests.running import answered as answered
from tests.running import hubspoke, run_over_server
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tui.screens.gaps import PASSED_OVER, gaps


def leaves_the_first_out(request: MessagesRequest) -> VerdictsReply:
    """A verifier's reply without a word on one of the claims."""
    _, *others = dict.fromkeys(re.findall(r"\bc\d+\b", request.messages[0].model_dump_json()))
    return VerdictsReply(verdicts=[CheckedClaim(claim=id, verdict=Verdict.SUPPORTED) for id in others])


def test_a_claim_that_the_verifier_left_out_says_so(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run_over_server(monkeypatch, engine_brain({**DOUBLES, "verdicts": leaves_the_first_out}), docs)
    left = [claim for claim in ran.state.claims.values() if claim.verdict is Verdict.NOT_CHECKED]
    assert left and all(claim.note == LEFT_OUT for claim in left)
    assert "They were not checked (the verifier's reply left them out)" in ran.report
    # Another resume would check nothing: none is offered.
    assert rerun(ran.state).claims == 0
    assert ran.state.report is not None
    assert any(missing.look is PASSED_OVER for missing in gaps(ran.state, ran.state.report))


def test_files_that_were_not_read_stand_in_the_report() -> None:
    unread = tuple(LeftOut(title=f"{n}.pdf", why="larger than 20 MB") for n in range(25))
    ground = Ground(claims=(), unread=unread)
    report, _ = finalize(complete("", ground), ground, question="Who?")
    assert "## Not read\n\n- **0.pdf**: larger than 20 MB\n" in report
    assert "**19.pdf**" in report and "20.pdf" not in report and "- and 5 more" in report
    assert "Not read" not in finalize(complete("", Ground(claims=())), Ground(claims=()), question="Who?")[0]


def test_a_whole_run_names_them(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "good.md").write_text("# Chess\n\nThe chess olympiad of 2024 was won by the Northmark team.\n")
    (docs / "tool.exe").write_bytes(b"x")
    done = hubspoke("ask", "Who won the chess olympiad?", "--docs", str(docs), "--provider", "embedded", "--yes")
    assert "- **tool.exe**: no kind of document that is read" in done.stdout.partition("## Not read")[2]
    # It is no gap: every question was answered.
    assert done.returncode == 0


def test_all_of_the_sample_library_is_read(answered: str) -> None:
    assert "## Sources" in answered and "## Not read" not in answered
