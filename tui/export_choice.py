"""Writing a saved run to a file in the form that a person picks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sessions.errors import BadInputError
from tui.screens.confirm import ConfirmScreen

if TYPE_CHECKING:
    from textual.app import App

    from sessions.export.formats import Format

_FORMATS: dict[str, tuple[Format, str]] = {
    "m": ("md", "the report with its sources"),
    "h": ("html", "one page with report, sources, timeline and trace"),
    "j": ("json", "the session, to go on with elsewhere"),
    "l": ("jsonl", "its events, one a line"),
}
"""What each key writes."""


def choose_and_write(app: App[int], run: str) -> None:
    """Asks for a format and writes the run of that id into the working directory; a notice says where."""

    def chosen(key: str | None) -> None:
        if key:
            # In a thread, for a journal may be long.
            work = partial(_write, app, run, _FORMATS[key][0])
            app.run_worker(work, thread=True, exit_on_error=False, group="export")

    choices = [(key, f"{format:<5}  {about}", key) for key, (format, about) in _FORMATS.items()]
    app.push_screen(ConfirmScreen(f"Write the run {run} to a file:", choices), chosen)


def _write(app: App[int], run: str, format: Format) -> None:
    from sessions import paths
    from sessions.export.formats import export_run
    from sessions.store import Store
    from tui.writing import write_text

    try:
        data = export_run(Store(paths.home()).find(run), format)
    except BadInputError as error:
        app.notify(str(error), markup=False, severity="warning")
        return
    app.notify(write_text(f"hubspoke-{run}.{format}", data.decode().removesuffix("\n")), markup=False)
