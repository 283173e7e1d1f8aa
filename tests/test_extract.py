"""What documents of each kind say, and which are refused, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.documents.extract import Extracted, extract, kind_of
from agents.documents.folder import NotReadableError
from agents.documents.headings import find_headings
from agents.documents.html_text import MAX_HTML_BYTES, MAX_PIECES, read_html


def read(text: str | bytes, path: str = "notes/file.md") -> Extracted:
    kind = kind_of(path)
    assert kind
    return extract(text if isinstance(text, bytes) else text.encode(), path, kind)


# Which files are documents


def test_documents_are_known_by_their_names() -> None:
    documents = "a.md A.MD a.markdown a.txt a.text a.rst a.html a.htm a.xhtml a.PDF d/README LICENSE copyright"
    assert all(kind_of(name) for name in documents.split())
    assert not any(kind_of(name) for name in "a.py a.json a.md.gz a makefile a.png README.py".split())


# Bytes


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Größe\r\nzwei\rdrei\n".encode(), "Größe\nzwei\ndrei\n"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "café"),
        ("naïve".encode("utf-16"), "naïve"),
        (b"\xfe\xff" + "naïve".encode("utf-16-be"), "naïve"),
        (b"caf\xe9 \x80 5", "café € 5"),
        (b"all \x81\x8d bytes", "all \x81\x8d bytes"),
    ],
)
def test_bytes_become_text_with_plain_newlines(data: bytes, text: str) -> None:
    assert read(data, "a.txt").text == text


@pytest.mark.parametrize("data", [b"\x00", b"MZ\x00\x01 text", b"\xff\xfea\x00\x00\x00", b"\x89PNG\r\n\x00"])
def test_binary_files_are_refused(data: bytes) -> None:
    with pytest.raises(NotReadableError, match=r"^binary$"):
        read(data, "a.txt")


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"<html><body><script>x</script></body>"])
def test_empty_files_are_refused(data: bytes) -> None:
    with pytest.raises(NotReadableError, match=r"^empty$"):
        read(data, "a.html" if data.startswith(b"<") else "a.md")


def test_a_page_may_name_its_character_set_but_no_other_codec() -> None:
    shift = '<meta charset="shift_jis"><p>日本語</p>'.encode("shift_jis")
    assert read(shift, "a.html").text == "日本語"
    for codec in ("rot13", "unicode_escape", "zlib", "undefined", "nonsense"):
        page = f'<meta charset="{codec}"><p>\\ud800 caf'.encode() + b"\xe9</p>"
        assert read(page, "a.html").text == r"\ud800 café"


@given(st.binary(max_size=200), st.sampled_from(["a.md", "a.txt", "a.html"]))
def test_any_bytes_become_clean_text_or_are_refused(data: bytes, path: str) -> None:
    try:
        found = read(data, path)
    except NotReadableError:
        return
    found.text.encode()
    assert "\r" not in found.text
    assert "\0" not in found.text
    assert found.title


# Titles and dates


@pytest.mark.parametrize(
    ("path", "text", "title"),
    [
        ("a.md", "---\ntitle: 'The *real* one'\ndate: 2024\n---\n# Other\n", "The real one"),
        ("a.md", '+++\ntitle = "In TOML"\n+++\nText\n', "In TOML"),
        ("a.md", "---\ntitle: 'The painter's one'\n---\n", "The painter's one"),
        ("a.md", '# "A draft" against "the book": two editors\n', '"A draft" against "the book": two editors'),
        ("a.md", '# "A draft" against "the book"\n', '"A draft" against "the book"'),
        ("a.md", "intro\n\n## A [linked](http://x/y) `heading` ##\n", "A linked heading"),
        ("a.md", "```\n# no heading\n```\n\nSet *Text*\n======\n", "Set Text"),
        ("a.md", "- item\n---\n\ntext\n---\n", "text"),
        ("a.md", '<p><h1 align="center">From <b>HTML</b></h1></p>\n\n## Later\n', "From HTML"),
        ("d/a.md", "Only text.\n", "a.md"),
        ("a.rst", ".. _x:\n\n=====\nTitle\n=====\n\nPart\n----\n", "Title"),
        ("a.rst", "Using :ref:`the tool <tool>`\n============================\n", "Using the tool"),
        ("a.rst", "PEP: 8\nTitle: Style Guide\nAuthor: X\n\nIntroduction\n============\n", "Style Guide"),
        ("a.txt", "no title\n--\n\n# a comment\n", "a.txt"),
        ("a.html", "<title>The\n Page &amp; more</title><h1>Head</h1><p>x", "The Page & more"),
        ("a.html", "<h1>Head<a class=headerlink>¶</a></h1><p>x", "Head"),
        ("a.html", "<svg><title>Icon</title></svg><p>x", "a.html"),
    ],
)
def test_titles(path: str, text: str, title: str) -> None:
    assert read(text, path).title == title


@pytest.mark.parametrize(
    ("path", "text", "date"),
    [
        ("a.md", "---\ndate: 2024-05-01T10:00:00Z\n---\nText", "2024-05-01"),
        ("a.md", "---\nlast_modified: '3 May 2021'\n---\nText", "3 May 2021"),
        ("a.md", "# T\n\nDate: 2024-05-01\n", "2024-05-01"),
        ("a.md", "# T\n\n**Published:** May 1st, 2024\n", "May 1st, 2024"),
        ("a.md", "*Last updated on 12 March 2020*\n", "12 March 2020"),
        ("a.md", "| Date | 2023-02 |\n", "2023-02"),
        ("a.rst", "PEP: 8\nCreated: 05-Jul-2001\n", "05-Jul-2001"),
        ("a.rst", ":Date: 2019\n", "2019"),
        ("a.txt", "Date: Wed, 01 May 2024 10:00\n", "01 May 2024"),
        ("a.html", "<meta name=date content='2022-01-31T00:00'><p>Text", "2022-01-31"),
        ("a.html", "<meta property='article:published_time' content=2022-01-31><p>Text", "2022-01-31"),
        ("a.md", "Created 2000 files in one go.\n", ""),
        ("a.md", "The date of 2024-05-01 is in the text.\n", ""),
        ("a.md", "Published by nobody.\n" + "\n" * 4_000 + "Date: 2024-05-01\n", ""),
    ],
)
def test_dates_are_only_taken_where_they_are_stated(path: str, text: str, date: str) -> None:
    assert read(text, path).date == date


def test_headings_have_levels() -> None:
    plain = "===\nTop\n===\n\nOne\n===\ntext\n\nTwo\n---\n\nSix\n===\n\na | b\n--- | ---\n"
    assert [(h.level, h.text) for h in find_headings(plain, "plain")] == [
        (1, "Top"),
        (2, "One"),
        (3, "Two"),
        (2, "Six"),
    ]
    markdown = "# A\n\nB\n---\n### C `d` #\n~~~\n# code\n~~~\n#no\n####### no\n"
    assert [(h.level, h.text) for h in find_headings(markdown, "markdown")] == [(1, "A"), (2, "B"), (3, "C d")]


# HTML


def test_a_page_becomes_readable_text() -> None:
    page = """<!doctype html><html><head><title>T</title><style>p {}</style><script>if (a < b) {}</script></head>
    <body><nav><a href=x>Home</a></nav><div role="navigation">Menu</div><p class="navheader">Prev</p>
    <h1>One &amp;
      only<a class="headerlink" href="#x">¶</a></h1><p>First <b>bold</b>,<br>second line.<p>Next &lt;p&gt;.
    <ul><li>one<li><p>two</p></li></ul>
    <table><tr><th>Field<th>Share<tr><td><p>Music</p></td><td>45&nbsp;%</td></tr></table>
    <pre><code>def f():
    return 1  # one
