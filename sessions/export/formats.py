"""The forms that a saved run is exported in, by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sessions.errors import BadInputError
from sessions.events import AnyEvent
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

_ENDINGS: dict[str, Format] = {
    "": "md",
    ".md": "md",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".jsonl": "jsonl",
}


class UnknownFormatError(BadInputError):
    """No format has that ending; the message is one sentence that says which there are."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} has no ending that is known: .md, .html, .json or .jsonl.")


def format_of(path: Path | None) -> Format:
    """The format that a file's name asks for by its ending; the report where it has none.

    Raises UnknownFormatError.
    """
    if path is None:
        return "md"
    if path.suffix.lower() not in _ENDINGS:
        raise UnknownFormatError(path)
    return _ENDINGS[path.suffix.lower()]


def export_run(directory: Path, format: Format, events: tuple[AnyEvent, ...] = ()) -> bytes:
    """The run of that directory in that format: UTF-8 that ends in a newline, harmless on a terminal.

    `events` are those of a run of which the disk has not taken all.
    Raises SessionDamagedError, and NothingToExportError for the report of a run that has none.
    """
    return _MAKERS[format](Saved.told(directory, events) if events else Saved.read(directory))
