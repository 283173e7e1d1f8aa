"""Coming to a run that is live: the first time, or again when the connection went and the engine did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.port.link import attach
from sessions import paths
from sessions.errors import BadInputError
from sessions.run_lock import is_held
from sessions.store import Store
from tui.safe import safe_line
from tui.seat import GONE

if TYPE_CHECKING:
    from agents.port.link import Link
    from tui.app import Dashboard
    from tui.seat import Seat

CAUGHT_UP = "This window had fallen behind the run, and has caught up."


async def come(app: Dashboard, link: Link) -> bool:
    """Sits down at the run there and answers whether; opens it as saved where its engine does not have one."""
    app.wanted = link.run
    seat = await app.connected(link)
    if app.wanted != link.run:
        seat.leave()
    elif seat.run:
        app.sit(seat)
        return True
    else:
        await _open_saved(app, link.run, seat.farewell or GONE)
    return False


async def come_back(app: Dashboard, cut: Seat) -> None:
    """Sits down again at a run whose connection went, and says so; or why not, and whether its engine is gone."""
    seat, why = None, ""
    try:
        seat = await app.connected(attach(cut.run))
        why = seat.farewell
    except BadInputError as error:
        why = str(error)
    if app.seat is not cut:  # the person has gone elsewhere meanwhile
        if seat is not None:
            seat.leave()
    elif seat is not None and seat.run:
        app.sit(seat)
        app.notify(CAUGHT_UP, markup=False)
    elif why and is_held(Store(paths.home()).path(cut.run)):
        await _open_saved(app, cut.run, why)
    else:
        cut.broke_off()
        app.steering.engine_left(cut)


async def _open_saved(app: Dashboard, run: str, why: str) -> None:
    """Shows a run as it is on disk, and says why it is not shown live."""
    app.notify(safe_line(why), severity="warning", markup=False)
    await app.open(run)
