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
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.documents.headings import Markup
from agents.documents.index import VERSION, Index
from agents.documents.passages import MAX_CHARACTERS, MAX_WORDS, cut
from agents.documents.search import Entry, Hit, best, match_expression, query_terms
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


# Passages

TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.sampled_from(
            ["# Heading\n", "Title\n=====\n", "\n\n", "```\n", "word " * 300, "x" * 7_000, "---\n", ". "]
        ),
    ),
    max_size=12,
).map("".join)


@given(TEXTS, st.sampled_from(["markdown", "plain"]))
@settings(max_examples=150)
def test_passages_follow_each_other_without_a_gap_and_cut_no_word(text: str, markup: Markup) -> None:
    passages = list(cut(text, markup))
    assert "".join(text[passage.start : passage.end] for passage in passages) == text
    assert [passage.start for passage in passages[1:]] == [passage.end for passage in passages[:-1]]
    for passage in passages:
        words = text[passage.start : passage.end].split()
        assert 0 < passage.end - passage.start <= MAX_CHARACTERS
        assert len(words) <= MAX_WORDS
        if passage.end < len(text) and not (text[passage.end - 1].isspace() or text[passage.end].isspace()):
            assert len(words[-1]) > MAX_CHARACTERS / 3


def test_passages_are_of_a_readable_size_and_know_the_headings_above_them() -> None:
    section = "\n\n".join(["Some words that fill a paragraph of the text. " * 5] * 8)
    text = f"# Top\n\n## One\n\n{section}\n\n## Two\n\n{section}\n\n### Three\n\nEnd.\n"
    passages = list(cut(text, "markdown"))
    sizes = [len(text[passage.start : passage.end].split()) for passage in passages]
    assert all(120 <= size <= MAX_WORDS for size in sizes[:-1])
    assert passages[0].headings == ("Top", "One")
    starts = {text[passage.start : passage.start + 6]: passage.headings for passage in passages}
    assert starts["## Two"] == ("Top", "Two")
    assert passages[-1].headings == ("Top", "Two", "Three")


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


def test_stop_words_are_dropped_and_syntax_is_inert() -> None:
    assert query_terms("How do I make a worker exit after N requests?") == ["worker", "exit", "N", "requests"]
    assert query_terms("What's the dependency's max_requests in pyproject.toml?") == [
        "dependency",
        "max_requests",
        "pyproject.toml",
    ]
    assert query_terms("who is it?") == ["who", "is", "it"]
    assert query_terms("?!") == []
    assert match_expression(['a"b', "NOT"]) == '"a""b" OR "NOT"'


def test_no_query_is_a_syntax_error(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.sqlite")

    @given(st.text(max_size=60))
    @settings(max_examples=200)
    def search(query: str) -> None:
        if terms := query_terms(query):
            assert index.search(terms, {}) == []

    search()
    index.close()


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


def entry(key: int, path: str, title: str = "") -> Entry:
    return Entry(id=key, path=path, sha256=f"hash of {key}", title=title, date="", length=100)


def test_a_document_whose_name_says_what_is_asked_comes_first() -> None:
    about, other = entry(1, "lambda/invoke.rst"), entry(2, "lambda/delete-invoke-config.rst")
    hits = [Hit(other, 0, "x", 5.0), Hit(about, 0, "y", 4.5)]
    assert [hit.document for hit in best(hits, ["invoke", "Lambda"], 6)] == [about, other]
    assert [hit.document for hit in best(hits, ["removal"], 6)] == [other, about]


def test_of_documents_with_the_same_text_one_is_shown(docs: Path, cache: Path) -> None:
    for name in ("one", "two", "three"):
        (docs / f"{name}.txt").write_text("Zeppelins rise.", encoding="utf-8")
    documents = opened(docs, cache)
    assert found(documents, "zeppelins") == ["one.txt"]
    assert found(documents, "zeppelins three") == ["three.txt"]
    documents.close()


def test_no_document_fills_an_answer_while_others_match() -> None:
    long, short = entry(1, "long.md"), entry(2, "short.md")
    hits = [Hit(long, start, "x", 10.0 - start) for start in range(6)]
    assert [hit.start for hit in best(hits, ["x"], 4)] == [0, 1, 2, 3]
    mixed = best([*hits, Hit(short, 50, "y", 2.0)], ["x"], 3)
    assert [hit.document.path for hit in mixed] == ["long.md", "long.md", "short.md"]
