"""The journal: whatever was done to the file, what is whole in it is read and nothing else."""

import tempfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.journal import TORN, Journal
from sessions.journal_reader import JOURNAL, Replay, SessionDamagedError, journal_of, read_journal
from sessions.load import load, opening_notices
from tests.example_runs import finished_run
from tests.journals import keep, noticed


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
