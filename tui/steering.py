"""What a person wants of the run: resume, stop, leave, approve its plan; each asked of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui import parting
from tui.folders import with_folder
from tui.leaving import Beginning, leave
from tui.mends import mend
from tui.notices import STYLES
from tui.plan_steering import PlanSteering
from tui.spoke_steering import SpokeSteering
from tui.start import LIVE_PACE_S, STARTING

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from agents.port.messages import Begin, Command
    from sessions.plan import Subtask
    from tui.app import Dashboard
    from tui.screens.key_form import Another
    from tui.seat import Seat

ONE_BEGINS = "A run is about to begin; what is asked now can be asked again when it has begun."


class _Tried(NamedTuple):
    """With what else a run was gone on with, and how many replies it had had until then."""

    run: str
    turns: int
    fields: tuple[str, ...]


_NOTHING_TRIED = _Tried("", 0, ())


class Steering:
    """The dashboard's words to the engine of the run one sits at."""

    def __init__(self, app: Dashboard) -> None:
        self._app = app
        self.spokes = SpokeSteering(app, self)
        """What a person wants of single spokes."""
        self.plan = PlanSteering(app, self)
        """What a person wants of the plan that waits."""
        self._tried = _NOTHING_TRIED
        self._wants_key: Seat | None = None
        """The seat whose run ended for want of another key, until that is asked for."""
        self._warned_at: Seat | None = None
        """The seat of which it was said that it is of another version than its engine."""

    @property
    def seat(self) -> Seat | None:
        """The run that one sits at."""
        return self._app.seat

    def tell(self, text: str, severity: SeverityLevel = "warning") -> None:
        """Says something on the event line, and wherever else one looks."""
        self._app.run_screen.tell(text, STYLES[severity])
        if self._app.screen is self._app.run_screen:
            self._app.notices.keep(text, severity)
        else:
            self._app.notify(text, severity=severity, markup=False)

    def say(self, command: Command, done: str = "") -> None:
        """Says something to the engine; what could not be done is told."""

        async def work() -> None:
            seat = self.seat
            if seat is None:
                return
            answer = await seat.do(command)
            if not answer.ok:
                self.tell(answer.message)
            elif done:
                self.tell(done, "information")

        self._app.run_worker(work())

    # The run

    def resume(
        self, run: str, retry: dict[str, Subtask | None] | None = None, another: Another | None = None
    ) -> None:
        """Goes on with a saved run: all that failed, or only these spokes; perhaps with another key or model."""
        from agents.port.messages import Begin
        from agents.run_settings import Settings

        # `--yes` was said of one run, and of no other.
        approved = run == self._app.approved_run
        settings = Settings(model=another.model if another else None, pace=LIVE_PACE_S)
        key = another.key if another else None
        self.begin(Begin(id=0, resume=run, retry=retry, settings=settings, approved=approved, key=key))

    def ask_key(self) -> None:
        """Asks for another key, or model, where the run was stopped for want of one."""
        from tui.screens.key_form import KeyForm

        seat = self.seat
        stopped = seat.state.stopped_by if seat and not seat.live else None
        if seat is None or stopped is None:
            self.tell("no other key is asked for")
            return
        told = mend(stopped)

        def answered(another: Another | None) -> None:
            if another is not None and self.seat is seat:
                given = (("key", another.key), ("model", another.model))
                fields = tuple(field for field, value in given if value)
                self._tried = _Tried(seat.run, seat.state.usage.turns, fields)
                self.resume(seat.run, another=another)
            else:
                self.tell(f"K asks for {told.another} again; {told.leaving}")

        # What was typed before is refused too where no reply came since.
        before = self._tried if self._tried[:2] == (seat.run, seat.state.usage.turns) else _NOTHING_TRIED
        refused = next((field for field in told.fields if field in before.fields), "")
        attempt = seat.state.attempt(stopped.spoke, stopped.attempt)
        form = KeyForm(stopped, model=attempt.model if attempt else "", refused_too=refused)
        self._app.push_screen(form, answered)

    def go_on(self) -> None:
        """Goes on with the run that is shown, where nobody works on it; a finished one only when one is sure."""
        seat = self.seat
        if seat is None or not seat.run or seat.live:
            return
        if seat.state.status == "gaps":
            self.spokes.rerun()
        else:
            self.resume(seat.run)

    def begin(self, begin: Begin) -> None:
        """Begins a run, or goes on with one, and shows it; of an imported one, the folder is asked first."""
        with_folder(self._app, begin, self._begin)

    def _begin(self, begin: Begin) -> None:
        if self._app.beginning is not None:
            self.tell(ONE_BEGINS)
            return
        # At once: a second key may come before the worker's first step.
        beginning = self._app.beginning = Beginning(begin)
        self._app.run_screen.tell(STARTING)
        if self._app.screen is not self._app.run_screen:
            # Taken away as soon as the engine answers.
            self._app.notify(f"{STARTING[:1].upper()}{STARTING[1:]}", markup=False, timeout=600)

        async def work() -> None:
            if await self._app.begin(beginning):
                self._app.show_run()

        self._app.run_worker(work())

    def stop(self) -> None:
        """Stops the run, after asking."""
        from tui.screens.confirm import ConfirmScreen

        seat = self.seat
        if seat is None or not seat.live:
            self.tell("the run is not live")
            return

        def sure(answer: str | None) -> None:
            if answer == "stop":
                from agents.port.messages import Stop

                self.say(Stop(id=0), "stopped" if seat.state.unsaved else "stopped; c goes on with it")

        choices = [("n", "no, go on", ""), ("y", parting.stopping(seat), "stop")]
        self._app.push_screen(ConfirmScreen("Stop this run?", choices), sure)

    def save_again(self) -> None:
        """Has a run that the disk did not take saved now."""
        from agents.port.messages import SaveAgain

        self.tell("saving …", "information")
        self.say(SaveAgain(id=0), "all is saved again")

    def go_on_unsaved(self) -> None:
        """Lets a run that is not saved go on in memory, after asking."""
        from agents.port.messages import GoOnUnsaved
        from tui.screens.confirm import ConfirmScreen

        def sure(answer: str | None) -> None:
            if answer == "go on":
                self.say(GoOnUnsaved(id=0), "the run goes on in memory; S saves it when there is room")

        choices = [("n", "no, wait", ""), ("y", "go on; what is not saved is lost when the engine goes", "go on")]
        self._app.push_screen(ConfirmScreen("Go on without saving?", choices), sure)

    def leave(self) -> None:
        """Leaves the dashboard, after asking what becomes of a live run."""
        leave(self._app)

    def engine_left(self, seat: Seat) -> None:
        """The engine is gone: at the run's end, or in the middle."""
        from tui.screens.confirm import ConfirmScreen

        if isinstance(self._app.screen, ConfirmScreen):
            # It asked what becomes of a live run.
            self._app.screen.dismiss("")
        self._wants_key = seat if seat.state.stopped_by is not None else None
        self.look()
        if seat.lost:
            self.tell(f"{seat.lost} c resumes: what is finished is not done again", "error")
        elif seat.farewell:
            self.tell(seat.farewell, "error")

    def look(self) -> None:
        """Shows what has begun to wait for a person; takes a plan away that somebody else has answered."""
        seat = self.seat
        if seat is None:
            return
        self._look_at_versions(seat)
        if self.plan.take_away(seat) or self._app.screen is not self._app.run_screen:
            return
        if self._wants_key is seat:
            self._wants_key = None
            self.ask_key()
        else:
            self.plan.show(seat)

    def _look_at_versions(self, seat: Seat) -> None:
        """Says once of a seat that it may only watch, or that its engine cannot be understood."""
        said = seat.read_only if seat.live else "" if seat.lost else seat.farewell
        if said and self._warned_at is not seat and self._app.screen is self._app.run_screen:
            self._warned_at = seat
            self.tell(said)
