"""A PDF is read by a process of its own, which ends with whoever wanted it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.documents.extract import extract_from_pdf
from agents.documents.folder import NotReadableError
from tests.pdf_files import gone, has_worked, pdf, reader_of, readers, slow_pdf


def test_a_pdf_is_read() -> None:
    data = pdf("Survey of (2024)\nThe panel counted 45 % of artists.", "Second page.", title="The Survey")
    found = asyncio.run(extract_from_pdf(data, "a.pdf"))
    assert found.text == "Survey of (2024)\nThe panel counted 45 % of artists.\n\nSecond page."
    assert found.title == "The Survey"
    assert asyncio.run(extract_from_pdf(pdf("x", title="Microsoft Word - x.doc"), "d/a.pdf")).title == "a.pdf"


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "^empty$"), (b"no pdf", "^not readable: "), (pdf("x")[:300], "^not readable: "), (pdf(""), "^no text")],
)
def test_a_broken_pdf_is_refused_with_a_reason(data: bytes, why: str) -> None:
    with pytest.raises(NotReadableError, match=why):
        asyncio.run(extract_from_pdf(data, "a.pdf"))


def test_a_pdf_that_takes_too_long_is_given_up_and_its_process_killed() -> None:
    async def run() -> int:
        task = asyncio.create_task(extract_from_pdf(slow_pdf(), "a.pdf", timeout_s=1.5))
        child = await reader_of(task)
        with pytest.raises(NotReadableError, match=r"took more than 1\.5 s"):
            await task
        return child

    assert gone(asyncio.run(run()))
    assert not readers(os.getpid())


def test_a_cancelled_reading_kills_its_process() -> None:
    async def run() -> int:
        task = asyncio.create_task(extract_from_pdf(slow_pdf(), "a.pdf"))
        child = await reader_of(task)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return child

    assert gone(asyncio.run(run()))
    assert not readers(os.getpid())


def test_the_process_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    (tmp_path / "slow.pdf").write_bytes(slow_pdf())
    program = (
        "import asyncio, sys, pathlib; from agents.documents.extract import extract_from_pdf;"
        "data = pathlib.Path(sys.argv[1]).read_bytes(); print('ready', flush=True);"
        "asyncio.run(extract_from_pdf(data, 'a.pdf'))"
    )
    here = Path(__file__).parents[1]
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "slow.pdf")], cwd=here, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout
        assert parent.stdout.readline() == "ready\n"
        while not (found := readers(parent.pid)) or not has_worked(min(found)):
            pass
        parent.send_signal(signal.SIGKILL)
    # Its own limit of CPU time would end it too, but not before it had worked for half a minute.
    deadline = time.monotonic() + 20
    while not gone(min(found)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_reader_is_a_command_of_its_own_and_limits_itself(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "agents.documents.extract_pdf", "1"]
    here = Path(__file__).parents[1]
    told = subprocess.run(command, input=pdf("Words."), capture_output=True, cwd=here, check=True)
    assert told.stdout == b'{"text": "Words.", "title": ""}'
    hostile = subprocess.run(command, input=slow_pdf(), capture_output=True, cwd=here)
    assert hostile.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_the_reader_is_given_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-not-for-children")

    async def run() -> bytes:
        task = asyncio.create_task(extract_from_pdf(slow_pdf(), "a.pdf"))
        child = await reader_of(task)
        environment = Path(f"/proc/{child}/environ").read_bytes()
        task.cancel()
        return environment

    if not Path("/proc/self/environ").exists():
        pytest.skip("this system does not show a process's environment")
    assert b"not-for-children" not in asyncio.run(run())
