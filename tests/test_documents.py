"""The document tools, as a model uses them."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Generator
from pathlib import Path

import pytest
from anthropic.lib.tools import beta_async_tool
from hypothesis import given
from hypothesis import strategies as st

from agents.documents.literal import occurrences
from agents.documents.tools import MAX_LISTED, MAX_PLACES, MAX_READ, BadFolderError, Documents
from agents.tool_answers import ToolAnswer, ToolUseError, answer_to_wire, segment_from_wire
from sessions.paths import UnwritableError
from tests.pdf_files import pdf

FILES = {
    "guide/workers.md": "---\ntitle: Worker processes\ndate: 2024-05-01\n---\n\n# Limits\n\n"
    "A worker exits after max_requests requests; the default is\nno limit.\n\nOther (a+)+$ words: 45 % [x](y).\n",
    "guide/queues.rst": "Queues\n======\n\nA task waits in a queue. The worker takes it.\n",
    "README": "Start here. " * 700,
    "notes.txt": "Größe und Straße.\n\nGRÖSSE again.\n",
    "old/page.html": "<title>Old page</title><p>Nothing &amp; <b>nobody</b>.</p>",
}


def made(folder: Path) -> Path:
    """A folder with a document of each kind."""
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "report.pdf").write_bytes(pdf("Annual figures: 12 % of painters.", title="The Annual Report"))
    (folder / "code.py").write_text("worker = 1", encoding="utf-8")
    return folder


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return made(tmp_path / "docs")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Generator[Documents]:
    place = tmp_path_factory.mktemp("documents")
    documents = asyncio.run(Documents.open(made(place / "docs"), place / "cache"))
    yield documents
    documents.close()


def answer(documents: Documents, call: Coroutine[None, None, ToolAnswer]) -> ToolAnswer:
    """What a tool answers; its segments stand in the stored texts, and survive the wire."""
    told = asyncio.run(call)
    for segment in told.segments:
        stored = documents.text(segment.source_sha256)
        assert stored is not None
        assert stored[segment.start : segment.start + len(segment.text)] == segment.text
        assert segment.text
    assert tuple(filter(None, map(segment_from_wire, answer_to_wire(told)))) == told.segments
    return told


def refusal(call: Coroutine[None, None, ToolAnswer]) -> str:
    with pytest.raises(ToolUseError) as refused:
        asyncio.run(call)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


# Opening


def test_a_folder_of_every_kind_is_opened(documents: Documents) -> None:
    assert documents.count == 6
    assert [item.path for item in documents.skipped] == ["code.py"]
    assert documents.text("0" * 64) is None


def test_what_is_no_folder_of_documents_is_told_in_one_sentence(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.py").write_text("x", encoding="utf-8")
    (tmp_path / "bad").mkdir()
    for name in ("a.md", "b.md"):
        (tmp_path / "bad" / name).write_bytes(b"\0")
    cases = {
        "nowhere": r"There is no folder .*nowhere\.",
        "docs/README/x": r"There is no folder .*\.",
        "docs/README": r".*README is not a folder\.",
        "code": r"There is no document that can be read in .*code \(Markdown, .*\); skipped a\.py: no kind .*\.",
        "bad": r"There is no document .*; skipped a\.md: binary, and 1 more\.",
        "docs/x\0y": r".* is no folder: .*\.",
    }
    for path, sentence in cases.items():
        with pytest.raises(BadFolderError, match=f"^{sentence}$"):
            asyncio.run(Documents.open(tmp_path / path, tmp_path / "cache"))
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UnwritableError):
        asyncio.run(Documents.open(docs, tmp_path / "file"))


def test_a_folder_may_be_named_by_a_link(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(docs)
    documents = asyncio.run(Documents.open(tmp_path / "link", tmp_path / "cache"))
    assert documents.count == 6
    documents.close()
    assert len(list((tmp_path / "cache" / "documents").glob("*.sqlite"))) == 1


def test_a_tool_that_is_called_after_closing_fails_and_says_so(docs: Path, tmp_path: Path) -> None:
    documents = asyncio.run(Documents.open(docs, tmp_path / "cache"))
    documents.close()
    assert "cannot be read" in refusal(documents.search_documents("worker"))


# list_documents


@pytest.mark.parametrize(
    ("glob", "paths"),
    [
        ("*", ["README", "guide/queues.rst", "guide/workers.md", "notes.txt", "old/page.html", "report.pdf"]),
        ("", ["README", "guide/queues.rst", "guide/workers.md", "notes.txt", "old/page.html", "report.pdf"]),
        ("**/*.md", ["guide/workers.md"]),
        ("**/*.txt", ["notes.txt"]),
        ("guide/*", ["guide/queues.rst", "guide/workers.md"]),
        ("guide", ["guide/queues.rst", "guide/workers.md"]),
        ("./guide/", ["guide/queues.rst", "guide/workers.md"]),
        ("*WORKERS*", ["guide/workers.md"]),
        ("readme", ["README"]),
        ("[gn]*.[rt]*", ["guide/queues.rst", "notes.txt"]),
    ],
)
def test_documents_are_listed_by_glob(documents: Documents, glob: str, paths: list[str]) -> None:
    told = answer(documents, documents.list_documents(glob))
    head, *lines = told.text.splitlines()
    assert head == f"{len(paths)} of 6 documents:"
    assert [line.split(" — ")[0] for line in lines] == paths


def test_a_listing_tells_title_and_length(documents: Documents) -> None:
    told = answer(documents, documents.list_documents("guide/w*"))
    length = len(FILES["guide/workers.md"])
    assert told.text.splitlines()[1] == f"guide/workers.md — Worker processes ({length} characters)"
    assert "No document matches “*.doc”" in answer(documents, documents.list_documents("*.doc")).text


@pytest.mark.parametrize("glob", ["../*", "/etc/*", "[", "[z-a]", "*" * 500, "a*" * 400, "\ud800", "\n"])
def test_no_glob_leads_out_or_breaks_anything(documents: Documents, glob: str) -> None:
    assert answer(documents, documents.list_documents(glob)).segments == ()


def test_a_long_listing_is_capped_and_says_what_is_left(tmp_path: Path) -> None:
    (tmp_path / "docs" / "more").mkdir(parents=True)
    for number in range(MAX_LISTED + 50):
        place = "more/" if number % 5 else ""
        (tmp_path / "docs" / f"{place}{number}.txt").write_text("x", encoding="utf-8")
    documents = asyncio.run(Documents.open(tmp_path / "docs", tmp_path / "cache"))
    lines = answer(documents, documents.list_documents()).text.splitlines()
    documents.close()
    assert len(lines) == MAX_LISTED + 2
    assert lines[-1] == "And 50 more: more/ 200, at the top 50. Narrow the glob to see them."


# search_documents


def test_a_search_answers_passages_with_source_title_and_date(documents: Documents) -> None:
    told = answer(documents, documents.search_documents("How do I make a worker exit after N requests?"))
    first = told.segments[0]
    assert (first.source, first.title, first.date) == ("guide/workers.md", "Worker processes", "2024-05-01")
    assert "max_requests" in first.text
    assert [segment.source for segment in told.segments] == ["guide/workers.md", "guide/queues.rst"]
    assert answer(documents, documents.search_documents("painters")).segments[0].title == "The Annual Report"
    assert answer(documents, documents.search_documents("nobody")).segments[0].text == "Nothing & nobody."


def test_a_search_that_finds_nothing_is_no_error(documents: Documents) -> None:
    told = answer(documents, documents.search_documents("zeppelin\nairship"))
    assert told.text == "No passage matches “zeppelin airship”."
    assert told.segments == ()


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (0, 1), (-5, 1), (3, 3), (10**9, 8)])
def test_a_search_is_limited(documents: Documents, limit: int, count: int) -> None:
    told = answer(documents, documents.search_documents("worker start", limit))
    assert len(told.segments) <= min(count, 20)
    assert len(told.segments) >= min(count, 3)


@pytest.mark.parametrize("query", ["", "   ", "?!", "(", "\ud800", "█" * 10])
def test_a_query_without_words_is_refused(documents: Documents, query: str) -> None:
    assert "no word" in refusal(documents.search_documents(query))


def test_a_query_of_a_page_is_refused(documents: Documents) -> None:
    assert "longer than 1000" in refusal(documents.search_documents("worker " * 1_000))
    assert answer(documents, documents.search_documents(" ".join(f"w{n}" for n in range(150)) + " worker"))


# find_text


def test_text_is_found_literally(documents: Documents) -> None:
    told = answer(documents, documents.find_text("(a+)+$"))
    assert told.text == "Found once in 1 of 6 documents."
    (segment,) = told.segments
    assert segment.text == "Other (a+)+$ words: 45 % [x](y).\n"
    for text in (".*", "(a+)+$x", "\\", "[xyz]"):
        nothing = answer(documents, documents.find_text(text))
        assert nothing.text == f"“{text}” stands in none of 6 documents."


def test_text_is_found_in_capitals_or_not_inside_words_and_across_lines(documents: Documents) -> None:
    assert answer(documents, documents.find_text("MAX_REQ")).segments[0].source == "guide/workers.md"
    assert "the default is\nno limit" in answer(documents, documents.find_text("default  is no")).segments[0].text
    told = answer(documents, documents.find_text("größe"))
    assert (told.text, told.segments[0].text) == ("Found once in 1 of 6 documents.", "Größe und Straße.")
    assert "2 of 2" in answer(documents, documents.find_text("worker", "guide/*")).text
    assert "none of 0" in answer(documents, documents.find_text("worker", "nowhere/*")).text


def test_what_is_found_often_is_counted_and_capped(docs: Path, tmp_path: Path) -> None:
    for number in range(10):
        (docs / f"many{number}.txt").write_text(("needle " + "hay " * 400) * 30, encoding="utf-8")
    documents = asyncio.run(Documents.open(docs, tmp_path / "cache"))
    told = answer(documents, documents.find_text("needle"))
    documents.close()
    assert told.text == "Found 300 times in 10 of 16 documents."
    assert len(told.segments) == MAX_PLACES
    assert all("needle" in segment.text and len(segment.text) < 700 for segment in told.segments)
    for before, after in zip(told.segments, told.segments[1:], strict=False):
        assert before.source != after.source or before.start + len(before.text) <= after.start


@pytest.mark.parametrize("text", ["", " \n"])
def test_empty_text_is_refused(documents: Documents, text: str) -> None:
    assert "empty" in refusal(documents.find_text(text))


def test_hostile_text_is_searched_in_linear_time(docs: Path, tmp_path: Path) -> None:
    (docs / "a.txt").write_text("a" * 500_000 + "\n" + "a " * 500_000, encoding="utf-8")
    (docs / "guide" / "workers.md").unlink()
    documents = asyncio.run(Documents.open(docs, tmp_path / "cache"))
    for text in ("(a+)+$", "a" * 400 + "b", "a " * 400 + "b", ("a" * 40 + " ") * 20):
        assert "none of" in answer(documents, documents.find_text(text)).text
    documents.close()


@given(
    st.lists(st.sampled_from(["a", "A", "b", "İ", "ß", ".", " ", "  ", "\n\n \t"]), max_size=40).map("".join),
    st.integers(0, 20),
    st.integers(1, 4),
    st.sampled_from([" ", "\n", " \t "]),
)
def test_an_occurrence_is_where_a_regular_expression_would_find_it(
    text: str, at: int, count: int, gap: str
) -> None:
    words = text.split()[at : at + count] or ["ab"]
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    spans = [match.span() for match in pattern.finditer(text)]
    assert list(occurrences(text, gap.join(words).upper().replace("SS", "ß"))) == spans


# read_document


def test_a_document_is_read_in_stretches_up_to_its_end(documents: Documents) -> None:
    stored = FILES["README"]
    read, start = "", 0
    while True:
        told = answer(documents, documents.read_document("README", start))
        (segment,) = told.segments
        assert segment.start == start
        read, start = read + segment.text, start + len(segment.text)
        if told.text.endswith("That is its end."):
            break
        assert told.text == f"Characters {start - 6000} to {start} of {len(stored)}. Read on with start={start}."
    assert read == stored


def test_no_more_is_read_at_once_than_may_be(docs: Path, tmp_path: Path) -> None:
    (docs / "long.txt").write_text("0123456789" * 5_000, encoding="utf-8")
    documents = asyncio.run(Documents.open(docs, tmp_path / "cache"))
    (segment,) = answer(documents, documents.read_document("./long.txt", 5, 10**9)).segments
    assert (segment.start, len(segment.text)) == (5, MAX_READ)
    documents.close()


@pytest.mark.parametrize(
    "path",
    [
        "../secret.md",
        "guide/../README",
        "/etc/passwd",
        "/proc/self/environ",
        "code.py",
        "guide",
        "",
        "guide\\workers.md",
        "a\0b",
        "\ud800",
        "x" * 100_000,
    ],
)
def test_nothing_but_a_listed_document_is_read(documents: Documents, path: str) -> None:
    sentence = refusal(documents.read_document(path))
    assert sentence.startswith("There is no document “")
    assert len(sentence) < 400


def test_a_wrong_path_is_answered_with_what_could_be_meant(documents: Documents) -> None:
    assert "did you mean guide/workers.md." in refusal(documents.read_document("workers.md"))
    assert "did you mean report.pdf." in refusal(documents.read_document("Report.PDF"))


@pytest.mark.parametrize(("start", "length"), [(-1, 10), (10**9, 10), (0, 0), (0, -1)])
def test_a_stretch_that_is_not_there_is_refused(documents: Documents, start: int, length: int) -> None:
    refusal(documents.read_document("notes.txt", start, length))


def test_a_document_that_became_a_link_is_read_as_it_was(docs: Path, tmp_path: Path) -> None:
    documents = asyncio.run(Documents.open(docs, tmp_path / "cache"))
    (tmp_path / "secret.md").write_text("outside", encoding="utf-8")
    (docs / "notes.txt").unlink()
    (docs / "notes.txt").symlink_to(tmp_path / "secret.md")
    assert answer(documents, documents.read_document("notes.txt")).segments[0].text == FILES["notes.txt"]
    documents.close()


# What a model is told of the tools


def test_the_tools_describe_themselves(documents: Documents) -> None:
    tools: list[Callable[..., Coroutine[None, None, ToolAnswer]]] = [
        documents.list_documents,
        documents.search_documents,
        documents.find_text,
        documents.read_document,
    ]
    for tool in tools:
        told = json.loads(json.dumps(beta_async_tool(tool).to_dict()))
        assert len(told["description"]) > 60
        assert "Args:" not in told["description"]
        for argument in told["input_schema"]["properties"].values():
            assert len(argument["description"]) > 20


def test_many_spokes_may_ask_at_once(documents: Documents) -> None:
    async def all_at_once() -> list[ToolAnswer]:
        calls = [documents.search_documents("worker"), documents.find_text("queue"), documents.list_documents()]
        calls += [documents.search_documents("worker") for _ in range(20)]
        return await asyncio.gather(*calls)

    answers = asyncio.run(all_at_once())
    assert len({tuple(answer_to_wire(told)) for told in [answers[0], *answers[3:]]}) == 1
