"""What a document calls itself, and when it says it is from."""

import re
from collections.abc import Iterator

from agents.documents.headings import Markup, find_headings, front_matter, plain_words

_NEAR_TOP = 3_000
"""Characters at the beginning in which a document states its date."""

_HEAD = 20_000
"""Characters at the beginning in which its first heading stands."""

_TITLE = re.compile(r"^:?title[ \t]*[:=][ \t]*(?P<value>\S[^\n]*)$", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"(?P<mark>[\"'])(?P<inner>(?:(?!(?P=mark)\W).)*)(?P=mark)", re.DOTALL)
"""As front matter quotes a title: no quotation mark ends within it."""

_HTML_TITLE = re.compile(r"<h1\b[^>]{0,200}>(?P<value>.{1,400}?)</h1>", re.IGNORECASE | re.DOTALL)
_DRAFT_TITLE = re.compile(r"untitled.*|microsoft \w+ - .*|.*\.(docx?|dvi|indd|tex|rtf|pptx?)", re.IGNORECASE)
"""What writing programs put where a PDF's title belongs."""

_FIELD_DATE = re.compile(
    r"^(?:pub(?:lish(?:ed)?)?(?:[ _-]?(?:date|at|on))?|date|created|(?:last[ _-]?)?(?:updated|modified|mod))"
    r"[ \t]*[:=](?P<value>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_STATED_DATE = re.compile(
    r"^[ \t>*_|:#-]*(?:(?:publication |release )?date|published|(?:last[ -])?(?:updated|modified)|created)\b"
    r"(?P<value>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = re.compile(
    r"(?:[\s*_:|'\"]|on\b|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,)*"
    r"(?P<date>\d{4}-\d\d(?:-\d\d)?|\d{4}/\d\d/\d\d"
    rf"|\d{{1,2}}[ ./-](?:{_MONTH}|\d{{1,2}})[ .,/-]{{1,2}}\d{{4}}"
    rf"|{_MONTH} (?:\d{{1,2}}(?:st|nd|rd|th)?,? )?\d{{4}}"
    r"|\d{4}(?=\W*\Z))",
    re.IGNORECASE,
)


def title_of(text: str, markup: Markup, told: str = "") -> str:
    """The title told outside the text, or its front matter's, or its first heading; "" if there is none."""
    candidates = (plain_words(_unquoted(found)) for found in (_no_draft(told), *_titles(text, markup)))
    return next((candidate for candidate in candidates if candidate), "")


def date_of(text: str, markup: Markup, told: str = "") -> str:
    """The date told outside the text, or in its front matter, or on a line near its top; "" if there is none.

    It stands as the document writes it, without the time of day.
    """
    fields = front_matter(text)[0] if markup == "markdown" else ""
    values = [told]
    values += (match["value"] for match in _FIELD_DATE.finditer(fields))
    values += (match["value"] for match in _STATED_DATE.finditer(text[:_NEAR_TOP]))
    return next((match["date"] for match in map(_DATE.match, values) if match), "")


def _unquoted(title: str) -> str:
    """Without the quotation marks around all of it; those around a part of it belong to the title."""
    quoted = _QUOTED.fullmatch(title.strip())
    return quoted["inner"] if quoted else title


def _no_draft(told: str) -> str:
    return "" if _DRAFT_TITLE.fullmatch(told.strip()) else told


def _titles(text: str, markup: Markup) -> Iterator[str]:
    top = text[:_NEAR_TOP].strip().partition("\n\n")[0]
    fields = front_matter(text)[0] if markup == "markdown" else top
    yield from (match["value"] for match in _TITLE.finditer(fields))
    heading = next(iter(find_headings(text[:_HEAD], markup)), None)
    marked = _HTML_TITLE.search(text, 0, _NEAR_TOP) if markup == "markdown" else None
    if marked and (heading is None or marked.start() < heading.start):
        yield marked["value"]
    if heading:
        yield heading.text
