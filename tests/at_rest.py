"""When a dashboard under a pilot has dealt with a key: once no message waits, however busy the machine is."""

from textual._context import active_app
from textual.app import ScreenStackError
from textual.pilot import Pilot

_ROUNDS = 30
"""Of messages that lead to messages; an app that goes on for ever is not waited for any longer."""

_RESIZED_S = 0.01
"""A new size reaches the screen a little later than the app, in case that more are to come."""


async def at_rest(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Stands in for Textual's `wait_for_idle`, which waits till the processor idles: 20 ms at least, up to 1 s."""
    app = active_app.get()
    try:
        for _ in range(_ROUNDS):
            fits = app.screen.outer_size == app.size
            await Pilot(app).pause(0 if fits else _RESIZED_S)
            if fits and not any(
                pump.message_queue_size for pump in (app, *app.screen.walk_children(with_self=True))
            ):
                return
    except ScreenStackError:  # it has ended
        return
