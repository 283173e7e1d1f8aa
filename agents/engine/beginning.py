"""The run that an engine is told to begin: of a question, of a saved run, or a fork."""

from pathlib import Path

from agents.forking import fork
from agents.hub import Approver
from agents.port.messages import Begin
from agents.run import Run, ask, resume
from sessions.errors import BadInputError


class NothingNamedError(BadInputError):
    """There is nothing to begin with."""

    def __init__(self) -> None:
        super().__init__("Neither a question nor a saved run was named.")


def run_of(command: Begin, approve: Approver, *, attended: bool) -> Run:
    """The run that is meant; nothing of it is begun.

    Raises NothingNamedError, and what `ask`, `resume` and `fork` raise.
    """
    if command.fork is not None:
        return fork(
            command.fork,
            command.settings,
            question=command.question,
            plan=command.plan,
            approve=approve,
            attended=attended,
        )
    if command.question is not None:
        return ask(command.question, command.settings, approve=approve, attended=attended)
    if command.resume is not None:
        session = Path(command.resume) if command.file else command.resume
        return resume(
            session, command.settings, approve=approve, retry=command.retry, key=command.key, attended=attended
        )
    raise NothingNamedError
