"""The command line as a person uses it: the main job, wrong use, what is saved."""

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from sessions.store import Store
from tests.running import QUESTION, environment, hubspoke, program, started
from tests.running import answered as answered


def _ask(*more: str, **env: str) -> tuple[int, str, str]:
    done = hubspoke("ask", QUESTION, "--provider", "embedded", *more, **env)
    return done.returncode, done.stdout, done.stderr


def test_the_main_job_with_no_key_and_no_network(own_home: Path) -> None:
    done = started("ask", QUESTION, "--provider", "embedded", "--yes", "--plain")
    report, progress = done.stdout, done.stderr
    assert done.returncode in (0, 3), progress
    assert report.startswith(f"# {QUESTION}")
    assert "embedded engine" in report
    assert "[1]" in report
    assert "## Sources" in report
    assert "## Disagreements" in report
    # Both sides of a disagreement that the sample library holds, side by side.
    assert "45%" in report
    assert "12%" in report
    assert "Traceback" not in progress
    for path in [own_home, *own_home.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.lstat().st_mode) & ~expected == 0, path


def test_the_document_on_standard_output_is_whole(own_home: Path) -> None:
    code, output, _ = _ask("--yes", "--json", ANTHROPIC_API_KEY="sk-ant-api03-not-to-be-used-0123456789")
    document = json.loads(output)
    promised = {
        "schema", "run", "status", "exit", "question", "provider", "team", "plan", "findings", "conflicts",
        "gaps", "left_out", "failures", "citations", "report_md", "usage", "started", "seconds",
    }  # fmt: skip
    assert promised <= set(document)
    assert (document["schema"], document["exit"], document["provider"]) == (1, code, "embedded")
    assert {
        "n",
        "claim",
        "quote",
        "source",
        "source_sha256",
        "start",
        "end",
        "title",
        "date",
        "spoke",
        "verdict",
    } <= set(document["citations"][0])
    saved = "".join(path.read_text("utf-8", "replace") for path in own_home.rglob("*") if path.is_file())
    assert "not-to-be-used" not in saved


def test_what_is_saved_can_be_listed_shown_and_exported(answered: str, tmp_path: Path) -> None:
    (row,) = json.loads(hubspoke("sessions", "--json").stdout)
    assert row["question"] == QUESTION
    assert row["run"] in hubspoke("sessions").stdout
    assert hubspoke("show", "last").stdout == answered
    target = tmp_path / "report.md"
    assert hubspoke("export", row["run"][:10], "-o", str(target)).returncode == 0
    # As it was written; then, in place of its short list of sources, all that it stands on.
    assert target.read_text(encoding="utf-8").startswith(answered.partition("\n## Sources\n")[0])
    session = json.loads(hubspoke("export", "last", "--format", "json").stdout)
    assert (session["hubspoke"], session["run"]) == ("session", row["run"])


def test_a_plan_waits_where_nobody_can_approve_it() -> None:
    code, report, progress = _ask()
    assert (code, report) == (3, "")
    assert "hubspoke resume" in progress
    done = hubspoke("resume", "last", "--yes")
    assert done.returncode in (0, 3)
    assert done.stdout.startswith(f"# {QUESTION}")


def test_documents_that_say_nothing_of_the_question(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "bread.md").write_text("# Bread\n\nA sourdough loaf proves for twelve hours at 20 degrees.\n")
    (docs / "soup.md").write_text("# Soup\n\nLeek soup is thickened with potatoes and finished with cream.\n")
    done = hubspoke("ask", "Who won the chess olympiad?", "--docs", str(docs), "--provider", "embedded", "--yes")
    assert done.returncode == 3
    assert "[1]" not in done.stdout
    assert "sourdough" not in done.stdout
    assert "leek" not in done.stdout.lower()
    assert "Nothing in the passages that were read answers the question." in done.stdout


