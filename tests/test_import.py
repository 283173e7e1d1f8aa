"""What was exported comes back as it was, and nothing in a file from elsewhere is trusted."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.events import AnyEvent, AttemptFinished, Noticed
from sessions.evidence import text_sha256
from sessions.evidence_store import EvidenceStore
from sessions.export.formats import Format, export_run
from sessions.findings import Finding, Quote, Span
from sessions.load import load
from sessions.safe import safe
from sessions.session_file import MAX_MARKS, BadSessionFileError
from sessions.store import Store
from tests.example_runs import FILM, MUSIC, RUN, created, finished_run
from tests.random_events import EVENTS
from tests.running import hubspoke
from tests.screen_runs import keep

BOTH: tuple[Format, ...] = ("json", "jsonl")
HIDDEN = "Of 12 studios \u202e9 \x9b2J\x1b]0;t\x07\x7f\u200b\U000e0041 use it.\r\nOnce."
"""A text of evidence that has what no terminal should be sent; its quotes stand in it nevertheless."""


def found() -> AnyEvent:
    """An attempt's answer that quotes the hidden text, all of it."""
    span = Span(source="x\u2028.md", source_sha256=text_sha256(HIDDEN), start=0, end=len(HIDDEN))
    finding = Finding(claim="They do.", quotes=(Quote(text=HIDDEN, source="x\u2028.md", span=span),))
    return AttemptFinished(step="spoke:a/1-0", spoke="a", attempt=1, findings=(finding,))


def saved(home: Path, events: list[AnyEvent]) -> Path:
    """The directory of a run with these events."""
    numbered = [event.model_copy(update={"seq": seq}) for seq, event in enumerate(events, 1)]
    keep(home, RUN, numbered, MUSIC, FILM, HIDDEN)
    return home / "sessions" / RUN


@given(events=st.lists(EVENTS, max_size=8))
@settings(max_examples=60, deadline=None)
def test_an_import_of_an_export_gives_the_same_run(events: list[AnyEvent]) -> None:
    with TemporaryDirectory() as made:
        original = saved(Path(made, "there"), [created(), *events, found()])
        for form in BOTH:
            data = export_run(original, form)
            assert safe(data.decode()) == data.decode()
            Path(made, form).write_bytes(data)
            here = Store(Path(made, f"here-{form}"))
            copy = here.find(here.import_file(Path(made, form)))
            assert load(copy) == load(original)
            assert EvidenceStore(copy).get(text_sha256(HIDDEN)) == HIDDEN
            assert all(export_run(copy, again) == export_run(original, again) for again in (*BOTH, "html"))


def lines(home: Path) -> list[str]:
    """The finished example run as lines: the header, its events, its evidence."""
    return export_run(saved(home, finished_run()), "jsonl").decode().splitlines()


def test_lines_begin_with_a_header_and_end_with_the_evidence(tmp_path: Path) -> None:
    head, *rest = map(json.loads, lines(tmp_path))
    assert head == {"hubspoke": "events", "schema": 1, "run": RUN, "lines": len(rest)}
    assert [item["kind"] for item in rest[:-2]] == [event.kind for event in finished_run()]
    assert {item["evidence"]: (item["source"], item["text"]) for item in rest[-2:]} == {
        text_sha256(MUSIC): ("music.md", MUSIC),
        text_sha256(FILM): ("film.md", FILM),
    }


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ('"schema":1,"run"', '"schema":2,"run"', "newer version"),
        ('"schema":1,"run"', '"schema":0,"run"', "'schema'"),
        ('"kind":"plan_made"', '"kind":"sung"', "Event 3 in "),
        ('"kind":"plan_made"', '"sort":"plan_made"', "Event 3 in "),
        ('"text":"45 %"', '"text":"95 %"', "not what stands in its evidence"),
        ("had used it — once", "had used it — twice", "does not have the hash"),
        ('{"evidence":"', '{"evidence":7,"x":"', "Event 18 in "),
        ('"run_ended"', '"run_ended"}{', "not JSON"),
    ],
)
def test_lines_that_were_tampered_with_are_refused(tmp_path: Path, was: str, now: str, why: str) -> None:
    text = "\n".join(lines(tmp_path / "there"))
    assert was in text
    path = tmp_path / "x.jsonl"
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    here = Store(tmp_path / "here")
    with pytest.raises(BadSessionFileError) as refused:
        here.import_file(path)
    assert why in str(refused.value) and "\n" not in str(refused.value)
    assert here.list() == []


