"""HTML as readable text: headings as `#` lines, items as `-` lines, code in fences, a table row on one line."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from typing_extensions import override

from agents.documents.folder import NotReadableError

MAX_HTML_BYTES = 8_000_000
"""A larger page is not read: it would be parsed for seconds."""

MAX_PIECES = 500_000
"""Tags and stretches of text that a page may have, for the same reason: the largest manuals have 400,000."""

_MIN_MAIN = 200
"""Characters that the main part of a page must have to stand for the whole."""

_DROPPED = re.compile("button|iframe|nav|noscript|script|select|style|svg|template|textarea|title")
_DROPPED_ROLES = re.compile("navigation|search|menu|menubar|toolbar")
_DROPPED_CLASSES = re.compile(
    r"(?:^|\s)(?:nav|nav-?bar|nav-?header|nav-?footer|navigation|breadcrumbs?|sphinxsidebar)(?:\s|$)"
)
"""The ways around a site that are not marked up as such: a page's own words are not among them."""

_DROPPED_LINKS = re.compile(r"\b(anchor-link|doc-anchor|hash-link|header-anchor|headerlink|mark)\b")
"""The marks that documentation tools hang on a heading, by their class."""

_BLOCKS = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer"
    "|form|header|hgroup|hr|main|ol|p|pre|section|summary|table|tbody|tfoot|thead|ul"
)
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr")
_HEADING = re.compile("h([1-6])")

_META_DATES = re.compile(
    r"(dc\.|dcterms\.|citation_)?(publication_|online_)?(date|created|issued)(\.(issued|created))?"
    r"|article:(published|modified)_time|og:updated_time|pubdate|publishdate|last-modified|revised"
)

_SPACES = re.compile(r"\s+")
_LINE_BREAK = "\0"
"""Stands for <br> until white space is collapsed; a NUL never comes out of a page that is read."""


@dataclass(frozen=True)
class Page:
    """What a page says: its text, its <title>, and the date in its <meta> elements as it is written there."""

    text: str
    title: str
    date: str


@dataclass
class _Style:
    """How a block will stand: what comes before it, and of what it is a row; rows of one thing stand close."""

    prefix: str = ""
    row_of: str = ""


@dataclass
class _Block:
    text: str
    row_of: str
    main: bool


@dataclass
class _Inside:
    """Within an element, until as many ends as starts of its tag were seen."""

    tag: str = ""
    depth: int = 0

    def starts(self, tag: str, applies: bool) -> None:
        if not self.depth and applies:
            self.tag, self.depth = tag, 1
        elif self.depth and tag == self.tag:
            self.depth += 1

    def ends(self, tag: str) -> None:
        if self.depth and tag == self.tag:
            self.depth -= 1


@dataclass
class _Gathered:
    """What was read so far."""

    blocks: list[_Block] = field(default_factory=list[_Block])
    title: str = ""
    date: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.gathered = _Gathered()
        self._parts: list[str] = []
        self._style = _Style()
        self._dropped, self._main, self._pre = _Inside(), _Inside(), _Inside()
        self._cell = False
        self._pieces = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._count()
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self._read_meta(given)
        if _VOID.fullmatch(tag):
            self._void(tag)
            return
        role = given.get("role", "").lower()
        self._dropped.starts(
            tag,
            bool(_DROPPED.fullmatch(tag) or _DROPPED_ROLES.fullmatch(role))
            or (tag != "body" and bool(_DROPPED_CLASSES.search(given.get("class", ""))))
            or (tag == "a" and bool(_DROPPED_LINKS.search(given.get("class", "")))),
        )
        if self._dropped.depth:
            return
        self._main.starts(tag, tag == "main" or role == "main")
        heading = _HEADING.fullmatch(tag)
        if heading:
            self._border(_Style("#" * int(heading[1]) + " "))
        elif tag in ("li", "tr"):
            self._border(_Style("- " if tag == "li" else "", row_of=tag))
        elif tag in ("td", "th"):
            self._parts.append(" | " if self._parts else "")
        elif _BLOCKS.fullmatch(tag):
            self._block_border(tag)
        self._cell = tag in ("td", "th") or (self._cell and tag not in ("tr", "table"))
        self._pre.starts(tag, tag == "pre")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._count()
        if self._dropped.depth:
            self._dropped.ends(tag)
            return
        if _HEADING.fullmatch(tag) or tag in ("li", "tr"):
            self._border(_Style())
        elif _BLOCKS.fullmatch(tag):
            self._block_border(tag)
        self._cell = self._cell and tag not in ("td", "th", "tr", "table")
        self._pre.ends(tag)
        self._main.ends(tag)

    @override
    def handle_data(self, data: str) -> None:
        self._count()
        if not self._dropped.depth:
            self._parts.append(data)
        elif self._dropped.tag == "title" and not self._main.depth:
            self.gathered.title += data

    @override
    def parse_html_declaration(self, i: int) -> int:
        try:
            return super().parse_html_declaration(i)
        except AssertionError:  # what the parser says to a marked section that it does not know
            return self.parse_bogus_comment(i)

    def finish(self) -> None:
        """Takes what was gathered last.

        The parser is never closed: at a tag without an end it stops, as a browser does, whereas closing it would
        search the rest of the page again for every such tag that follows.
        """
        self._border(_Style())

    def _count(self) -> None:
        self._pieces += 1
        if self._pieces > MAX_PIECES:
            raise NotReadableError(f"more than {MAX_PIECES:,} pieces of HTML")

    def _void(self, tag: str) -> None:
        if self._dropped.depth:
            return
        if tag == "br":
            self._parts.append("\n" if self._pre.depth else _LINE_BREAK)
        elif tag == "hr":
            self._border(_Style())

    def _read_meta(self, given: dict[str, str]) -> None:
        name = given.get("name", given.get("property", given.get("itemprop", ""))).lower()
        if not self.gathered.date and _META_DATES.fullmatch(name):
            self.gathered.date = given.get("content", "")

    def _block_border(self, tag: str) -> None:
        """A paragraph in a cell does not break the row."""
        if self._cell and tag in ("p", "div"):
            self._parts.append(" ")
        else:
            self._border(None)

    def _border(self, style: _Style | None) -> None:
        """Ends the block that is gathered, if there is one; without a style, an item's mark waits for its text."""
        raw = "".join(self._parts)
        self._parts.clear()
        if self._pre.depth and raw.strip():
            text = _fenced(raw)
        else:
            lines = _SPACES.sub(" ", raw).split(_LINE_BREAK)
            text = "\n".join(line.strip() for line in lines).strip()
        if text:
            block = _Block(self._style.prefix + text, self._style.row_of, self._main.depth > 0)
            self.gathered.blocks.append(block)
            self._style = _Style()
        if style is not None:
            self._style = style


def _fenced(code: str) -> str:
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}\n{code.strip(chr(10)).rstrip()}\n{fence}"


def read_html(source: str) -> Page:
    """The page as text, without navigation, scripts and the like; only its main part if it has one.

    Raises NotReadableError for a page of more than MAX_PIECES pieces.
    """
    reader = _Reader()
    reader.feed(f"{source}\n")  # a last "&" is held back until something follows
    reader.finish()
    blocks = [block for block in reader.gathered.blocks if block.main]
    if sum(len(block.text) for block in blocks) < _MIN_MAIN:
        blocks = reader.gathered.blocks
    pieces: list[str] = []
    row_of = ""
    for block in blocks:
        pieces += ["\n" if row_of and row_of == block.row_of else "\n\n", block.text]
        row_of = block.row_of
    return Page("".join(pieces[1:]), reader.gathered.title, reader.gathered.date)
