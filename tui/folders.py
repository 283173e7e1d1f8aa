"""Folders of documents that a person names: checked, and asked for where a run from elsewhere goes on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sessions import paths
from sessions.errors import BadInputError
from tui.safe import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from agents.port.messages import Begin
    from tui.app import Dashboard


def folder(typed: str) -> tuple[Path | None, str]:
    """The folder that was typed, None for nothing, or why it cannot be used, in one sentence."""
    if not typed:
        return None, ""
    named = safe_line(typed, 200)
    try:
        path = Path(typed).expanduser()
        if not path.exists():
            return None, f"There is no folder {named}."
        if not path.is_dir():
            return None, f"{named} is a file, not a folder."
        if not os.access(path, os.R_OK | os.X_OK):
            return None, f"The folder {named} may not be read."
    except (OSError, ValueError, RuntimeError):
        return None, f"{named} cannot be a folder here."
    return path.absolute(), ""


def with_folder(app: Dashboard, begin: Begin, then: Callable[[Begin], None]) -> None:
    """Goes on with `then`: at once, or with the folder that a person names where the run was imported."""
    if begin.settings.docs is None and _needs_folder(begin):
        _ask(app, begin, then)
    else:
        then(begin)


def _needs_folder(begin: Begin) -> bool:
    from sessions.from_elsewhere import needs_folder
    from sessions.store import Store

    run = begin.fork or (None if begin.file else begin.resume)
    try:
        return run is not None and needs_folder(Store(paths.home()).find(run))
    except BadInputError:
        return False  # the engine says what is wrong


def _ask(app: Dashboard, begin: Begin, then: Callable[[Begin], None], typed: str = "") -> None:
    from tui.screens.prompt import PromptScreen

    def answered(typed: str | None) -> None:
        if typed is None:
            app.run_screen.tell("The run was imported: it goes on when you name the folder that it may read.")
            return
        docs, problem = folder(typed.strip())
        if docs is None:
            app.notify(problem or "Name the folder that the run may read.", severity="warning", markup=False)
            _ask(app, begin, then, typed)
        else:
            settings = begin.settings.model_copy(update={"docs": docs})
            then(begin.model_copy(update={"settings": settings}))

    app.push_screen(PromptScreen("The run was imported. Folder it may read", safe_line(typed)), answered)
