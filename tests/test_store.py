"""The library of saved runs: found, listed, imported."""

import json
from pathlib import Path

import pytest

from sessions.events import AnyEvent, EngineStarted, RunEnded
from sessions.evidence import text_sha256
from sessions.evidence_store import EvidenceStore
from sessions.export.formats import export_run
from sessions.journal import Journal
from sessions.journal_reader import JOURNAL, read_journal, saved_bytes
from sessions.load import fold_all, load
from sessions.meta import META
from sessions.paths import UnwritableError
from sessions.snapshot import SNAPSHOT, BadSessionFileError, read_snapshot, snapshot, write_snapshot
from sessions.store import Store, UnknownSessionError, write_meta
from tests.example_runs import FILM, MUSIC, QUESTION, RUN, created, finished_run

OTHER = "20261121-0512-k8aa"
THIRD = "20261120-2359-0000"


def save(store: Store, run: str = RUN, events: list[AnyEvent] | None = None) -> Path:
    """A saved run in the store, as an engine leaves it."""
    directory = store.create(run)
    journal = Journal.create(directory)
    kept = [journal.append(event) for event in events or finished_run(run)]
    journal.close()
    evidence = EvidenceStore(directory)
    evidence.put(MUSIC)
    evidence.put(FILM)
    state = fold_all(kept)
    write_snapshot(directory, snapshot(state, kept, evidence))
    write_meta(directory, state, saved_bytes(directory))
    return directory


def test_a_run_has_a_private_directory_of_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path)
    directory = store.create(RUN)
    assert directory == tmp_path / "sessions" / RUN
    assert directory.stat().st_mode & 0o777 == 0o700
    with pytest.raises(UnwritableError, match="there already"):
        store.create(RUN)
    with pytest.raises(ValueError, match="not a run's id"):
        store.create("../elsewhere")


def test_a_run_is_found_by_any_unique_beginning_of_its_id(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, _, third = save(store), save(store, OTHER), save(store, THIRD)
    assert store.find(RUN) == first
    assert store.find("20261121-0512-k7") == first
    assert store.find("20261121-0512-K7M2") == first
    assert store.find("20261120") == third
    with pytest.raises(UnknownSessionError, match="2 sessions begin with 20261121"):
        store.find("20261121")
    with pytest.raises(UnknownSessionError, match="There is no session 2025"):
        store.find("2025")


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "/etc/passwd",
        "2026*",
        "k7m2",
        f"{RUN}0",
        f"{RUN}/..",
        f"{RUN}\n",
        "\x1b[31m",
        "２０",
    ],
)
def test_what_cannot_be_an_id_is_refused_without_a_look_at_the_disk(tmp_path: Path, name: str) -> None:
    (tmp_path / "sessions").write_text("a look would fail here")
    with pytest.raises(UnknownSessionError) as refused:
        Store(tmp_path).find(name)
    assert "is not the id of a session" in str(refused.value)
    assert "\n" not in str(refused.value) and "\x1b" not in str(refused.value)


def test_last_is_the_session_that_was_used_last(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(UnknownSessionError, match="no session yet"):
        store.find("last")
    assert store.list() == []
    save(store, OTHER)
    old = save(store, THIRD)
    save(store, RUN)
    assert store.find("last").name == RUN
    journal, _ = Journal.open(old)
    journal.append(RunEnded(status="done", exit=0))
    journal.close()
    assert store.find("last") == old
    assert [meta.run for meta in store.list()] == [THIRD, RUN, OTHER]


def test_a_row_says_what_the_run_is(tmp_path: Path) -> None:
    store = Store(tmp_path)
    state = load(save(store))
    (meta,) = store.list()
    assert (meta.run, meta.question, meta.status, meta.exit, meta.provider) == (
        RUN,
        QUESTION,
        "gaps",
        3,
        "embedded",
    )
    assert (meta.spokes_done, meta.spokes_failed, meta.spokes_total, meta.tokens) == (1, 1, 2, 120)
    assert (meta.started, meta.updated, meta.seconds) == (state.started_at, state.updated_at, state.seconds)
    assert meta.error == ""


@pytest.mark.parametrize("question", ["why " * 5_000, "\x01" * 5_000, "🎬" * 5_000, "é" * 160])
def test_meta_stays_under_a_kilobyte(tmp_path: Path, question: str) -> None:
    store = Store(tmp_path)
    odd = created(question=question).model_copy(update={"provider": "\x02" * 999})
    directory = save(store, events=[odd])
    assert (directory / META).stat().st_size < 1_024
    (meta,) = store.list()
    assert meta.question.rstrip("…") and question.startswith(meta.question.rstrip("…"))
    assert meta.status == "interrupted"


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"run":"x","status":"done"}', b"\xff" * 5_000])
def test_a_row_is_made_anew_from_the_journal(tmp_path: Path, content: bytes | None) -> None:
    store = Store(tmp_path)
    path = save(store) / META
    before, row = path.read_bytes(), store.list()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert store.list() == row
    assert path.read_bytes() == before


