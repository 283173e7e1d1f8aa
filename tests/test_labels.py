"""A person's own words on a run: its title and tags."""

from pathlib import Path

import pytest

from sessions.journal import Journal
from sessions.labels import LABELS, TITLE, BadLabelError, Labels, read_labels, tags_of, title_of, write_labels
from sessions.meta import META
from sessions.store import Store, UnknownSessionError
from tests.example_runs import QUESTION, RUN
from tests.test_store import OTHER, save


def test_a_row_shows_title_and_tags_and_a_live_run_takes_them(tmp_path: Path) -> None:
    store = Store(tmp_path)
    directory = save(store)
    journal, _ = Journal.open(directory)
    store.rename(RUN, "  Art\n and AI ")
    store.tag(RUN, "#ai, art  ai")
    (meta,) = store.list()
    assert (meta.name, meta.title, meta.tags, meta.live) == ("Art and AI", "Art and AI", ("ai", "art"), True)
    journal.close()
    assert (directory / LABELS).stat().st_mode & 0o777 == 0o600
    assert b"Art" not in (directory / META).read_bytes()


def test_an_empty_title_takes_it_away_and_leaves_the_tags(tmp_path: Path) -> None:
    store = Store(tmp_path)
    directory = save(store)
    store.tag(RUN, "ai")
    store.rename(RUN, "Art")
    store.rename(RUN, " ")
    assert read_labels(directory) == Labels(tags=("ai",))
    assert store.list()[0].name == QUESTION


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"title": 1}', b'{"title": "%s"}' % (b"x" * 121), b'{"tags": [""]}', b"\xff"]
)
def test_labels_that_make_no_sense_are_none(tmp_path: Path, content: bytes) -> None:
    directory = save(Store(tmp_path))
    (directory / LABELS).write_bytes(content)
    assert read_labels(directory) == Labels()
    assert Store(tmp_path).list()[0].name == QUESTION


def test_what_is_too_long_is_refused_in_a_sentence() -> None:
    assert title_of("x" * TITLE) == "x" * TITLE
    with pytest.raises(BadLabelError, match="121 characters; at most 120"):
        title_of("x" * 121)
    with pytest.raises(BadLabelError, match="13 tags; a run takes at most 12"):
        tags_of(" ".join(map(str, range(13))))
    with pytest.raises(BadLabelError, match="31 characters; at most 30"):
        tags_of("x" * 31)


def test_nothing_that_a_terminal_obeys_gets_in(tmp_path: Path) -> None:
    assert title_of("\x1b]52;c;x\x07Art\u202e \x9b31m") == "Art"
    assert tags_of("\x1b[31mred, # \u202eart") == ("red", "art")
    write_labels(tmp_path, Labels(title="[/red]"))
    assert read_labels(tmp_path).title == "[/red]"


def test_only_a_session_takes_labels(tmp_path: Path) -> None:
    store = Store(tmp_path)
    save(store)
    for run in (OTHER, "../x", ""):
        with pytest.raises(UnknownSessionError):
            store.rename(run, "Art")
        with pytest.raises(UnknownSessionError):
            store.tag(run, "art")