</code></pre><noscript>Enable it</noscript><!-- hidden --><hr>End</body></html>"""
    assert read_html(page).text == "\n\n".join(
        [
            "# One & only",
            "First bold,\nsecond line.",
            "Next <p>.",
            "- one\n- two",
            "Field | Share\nMusic | 45 %",
            "```\ndef f():\n    return 1  # one\n```",
            "End",
        ]
    )


def test_only_the_main_part_of_a_page_is_kept() -> None:
    main = "<p>" + "What the page is about. " * 20
    page = f"<header><p>Sign in</header><main>{main}</main><footer><p>Imprint</footer>"
    text = read_html(page).text
    assert "about" in text
    assert "Sign in" not in text
    assert "Imprint" not in text
    assert "Sign in" in read_html("<p>Sign in</p><main>short</main>").text


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<a ",
        "<a b='",
        "</",
        "<?",
        "<![",
        "<![x",
        "<",
        "&",
        "<a>",
        "<li>",
        "<td>",
        "<pre>",
        "<script>",
        "<p b=c ",
    ],
)
def test_hostile_pages_take_linear_time(piece: str) -> None:
    """What takes quadratic time on a page of this size would not come back while anybody waits for a test."""
    page = (piece * MAX_HTML_BYTES)[: MAX_HTML_BYTES // 16]
    try:
        read(f"<p>Text.</p>{page}", "a.html")
    except NotReadableError as error:
        assert "pieces of HTML" in str(error)


@pytest.mark.parametrize("piece", ["<b>", "<"])
def test_pages_of_too_many_pieces_are_refused(piece: str) -> None:
    with pytest.raises(NotReadableError, match=r"^more than 500,000 pieces of HTML$"):
        read_html(piece * (MAX_PIECES + 1))


def test_huge_pages_are_refused() -> None:
    with pytest.raises(NotReadableError, match=r"^larger than 8 MB of HTML$"):
        read(b" " * (MAX_HTML_BYTES + 1), "a.html")