def test_lines_without_a_question_are_refused(tmp_path: Path) -> None:
    _, _, *rest = lines(tmp_path / "there")
    head = '{"hubspoke":"events","schema":1}'  # as of a time when it did not count the lines
    path = tmp_path / "x.jsonl"
    for kept in ([head], [head, *rest]):
        path.write_text("\n".join(kept), encoding="utf-8")
        with pytest.raises(BadSessionFileError, match="which question"):
            Store(tmp_path / "here").import_file(path)


def test_an_import_is_a_saved_run_that_was_never_begun_again(own_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("\n".join(lines(tmp_path / "there")), encoding="utf-8")
    done = hubspoke("import", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        RUN,
        f"Read it with: hubspoke show {RUN}",
        f"Go on with it: hubspoke resume {RUN} --docs DIR",
    ]
    assert hubspoke("show", RUN).stdout.startswith("# Report")
    # Once more means the same run.
    again = hubspoke("import", str(path))
    assert again.stdout == done.stdout
    assert again.stderr == f"The run {RUN} is here already; nothing was changed.\n"
    assert [meta.run for meta in Store(own_home).list()] == [RUN]


def test_a_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    whole = lines(tmp_path / "there")
    path = tmp_path / "cut.jsonl"
    for left in (5, len(whole) - 1):
        path.write_text("\n".join(whole[:left]), encoding="utf-8")
        with pytest.raises(BadSessionFileError, match=f"cut off: it has {left - 1} of its {len(whole) - 1} lines"):
            Store(tmp_path / "here").import_file(path)


def test_a_run_whose_id_is_taken_by_another_says_under_which_it_is_kept(own_home: Path, tmp_path: Path) -> None:
    keep(own_home, RUN, [created(question="Another question?")])
    path = tmp_path / "run.jsonl"
    path.write_text("\n".join(lines(tmp_path / "there")), encoding="utf-8")
    done = hubspoke("import", str(path))
    kept = done.stdout.splitlines()[0]
    assert kept != RUN
    assert done.stderr == f"Another run {RUN} is here already; this one is kept as {kept}.\n"


def test_a_list_is_no_session(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("[1, 2]")
    with pytest.raises(BadSessionFileError, match="it is not a JSON object"):
        Store(tmp_path / "here").import_file(path)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"# Report\n", b'{"hubspoke":"events","schema":1}{', b"\x00" * 99]
)
def test_what_is_no_export_gets_one_sentence(own_home: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    done = hubspoke("import", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert str(path) in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not (own_home / "sessions").exists()


@pytest.mark.parametrize(
    "begin, flood, end",
    [
        (b'{"hubspoke":"session","schema":1,"events":[', b"{},", b"{}]}"),
        (b'{"hubspoke":"session","schema":1,"events":[{"kind":"tool_called","input":[', b"[],", b"[]]}]}"),
        (b'{"hubspoke":"session","schema":1,"events":[{"kind":"tool_called","input":[', b'"a",', b'""]}]}'),
        (b'{"hubspoke":"events","schema":1}\n', b"1\n", b"1"),
    ],
)
def test_a_file_that_would_fill_the_memory_is_not_taken_apart(
    tmp_path: Path, begin: bytes, flood: bytes, end: bytes
) -> None:
    path = tmp_path / "x"
    path.write_bytes(begin + flood * MAX_MARKS + end)
    with pytest.raises(BadSessionFileError, match="too many values"):
        Store(tmp_path / "here").import_file(path)


def test_a_long_text_is_one_value_whatever_stands_in_it(tmp_path: Path) -> None:
    text = '[{,"\\\n' * MAX_MARKS
    directory = saved(tmp_path / "there", [created(), Noticed(message=text)])
    for form in BOTH:
        (tmp_path / form).write_bytes(export_run(directory, form))
        here = Store(tmp_path / f"here-{form}")
        assert load(here.find(here.import_file(tmp_path / form))) == load(directory)
