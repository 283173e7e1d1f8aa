"""The journal: what was appended is what is read, whatever was done to the file."""

import asyncio
import errno
import os
import tempfile
import threading
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from sessions.events import AnyEvent, BlockFinished, Noticed, ToolCalled
from sessions.journal import TORN, Journal, SessionBusyError
from sessions.journal_reader import JOURNAL, Replay, SessionDamagedError, journal_of, read_journal
from sessions.load import fold_all, load, opening_notices
from sessions.paths import UnwritableError
from tests.example_runs import finished_run
from tests.random_events import EVENTS


def keep(directory: Path, events: list[AnyEvent]) -> list[AnyEvent]:
    """A closed journal of these events, and what `append` answered."""
    journal = Journal.create(directory)
    kept = [journal.append(event) for event in events]
    journal.close()
    assert journal.fault == ""
    return kept


def noticed(message: str) -> Noticed:
    return Noticed(message=message)


def test_what_was_appended_is_read_back_numbered_and_stamped(tmp_path: Path) -> None:
    before = time.time()
    kept = keep(tmp_path / "run", finished_run())
    replay = read_journal(tmp_path / "run")
    assert replay == Replay(tuple(kept))
    assert [event.seq for event in kept] == list(range(1, len(kept) + 1))
    assert all(before <= event.at <= time.time() for event in kept)
    assert [event.t for event in kept] == sorted(event.t for event in kept)


def test_a_line_is_a_checksum_and_the_event(tmp_path: Path) -> None:
    keep(tmp_path / "run", finished_run()[:1])
    line = (tmp_path / "run" / JOURNAL).read_bytes()
    assert line.startswith(b'{"c":"') and line[14:20] == b'","e":' and line.endswith(b"}\n")
    assert b'"schema":1,"seq":1,' in line


def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    keep(tmp_path / "run", finished_run()[:1])
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "run").iterdir()} == {0o600}


def test_going_on_continues_numbers_and_the_runs_clock(tmp_path: Path) -> None:
    kept = keep(tmp_path / "run", finished_run())
    journal, replay = Journal.open(tmp_path / "run")
    assert replay.events == tuple(kept)
    more = journal.append(noticed("again"))
    journal.close()
    assert more.seq == len(kept) + 1
    assert kept[-1].t <= more.t < kept[-1].t + 60
    assert read_journal(tmp_path / "run").events == (*kept, more)


@given(st.lists(EVENTS, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_fold_of_what_is_read_is_the_fold_of_what_was_appended(events: list[AnyEvent]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        kept = keep(Path(directory) / "run", events)
        replay = read_journal(Path(directory) / "run")
        assert replay == Replay(tuple(kept))
        assert fold_all(replay.events) == fold_all(kept)


def test_what_json_cannot_hold_is_made_harmless(tmp_path: Path) -> None:
    deep: JsonValue = []
    for _ in range(230):
        deep = [deep]
    call = ToolCalled(
        spoke="a", attempt=1, turn=1, call="t", name="x\ud800y", input={"k\udfff": float("inf"), "d": deep}
    )
    (kept,) = keep(tmp_path / "run", [call])
    assert read_journal(tmp_path / "run").events == (kept,)
    assert isinstance(kept, ToolCalled) and isinstance(kept.input, dict)
    assert kept.name == "x?y"
    assert kept.input["k\ufffd\ufffd\ufffd"] is None
    assert str(kept.input["d"]).strip("[]") == "'…'"


def test_fields_of_a_later_version_are_kept(tmp_path: Path) -> None:
    (kept,) = keep(tmp_path / "run", [Noticed.model_validate({"message": "m", "mood": {"is": "good"}})])
    assert kept.model_extra == {"mood": {"is": "good"}}
    assert read_journal(tmp_path / "run").events == (kept,)


def test_very_long_lines_are_fine(tmp_path: Path) -> None:
    text = "long — " * 1_000_000
    block = BlockFinished(spoke="a", attempt=1, turn=1, block=0, type="text", text=text)
    kept = keep(tmp_path / "run", [*finished_run()[:1], block, noticed("after")])
    assert read_journal(tmp_path / "run") == Replay(tuple(kept))


def test_a_tail_torn_at_any_byte_is_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    kept = keep(tmp_path / "run", [*finished_run()[:2], noticed("the last — one")])
    path = tmp_path / "run" / JOURNAL
    whole = path.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(start, len(whole)):
        path.write_bytes(whole[:cut])
        torn = cut > start
        expected = Replay(tuple(kept[:-1]), torn=torn)
        assert read_journal(tmp_path / "run") == expected
        journal, replay = Journal.open(tmp_path / "run")
        assert replay == expected
        again = journal.append(noticed("again"))
        journal.close()
        assert again.seq == len(kept)
        assert read_journal(tmp_path / "run") == Replay((*kept[:-1], again))
        if torn:
            assert (tmp_path / "run" / TORN).read_bytes().endswith(
                b"\n" + whole[start:cut] + b"\n"
            ) or cut == start + 1
    assert opening_notices(Replay((), torn=True)) == ("The last line was torn off by a crash and set aside.",)


def test_a_damaged_line_is_skipped_counted_and_left_in_the_file(tmp_path: Path) -> None:
    kept = keep(tmp_path / "run", finished_run())
    path = tmp_path / "run" / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    lines[8] = lines[8].replace(b'"input_tokens":100', b'"input_tokens":900')
    path.write_bytes(b"".join(lines))
    journal, replay = Journal.open(tmp_path / "run")
    journal.close()
    assert replay == Replay((*kept[:8], *kept[9:]), damaged=1)
    assert path.read_bytes() == b"".join(lines)
    assert "1 damaged event was skipped." in load(tmp_path / "run").notices


def test_a_number_is_never_given_twice_when_the_last_lines_are_damaged(tmp_path: Path) -> None:
    kept = keep(tmp_path / "run", finished_run())
    path = tmp_path / "run" / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]) + b"\0\0\0\n" + b"garbage\n")
    journal, replay = Journal.open(tmp_path / "run")
    more = journal.append(noticed("again"))
    journal.close()
    assert replay.damaged == 2
    assert more.seq == len(kept) + 1


