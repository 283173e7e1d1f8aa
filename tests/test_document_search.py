"""How texts are cut into passages, what of a query is searched for, and which passages come first."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.documents.headings import Markup
from agents.documents.index import Index
from agents.documents.passages import MAX_CHARACTERS, MAX_WORDS, cut
from agents.documents.search import Entry, Hit, best, match_expression, query_terms

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


def entry(key: int, path: str, title: str = "") -> Entry:
    return Entry(id=key, path=path, sha256=f"hash of {key}", title=title, date="", length=100)


def test_a_document_whose_name_says_what_is_asked_comes_first() -> None:
    about, other = entry(1, "lambda/invoke.rst"), entry(2, "lambda/delete-invoke-config.rst")
    hits = [Hit(other, 0, "x", 5.0), Hit(about, 0, "y", 4.5)]
    assert [hit.document for hit in best(hits, ["invoke", "Lambda"], 6)] == [about, other]
    assert [hit.document for hit in best(hits, ["removal"], 6)] == [other, about]


def test_no_document_fills_an_answer_while_others_match() -> None:
    long, short = entry(1, "long.md"), entry(2, "short.md")
    hits = [Hit(long, start, "x", 10.0 - start) for start in range(6)]
    assert [hit.start for hit in best(hits, ["x"], 4)] == [0, 1, 2, 3]
    mixed = best([*hits, Hit(short, 50, "y", 2.0)], ["x"], 3)
    assert [hit.document.path for hit in mixed] == ["long.md", "long.md", "short.md"]
