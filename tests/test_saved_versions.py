"""Sessions that each version of the format saved: they open, and say what they said then."""

import shutil
from pathlib import Path

import pytest
from pydantic import JsonValue, TypeAdapter

from sessions import migrations
from sessions.document import document
from sessions.journal import Journal
from sessions.journal_reader import JOURNAL, read_journal
from sessions.load import load
from sessions.model import SCHEMA
from sessions.snapshot import SNAPSHOT
from sessions.store import Store
from tests.broken_sessions import Fields, events, line
from tests.example_runs import RUN

SAVED = Path(__file__).parent / "data" / "saved"
"""A directory a version: its journal, its session.json, and what `--json` said of it then."""

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def _holds(now: JsonValue, then: JsonValue) -> bool:
    """Whether all that was said then is still said; later versions may say more."""
    match then, now:
        case dict(), dict():
            return all(name in now and _holds(now[name], value) for name, value in then.items())
        case list(), list():
            return len(now) == len(then) and all(map(_holds, now, then))
        case _:
            return now == then


def test_every_version_has_a_golden_session_and_a_way_up_to_this_one() -> None:
    versions = sorted(int(path.name) for path in SAVED.iterdir())
    assert versions == list(range(1, SCHEMA + 1))
    assert sorted(migrations.STEPS) == list(range(1, SCHEMA))


@pytest.mark.parametrize("version", range(1, SCHEMA + 1))
def test_what_a_version_saved_is_read_as_it_was_meant(version: int, tmp_path: Path) -> None:
    directory = Store(tmp_path).create(RUN)
    shutil.copy(SAVED / str(version) / JOURNAL, directory)
    then = _JSON.validate_json((SAVED / str(version) / "document.json").read_bytes())
    state = load(directory)
    assert state.notices == []
    assert _holds(_JSON.validate_json(document(state).model_dump_json(by_alias=True)), then)
    journal, replay = Journal.open(directory)
    journal.close()
    assert (replay.damaged, replay.newer) == (0, False)


@pytest.mark.parametrize("version", range(1, SCHEMA + 1))
def test_what_a_version_exported_is_imported(version: int, tmp_path: Path) -> None:
    store = Store(tmp_path)
    run = store.import_file(SAVED / str(version) / SNAPSHOT)
    then = _JSON.validate_json((SAVED / str(version) / "document.json").read_bytes())
    assert _holds(_JSON.validate_json(document(load(store.find(run))).model_dump_json(by_alias=True)), then)


def test_an_event_of_an_earlier_version_goes_up_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if there had been a version 0, in which a question was called an inquiry.
    def from_0(fields: Fields) -> Fields:
        return {("question" if name == "inquiry" else name): value for name, value in fields.items()}

    monkeypatch.setattr(migrations, "STEPS", {0: from_0})
    old = [
        {("inquiry" if name == "question" else name): value for name, value in fields.items()} | {"schema": 0}
        for fields in events()
    ]
    directory = Store(tmp_path).create(RUN)
    (directory / JOURNAL).write_bytes(b"".join(map(line, old)))
    replay = read_journal(directory)
    assert (len(replay.events), replay.damaged, replay.newer) == (len(old), 0, False)
    assert {event.schema_ for event in replay.events} == {SCHEMA}
    assert load(directory).question == events()[0]["question"]
