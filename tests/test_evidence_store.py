"""Stored texts: whole, under their hashes, and there even when the disk refuses them."""

import tempfile
import threading
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.evidence import text_sha256
from sessions.evidence_store import EvidenceStore
from tests.example_runs import FILM, MUSIC


def stored(directory: Path) -> list[Path]:
    return sorted((directory / "evidence").iterdir())


def test_a_text_is_kept_once_under_its_hash_for_its_owner_alone(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    assert store.put(MUSIC) == text_sha256(MUSIC) == store.put(MUSIC)
    (path,) = stored(tmp_path)
    before = path.stat()
    assert path.name == text_sha256(MUSIC)
    assert (before.st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    again = EvidenceStore(tmp_path)
    assert again.get(again.put(MUSIC)) == MUSIC
    assert path.stat().st_ino == before.st_ino, "it was not written again"


def test_line_ends_and_half_surrogate_pairs_come_back_as_they_were(tmp_path: Path) -> None:
    text = "a\r\nb\rc\u2028d\0 \ud800 e"
    assert EvidenceStore(tmp_path).get(EvidenceStore(tmp_path).put(text)) == text


@given(st.text(st.characters(), max_size=200))
@settings(max_examples=30, deadline=None)
def test_whatever_was_put_is_got(text: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        assert EvidenceStore(Path(directory)).get(EvidenceStore(Path(directory)).put(text)) == text


def test_what_is_no_hash_never_becomes_a_path(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "secret").write_text("s")
    store = EvidenceStore(tmp_path)
    for name in ("../secret", "", ".", "A" * 64, "a" * 63, "a" * 64 + "\n", "/etc/passwd", "a\0"):
        assert store.get(name) is None


def test_a_damaged_file_is_no_evidence_and_is_put_right(tmp_path: Path) -> None:
    sha256 = EvidenceStore(tmp_path).put(MUSIC)
    for damage in (MUSIC.replace("45", "54").encode(), b"", b"\xff\xfe"):
        stored(tmp_path)[0].write_bytes(damage)
        store = EvidenceStore(tmp_path)
        assert store.get(sha256) is None
        assert store.texts([sha256]) == {}
        store.put(MUSIC)
        assert store.get(sha256) == MUSIC


def test_texts_answers_what_there_is(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    music, film = store.put(MUSIC), store.put(FILM)
    assert store.texts([film, "0" * 64, music]) == {film: FILM, music: MUSIC}


def test_what_the_disk_refuses_is_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("not a directory")
    store = EvidenceStore(tmp_path)
    sha256 = store.put(MUSIC)
    assert store.get(sha256) == MUSIC
    assert store.fault == "Evidence is no longer saved: file exists."
    (tmp_path / "evidence").unlink()
    store.put(MUSIC)
    assert EvidenceStore(tmp_path).get(sha256) == MUSIC, "it is saved as soon as there is room"


def test_threads_may_put_the_same_texts(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    texts = [f"text {number} " * 500 for number in range(20)]
    threads = [threading.Thread(target=lambda: [store.put(text) for text in texts]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in stored(tmp_path)] == sorted(map(text_sha256, texts))
    assert store.fault == ""
