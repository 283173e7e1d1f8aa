"""Writing a saved run to a file in the form that a person picks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sessions.errors import BadInputError
from tui.safe import safe_line
from tui.screens.confirm import ConfirmScreen

if TYPE_CHECKING:
    from textual.app import App

    from sessions.events import AnyEvent
    from sessions.export.formats import Format

_FORMATS: dict[str, tuple[Format, str]] = {
    "m": ("md", "the report with its sources"),
    "h": ("html", "one page with report, sources, timeline and trace"),
    "j": ("json", "the session, to go on with elsewhere"),
    "l": ("jsonl", "its events, one a line"),
}
"""What each key writes."""


def choose_and_write(app: App[int], run: str, events: tuple[AnyEvent, ...] = ()) -> None:
    """Asks for a format and for a path, and writes the run of that id there; a notice says what became of it.

    `events` are those of a run of which the disk has not taken all.
    """

    def chosen(key: str | None) -> None:
        if key:
            app.run_worker(_write(app, run, _FORMATS[key][0], events), exit_on_error=False, group="export")

    choices = [(key, f"{format:<5}  {about}", key) for key, (format, about) in _FORMATS.items()]
    app.push_screen(ConfirmScreen(f"Write the run {run} to a file:", choices), chosen)


async def _write(app: App[int], run: str, format: Format, events: tuple[AnyEvent, ...]) -> None:
    from tui.writing import ask_and_write

    try:
        # In a thread, for a journal may be long.
        data = await asyncio.to_thread(_exported, run, format, events)
    except BadInputError as error:
        app.notify(safe_line(str(error)), markup=False, severity="warning")
    else:
        ask_and_write(app, f"hubspoke-{run}.{format}", data.decode().removesuffix("\n"))


def _exported(run: str, format: Format, events: tuple[AnyEvent, ...]) -> bytes:
    from sessions import paths
    from sessions.export.formats import export_run
    from sessions.store import Store

    return export_run(Store(paths.home()).find(run), format, events)