KEPT, WHOLE = journal_of(tuple(finished_run()))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_makes_a_reader_fail_or_see_what_was_not_written(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "insert"])):
            case "flip":
                damaged[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del damaged[at : at + data.draw(st.integers(1, 300))]
            case _:
                damaged[at:at] = data.draw(st.binary(max_size=20))
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / JOURNAL).write_bytes(damaged)
        replay = read_journal(Path(directory))
    assert all(event in KEPT for event in replay.events)
    untouched = sum(line in WHOLE.splitlines() for line in bytes(damaged).split(b"\n")[:-1] if line)
    assert len(replay.events) == untouched
    assert replay.damaged == bytes(damaged).count(b"\n") - untouched


def rewritten(directory: Path, old: bytes, new: bytes) -> None:
    """Changes an event and makes its checksum right again, as another version might have written it."""
    lines: list[bytes] = []
    for line in (directory / JOURNAL).read_bytes().splitlines():
        data = line[20:-1].replace(old, new)
        lines.append(b'{"c":"%08x","e":' % zlib.crc32(data) + data + b"}\n")
    (directory / JOURNAL).write_bytes(b"".join(lines))


def test_an_unknown_kind_counts_as_damaged(tmp_path: Path) -> None:
    kept = keep(tmp_path / "run", [*finished_run()[:2], noticed("a")])
    rewritten(tmp_path / "run", b'"kind":"noticed"', b'"kind":"sung"')
    assert read_journal(tmp_path / "run") == Replay(tuple(kept[:2]), damaged=1)
    journal, _ = Journal.open(tmp_path / "run")
    assert journal.append(noticed("b")).seq == 4
    journal.close()


def test_a_newer_schema_can_be_shown_but_not_gone_on_with(tmp_path: Path) -> None:
    keep(tmp_path / "run", [*finished_run()[:2], noticed("a")])
    rewritten(tmp_path / "run", b'"schema":1,"seq":3', b'"schema":2,"seq":3')
    before = (tmp_path / "run" / JOURNAL).read_bytes()
    replay = read_journal(tmp_path / "run")
    assert replay.newer and len(replay.events) == 3 and not replay.damaged
    with pytest.raises(SessionDamagedError, match="newer version"):
        Journal.open(tmp_path / "run")
    assert any("newer version" in notice for notice in load(tmp_path / "run").notices)
    assert (tmp_path / "run" / JOURNAL).read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"garbage\n", b'{"c":"00000000","e":{}}\n', b"\0" * 5000])
def test_a_session_without_its_question_says_why_and_is_not_locked(tmp_path: Path, content: bytes | None) -> None:
    (tmp_path / "run").mkdir()
    if content is not None:
        (tmp_path / "run" / JOURNAL).write_bytes(content)
    for _ in range(2):
        with pytest.raises(SessionDamagedError, match=r"^The session run cannot be opened: .*\.$"):
            Journal.open(tmp_path / "run")
    with pytest.raises(SessionDamagedError):
        load(tmp_path / "run")


def test_a_session_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SessionDamagedError, match="not there"):
        Journal.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_second_journal_of_a_run_is_refused(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "run")
    with pytest.raises(SessionBusyError) as busy:
        Journal.create(tmp_path / "run")
    assert busy.value.pid == os.getpid()
    assert str(os.getpid()) in str(busy.value)
    journal.close()
    with pytest.raises(UnwritableError, match="file exists"):
        Journal.create(tmp_path / "run")


