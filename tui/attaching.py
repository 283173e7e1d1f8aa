"""Coming to a run that is live: the first time, or again when the connection went and the engine did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.port.link import attach
from sessions.errors import BadInputError
from tui.safe import safe_line
from tui.seat import GONE

if TYPE_CHECKING:
    from agents.port.link import Link
    from tui.app import Dashboard
    from tui.seat import Seat

CAUGHT_UP = "This window had fallen behind the run, and has caught up."


async def come(app: Dashboard, link: Link) -> None:
    """Sits down at the run there; shows it as saved where its engine leaves, or takes no more windows."""
    seat = await app.connected(link)
    if seat.run:
        app.sit(seat)
        return
    app.notify(safe_line(seat.farewell or GONE), severity="warning", markup=False)
    await app.open(link.run)


async def come_back(app: Dashboard, cut: Seat) -> None:
    """Sits down again at a run whose connection went, and says so; or says that its engine is gone."""
    try:
        seat = await app.connected(attach(cut.run))
    except BadInputError:
        seat = None
    if app.seat is not cut:  # the person has gone elsewhere meanwhile
        if seat is not None:
            seat.leave()
    elif seat is not None and seat.run:
        app.sit(seat)
        app.notify(CAUGHT_UP, markup=False)
    else:
        cut.broke_off()
        app.steering.engine_left(cut)