def test_a_row_that_is_out_of_date_is_made_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    directory = save(store)
    stale = (directory / META).read_bytes()
    journal, _ = Journal.open(directory)
    journal.append(EngineStarted(pid=1, version="1", docs="/library", provider="embedded", resumed=True))
    journal.append(RunEnded(status="done", exit=0))
    journal.close()
    assert (directory / META).read_bytes() == stale
    assert store.list()[0].status == "done"


def test_a_row_that_is_good_is_not_made_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    path = save(store) / META
    path.write_bytes(path.read_bytes().replace(b'"tokens":120', b'"tokens":121'))
    assert store.list()[0].tokens == 121


def test_a_run_goes_on_as_long_as_its_engine_lives(tmp_path: Path) -> None:
    store = Store(tmp_path)
    directory = store.create(RUN)
    journal = Journal.create(directory)
    for event in finished_run()[:6]:
        journal.append(event)
    journal.close()
    assert store.list()[0].status == "interrupted"
    journal, _ = Journal.open(directory)
    assert store.list()[0].status == "running"
    journal.close()
    assert store.list()[0].status == "interrupted"


def test_what_cannot_be_read_is_a_row_that_says_why(tmp_path: Path) -> None:
    store = Store(tmp_path)
    good = save(store)
    store.create(THIRD)
    bad = save(store, OTHER)
    (bad / JOURNAL).write_bytes(b"\0" * 100 + b"\n")
    odd = store.create("20261121-0512-zzzz")
    (odd / JOURNAL).mkdir()
    (tmp_path / "sessions" / "notes.txt").write_text("not a session")
    (tmp_path / "sessions" / "20261121-0512-aaaa").symlink_to(good)
    rows = {meta.run: meta for meta in store.list()}
    assert set(rows) == {RUN, THIRD, OTHER, odd.name}
    assert store.list()[0].run == RUN
    assert [rows[run].status for run in (THIRD, OTHER, odd.name)] == ["unreadable"] * 3
    assert "nothing was saved of it" in rows[THIRD].error
    assert "is damaged" in rows[OTHER].error
    assert "is not a file" in rows[odd.name].error
    assert store.find("last") == good


def test_an_import_gives_an_equal_state_and_the_same_files(tmp_path: Path) -> None:
    there, here = Store(tmp_path / "there"), Store(tmp_path / "here")
    original = save(there)
    assert here.import_file(original / SNAPSHOT) == RUN
    copy = here.find(RUN)
    assert load(copy) == load(original)
    assert read_journal(copy) == read_journal(original)
    assert read_snapshot(copy / SNAPSHOT) == read_snapshot(original / SNAPSHOT)
    assert EvidenceStore(copy).get(text_sha256(MUSIC)) == MUSIC
    (row,) = here.list()
    assert (row.run, row.status, row.error) == (RUN, "gaps", "")
    assert {path.stat().st_mode & 0o777 for path in copy.rglob("*") if path.is_file()} == {0o600}
    assert [path.name for path in copy.parent.iterdir()] == [RUN]
    journal, replay = Journal.open(copy)
    assert journal.append(RunEnded(status="done", exit=0)).seq == len(replay.events) + 1
    journal.close()


def test_an_import_of_what_is_here_already_means_that_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    directory = save(store)
    (tmp_path / "export.json").write_bytes((directory / SNAPSHOT).read_bytes())
    journal, _ = Journal.open(directory)
    journal.append(RunEnded(status="done", exit=0))
    journal.close()
    before = (directory / JOURNAL).read_bytes()
    assert store.import_file(tmp_path / "export.json") == RUN
    assert (directory / JOURNAL).read_bytes() == before
    assert len(store.list()) == 1


