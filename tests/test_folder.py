"""Nothing outside the folder is read, and nothing in it can hold up a reader."""

import os
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from agents.documents.folder import MAX_DEPTH, MAX_FILE_BYTES, Folder, FoundFile, NotReadableError, Skipped


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "sub" / "deep").mkdir(parents=True)
    (root / "a.md").write_text("inside", encoding="utf-8")
    (root / "sub" / "deep" / "b.md").write_text("deep inside", encoding="utf-8")
    (tmp_path / "secret.md").write_text("outside", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "c.md").write_text("outside too", encoding="utf-8")
    return root


@pytest.fixture
def folder(root: Path) -> Generator[Folder]:
    with Folder(root) as folder:
        yield folder


def paths(folder: Folder) -> list[str]:
    return [item.path for item in folder.walk() if isinstance(item, FoundFile)]


def test_it_reads_what_lies_in_it(folder: Folder) -> None:
    assert folder.read("a.md")[0] == b"inside"
    assert folder.read("sub/deep/b.md")[0] == b"deep inside"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.md",
        "sub/../../secret.md",
        "sub/../a.md",
        "./a.md",
        "/etc/passwd",
        "//etc/passwd",
        "/proc/self/environ",
        "",
        ".",
        "..",
        "sub/",
        "a.md/",
        "a\0.md",
        "sub//deep/b.md",
        "\ud800.md",
        "missing.md",
        "a.md/b.md",
        "x" * 5_000,
    ],
)
def test_it_reads_nothing_by_a_path_that_leads_out_or_nowhere(folder: Folder, path: str) -> None:
    with pytest.raises(NotReadableError):
        folder.read(path)


def test_it_follows_no_link(root: Path, folder: Folder) -> None:
    (root / "link.md").symlink_to(root.parent / "secret.md")
    (root / "inner.md").symlink_to("a.md")
    (root / "out").symlink_to(root.parent / "elsewhere")
    (root / "self").symlink_to(root)
    (root / "proc").symlink_to("/proc/self")
    for path in ("link.md", "inner.md", "out/c.md", "self/a.md", "proc/environ"):
        with pytest.raises(NotReadableError):
            folder.read(path)
    with pytest.raises(NotReadableError, match="symbolic link"):
        folder.read("link.md")
    assert "out/c.md" not in paths(folder)
    assert "self/a.md" not in paths(folder)


def test_a_folder_that_became_a_link_after_it_was_listed_is_not_followed(root: Path, folder: Folder) -> None:
    (root / "changing").mkdir()
    (root / "changing" / "c.md").write_text("inside", encoding="utf-8")
    assert "changing/c.md" in paths(folder)
    (root / "changing").rename(root / "old")
    (root / "changing").symlink_to(root.parent / "elsewhere")
    with pytest.raises(NotReadableError):
        folder.read("changing/c.md")


def test_a_pipe_and_a_device_are_refused_at_once(root: Path, folder: Folder) -> None:
    os.mkfifo(root / "pipe.md")
    with pytest.raises(NotReadableError, match="not a regular file"):
        folder.read("pipe.md")
    with Folder(Path("/dev")) as devices, pytest.raises(NotReadableError, match="not a regular file"):
        devices.read("zero")


def test_a_file_that_does_not_tell_its_size_is_read_up_to_the_limit(root: Path, folder: Folder) -> None:
    with (root / "huge.md").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(NotReadableError, match=r"^larger than 20 MB$"):
        folder.read("huge.md")
    if Path("/proc/self/status").exists():
        with Folder(Path("/proc/self")) as proc:
            data, stamp = proc.read("status")
            assert stamp.size == 0
            assert data


def test_the_walk_is_sorted_and_passes_over_what_is_hidden_or_a_cache(root: Path, folder: Folder) -> None:
    for name in (".git", ".hidden", "node_modules", "__pycache__", "zoo"):
        (root / name).mkdir()
        (root / name / "x.md").write_text("x", encoding="utf-8")
    (root / ".dotted.md").write_text("x", encoding="utf-8")
    assert paths(folder) == ["a.md", "sub/deep/b.md", "zoo/x.md"]


def test_hostile_names_are_named_without_their_bytes(root: Path, folder: Folder) -> None:
    for name in ("new\nline.md", "esc\x1b[31m.md", "line\u2028.md"):
        (root / name).write_text("x", encoding="utf-8")
    with suppress(OSError):  # where the file system takes only text
        (root / os.fsdecode(b"bytes\xff.md")).write_text("x", encoding="utf-8")
    (root / "übung (1) 'a' — 日本.md").write_text("x", encoding="utf-8")
    found = list(folder.walk())
    skipped = [item for item in found if isinstance(item, Skipped)]
    assert "übung (1) 'a' — 日本.md" in [item.path for item in found]
    assert {"new\\nline.md", "esc\\x1b[31m.md", "line\\u2028.md"} <= {item.path for item in skipped}
    assert all(item.path.isprintable() for item in found)


def test_a_folder_nested_too_deep_is_not_entered(root: Path, folder: Folder) -> None:
    deep = root.joinpath(*["d"] * (MAX_DEPTH + 3))
    deep.mkdir(parents=True)
    (deep / "x.md").write_text("x", encoding="utf-8")
    assert [item.path for item in folder.walk() if isinstance(item, Skipped)] == [
        "/".join(["d"] * (MAX_DEPTH + 1))
    ]


def test_a_folder_without_permission_is_named(root: Path, folder: Folder) -> None:
    (root / "locked").mkdir(mode=0)
    if os.access(root / "locked", os.R_OK):
        pytest.skip("this user may read anything")
    assert Skipped("locked", "not readable: permission denied") in list(folder.walk())


def test_no_descriptor_is_left_open(root: Path) -> None:
    def descriptors() -> set[str]:
        return {entry.name for entry in Path("/dev/fd").iterdir()}

    before = descriptors()
    with Folder(root) as folder:
        list(folder.walk())
        next(folder.walk())
        folder.read("sub/deep/b.md")
        for path in ("../secret.md", "sub/missing/b.md", "sub"):
            with pytest.raises(NotReadableError):
                folder.read(path)
    assert descriptors() == before
