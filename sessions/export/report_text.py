"""The report's own text: without the short list of sources at its end, and as HTML."""

import re
from collections import Counter
from collections.abc import Callable, Container

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from sessions.safe import safe, safe_line

_CITATION = re.compile(r"\[(\d{1,4})\]")
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
"""How a link begins that stays one."""

_DEEPEST = 6

# A wide table scrolls by itself; the outer box is what the window of a quote is placed in.
_BEFORE_TABLE = '<div class="wide"><div class="scroll" tabindex="0" role="group" aria-label="table">\n'
_AFTER_TABLE = "</div></div>\n"

Cite = Callable[[int, int], str]
"""The HTML of a citation: by its number, and by which mention of it this is, from 1."""


def _parser() -> MarkdownIt:
    """No HTML and no images; `[1][2]` is two citations, whatever the text defines as references."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return parser.disable(["image", "reference"])


def section_headings(markdown: str) -> set[str]:
    """The headings of the second level, in lower case."""
    return {heading.lower() for _, _, heading in _sections(markdown)}


def without_sources(markdown: str) -> str:
    """The report without its section `Sources`, in place of which an export has one that says more."""
    lines = markdown.split("\n")
    for start, end, heading in reversed(_sections(markdown)):
        if heading.lower() == "sources":
            del lines[start:end]
    return "\n".join(lines).strip() + "\n"


def _sections(markdown: str) -> list[tuple[int, int, str]]:
    """The sections of the second level: their first line, the one after their last, their heading."""
    tokens = _parser().parse(markdown)
    headings = [
        (token.map[0], token.tag, tokens[at + 1].content)
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]
    ends = [line for line, tag, _ in headings[1:] if tag] + [markdown.count("\n") + 1]
    return [
        (line, end, heading.strip())
        for (line, tag, heading), end in zip(headings, ends, strict=True)
        if tag == "h2"
    ]


def report_html(markdown: str, title: str, known: Container[int], cite: Cite) -> str:
    """The report as HTML in which nothing is live but its citations and links to the web.

    `title` stands above it already, so a first heading that says the same goes; the others begin at the third
    level. A number in brackets that is not `known` stays text.
    """
    mentions = Counter[int]()

    def mark(state: StateCore) -> None:
        for block in state.tokens:
            block.children = _marked(block.children, known, mentions, cite) if block.children else block.children

    parser = _parser()
    parser.validateLink = lambda url: _LINK.match(url) is not None
    parser.core.ruler.before("text_join", "citations", mark)
    parser.core.ruler.push("levels", lambda state: _lower(state, safe_line(title)))
    parser.core.ruler.push("tables", _box_tables)
    # Entities of the text were read meanwhile, so the gate is passed a second time.
    return safe(parser.render(safe(markdown)))


def _marked(tokens: list[Token], known: Container[int], mentions: Counter[int], cite: Cite) -> list[Token]:
    """The tokens of a text, with the citations as HTML; not those in code, nor within links."""
    marked: list[Token] = []
    links = 0
    for token in tokens:
        if token.type == "link_open":
            token.attrSet("rel", "noopener noreferrer")
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "text" or links:
            marked.append(token)
            continue
        for at, piece in enumerate(_CITATION.split(token.content)):
            if at % 2 and int(piece) in known:
                mentions[int(piece)] += 1
                html = cite(int(piece), mentions[int(piece)])
                marked.append(Token("html_inline", "", 0, content=html, level=token.level))
            elif piece:
                text = f"[{piece}]" if at % 2 else piece
                marked.append(Token("text", "", 0, content=text, level=token.level))
    return marked


def _lower(state: StateCore, title: str) -> None:
    tokens = state.tokens
    if tokens and tokens[0].tag == "h1" and safe_line(tokens[1].content) == title:
        del tokens[:3]
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(_DEEPEST, max(3, int(token.tag[1:]) + 1))}"


def _box_tables(state: StateCore) -> None:
    boxed: list[Token] = []
    for token in state.tokens:
        if token.type == "table_open":
            boxed.append(Token("html_block", "", 0, content=_BEFORE_TABLE))
        boxed.append(token)
        if token.type == "table_close":
            boxed.append(Token("html_block", "", 0, content=_AFTER_TABLE))
    state.tokens = boxed