def test_a_run_that_lost_an_event_is_known_by_its_own_export(tmp_path: Path) -> None:
    store = Store(tmp_path)
    directory = save(store)
    first, second, *others = (directory / JOURNAL).read_bytes().splitlines(keepends=True)
    (directory / JOURNAL).write_bytes(b"".join((first, b"x" + second, *others)))
    (tmp_path / "export.json").write_bytes(export_run(directory, "json"))
    assert store.bring(tmp_path / "export.json").known
    assert store.names() == (RUN,)


def test_an_import_of_another_run_with_a_taken_id_gets_a_new_one(tmp_path: Path) -> None:
    there, here = Store(tmp_path / "there"), Store(tmp_path / "here")
    theirs = save(there)
    ours = save(here, events=[created(question="Something else?")])
    before = (ours / JOURNAL).read_bytes()
    run = here.import_file(theirs / SNAPSHOT)
    assert run != RUN
    state = load(here.find(run))
    assert state.created is not None and state.created.run == run
    assert state.question == QUESTION
    assert (ours / JOURNAL).read_bytes() == before
    assert {meta.run for meta in here.list()} == {RUN, run}


def test_an_import_that_went_further_than_what_is_here_loses_nothing(tmp_path: Path) -> None:
    there, here = Store(tmp_path / "there"), Store(tmp_path / "here")
    theirs = save(there)
    journal = Journal.create(here.create(RUN))
    journal.append(created())
    journal.close()
    run = here.import_file(theirs / SNAPSHOT)
    assert run != RUN
    assert len(read_journal(here.find(run)).events) == len(finished_run())


def test_numbers_are_given_anew(tmp_path: Path) -> None:
    there, here = Store(tmp_path / "there"), Store(tmp_path / "here")
    path = save(there) / SNAPSHOT
    document = json.loads(path.read_bytes())
    for event in document["events"]:
        event["seq"] = 7
    path.write_text(json.dumps(document))
    events = read_journal(here.find(here.import_file(path))).events
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


@pytest.mark.parametrize("run", ["../../../tmp/evil", "", "x", f"{RUN}\n"])
def test_an_imported_run_cannot_choose_where_it_is_kept(tmp_path: Path, run: str) -> None:
    there, here = Store(tmp_path / "there"), Store(tmp_path / "here")
    path = save(there, events=[created(), RunEnded(status="done", exit=0)]) / SNAPSHOT
    document = json.loads(path.read_bytes())
    document["events"][0]["run"] = run
    path.write_text(json.dumps(document))
    with pytest.raises(BadSessionFileError, match="does not say"):
        here.import_file(path)
    assert here.list() == []


@pytest.mark.parametrize("kind", ["attempt_finished", "ledger_built", "report_finished"])
def test_an_import_whose_quotes_are_not_in_its_evidence_is_refused(tmp_path: Path, kind: str) -> None:
    there, here = Store(tmp_path / "there"), Store(tmp_path / "here")
    path = save(there) / SNAPSHOT
    document = json.loads(path.read_bytes())
    event = next(event for event in document["events"] if event["kind"] == kind)
    changed = json.loads(json.dumps(event).replace('"45 %"', '"95 %"'))
    assert changed != event
    event.update(changed)
    path.write_text(json.dumps(document))
    with pytest.raises(BadSessionFileError, match="not what stands in its evidence"):
        here.import_file(path)
    assert here.list() == []


def test_an_import_without_a_question_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    ended = RunEnded(status="done", exit=0).model_dump(mode="json", by_alias=True)
    path.write_text(json.dumps({"hubspoke": "session", "schema": 1, "events": [ended]}))
    with pytest.raises(BadSessionFileError, match="which question"):
        Store(tmp_path).import_file(path)


def test_an_import_of_numbers_that_are_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    event = created().model_dump(mode="json", by_alias=True)
    text = json.dumps({"hubspoke": "session", "schema": 1, "events": [event]})
    path.write_text(text.replace('"t": 0.0', '"t": 1e999'))
    with pytest.raises(BadSessionFileError, match="cannot be saved"):
        Store(tmp_path).import_file(path)


def test_an_import_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(Store(tmp_path / "there")) / SNAPSHOT
    here = tmp_path / "here"
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == JOURNAL:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UnwritableError, match="no space left on device"):
        Store(here).import_file(path)
    assert list((here / "sessions").iterdir()) == []


def test_a_data_directory_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file")
    with pytest.raises(UnwritableError) as refused:
        store.create(RUN)
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)
