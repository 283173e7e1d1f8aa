"""What a document says, from its bytes: its text, its title, its date.

The text is what is stored, searched and cited: its newlines are all `\\n`, it holds neither NUL nor surrogates.
"""

import asyncio
import codecs
import math
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, ValidationError

from agents.documents.folder import NotReadableError
from agents.documents.headings import Markup
from agents.documents.html_text import MAX_HTML_BYTES, read_html
from agents.documents.title_date import date_of, title_of

Kind = Literal["markdown", "plain", "html", "pdf"]

PDF_TIMEOUT_S = 30.0

_PDF_READER = str(Path(__file__).with_name("extract_pdf.py"))
_CHILD_ENVIRONMENT = frozenset(
    {"PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONUSERBASE"}
)
"""The only variables that the process reading a PDF is given: it needs no secrets."""

_KINDS: dict[str, Kind] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "plain",
    ".text": "plain",
    ".rst": "plain",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
}
_PLAIN_NAMES = re.compile(
    r"(readme|license|licence|copying|copyright|notice|changelog|changes|news|history|authors|contributors"
    r"|contributing|credits|thanks|install|faq|manual|security|todo)(\.debian)?",
    re.IGNORECASE,
)

_NEWLINES = re.compile(r"\r\n?")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_CHARSETS = ("iso8859", "cp", "shift_jis", "euc_", "gb", "big5", "koi8", "mac_")
"""The beginnings of the codecs that a page may name; others, such as `unicode_escape`, are no character sets."""


@dataclass(frozen=True)
class Extracted:
    """A document's text as it is stored, its title (never empty), its date as it states it ("" if it does not)."""

    text: str
    title: str
    date: str
    markup: Markup


class _PdfReply(BaseModel):
    """What the child process says of a PDF."""

    text: str = ""
    title: str = ""
    error: str = ""


def kind_of(path: str) -> Kind | None:
    """How a file is read, by its name; None if it is no document."""
    name = PurePosixPath(path)
    if _PLAIN_NAMES.fullmatch(name.name):
        return "plain"
    return _KINDS.get(name.suffix.lower())


def markup_of(kind: Kind) -> Markup:
    """How headings stand in the stored text of a kind."""
    return "markdown" if kind in ("markdown", "html") else "plain"


def extract(data: bytes, path: str, kind: Kind) -> Extracted:
    """The document in a file of any kind but PDF. Raises NotReadableError if it is binary, empty or too large."""
    title = date = ""
    if kind == "html":
        if len(data) > MAX_HTML_BYTES:
            raise NotReadableError(f"larger than {MAX_HTML_BYTES // 1_000_000} MB of HTML")
        page = read_html(_decoded(data, _declared(data)))
        text, title, date = _clean(page.text), page.title, page.date
    else:
        text = _clean(_decoded(data))
    return _described(text, path, markup_of(kind), title, date)


async def extract_from_pdf(data: bytes, path: str, timeout_s: float = PDF_TIMEOUT_S) -> Extracted:
    """The document in a PDF, read by a process of its own, which does not outlive this call.

    Raises NotReadableError if it cannot be read, holds no text, or takes longer than `timeout_s` seconds.
    """
    if not data:
        raise NotReadableError("empty")
    # By its file, so that it is found from anywhere; -P keeps that file's folder off the path. In a session of its
    # own, an interrupt at the terminal does not end it as if the PDF had been at fault.
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            _PDF_READER,
            str(math.ceil(timeout_s)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if name in _CHILD_ENVIRONMENT},
        )
    except OSError as error:
        raise NotReadableError(f"not readable: no process for it ({error.strerror})", lasting=False) from error
    try:
        async with asyncio.timeout(timeout_s):
            output, _ = await process.communicate(data)
    except TimeoutError:
        raise NotReadableError(f"not readable: its text took more than {timeout_s:g} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        reply = _PdfReply.model_validate_json(output)
    except ValidationError:
        raise NotReadableError("not readable: reading it took too much memory or time") from None
    if reply.error:
        raise NotReadableError(f"not readable: {reply.error}")
    if not reply.text.strip():
        raise NotReadableError("no text in it: perhaps its pages are pictures")
    return _described(_clean(reply.text), path, "plain", reply.title)


def _described(text: str, path: str, markup: Markup, title: str = "", date: str = "") -> Extracted:
    """The document with its title and date, as told outside its text or, where they are not, in it."""
    if not text.strip():
        raise NotReadableError("empty")
    title = title_of(text, markup, title) or PurePosixPath(path).name
    return Extracted(text, title, date_of(text, markup, date), markup)


def _decoded(data: bytes, declared: str = "") -> str:
    """The text in a file. Raises NotReadableError if it is binary."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            text = data[len(mark) :].decode(codec, "replace")
            break
    else:
        if b"\0" in data:
            raise NotReadableError("binary")
        text = _decoded_without_mark(data, declared)
    if "\0" in text:
        raise NotReadableError("binary")
    return text


def _decoded_without_mark(data: bytes, declared: str) -> str:
    for codec in ("utf-8", declared, "cp1252"):
        try:
            return data.decode(codec or "utf-8")
        except (LookupError, UnicodeError):
            continue
    return data.decode("latin-1")


def _declared(data: bytes) -> str:
    """The character set that a page names for itself, if it is one."""
    match = _CHARSET.search(data, 0, 2_000)
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else ""
    except (LookupError, ValueError):
        return ""
    return name if name.startswith(_CHARSETS) else ""


def _clean(text: str) -> str:
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", _NEWLINES.sub("\n", text))
