"""The forms that a saved run is exported in, by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sessions.export.saved import Saved

Format = Literal["md", "html", "json", "jsonl"]


def _markdown(saved: Saved) -> bytes:
    from sessions.export.markdown import markdown

    return markdown(saved).encode()


def _html(saved: Saved) -> bytes:
    # A template engine is read in only for this one.
    from sessions.export.html import html

    return html(saved).encode()


def _json(saved: Saved) -> bytes:
    from sessions.snapshot import snapshot

    return snapshot(saved.state, saved.events, saved.evidence) + b"\n"


def _jsonl(saved: Saved) -> bytes:
    from sessions.export.jsonl import jsonl

    return jsonl(saved)


_MAKERS: dict[Format, Callable[[Saved], bytes]] = {
    "md": _markdown,
    "html": _html,
    "json": _json,
    "jsonl": _jsonl,
}

_ENDINGS: dict[str, Format] = {".html": "html", ".htm": "html", ".json": "json", ".jsonl": "jsonl"}


def format_of(path: Path | None) -> Format:
    """The format that a file's name asks for by its ending; the report where it says nothing."""
    return _ENDINGS.get(path.suffix.lower(), "md") if path else "md"


def export_run(directory: Path, format: Format) -> bytes:
    """The run of that directory in that format: UTF-8 that ends in a newline, harmless on a terminal.

    Raises SessionDamagedError, and NothingToExportError for the report of a run that has none.
    """
    return _MAKERS[format](Saved.read(directory))
