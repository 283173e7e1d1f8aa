"""What a person wants of single spokes: another attempt, or none any more; each asked of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.confirm import ConfirmScreen
from tui.timely import NOTHING_LEFT, STOPPED_WITH_THE_RUN, given_up, hub_waits, no_next_try, resumes, retryable
from tui.widgets.tile import HUB

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions.plan import Subtask
    from sessions.spoke_state import SpokeState
    from tui.app import Dashboard
    from tui.seat import Seat
    from tui.steering import Steering


class SpokeSteering:
    """The dashboard's words to the engine about spokes of the run one sits at."""

    def __init__(self, app: Dashboard, steering: Steering) -> None:
        self._app = app
        self._steering = steering

    def retry(self, ids: list[str]) -> None:
        """Another attempt on spokes that failed or were cancelled; one that is parked tries at once.

        In the live run, or by resuming a saved one: after its report only when a person is sure.
        """
        seat = self._steering.seat
        if seat is None:
            return
        if ids == [HUB]:
            self._try_now(seat)
            return
        spokes = [spoke for id in ids if (spoke := seat.state.spokes.get(id)) and retryable(seat, spoke)]
        if not spokes:
            self._steering.tell("only a spoke that failed, is parked or was cancelled is retried")
        elif seat.live:
            for spoke in spokes:
                self._retry_live(seat, spoke)
        else:
            wanted: dict[str, Subtask | None] = {spoke.id: None for spoke in spokes}
            self._sure(_retried(spokes), lambda: self._steering.resume(seat.run, retry=wanted))

    def _try_now(self, seat: Seat) -> None:
        """Has the coordinator make its next try at once; whatever else waits does too."""
        from agents.port.messages import TryNow

        if hub_waits(seat):
            self._steering.say(TryNow(id=0), "the coordinator tries at once, and whatever waits with it")
        else:
            self._steering.tell(no_next_try(seat))

    def _retry_live(self, seat: Seat, spoke: SpokeState, subtask: Subtask | None = None) -> None:
        from agents.port.messages import Retry

        attempt = spoke.last.number if spoke.last else 0
        done = "tries at once" if spoke.status == "running" else "retried"
        command = Retry(id=0, spoke=spoke.id, attempt=attempt, subtask=subtask)
        self._steering.say(command, f"{spoke.title}: {done}")

    def _sure(self, question: str, then: Callable[[], None]) -> None:
        """Asks before a report that is there is written anew; without one there is nothing to ask."""
        seat = self._steering.seat
        if seat is None or seat.live or seat.state.report is None:
            then()
            return

        def sure(answer: str | None) -> None:
            # Whoever asked may sit at another run by now.
            if answer == "retry" and self._steering.seat is seat:
                then()

        choices = [("y", "yes; the attempts so far are kept", "retry"), ("b", "back", "")]
        self._app.push_screen(ConfirmScreen(question, choices), sure)

    def retry_all(self) -> None:
        """Another attempt on every spoke that failed."""
        if (seat := self._steering.seat) is not None:
            self.retry([spoke.id for spoke in seat.state.spokes.values() if spoke.status == "failed"])

    def rerun(self) -> None:
        """Whatever of a finished run left a gap that another attempt may close."""
        from tui.resume_text import resume_sentence

        seat = self._steering.seat
        if seat is None or not seat.run or seat.live:
            return
        if not resumes(seat.state):
            self._steering.tell(NOTHING_LEFT)
            return
        failed = [spoke for spoke in seat.state.spokes.values() if spoke.status == "failed"]
        question = _retried(failed) if failed else f"{resume_sentence(seat.state)} Go on?"
        self._sure(question, lambda: self._steering.resume(seat.run))

    def edit(self, id: str) -> None:
        """Another attempt on an edited brief, which begins from what the failure names to try first."""
        seat = self._steering.seat
        spoke = seat.state.spokes.get(id) if seat else None
        if seat is None or spoke is None or seat.state.plan is None or not given_up(spoke):
            self._steering.tell("only the brief of a spoke that failed or was cancelled is edited")
            return
        subtask = seat.state.plan.subtask(id)
        question = f"Edit the brief of {spoke.title}, retry it and rewrite the report?"
        self._sure(question, lambda: self._edit(seat, spoke, subtask))

    def _edit(self, seat: Seat, spoke: SpokeState, subtask: Subtask) -> None:
        from tui.screens.subtask_form import SubtaskForm

        def edited(changed: Subtask | None) -> None:
            if changed is None or self._steering.seat is not seat:
                return
            if seat.live:
                self._retry_live(seat, spoke, changed)
            else:
                self._steering.resume(seat.run, retry={spoke.id: changed})

        failure = spoke.last.failure if spoke.last else None
        form = SubtaskForm(
            subtask,
            roles=roles(),
            others=(),
            title="Edit the brief and retry",
            brief_only=True,
            suggested=failure.alternatives[0] if failure and failure.alternatives else "",
        )
        self._app.push_screen(form, edited)

    def cancel(self, id: str) -> None:
        """Gives a spoke up."""
        from agents.port.messages import Cancel

        if id == HUB:
            self._steering.tell(STOPPED_WITH_THE_RUN)
            return
        seat = self._steering.seat
        spoke = seat.state.spokes.get(id) if seat else None
        if seat is None or spoke is None or not seat.live:
            self._steering.tell("there is nothing to cancel here")
            return
        attempt = spoke.last.number if spoke.last else 0
        self._steering.say(Cancel(id=0, spoke=id, attempt=attempt), f"{spoke.title}: cancelled")


def _retried(spokes: list[SpokeState]) -> str:
    """The question whether these are to be attempted again."""
    one = len(spokes) == 1
    who = spokes[0].title if one else f"{len(spokes)} spokes"
    return f"Retry {who}, check what {'it finds' if one else 'they find'} and rewrite the report?"


def roles() -> dict[str, str]:
    """The roles that a spoke may have, with what each is for."""
    from agents.role_files import roles_here, spoke_roles

    roles, _ = roles_here()
    return spoke_roles(roles)
