"""Writing to a file: where to is asked, nothing is replaced unasked, and where it went is said."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui.safe import safe, safe_line
from tui.screens.confirm import ConfirmScreen
from tui.screens.prompt import PromptScreen

if TYPE_CHECKING:
    from textual.app import App

_REPLACE = "replace"


def ask_and_write(app: App[int], proposed: str, text: str) -> None:
    """Asks for a path until it could be written, or was left with escape; `proposed` stands there already."""

    def answered(typed: str | None) -> None:
        if typed is None or not typed.strip():
            return
        path = Path(typed.strip()).expanduser()
        if not path.is_file():
            app.run_worker(write(path), exit_on_error=False)
            return

        def sure(answer: str) -> None:
            if answer == _REPLACE:
                app.run_worker(write(path), exit_on_error=False)
            else:
                ask_and_write(app, typed, text)

        choices = [("n", "no, another name", ""), ("y", "replace it", _REPLACE)]
        app.push_screen(ConfirmScreen(f"{path} is there already.", choices), lambda answer: sure(answer or ""))

    def put(path: Path) -> Path:
        from tui.output import put_file

        put_file(path, f"{safe(text)}\n".encode())
        return path.resolve()

    async def write(path: Path) -> None:
        from tui.output import LostOutputError

        try:
            written = await asyncio.to_thread(put, path)
        except LostOutputError as error:
            app.notify(safe_line(str(error)), markup=False, severity="warning")
            ask_and_write(app, str(path), text)
        else:
            app.notify(f"Written to {safe_line(str(written))}", markup=False)

    app.push_screen(PromptScreen("Write to the file", proposed), answered)
