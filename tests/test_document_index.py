"""The index of a folder: what it stores, what it reads again, and what it survives."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from agents.documents.index import VERSION
from agents.documents.tools import BadFolderError, Documents
from agents.tool_answers import ToolUseError
from sessions.evidence import text_sha256
from sessions.redact import BLOT
from tests.pdf_files import gone, reader_of, slow_pdf

HERE = Path(__file__).parents[1]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "music.md").write_text("# Music\n\nMusicians use generators for demos.\n", encoding="utf-8")
    (folder / "film.md").write_text("# Film\n\nEditors cut trailers with software.\n", encoding="utf-8")
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def opened(docs: Path, cache: Path) -> Documents:
    return asyncio.run(Documents.open(docs, cache))


def found(documents: Documents, query: str) -> list[str]:
    """The sources of the passages that answer a query, whose words stand in their texts where they say."""
    answer = asyncio.run(documents.search_documents(query))
    for segment in answer.segments:
        stored = documents.text(segment.source_sha256)
        assert stored is not None
        assert stored[segment.start : segment.start + len(segment.text)] == segment.text
    return [segment.source for segment in answer.segments]


def index_file(cache: Path) -> Path:
    (file,) = (cache / "documents").glob("*.sqlite")
    return file


def ids(cache: Path) -> dict[str, int]:
    """The documents in the index file; one that is read again gets another id."""
    with closing(sqlite3.connect(index_file(cache))) as database:
        return dict(database.execute("SELECT path, id FROM documents").fetchall())


def changed_behind_its_back(file: Path, old: str, new: str) -> None:
    """Other words of the same length, at the same time: only who reads the file again can know."""
    status = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_size == status.st_size


# What is stored


def test_texts_are_stored_whole_redacted_and_named_by_their_hash(docs: Path, cache: Path) -> None:
    secret = "sk-ant-api03-" + "a1B2" * 10
    text = f"# Keys\n\nThe key is {secret} for now.\r\n\r\n" + "Filler words go here. " * 400
    (docs / "keys.md").write_bytes(text.encode())
    documents = opened(docs, cache)
    answer = asyncio.run(documents.search_documents("key for now"))
    assert answer.segments[0].source == "keys.md"
    assert BLOT * len(secret) in answer.segments[0].text
    stored = documents.text(answer.segments[0].source_sha256)
    assert stored is not None
    assert stored == text.replace("\r\n", "\n").replace(secret, BLOT * len(secret))
    assert text_sha256(stored) == answer.segments[0].source_sha256
    documents.close()
    assert secret.encode() not in b"".join(file.read_bytes() for file in (cache / "documents").iterdir())


def test_a_passage_begins_at_its_first_word(docs: Path, cache: Path) -> None:
    (docs / "late.txt").write_text("\n\n \t Zeppelins rise.\n\n", encoding="utf-8")
    documents = opened(docs, cache)
    (segment,) = asyncio.run(documents.search_documents("zeppelins")).segments
    assert (segment.start, segment.text) == (5, "Zeppelins rise.")
    documents.close()


def test_a_secret_that_came_to_the_environment_later_is_redacted_the_next_time(
    docs: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (docs / "notes.md").write_text("The password is marmalade-on-toast, of course.", encoding="utf-8")
    opened(docs, cache).close()
    changed_behind_its_back(docs / "film.md", "Editors", "Nobody.")
    monkeypatch.setenv("BREAKFAST_PASSWORD", "marmalade-on-toast")
    documents = opened(docs, cache)
    (segment,) = asyncio.run(documents.search_documents("password course")).segments
    assert segment.text == f"The password is {BLOT * 18}, of course."
    assert found(documents, "editors") == ["film.md"]
    documents.close()


def test_only_the_owner_can_read_the_index(docs: Path, cache: Path) -> None:
    documents = opened(docs, cache)
    files = list((cache / "documents").iterdir())
    assert {file.suffix for file in files} >= {".sqlite", ".lock", ".sqlite-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((cache / "documents").stat().st_mode) == 0o700
    documents.close()


# Bringing it up to date


def test_only_what_changed_is_read_again(docs: Path, cache: Path) -> None:
    opened(docs, cache).close()
    changed_behind_its_back(docs / "music.md", "Musicians", "Nobodies.")
    (docs / "film.md").write_text("# Film\n\nEditors cut trailers by hand.\n", encoding="utf-8")
    (docs / "dance.md").write_text("# Dance\n\nDancers rehearse.\n", encoding="utf-8")
    documents = opened(docs, cache)
    assert found(documents, "musicians") == ["music.md"]
    assert found(documents, "software") == []
    assert found(documents, "hand") == ["film.md"]
    assert found(documents, "dancers") == ["dance.md"]
    documents.close()


def test_another_time_alone_is_a_change(docs: Path, cache: Path) -> None:
    opened(docs, cache).close()
    changed_behind_its_back(docs / "music.md", "Musicians", "Nobodies.")
    os.utime(docs / "music.md", ns=(1, 1))
    documents = opened(docs, cache)
    assert found(documents, "nobodies") == ["music.md"]
    documents.close()


def test_what_is_gone_is_forgotten(docs: Path, cache: Path) -> None:
    opened(docs, cache).close()
    (docs / "film.md").unlink()
    documents = opened(docs, cache)
    assert documents.count == 1
    assert found(documents, "trailers") == []
    documents.close()


def test_the_digest_tells_other_texts_and_paths_and_nothing_else(docs: Path, cache: Path, tmp_path: Path) -> None:
    def digest(cache: Path) -> str:
        documents = opened(docs, cache)
        documents.close()
        return documents.digest

    first = digest(cache)
    os.utime(docs / "film.md", ns=(1, 1))
    assert digest(cache) == digest(tmp_path / "other") == first
    (docs / "film.md").rename(docs / "films.md")
    second = digest(cache)
    (docs / "music.md").write_text("# Music\n", encoding="utf-8")
    assert len({first, second, digest(cache)}) == 3


def test_what_cannot_be_read_is_named_and_not_tried_again(docs: Path, cache: Path) -> None:
    (docs / "binary.md").write_bytes(b"a\0b")
    (docs / "empty.txt").write_bytes(b"\n")
    (docs / "link.md").symlink_to("film.md")
    os.mkfifo(docs / "pipe.txt")
    for _ in range(2):
        documents = opened(docs, cache)
        assert [(item.path, item.why) for item in documents.skipped] == [
            ("binary.md", "binary"),
            ("empty.txt", "empty"),
            ("link.md", "not readable: it is a symbolic link"),
            ("pipe.txt", "not readable: it is not a regular file"),
        ]
        assert documents.count == 2
        documents.close()
    changed_behind_its_back(docs / "binary.md", "\0", " ")
    (docs / "empty.txt").write_text("Not any more.", encoding="utf-8")
    documents = opened(docs, cache)
    assert found(documents, "any more") == ["empty.txt"]
    assert documents.skipped[0].path == "binary.md"
    documents.close()


def test_an_open_folder_does_not_change(docs: Path, cache: Path) -> None:
    first = opened(docs, cache)
    (segment,) = asyncio.run(first.search_documents("trailers")).segments
    digest = first.digest
    (docs / "film.md").write_text("# Film\n\nSomething else.\n", encoding="utf-8")
    second = opened(docs, cache)
    assert found(second, "trailers") == []
    assert found(first, "trailers") == ["film.md"]
    assert first.text(segment.source_sha256) is not None
    assert first.digest == digest != second.digest
    first.close()
    second.close()


# Damage and company


def test_a_damaged_index_is_built_anew(docs: Path, cache: Path) -> None:
    for number in range(60):
        (docs / f"{number}.md").write_text(f"# {number}\n\n" + "words of a text " * 100, encoding="utf-8")
    opened(docs, cache).close()
    file = index_file(cache)
    whole = file.read_bytes()
    damaged = {
        "no database": b"this is no database at all, but it is long enough to look like a file" * 100,
        "empty": b"",
        "cut off": whole[: len(whole) // 2],
        "torn": whole[:8192] + os.urandom(len(whole) - 8192),
        "header only": whole[:100],
    }
    for name, content in damaged.items():
        file.write_bytes(content)
        documents = opened(docs, cache)
        assert documents.count == 62, name
        assert found(documents, "trailers") == ["film.md"], name
        documents.close()


def test_an_index_of_another_version_or_shape_is_built_anew(docs: Path, cache: Path) -> None:
    for statement in ("PRAGMA user_version = 99", "DROP TABLE documents", "DROP TABLE passages_data"):
        opened(docs, cache).close()
        with closing(sqlite3.connect(index_file(cache))) as database:
            database.execute(statement)
        documents = opened(docs, cache)
        assert found(documents, "trailers") == ["film.md"], statement
        documents.close()
        with closing(sqlite3.connect(index_file(cache))) as database:
            assert database.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_a_build_that_was_stopped_goes_on_where_it_was(docs: Path, cache: Path) -> None:
    for number in range(400):
        (docs / f"{number:03}.md").write_text(f"# {number}\n\n" + "words of a text " * 50, encoding="utf-8")

    async def stopped() -> None:
        task = asyncio.create_task(Documents.open(docs, cache))
        while not (cache / "documents").exists() or not await asyncio.to_thread(_some_documents, cache):
            assert not task.done()
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    before = ids(cache)
    assert 0 < len(before) <= 402
    documents = opened(docs, cache)
    assert documents.count == 402
    documents.close()
    assert before.items() <= ids(cache).items()


def test_a_build_that_is_stopped_while_it_reads_a_pdf_leaves_no_process(docs: Path, cache: Path) -> None:
    (docs / "slow.pdf").write_bytes(slow_pdf())

    async def stopped() -> int:
        task = asyncio.create_task(Documents.open(docs, cache))
        reader = await reader_of(task)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return reader

    assert gone(asyncio.run(stopped()))
    (docs / "slow.pdf").unlink()
    documents = opened(docs, cache)
    assert documents.count == 2
    documents.close()


def _some_documents(cache: Path) -> bool:
    try:
        return bool(ids(cache))
    except (sqlite3.Error, ValueError):
        return False


def test_two_processes_use_one_index_at_once(docs: Path, cache: Path) -> None:
    for number in range(80):
        (docs / f"{number}.md").write_text(f"# Part {number}\n\n" + f"words {number} " * 80, encoding="utf-8")
    program = (
        "import asyncio, sys, pathlib\n"
        "from agents.documents.tools import Documents\n"
        "async def main():\n"
        "    documents = await Documents.open(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))\n"
        "    answer = await documents.search_documents('trailers')\n"
        "    print(documents.count, documents.digest, *[s.source for s in answer.segments])\n"
        "    documents.close()\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, str(docs), str(cache)]
    started = [subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = {process.communicate()[0] for process in started}
    documents = opened(docs, cache)
    assert told == {f"82 {documents.digest} film.md\n"}
    assert found(documents, "trailers") == ["film.md"]
    documents.close()
    assert len(ids(cache)) == 82


def test_an_index_that_cannot_be_written_is_told_in_one_sentence(docs: Path, cache: Path) -> None:
    opened(docs, cache).close()
    file = index_file(cache)
    file.unlink()
    file.mkdir()
    with pytest.raises(BadFolderError, match=r"^The index of the documents in .* cannot be used: .*\.$"):
        opened(docs, cache)


def test_an_index_that_turns_out_to_be_damaged_is_built_anew_the_next_time(docs: Path, cache: Path) -> None:
    opened(docs, cache).close()
    with closing(sqlite3.connect(index_file(cache))) as database:
        database.execute("DELETE FROM passages_content")
        database.commit()
    documents = opened(docs, cache)
    with pytest.raises(ToolUseError, match=r"^The index of the documents cannot be read: .*\.$"):
        asyncio.run(documents.search_documents("trailers"))
    documents.close()
    documents = opened(docs, cache)
    assert found(documents, "trailers") == ["film.md"]
    documents.close()


# Searching


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "film OR",
        "NEAR(a b)",
        "title: film",
        "film*",
        "^film",
        "-film",
        "(film",
        "film AND NOT music",
        "_",
        "a:b*",
    ],
)
def test_syntax_in_a_query_is_words(docs: Path, cache: Path, query: str) -> None:
    documents = opened(docs, cache)
    try:
        asyncio.run(documents.search_documents(f"trailers {query}"))
        assert "film.md" in found(documents, f"trailers {query}")
    finally:
        documents.close()


def test_inflections_accents_and_parts_of_names_are_found(docs: Path, cache: Path) -> None:
    (docs / "FetchContent_guide.md").write_text("Nothing to the point.", encoding="utf-8")
    (docs / "cafe.md").write_text("Le café où l'on mange.", encoding="utf-8")
    documents = opened(docs, cache)
    assert found(documents, "musician generating") == ["music.md"]
    assert found(documents, "cafe") == ["cafe.md"]
    assert found(documents, "fetch") == ["FetchContent_guide.md"]
    assert found(documents, "content guides") == ["FetchContent_guide.md"]
    documents.close()


def test_of_documents_with_the_same_text_one_is_shown(docs: Path, cache: Path) -> None:
    for name in ("one", "two", "three"):
        (docs / f"{name}.txt").write_text("Zeppelins rise.", encoding="utf-8")
    documents = opened(docs, cache)
    assert found(documents, "zeppelins") == ["one.txt"]
    assert found(documents, "zeppelins three") == ["three.txt"]
    documents.close()
