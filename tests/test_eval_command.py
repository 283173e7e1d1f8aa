"""`hubspoke eval`: a golden set from the command line, over the embedded engine and the Claude-shaped server."""

import asyncio
import json
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.replies import JudgementReply, Mark
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, Stall, ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.running import ROOT, environment, hubspoke, program

SAMPLES = ROOT / "tests" / "data" / "golden" / "samples.yaml"
KEY = "sk-ant-test-0123456789abcdefghij"

SET = """\
docs: docs
questions:
  - question: Who won the chess olympiad of 2024?
    sources: [chess.md]
    must_say: [the Northmark team]
  - question: How long does sourdough proof?
    must_say: [720 minutes]
"""


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """A small set over two documents."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "chess.md").write_text("# Chess\n\nThe chess olympiad of 2024 was won by the Northmark team.\n")
    (docs / "bread.md").write_text("# Bread\n\nA sourdough loaf proofs for twelve hours at 20 degrees.\n")
    path = tmp_path / "set.yaml"
    path.write_text(SET, encoding="utf-8")
    return path


def _embedded(golden: Path) -> str:
    golden.write_text(f"provider: embedded\n{golden.read_text('utf-8')}", encoding="utf-8")
    return str(golden)


JUDGEMENT = JudgementReply(
    answers=Mark(score=4, why="It names the team."),
    faithful=Mark(score=3, why="One line is\nloose.\x1b[31m"),
    complete=Mark(score=2, why="Little is there."),
    honest=Mark(score=1, why="No gap is named."),
)


def _judged(request: MessagesRequest) -> JudgementReply:
    return JUDGEMENT


def test_the_example_passes_and_its_runs_are_saved() -> None:
    done = hubspoke("eval", str(SAMPLES), COLUMNS="120")
    assert done.returncode == 0, done.stdout
    assert "4 of 4 questions passed" in done.stdout
    assert "Traceback" not in done.stderr
    saved = {row["run"]: row["question"] for row in json.loads(hubspoke("sessions", "--json").stdout)}
    assert len(saved) == 4
    for run, question in saved.items():
        (row,) = [line for line in done.stdout.splitlines() if run in line]
        assert question in row
        assert "free" in row
    run = next(run for run, question in saved.items() if question.startswith("How is AI"))
    assert hubspoke("show", run).stdout.startswith("# How is AI")


def test_what_does_not_hold_is_told_and_the_program_fails(golden: Path) -> None:
    golden.write_text(SET.replace("720 minutes", "13 hours"), encoding="utf-8")
    done = hubspoke("eval", _embedded(golden))
    assert done.returncode == 1
    assert "✗ 2 says 13 hours: It is not said." in done.stdout
    assert "1 of 2 questions passed" in done.stdout


def test_the_document_for_machines(golden: Path) -> None:
    done = hubspoke("eval", _embedded(golden), "--json")
    assert done.returncode == 0, done.stdout
    document = json.loads(done.stdout)
    assert (document["schema"], document["passed"], document["failed"]) == (1, 2, 0)
    first = document["results"][0]
    assert first["passed"] is True
    assert {"question", "run", "status", "checks", "usage", "seconds", "judgement"} <= set(first)
    assert [check["kind"] for check in first["checks"]] == ["answer", "source", "must_say"]
    assert all(check["passed"] for check in first["checks"])
    assert document["usd"] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("docs: docs\nquestions:\n  - question: Who?\n    musts: []\n", "line 4"),
        ("docs: docs\nquestions:\n  - question: Who?\n    sources: [none.md]\n", "none.md"),
        ("docs: docs\nprovider: claude\nquestions:\n  - question: Who?\n", "ANTHROPIC_API_KEY"),
    ],
)
def test_wrong_use_gets_one_sentence(text: str, said: str, golden: Path, own_home: Path) -> None:
    golden.write_text(text, encoding="utf-8")
    done = hubspoke("eval", str(golden))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list(own_home.glob("sessions/2*"))


def test_a_judge_needs_credentials_before_anything_is_asked(golden: Path, own_home: Path) -> None:
    done = hubspoke("eval", _embedded(golden), "--judge")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "--judge" in done.stderr
    assert "ANTHROPIC_API_KEY" in done.stderr
    assert not list(own_home.glob("sessions/2*"))


def _over(server: ThreadedClaudeServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    return hubspoke("eval", *arguments, ANTHROPIC_BASE_URL=server.url, ANTHROPIC_API_KEY=KEY)


def _judging(request: RecordedRequest) -> bool:
    return request.title == "judgement"


def test_the_judge_stands_beside_the_scores(golden: Path) -> None:
    golden.write_text(SET.replace("720 minutes", "13 hours"), encoding="utf-8")
    with ThreadedClaudeServer(engine_brain({"judgement": _judged})) as server:
        done = _over(server, str(golden), "--judge")
        asked = [request for request in server.requests if _judging(request)]
        assert server.rejected == []
    assert done.returncode == 1, "the judge decides nothing"
    assert done.stdout.count("4 3 2 1") == 2
    assert "1 faithful 3/4: One line is loose." in done.stdout
    assert "\x1b" not in done.stdout
    assert len(asked) == 2
    first = asked[0].said
    assert "It says: the Northmark team" in first
    assert '"source":"chess.md"' in first
    assert "won by the Northmark team" in first
    assert "The judge (answers, faithful, complete, honest) cost $" in done.stdout.replace(
        "the judge", "The judge"
    )


def test_a_judge_that_fails_takes_no_score_away(golden: Path) -> None:
    fault = Manners(cues=(Cue(HttpFault(400), _judging, None),))
    with ThreadedClaudeServer(engine_brain({"judgement": _judged}), fault) as server:
        done = _over(server, str(golden), "--judge", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["passed"] == 2
    assert all(result["judgement"]["marks"] is None for result in document["results"])
    assert all(result["judgement"]["fault"] for result in document["results"])


def test_a_judge_that_does_not_fit_is_asked_once_more(golden: Path) -> None:
    answers = iter(['{"answers": {"score": 9, "why": ""}}', JUDGEMENT.model_dump_json()] * 2)
    with ThreadedClaudeServer(engine_brain({"judgement": lambda request: next(answers)})) as server:
        done = _over(server, str(golden), "--judge")
        assert sum(map(_judging, server.requests)) == 4
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("4 3 2 1") == 2


def test_what_stops_every_run_stops_the_evaluation(golden: Path) -> None:
    refused = Manners(cues=(Cue(HttpFault(401), lambda request: True, None),))
    with ThreadedClaudeServer(engine_brain(), refused) as server:
        done = _over(server, str(golden))
        assert not any("sourdough" in request.said for request in server.requests)
    assert done.returncode == 1
    assert "0 of 2 questions passed · 1 not scored: " in done.stdout


def test_stopping_it_saves_the_run_and_tells_what_was_scored(golden: Path) -> None:
    second = Cue(Stall(asyncio.Event()), lambda request: "sourdough" in request.said, None)
    with ThreadedClaudeServer(engine_brain(), Manners(cues=(second,))) as server:
        env = environment(ANTHROPIC_BASE_URL=server.url, ANTHROPIC_API_KEY=KEY)
        with subprocess.Popen(
            program("eval", str(golden)), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            server.until(lambda requests: any("sourdough" in request.said for request in requests), 30.0)
            process.send_signal(signal.SIGINT)
            output, progress = process.communicate(timeout=30)
    assert process.returncode == 130, progress
    rows = {row["question"]: row for row in json.loads(hubspoke("sessions", "--json").stdout)}
    assert {row["status"] for row in rows.values()} == {"done", "interrupted"}
    assert all(row["run"] in output for row in rows.values())
    assert "1 of 2 questions passed · 1 not scored: You stopped it." in output
    assert "hubspoke resume" in progress


def test_a_folder_that_goes_away_takes_nothing_back(golden: Path) -> None:
    def write(request: MessagesRequest) -> None:
        shutil.rmtree(golden.parent / "docs", ignore_errors=True)

    with ThreadedClaudeServer(engine_brain({"": write})) as server:
        done = _over(server, str(golden))
    assert done.returncode == 2
    assert "1 of 2 questions passed · 1 not scored: " in done.stdout
    assert "docs" in done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr
