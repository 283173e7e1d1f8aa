"""Forking a run from the dashboard, and what is said before a saved run is taken up or forked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sessions.errors import BadInputError
from tui.safe import safe, safe_line

if TYPE_CHECKING:
    from pathlib import Path

    from agents.port.messages import Begin
    from sessions.state import RunState
    from tui.app import Dashboard


async def fork(app: Dashboard, run: str) -> None:
    """Asks for the question of a fork of this run, and begins it: its plan then waits for a person."""
    from tui.screens.prompt import PromptScreen

    try:
        state = await asyncio.to_thread(_saved, run)
    except BadInputError as error:
        app.notify(safe_line(str(error)), severity="warning", markup=False)
        return
    if state.plan is None:
        app.notify("There is no plan yet that a fork could take over.", severity="warning", markup=False)
        return

    def answered(told: str | None) -> None:
        if told is None:
            return
        if question := safe(told).strip():
            _begin(app, run, None if question == safe_line(state.question) else question)
        else:
            app.notify("The question of a fork cannot be empty.", severity="warning", markup=False)

    asked = "The fork's question (edited: all runs again)"
    app.push_screen(PromptScreen(asked, safe_line(state.question)), answered)


def _begin(app: Dashboard, run: str, question: str | None) -> None:
    from agents.port.messages import Begin
    from agents.run_settings import Settings
    from tui.start import LIVE_PACE_S

    app.steering.begin(Begin(id=0, fork=run, question=question, settings=Settings(pace=LIVE_PACE_S)))


async def foretold(begin: Begin) -> str:
    """What is going to be done again, for a saved run that is taken up or forked; else empty."""
    run = begin.fork or (begin.resume if not begin.file else None)
    if run is None:
        return ""
    try:
        return await asyncio.to_thread(_foretold, run, begin)
    except BadInputError:
        return ""  # the engine says what is wrong


def _foretold(run: str, begin: Begin) -> str:
    """Raises UnknownSessionError, SessionDamagedError."""
    from sessions.load import read_run
    from tui.resume_text import fork_sentence, resume_sentence

    if begin.fork:
        directory = _directory(run)
        return fork_sentence(directory.name, read_run(directory).events, begin.question, begin.plan)
    as_estimated = begin.settings.model is None
    return resume_sentence(_saved(run), begin.retry, as_estimated=as_estimated, approved=begin.approved)


def say(app: Dashboard, begin: Begin, told: str) -> None:
    """Says what was foretold: on the event line, and over what hides that, as the plan of a fork soon does."""
    app.run_screen.tell(told)
    if told and (begin.fork or app.screen is not app.run_screen):
        app.notify(told, markup=False)


def _saved(run: str) -> RunState:
    """The run as it stands on disk. Raises UnknownSessionError, SessionDamagedError."""
    from sessions.load import load_standing

    return load_standing(_directory(run))


def _directory(run: str) -> Path:
    """Where the run is. Raises UnknownSessionError."""
    from sessions import paths
    from sessions.store import Store

    return Store(paths.home()).find(run)
