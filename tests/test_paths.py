"""Where data lives, and that only its owner can read it."""

import os
import stat
from pathlib import Path

import pytest

from sessions.atomic_file import write_atomic
from sessions.paths import UnwritableError, cache, config_dir, home, private_directory


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOKE_HOME", str(tmp_path / "here"))
    assert (home(), cache(), config_dir()) == (
        tmp_path / "here",
        tmp_path / "here" / "cache",
        tmp_path / "here" / "config",
    )


def test_without_it_the_platforms_directories_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HUBSPOKE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    found = [home(), cache(), config_dir()]
    assert len(set(found)) >= 2
    assert all(tmp_path in path.parents and path.name == "hubspoke" for path in found)


def test_a_private_directory_is_made_with_its_parents_and_put_right(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = private_directory(tmp_path / "a" / "b")
    finally:
        os.umask(before)
    assert (mode(made), mode(made.parent)) == (0o700, 0o700)
    made.chmod(0o755)
    tmp_path.chmod(0o755)
    assert mode(private_directory(made)) == 0o700
    assert mode(tmp_path) == 0o755, "a parent that was there stays as it was"
    assert list(made.iterdir()) == []


def test_a_directory_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UnwritableError) as refused:
            private_directory(path)
        said = str(refused.value)
        assert str(path) in said and said.endswith(".") and "\n" not in said


def test_an_atomic_write_leaves_the_new_file_alone_and_private(tmp_path: Path) -> None:
    path = private_directory(tmp_path / "run") / "x.json"
    write_atomic(path, b"old")
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_an_atomic_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = private_directory(tmp_path / "run") / "x.json"
    write_atomic(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnwritableError, match="no space left on device"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]
