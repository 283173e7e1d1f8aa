"""What a person wants of the run: retry, edit, cancel, stop, approve, resume, leave; each asked of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.start import LIVE_PACE_S

if TYPE_CHECKING:
    from agents.port.messages import Begin, Command
    from sessions.plan import Subtask
    from sessions.state import SpokeState
    from tui.app import Dashboard
    from tui.screens.plan_review import Decision, PlanReview
    from tui.seat import Seat


ANSWERED = "the plan was answered in another window"


class Steering:
    """The dashboard's words to the engine of the run one sits at."""

    def __init__(self, app: Dashboard) -> None:
        self._app = app
        self._reviewed = ("", 0)
        """The run, and the event after which its plan was shown for review last."""
        self._told: object = None
        """The review of which it was said that somebody else has answered."""

    @property
    def _seat(self) -> Seat | None:
        return self._app.seat

    def _tell(self, text: str, style: str = "$warning") -> None:
        self._app.run_screen.tell(text, style)

    def _say(self, command: Command, done: str = "") -> None:
        """Says something to the engine; what could not be done is told."""

        async def say() -> None:
            seat = self._seat
            if seat is None:
                return
            answer = await seat.do(command)
            self._tell(done if answer.ok else answer.message, "" if answer.ok else "$warning")

        self._app.run_worker(say())

    # Spokes

    def retry(self, ids: list[str], subtask: Subtask | None = None) -> None:
        """Another attempt on spokes that failed or were cancelled: in the live run, or by resuming a saved one."""
        from agents.port.messages import Retry

        seat = self._seat
        if seat is None:
            return
        spokes = [spoke for id in ids if (spoke := seat.state.spokes.get(id)) and _retryable(spoke)]
        if not spokes:
            self._tell("only a spoke that failed or was cancelled is retried")
        elif seat.live:
            for spoke in spokes:
                attempt = spoke.last.number if spoke.last else 0
                self._say(Retry(id=0, spoke=spoke.id, attempt=attempt, subtask=subtask), f"{spoke.title}: retried")
        else:
            self.resume(seat.run, retry={spoke.id: subtask for spoke in spokes})

    def retry_all(self) -> None:
        """Another attempt on every spoke that failed."""
        if self._seat is not None:
            self.retry([spoke.id for spoke in self._seat.state.spokes.values() if spoke.status == "failed"])

    def edit(self, id: str) -> None:
        """Another attempt on an edited brief."""
        from tui.screens.subtask_form import SubtaskForm

        seat = self._seat
        spoke = seat.state.spokes.get(id) if seat else None
        if seat is None or spoke is None or seat.state.plan is None or not _retryable(spoke):
            self._tell("only the brief of a spoke that failed or was cancelled is edited")
            return
        subtask = seat.state.plan.subtask(id)

        def edited(changed: Subtask | None) -> None:
            if changed is not None:
                self.retry([id], changed)

        form = SubtaskForm(subtask, roles=_roles(), others=(), title="Edit the brief and retry", brief_only=True)
        self._app.push_screen(form, edited)

    def cancel(self, id: str) -> None:
        """Gives a spoke up."""
        from agents.port.messages import Cancel

        seat = self._seat
        spoke = seat.state.spokes.get(id) if seat else None
        if seat is None or spoke is None or not seat.live:
            self._tell("there is nothing to cancel here")
            return
        self._say(
            Cancel(id=0, spoke=id, attempt=spoke.last.number if spoke.last else 0), f"{spoke.title}: cancelled"
        )

    # The run

    def resume(self, run: str, retry: dict[str, Subtask | None] | None = None) -> None:
        """Goes on with a saved run: all of what failed, or only these spokes."""
        from agents.port.messages import Begin
        from agents.run_settings import Settings

        # `--yes` was said of one run, and of no other.
        approved = run == self._app.approved_run
        settings = Settings(pace=LIVE_PACE_S)
        self.begin(Begin(id=0, resume=run, retry=retry, settings=settings, approved=approved))

    def go_on(self) -> None:
        """Goes on with the run that is shown, where nobody works on it."""
        seat = self._seat
        if seat is not None and seat.run and not seat.live:
            self.resume(seat.run)

    def begin(self, begin: Begin) -> None:
        """Begins a run, or goes on with one, and shows it."""
        self._tell("starting the engine …", "")

        async def work() -> None:
            if await self._app.begin(begin):
                self._app.show_run()

        self._app.run_worker(work())

    def stop(self) -> None:
        """Stops the run, after asking."""
        from tui.screens.confirm import ConfirmScreen

        seat = self._seat
        if seat is None or not seat.live:
            self._tell("the run is not live")
            return

        def sure(answer: str | None) -> None:
            if answer == "stop":
                from agents.port.messages import Stop

                self._say(Stop(id=0), "stopped; c goes on with it")

        choices = [("n", "no, go on", ""), ("y", "stop it; it is saved and can be resumed", "stop")]
        self._app.push_screen(ConfirmScreen("Stop this run?", choices), sure)

    def leave(self) -> None:
        """Leaves the dashboard, after asking what becomes of a live run."""
        from tui.screens.confirm import ConfirmScreen

        seat = self._seat
        if seat is None or not seat.live or not seat.run:
            self._app.part()
            return

        def sure(answer: str | None) -> None:
            if answer == "leave":
                self._app.part()
            elif answer == "stop":
                self._app.run_worker(self._stop_and_part())

        leaving = [("l", "leave it running; `hubspoke attach` comes back to it", "leave")] if seat.outlives else []
        choices = [*leaving, ("s", "stop it; it is saved and can be resumed", "stop"), ("b", "back", "")]
        self._app.push_screen(ConfirmScreen("The run is still being worked on.", choices), sure)

    async def _stop_and_part(self) -> None:
        from agents.port.messages import Stop

        if self._seat is not None:
            await self._seat.do(Stop(id=0))
            await self._seat.gone.wait()
        self._app.part()

    def engine_left(self, seat: Seat) -> None:
        """The engine is gone: at the run's end, or in the middle."""
        from tui.screens.confirm import ConfirmScreen

        if isinstance(self._app.screen, ConfirmScreen):
            # It asked what becomes of a live run.
            self._app.screen.dismiss("")
        self.look()
        if seat.lost:
            self._tell(f"{seat.lost} c resumes: what is finished is not done again", "$error")
        elif seat.farewell:
            self._tell(seat.farewell, "$error")

    # The plan

    def look(self) -> None:
        """Shows the plan when it begins to wait, and takes it away when somebody else has answered."""
        seat, screen = self._seat, self._app.screen
        if seat is None:
            return
        from tui.screens.plan_review import PlanReview

        waiting = seat.live and seat.state.status == "waiting"
        if isinstance(screen, PlanReview) and not waiting:
            screen.dismiss(None)
        elif not waiting and self._reviewing(PlanReview):
            # A form is open over it: what is typed there stays to be read.
            self._app.notify(f"{ANSWERED.capitalize()}; what you edit is not sent.", severity="warning")
        elif waiting and screen is self._app.run_screen:
            asked = (seat.run, seat.state.seq)
            if asked != self._reviewed:
                self._reviewed = asked
                self.review()

    def _reviewing(self, kind: type[PlanReview]) -> bool:
        """Whether a plan is under review behind another screen, and nobody was told yet that it was answered."""
        under = [screen for screen in self._app.screen_stack if isinstance(screen, kind)]
        told, self._told = self._told, under[-1] if under else None
        return bool(under) and told is not under[-1]

    def review(self) -> None:
        """Shows the plan that waits."""
        from sessions.plan import MOST_SPOKES
        from tui.screens.plan_review import PlanReview

        seat = self._seat
        if seat is None or seat.state.plan is None or seat.state.status != "waiting" or not seat.live:
            self._tell("no plan waits for you")
            return
        engine = seat.state.created.provider if seat.state.created else ""
        review = PlanReview(
            seat.state.question,
            seat.state.plan,
            seat.state.missing,
            roles=_roles(),
            max_spokes=MOST_SPOKES,
            engine=engine,
        )
        self._app.push_screen(review, self._decided)

    def _decided(self, decision: Decision) -> None:
        from agents.port.messages import Approve, SendBack
        from tui.screens.plan_review import Approved, SentBack

        match decision:
            case Approved(plan):
                self._say(Approve(id=0, plan=plan), "approved")
            case SentBack(note):
                self._say(SendBack(id=0, note=note), "sent back to the planner")
            case _ if self._seat is not None and self._seat.state.status == "waiting":
                self._tell("the plan waits; p shows it again")
            case _:
                self._tell(ANSWERED)


def _roles() -> dict[str, str]:
    from agents.role_files import roles_here, spoke_roles

    roles, _ = roles_here()
    return spoke_roles(roles)


def _retryable(spoke: SpokeState) -> bool:
    return spoke.status in ("failed", "cancelled")
