"""Opening a replay: which run, and at which moment of it."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING

from sessions import paths
from sessions.errors import BadInputError
from sessions.evidence_store import EvidenceStore
from sessions.film import Film
from sessions.run_lock import is_held
from sessions.sieve import Sieve
from sessions.store import Store
from tui.safe import safe_line
from tui.screens.replay import ReplayScreen
from tui.seat import Seat

if TYPE_CHECKING:
    from tui.app import Dashboard
    from tui.wish import Wish


_TEXTS = 32
"""Stored texts that are kept at hand."""


async def open_replay(app: Dashboard, run: str, wish: Wish | None) -> None:
    """Shows the film of a run from its beginning, or as a wish says; a live run, at which one sits down, grows on.

    A wish may name an event, or an attempt, whose last event is then meant; else it means the newest one.
    """
    if not run:
        app.run_screen.tell("nothing has happened yet", "$warning")
        return
    seat = _sat_at(app, run)
    directory = None
    try:
        directory = await asyncio.to_thread(Store(paths.home()).find, run)
        if seat is None and is_held(directory):
            await app.attach(run)
            seat = _sat_at(app, run)
        if seat is None:
            seat = Seat()
            await asyncio.to_thread(seat.show, directory)
    except BadInputError as error:
        if seat is None:
            app.notify(safe_line(str(error)), severity="warning", markup=False)
            return
    assert seat is not None, "there is one, or there was an error"
    film = await asyncio.to_thread(Film, tuple(seat.events))
    evidence = lru_cache(_TEXTS)(EvidenceStore(directory).get) if directory else _none_kept
    screen = ReplayScreen(seat, film, evidence, _moment(film, wish) if wish else 0)
    if wish and wish.spoke:
        screen.selected = wish.spoke
    if wish and wish.attempt and not wish.seq:
        screen.sieve = Sieve(owner=wish.spoke)
    app.push_screen(screen)


def _sat_at(app: Dashboard, run: str) -> Seat | None:
    return app.seat if app.seat is not None and app.seat.run == run else None


def _none_kept(sha256: str) -> None:
    """The run has no place on this disk."""


def _moment(film: Film, wish: Wish) -> int:
    """How many events had happened then."""
    if wish.seq:
        return next((n for n, event in enumerate(film.events, 1) if event.seq == wish.seq), len(film))
    places = film.attempt(wish.spoke, wish.attempt)
    return places[-1] + 1 if places else len(film)
