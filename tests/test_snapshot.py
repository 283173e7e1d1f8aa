"""session.json: all of a run in one file, and nothing in one from elsewhere is trusted."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from sessions.events import AnyEvent, AttemptDropped
from sessions.evidence import text_sha256
from sessions.evidence_store import EvidenceStore
from sessions.findings import Finding, Quote, Span
from sessions.journal_reader import journal_of
from sessions.load import fold_all
from sessions.snapshot import (
    MAX_BYTES,
    SNAPSHOT,
    BadSessionFileError,
    read_snapshot,
    snapshot,
    write_snapshot,
)
from tests.example_runs import FILM, MUSIC, QUESTION, RUN, created, finished_run

Document = dict[str, JsonValue]


def exported(directory: Path) -> bytes:
    """The snapshot of the example run, whose store also holds a text that nobody cites."""
    events, _ = journal_of(tuple(finished_run()))
    store = EvidenceStore(directory)
    for text in (MUSIC, FILM, "nobody cites this"):
        store.put(text)
    return snapshot(fold_all(events), events, store)


def test_it_holds_the_whole_run_in_a_readable_form(tmp_path: Path) -> None:
    data = exported(tmp_path)
    assert data.startswith(b'{\n  "hubspoke": "session",\n  "schema": 1,\n')
    document = json.loads(data)
    keys = """
        hubspoke schema run status exit question provider model team started seconds plan findings conflicts gaps
        left_out failures report_md citations usage events evidence
    """
    assert list(document) == keys.split()
    assert (document["run"], document["status"], document["exit"]) == (RUN, "gaps", 3)
    assert (document["question"], document["provider"], document["team"]) == (QUESTION, "embedded", "research")
    assert [claim["verdict"] for claim in document["findings"]] == ["supported", "not_checked", "not_checked"]
    assert document["conflicts"][0]["kind"] == "different_definition"
    assert document["gaps"] == [{"spoke": "film", "what": "Film", "why": "timeout"}]
    assert document["left_out"] == [{"title": "Law", "why": "out of scope"}]
    assert document["failures"][0]["kind"] == "timeout"
    assert document["report_md"].startswith("# Report")
    assert document["usage"]["input_tokens"] == 100
    assert len(document["events"]) == len(finished_run())
    assert document["events"][0]["schema"] == 1


def test_its_evidence_is_that_of_every_quote_and_no_more(tmp_path: Path) -> None:
    evidence = json.loads(exported(tmp_path))["evidence"]
    assert evidence == {
        text_sha256(MUSIC): {"source": "music.md", "text": MUSIC},
        text_sha256(FILM): {"source": "film.md", "text": FILM},
    }


def test_before_there_is_a_ledger_it_holds_the_evidence_of_finished_and_failed_attempts(tmp_path: Path) -> None:
    events, _ = journal_of(tuple(finished_run()[:12]))
    store = EvidenceStore(tmp_path)
    store.put(MUSIC)
    store.put(FILM)
    state = fold_all(events)
    assert not state.claims
    assert set(json.loads(snapshot(state, events, store))["evidence"]) == {text_sha256(MUSIC), text_sha256(FILM)}


def test_a_run_without_anything_yet_has_one_too(tmp_path: Path) -> None:
    assert json.loads(snapshot(fold_all([]), [], EvidenceStore(tmp_path)))["events"] == []


def test_reading_it_gives_the_same_events_state_and_evidence(tmp_path: Path) -> None:
    write_snapshot(tmp_path, exported(tmp_path))
    path = tmp_path / SNAPSHOT
    assert path.stat().st_mode & 0o777 == 0o600
    imported = read_snapshot(path)
    events, _ = journal_of(tuple(finished_run()))
    assert imported.events == events
    assert fold_all(imported.events) == fold_all(events)
    assert imported.evidence == {text_sha256(MUSIC): MUSIC, text_sha256(FILM): FILM}


def refused(path: Path) -> str:
    """The sentence that a file is refused with."""
    with pytest.raises(BadSessionFileError) as error:
        read_snapshot(path)
    said = str(error.value)
    assert str(path) in said and said.endswith(".") and len(said) < len(str(path)) + 200
    assert "\n" not in said and "\x1b" not in said
    return said


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    assert "no such file" in refused(path)
    os.mkfifo(path)
    assert "not a file" in refused(path)
    assert "is a directory" in refused(tmp_path)
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "200 MB" in refused(tmp_path / "large.json")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "too deeply"),
        (b"[" * 5_000 + b"]" * 5_000, "too deeply"),
        (b'{"hubspoke":"session","schema":' + b"9" * 5_000 + b"}", "not JSON"),
        (b"[]", "not a session"),
        (b"{}", "'hubspoke' (missing)"),
        (b'{"hubspoke":"recipe","schema":1,"events":[]}', "'hubspoke'"),
        (b'{"hubspoke":"session","schema":2,"events":[{"kind":"sung"}]}', "newer version"),
        (b'{"hubspoke":"session","schema":0,"events":[]}', "'schema'"),
        (b'{"hubspoke":"session","schema":1,"events":{}}', "'events'"),
    ],
)
def test_content_that_is_no_session_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert why in refused(path)


def first_event(document: Document) -> Document:
    events = document["events"]
    assert isinstance(events, list) and isinstance(events[0], dict)
    return events[0]


def set_kind(document: Document) -> None:
    first_event(document)["kind"] = "\x1b]52;c;evil\x07" * 1_000


def drop_question(document: Document) -> None:
    del first_event(document)["question"]


def set_schema(document: Document) -> None:
    first_event(document)["schema"] = 7


def add_depth(document: Document) -> None:
    deep: JsonValue = "x"
    for _ in range(300):
        deep = {"\x1b[31m": deep}
    called: Document = {"kind": "tool_called", "spoke": "a", "attempt": 1, "turn": 1, "call": "c", "name": "n"}
    events = document["events"]
    assert isinstance(events, list)
    events.append(called | {"input": deep})


def change_evidence(document: Document) -> None:
    document["evidence"] = {text_sha256(MUSIC): {"source": "music.md", "text": MUSIC.replace("45", "54")}}


def escape_with_evidence(document: Document) -> None:
    document["evidence"] = {"../../\x1b.bashrc" + "x" * 500: {"source": "music.md", "text": MUSIC}}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (set_kind, "Event 1 in "),
        (drop_question, "'run_created.question' (missing)"),
        (set_schema, "newer version"),
        (add_depth, "Event 18 in "),
        (change_evidence, "was changed"),
        (escape_with_evidence, "was changed"),
    ],
)
def test_a_session_that_was_tampered_with_is_refused(
    tmp_path: Path, change: Callable[[Document], None], why: str
) -> None:
    document: Document = json.loads(exported(tmp_path))
    change(document)
    (tmp_path / "x.json").write_text(json.dumps(document))
    assert why in refused(tmp_path / "x.json")


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_file_damaged_anywhere_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    damaged = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "insert"])):
            case "flip":
                damaged[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del damaged[at : at + data.draw(st.integers(1, 60))]
            case _:
                damaged[at:at] = data.draw(
                    st.sampled_from([b"null", b"-1", b'"\\ud800"', b"[[", b"1e999", b"{}", b"NaN"])
                )
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    path.write_bytes(damaged)
    try:
        imported = read_snapshot(path)
    except BadSessionFileError as error:
        assert "\n" not in str(error)
        return
    fold_all(imported.events)
    assert all(text_sha256(text) == sha256 for sha256, text in imported.evidence.items())


def _whole() -> bytes:
    events, _ = journal_of((created(), *finished_run()[1:]))
    return snapshot(fold_all(events), events, EvidenceStore(Path("/nonexistent")))


WHOLE = _whole()


def stopped_run(said: str) -> tuple[AnyEvent, ...]:
    """A run that was stopped when a spoke had found something, quoted so."""
    at = MUSIC.index("45")
    span = Span(source="music.md", source_sha256=text_sha256(MUSIC), start=at, end=at + len(said))
    finding = Finding(claim="They use it.", quotes=(Quote(text=said, source="music.md", span=span),))
    return (created(), AttemptDropped(spoke="music", attempt=1, partial=(finding,)))


def test_what_a_stopped_attempt_left_goes_along_with_its_evidence(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    store.put(MUSIC)
    for said, right in ((MUSIC[MUSIC.index("45") :][:4], True), ("99 %", False)):
        events, _ = journal_of(stopped_run(said))
        write_snapshot(tmp_path, snapshot(fold_all(events), events, store))
        if right:
            assert read_snapshot(tmp_path / SNAPSHOT).evidence == {text_sha256(MUSIC): MUSIC}
        else:
            assert "is not what stands in its evidence" in refused(tmp_path / SNAPSHOT)
