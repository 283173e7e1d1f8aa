"""What becomes of a wish: which screen comes, what the engine is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.errors import BadInputError
from tui.safe import safe_line

if TYPE_CHECKING:
    from tui.app import Dashboard
    from tui.wish import Wish


def grant(app: Dashboard, wish: Wish) -> None:
    """Does what a person wants of the run that one sits at."""
    steering, run = app.steering, app.seat.run if app.seat else ""
    match wish.what:
        case "zoom":
            _zoom(app, wish.spoke, wish.attempt)
        case "retry":
            steering.spokes.retry([wish.spoke])
        case "retry_all":
            steering.spokes.retry_all()
        case "edit":
            steering.spokes.edit(wish.spoke)
        case "cancel":
            steering.spokes.cancel(wish.spoke)
        case "report":
            _report(app)
        case "plan":
            steering.plan.review()
        case "resume":
            steering.go_on()
        case "fork":
            app.fork(run)
        case "rerun":
            app.show_run()
            steering.spokes.rerun()
        case "save":
            steering.save_again()
        case "go_unsaved":
            steering.go_on_unsaved()
        case "trace":
            app.replay(run, wish)
        case "live":
            app.show_run()
        case "write":
            _write(app)
        case "stop":
            steering.stop()
        case "key":
            steering.ask_key()
        case "look":
            steering.look()


def _zoom(app: Dashboard, spoke: str, attempt: int) -> None:
    """One pane, whole; where a certain attempt is meant, what its tools returned."""
    from tui.screens.zoom import ZoomScreen

    if (seat := app.seat) is None:
        return
    screen = ZoomScreen(seat, spoke)
    app.push_screen(screen)
    if attempt and spoke in seat.state.spokes:
        # Done by the screen itself, once it is there.
        later = sum(other.number > attempt for other in seat.state.spokes[spoke].attempts)
        screen.call_later(screen.action_attempt, -later)
        screen.call_later(screen.action_part, "tools")


def _write(app: Dashboard) -> None:
    """The run to a file; one that the disk did not take as it is known here."""
    from tui.export_choice import choose_and_write

    if (seat := app.seat) is not None:
        choose_and_write(app, seat.run, tuple(seat.events) if seat.state.unsaved else ())


def _report(app: Dashboard) -> None:
    """The report, once there is one."""
    from sessions import paths
    from sessions.store import Store
    from tui.screens.report import ReportScreen

    seat = app.seat
    if seat is None or seat.state.report is None:
        app.run_screen.tell("there is no report yet", "$warning")
        return
    try:
        directory = Store(paths.home()).find(seat.run)
    except BadInputError as error:
        app.notify(safe_line(str(error)), severity="warning", markup=False)
        return
    app.push_screen(ReportScreen(seat.state, seat.state.report, directory))