def test_documents_that_cannot_be_used_are_skipped_and_named(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "good.md").write_text("# Chess\n\nThe chess olympiad of 2024 was won by the Northmark team.\n")
    (docs / "empty.md").write_text("")
    (docs / "tool.bin").write_bytes(b"x")
    (docs / "tool.exe").write_bytes(b"x")
    (docs / "binary.txt").write_bytes(b"\x00\x01\x02" * 100)
    (docs / "broken.pdf").write_bytes(b"%PDF-1.7 nothing of a PDF follows")
    done = hubspoke("ask", "Who won the chess olympiad?", "--docs", str(docs), "--provider", "embedded", "--yes")
    assert "Northmark" in done.stdout
    for name in ("empty.md", "binary.txt", "broken.pdf"):
        assert name in done.stderr, done.stderr
    assert "Skipped tool.bin and 1 more: no kind of document that is read." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", ""), "empty"),
        (("ask", "  \n "), "empty"),
        (("ask", "why?", "--docs", "/no/such/folder"), "/no/such/folder"),
        (("ask", "why?", "--max-parallel", "0"), "1 to 20"),
        (("ask", "why?", "--max-parallel", "many"), "1 to 20"),
        (("ask", "why?", "--max-spokes", "21"), "1 to 20"),
        (("ask", "why?", "--provider", "claude"), "ANTHROPIC_API_KEY"),
        (("ask", "why?", "--provider", "oracle"), "oracle"),
        (("ask",), "QUESTION"),
        (("resume", "20990101-0000-zzzz"), "20990101-0000-zzzz"),
        (("resume", "../../etc"), "../../etc"),
        (("resume", "/etc/passwd"), "/etc/passwd"),
        (("ask", "why?", "--json", "--detach"), "--detach"),
        (("ask", "why?", "--detach", "--docs", "/no/such/folder"), "/no/such/folder"),
        (("attach",), "No run is live"),
        (("attach", "20990101-0000-zzzz"), "20990101-0000-zzzz"),
        (("stop", "20990101-0000-zzzz"), "20990101-0000-zzzz"),
        ((), "needs a terminal"),
        (("show", "nonsense"), "nonsense"),
        (("export", "last"), "session"),
        (("dance",), "dance"),
    ],
)
def test_wrong_use_gets_one_sentence(arguments: tuple[str, ...], said: str, own_home: Path) -> None:
    done = hubspoke(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert not (own_home / "sessions").exists(), "nothing is saved of what was no question"


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", ""),
        ("resume", "nonsense"),
        ("retry", "nonsense"),
        ("stop", "nonsense"),
        ("attach", "nonsense"),
        ("eval", "nonsense"),
        ("show", "nonsense"),
    ],
)
def test_every_command_starts_from_nothing(arguments: tuple[str, ...]) -> None:
    done = started(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_an_unwritable_data_directory_as_a_person(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    code, _, errors = _ask("--yes", HUBSPOKE_HOME=str(locked))
    assert code == 2
    assert str(locked) in errors


def test_a_data_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here already")
    code, output, errors = _ask("--yes", HUBSPOKE_HOME=str(tmp_path / "file"))
    assert (code, output) == (2, "")
    assert "file" in errors
    assert len(errors.strip().splitlines()) == 1, errors
    assert (tmp_path / "file").read_text() == "here already"


def test_a_session_too_damaged_to_resume_says_why(answered: str, own_home: Path) -> None:
    (journal,) = own_home.rglob("journal.jsonl")
    journal.write_bytes(b"damage\n" + journal.read_bytes().partition(b"\n")[2])
    done = hubspoke("resume", journal.parent.name, "--yes")
    assert done.returncode == 2
    assert "question" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_output_that_cannot_be_written_gets_one_sentence(answered: str) -> None:
    for command in (("show", "last"), ("export", "last"), ("sessions",)):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                program(*command), env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 2, command
        # Of these commands none has saved anything.
        assert done.stderr == "hubspoke: Standard output cannot be written: no space left on device.\n"


def test_a_report_that_cannot_be_written_says_where_it_is(own_home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            program("ask", QUESTION, "--provider", "embedded", "--yes"),
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    (run,) = Store(own_home).names()
    said = f"Standard output cannot be written: no space left on device. The run is saved: hubspoke show {run}"
    assert done.stderr.endswith(f"hubspoke: {said}\n")


def test_an_output_that_takes_ascii_alone_gets_what_it_can(answered: str) -> None:
    assert answered.encode("ascii", "replace").decode() == started("show", "last", PYTHONIOENCODING="ascii").stdout
    listed = started("sessions", PYTHONIOENCODING="ascii")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "done" in listed.stdout and "?" in listed.stdout
    for command in (("show", "last", "--json"), ("export", "last", "--format", "jsonl")):
        assert started(*command, PYTHONIOENCODING="ascii").stdout == hubspoke(*command).stdout


def test_an_export_goes_into_a_pipe_by_its_name(answered: str) -> None:
    assert started("export", "last", "-o", "/dev/stdout").stdout == hubspoke("export", "last").stdout


def test_an_export_never_replaces_what_is_no_file(answered: str, tmp_path: Path) -> None:
    report = hubspoke("export", "last").stdout
    target = tmp_path / "report.md"
    target.write_text("old")
    link = tmp_path / "link.md"
    link.symlink_to(target)
    assert hubspoke("export", "last", "-o", str(link)).returncode == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == report
    assert hubspoke("export", "last", "-o", "/dev/null").returncode == 0
    assert Path("/dev/null").is_char_device()
    assert hubspoke("export", "last", "-o", "-").stdout == report


def test_a_question_without_a_word_is_answered_honestly() -> None:
    done = hubspoke("ask", "?", "--provider", "embedded", "--yes")
    assert done.returncode == 3
    assert "[1]" not in done.stdout
    assert "HTTP 500" not in done.stderr
