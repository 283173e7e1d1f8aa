"""The journal under processes that are killed, and under a disk that is full: what was promised is there."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sessions.events import AnyEvent, Noticed
from sessions.journal import TORN, Journal, SessionBusyError
from sessions.journal_reader import JOURNAL, read_journal
from sessions.load import load
from sessions.run_lock import is_held
from tests.example_runs import created

REPOSITORY = Path(__file__).parents[1]

WRITER = """
import asyncio, random, sys
from pathlib import Path
from sessions.events import Noticed
from sessions.journal import Journal
from tests.example_runs import created

async def main():
    directory, rng = Path(sys.argv[1]), random.Random(int(sys.argv[2]))
    journal = Journal.open(directory)[0] if directory.exists() else Journal.create(directory)
    last = journal.append(created())
    while True:
        for _ in range(rng.randint(1, 8)):
            last = journal.append(Noticed(message="x" * rng.choice([1, 300, 5_000, 200_000])))
        await journal.flush()
        assert not journal.fault
        print(last.seq, flush=True)

asyncio.run(main())
"""

HOLDER = """
import subprocess, sys, time
from pathlib import Path
from sessions.journal import Journal
from tests.example_runs import created

journal = Journal.create(Path(sys.argv[1]))
journal.append(created())
inherits_all = subprocess.Popen([sys.executable, "-c", "input()"], stdin=sys.stdin, close_fds=False)
print(inherits_all.pid, flush=True)
time.sleep(3600)
"""

OPENER = """
import sys
from pathlib import Path
from sessions.journal import Journal, SessionBusyError

try:
    Journal.open(Path(sys.argv[1]))
except SessionBusyError as error:
    print(error.pid, error)
"""

CRAMPED = """
import asyncio, resource, sys
from pathlib import Path
from sessions.events import Noticed
from sessions.journal import Journal
from sessions.journal_reader import read_journal
from tests.example_runs import created

async def main():
    directory = Path(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (64_000, 64_000))
    journal = Journal.create(directory)
    kept = [journal.append(created())]
    await journal.flush()
    while not journal.fault:
        kept.append(journal.append(Noticed(message="y" * 1_500)))
        await journal.flush()
    late = journal.append(Noticed(message="late"))
    await journal.flush()
    assert late.seq == len(kept) + 1
    journal.close()
    read = read_journal(directory)
    assert not read.damaged and not read.torn
    assert read.events == tuple(kept[:-1])
    print(journal.fault)

asyncio.run(main())
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A child process in the repository, with pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(child: subprocess.Popen[str]) -> str:
    """What a child said to its end, which must be a good one."""
    said, _ = child.communicate()
    assert child.returncode == 0
    return said


def first_line(child: subprocess.Popen[str]) -> str:
    """The next line that a child says."""
    assert child.stdout is not None
    return child.stdout.readline().strip()


def kill(child: subprocess.Popen[str]) -> str:
    """Kills a child with SIGKILL, and returns what it had said and was not read yet."""
    child.send_signal(signal.SIGKILL)
    said, _ = child.communicate()
    assert child.returncode == -signal.SIGKILL
    return said


def test_a_second_engine_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    run = tmp_path / "run"
    holder = start(HOLDER, run)
    descendant = int(first_line(holder))
    try:
        said = finish(start(OPENER, run))
        assert said.startswith(f"{holder.pid} The session run is being worked on by process {holder.pid}.")
        with pytest.raises(SessionBusyError):
            Journal.open(run)
        assert is_held(run)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        os.kill(descendant, 0)  # a process that was started with every descriptor it could inherit lives on
        assert not is_held(run)
        journal, replay = Journal.open(run)
        journal.close()
        assert len(replay.events) == 1
        assert (run / "lock").exists()
    finally:
        holder.kill()
        holder.communicate()  # ends the descendant too: its input is closed


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_was_flushed_is_lost_by_a_kill(tmp_path: Path, seed: int) -> None:
    run = tmp_path / "run"
    rng = random.Random(seed)
    before = 0
    for life in range(2):
        writer = start(WRITER, run, seed * 10 + life)
        said = [first_line(writer) for _ in range(rng.randint(1, 25))]
        said += kill(writer).split("\n")[:-1]
        promised = int([line for line in said if line][-1])
        assert promised > before
        replay = read_journal(run)
        assert replay.damaged == 0
        assert [event.seq for event in replay.events] == list(range(1, len(replay.events) + 1))
        assert len(replay.events) >= promised
        before = len(replay.events)
    journal, replay = Journal.open(run)
    last = journal.append(Noticed(message="on we go"))
    journal.close()
    assert read_journal(run).events == (*replay.events, last)
    assert last.seq == before + 1


@pytest.mark.parametrize("part", [0.0, 0.5, 0.999])
def test_a_kill_in_the_middle_of_a_write_loses_that_event_alone(tmp_path: Path, part: float) -> None:
    run = tmp_path / "run"
    code = f"""
import os, signal, sys
from pathlib import Path
from sessions.events import Noticed
from sessions.journal import Journal
from tests.example_runs import created

journal = Journal.create(Path(sys.argv[1]))
journal.append(created())
journal.close()
journal, _ = Journal.open(Path(sys.argv[1]))
write = os.write

def cut(descriptor, data):
    write(descriptor, data[:int(len(data) * {part})])
    os.kill(os.getpid(), signal.SIGKILL)

os.write = cut
journal.append(Noticed(message="lost" * 1_000))
journal.close()
"""
    child = start(code, run)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    journal, replay = Journal.open(run)
    journal.close()
    assert (len(replay.events), replay.damaged, replay.torn) == (1, 0, part > 0)
    assert (run / TORN).exists() == replay.torn
    assert load(run).question == created().question


def test_a_full_disk_stops_the_saving_and_nothing_else(tmp_path: Path) -> None:
    said = finish(start(CRAMPED, tmp_path / "run"))
    assert said == "The run is no longer saved: file too large.\n"
    path = tmp_path / "run" / JOURNAL
    assert 62_000 < path.stat().st_size < 64_000
    journal, replay = Journal.open(tmp_path / "run")
    more: AnyEvent = journal.append(Noticed(message="there is room again"))
    journal.close()
    assert read_journal(tmp_path / "run").events == (*replay.events, more)