class Disk:
    """Counts what is synced, and fails on command: it stands where the system's calls are."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data = 0
        self.directories: list[str] = []
        self.error = 0
        self.gate = threading.Event()
        self.gate.set()
        fdatasync, fsync = os.fdatasync, os.fsync

        def count_data(descriptor: int) -> None:
            self.data += 1
            self.gate.wait()
            if self.error:
                raise OSError(self.error, os.strerror(self.error))
            fdatasync(descriptor)

        def count(descriptor: int) -> None:
            self.directories.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
            fsync(descriptor)

        monkeypatch.setattr(os, "fdatasync", count_data)
        monkeypatch.setattr(os, "fsync", count)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_a_new_runs_names_are_made_durable(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "home" / "sessions" / "run")
    journal.close()
    wanted = [tmp_path, tmp_path / "home", tmp_path / "home" / "sessions", tmp_path / "home" / "sessions" / "run"]
    assert {str(path) for path in wanted} <= set(disk.directories)
    assert disk.directories[-3:] == [str(wanted[3] / JOURNAL), str(wanted[3]), str(wanted[2])]


def test_a_flush_of_one_among_many_returns_when_its_events_are_saved(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "run")

    async def one(number: int) -> None:
        for turn in range(5):
            stamped = journal.append(noticed(f"{number} {turn}"))
            await journal.flush()
            assert stamped in read_journal(tmp_path / "run").events

    async def main() -> None:
        await asyncio.gather(*(one(number) for number in range(40)))

    asyncio.run(main())
    journal.close()


def test_those_who_come_during_a_sync_get_one_of_their_own(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")

    async def main() -> None:
        disk.gate.clear()
        journal.append(noticed("first"))
        first = asyncio.create_task(journal.flush())
        while not disk.data:
            await asyncio.sleep(0)
        later: list[asyncio.Task[None]] = []
        for number in range(10):
            journal.append(noticed(f"later {number}"))
            later.append(asyncio.create_task(journal.flush()))
        await asyncio.sleep(0)
        assert not first.done()
        disk.gate.set()
        await asyncio.gather(first, *later)
        assert disk.data == 2

    asyncio.run(main())
    journal.close()


def test_what_was_appended_during_a_sync_is_not_taken_for_synced(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")

    async def main() -> None:
        disk.gate.clear()
        journal.append(noticed("before"))
        first = asyncio.create_task(journal.flush())
        while not disk.data:
            await asyncio.sleep(0)
        journal.append(noticed("during"))
        disk.gate.set()
        await first
        await journal.flush()
        assert disk.data == 2

    asyncio.run(main())
    journal.close()


def test_what_nobody_waits_for_is_written_without_a_sync(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")
    for number in range(3):
        journal.append(noticed(f"{number}"))
        while len(read_journal(tmp_path / "run").events) <= number:
            time.sleep(0)
    assert disk.data == 0
    journal.close()


def test_a_flush_with_nothing_to_do_costs_no_sync(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")

    async def main() -> None:
        await journal.flush()
        assert disk.data == 0
        journal.append(noticed("a"))
        await journal.flush()
        await journal.flush()
        assert disk.data == 1

    asyncio.run(main())
    journal.close()


def test_a_flush_that_is_cancelled_harms_no_other(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")
    complaints: list[dict[str, object]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        disk.gate.clear()
        journal.append(noticed("a"))
        first = asyncio.create_task(journal.flush())
        while not disk.data:
            await asyncio.sleep(0)
        first.cancel()
        journal.append(noticed("b"))
        second = asyncio.create_task(journal.flush())
        await asyncio.sleep(0)
        disk.gate.set()
        await second

    asyncio.run(main())
    journal.close()
    assert complaints == []
    assert len(read_journal(tmp_path / "run").events) == 2


def test_closing_saves_what_is_queued_and_lets_the_run_go(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")
    kept = [journal.append(event) for event in finished_run()]
    journal.close()
    journal.close()
    assert disk.data >= 1
    with pytest.raises(ValueError, match="closed"):
        journal.append(noticed("late"))
    again, replay = Journal.open(tmp_path / "run")
    again.close()
    assert replay.events == tuple(kept)


def test_a_failed_sync_is_never_repeated_and_the_run_goes_on(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "run")

    async def main() -> None:
        disk.error = errno.EIO
        journal.append(noticed("a"))
        await journal.flush()
        assert journal.fault == "The run is no longer saved, and its last events may be lost: input/output error."
        disk.error = 0
        assert journal.append(noticed("b")).seq == 2
        await journal.flush()

    asyncio.run(main())
    journal.close()
    assert disk.data == 1


def test_a_write_cut_short_by_a_full_disk_leaves_whole_lines_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal.create(tmp_path / "run")
    write, room = os.write, 2_000

    def cramped(descriptor: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(descriptor, data[:room])
        room -= written
        return written

    monkeypatch.setattr(os, "write", cramped)
    kept = [journal.append(event) for event in finished_run()]
    journal.close()
    assert journal.fault == "The run is no longer saved: no space left on device."
    replay = read_journal(tmp_path / "run")
    assert 1 < len(replay.events) < len(kept)
    assert replay == Replay(tuple(kept[: len(replay.events)]))
