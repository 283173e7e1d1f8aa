"""What a person wants of the plan that waits: it is shown, answered, and taken away where others were first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.spoke_steering import roles

if TYPE_CHECKING:
    from tui.app import Dashboard
    from tui.screens.plan_review import Approved, Decision, PlanReview, SentBack
    from tui.seat import Seat
    from tui.steering import Steering

ANSWERED = "the plan was answered in another window"


class PlanSteering:
    """The dashboard's words to the engine about the plan of the run one sits at."""

    def __init__(self, app: Dashboard, steering: Steering) -> None:
        self._app = app
        self._steering = steering
        self._reviewed = ("", 0)
        """The run, and the checkpoint, whose plan was shown for review last."""
        self._told: PlanReview | None = None
        """The review of which it was said that somebody else has answered."""

    def take_away(self, seat: Seat) -> bool:
        """Takes away a plan that others have answered, or says so where it was edited; whether there is one."""
        from tui.screens.plan_review import PlanReview

        under = [review for review in self._app.screen_stack if isinstance(review, PlanReview)]
        waits = checkpoint(seat)
        answered = next((r for r in reversed(under) if r.checkpoint != waits and not r.deciding), None)
        told, self._told = self._told, answered
        if answered is None:
            return False
        if answered is self._app.screen and not answered.edited:
            answered.dismiss(None)
        elif answered is not told:
            # What was edited, or is being typed in a form over it, stays to be read.
            said = f"{ANSWERED.capitalize()}; what you edit is not sent, and stays here until you leave."
            self._app.notify(said, severity="warning", markup=False)
        return True

    def show(self, seat: Seat) -> None:
        """Shows a plan that has begun to wait, once."""
        waits = checkpoint(seat)
        if waits and (seat.run, waits) != self._reviewed:
            self.review()

    def review(self) -> None:
        """Shows the plan that waits."""
        from sessions.plan import MOST_SPOKES
        from tui.screens.plan_review import PlanReview

        seat = self._steering.seat
        if seat is not None and seat.live and seat.read_only:
            self._steering.tell(seat.read_only)
            return
        waits = checkpoint(seat) if seat else 0
        if seat is None or seat.state.plan is None or not waits:
            self._steering.tell("no plan waits for you")
            return
        self._reviewed = (seat.run, waits)
        created = seat.state.created
        review = PlanReview(
            seat.state.question,
            seat.state.plan,
            seat.state.missing,
            roles=roles(),
            max_spokes=MOST_SPOKES,
            engine=created.provider if created else "",
            estimate=seat.state.estimate,
            max_usd=created.limits.max_usd if created else None,
            state=seat.state,
            checkpoint=waits,
            send=lambda decision: self._send(seat, waits, decision),
        )
        self._app.push_screen(review, self._decided)

    async def _send(self, seat: Seat, waits: int, decision: Approved | SentBack) -> bool:
        """Answers the plan that waits there; whether that counts. Where it does not, says why."""
        from agents.port.messages import Approve, SendBack
        from tui.screens.plan_review import Approved

        if isinstance(decision, Approved):
            answer = await seat.do(Approve(id=0, checkpoint=waits, plan=decision.plan))
        else:
            answer = await seat.do(SendBack(id=0, checkpoint=waits, note=decision.note))
        if not answer.ok:
            self._steering.tell(answer.message)
            self._app.call_later(self._steering.look)
        return answer.ok

    def _decided(self, decision: Decision) -> None:
        from tui.screens.plan_review import Approved, SentBack

        seat = self._steering.seat
        match decision:
            case Approved():
                self._steering.tell("approved", "information")
            case SentBack():
                self._steering.tell("sent back to the planner", "information")
            case _ if seat is not None and (seat.run, checkpoint(seat)) == self._reviewed:
                self._steering.tell("the plan waits; p shows it again")
            case _:
                self._steering.tell(ANSWERED)
                self._steering.look()


def checkpoint(seat: Seat) -> int:
    """The number of the event with which a plan began to wait for this window's word; 0 where none waits."""
    from sessions.events import CheckpointOpened

    if not seat.live or seat.read_only or seat.state.status != "waiting":
        return 0
    return next((event.seq for event in reversed(seat.events) if isinstance(event, CheckpointOpened)), 0)
