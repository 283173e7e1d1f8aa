"""What a person does to a run while it is worked on."""

from agents.saving import Saving
from agents.spokes import Spokes, StaleCommandError
from sessions.errors import BadInputError
from sessions.plan import MOST_SPOKES, Plan, Subtask, plan_problems


class BadPlanError(BadInputError):
    """A plan that cannot be run; the message says why."""


class Steered:
    """A run in so far as a person may steer it; what there is to steer stands while it is worked on."""

    def __init__(self, *, attended: bool) -> None:
        """`attended` says that somebody is there who could make room on a full disk."""
        self._attended = attended
        self._spokes: Spokes | None = None
        self._saving: Saving | None = None
        self._roles: dict[str, str] = {}
        self._stopped_by = ""

    def stopped_by(self, who: str) -> None:
        """Says who is about to stop it: whoever cancels its work."""
        self._stopped_by = who

    def retry(self, spoke: str, attempt: int, subtask: Subtask | None = None, by: str = "") -> None:
        """Another attempt on a spoke that failed or was cancelled, perhaps on an edited brief.

        `attempt` is the number of the attempt it is an answer to, 0 for none; `by` is who asks. Raises
        StaleCommandError.
        """
        self._steered().retry(spoke, attempt, subtask, by)

    def try_now(self) -> None:
        """Has whatever waits for its next try go on at once. Raises StaleCommandError."""
        self._steered().try_now()

    def cancel(self, spoke: str, attempt: int, by: str = "") -> None:
        """Gives a spoke up, as `by` wants; what it found is kept. Raises StaleCommandError."""
        self._steered().cancel(spoke, attempt, by)

    async def save_again(self) -> str:
        """Tries to save what the disk did not take; empty, or why it still does not.

        Raises StaleCommandError, SavedError.
        """
        return await self._kept().mend()

    def go_on_unsaved(self, by: str = "") -> None:
        """Lets a run that is not saved go on in memory, as `by` wants. Raises StaleCommandError, SavedError."""
        self._kept().go_on(by)

    def attended(self, watched: bool) -> None:
        """Told whenever somebody comes who could make room on a full disk, or the last one leaves."""
        self._attended = watched
        if self._saving is not None:
            self._saving.attended(watched)

    def check(self, plan: Plan) -> None:
        """Raises BadPlanError for a plan that cannot be approved."""
        if problems := plan_problems(plan, self._roles, MOST_SPOKES):
            raise BadPlanError(" ".join(problems))

    def _steered(self) -> Spokes:
        if self._spokes is None:
            raise StaleCommandError("The run is not being worked on.")
        return self._spokes

    def _kept(self) -> Saving:
        if self._saving is None:
            raise StaleCommandError("The run is not being worked on.")
        return self._saving
