"""One row of the table: what goes over the wire, and what has to become of it."""

from dataclasses import dataclass

from agents.spec import AttemptLimits
from sessions.failures import FailureKind

from .server import Answer
from .wire import REQUEST_ID

USUAL = AttemptLimits(stall_s=20, deadline_s=60)
IMPATIENT = AttemptLimits(stall_s=0.3, deadline_s=60)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault that is answered to every request, and the attempt that comes of it."""

    name: str
    kind: FailureKind
    tries: int
    """Requests on the wire while the fault persists; with more than one, a fault that happens once is survived."""
    retryable: bool
    """Whether a person's retry may help."""
    answer: Answer = ()
    url: str = ""
    """Where to ask instead of the server; `PORT` stands for its port."""
    status: int | None = None
    request_id: str | None = REQUEST_ID
    partial: bool = False
    """Whether a finding had streamed, which has to be saved."""
    tools: int = 0
    """Calls of tools that are to run: those of replies that were whole."""
    limits: AttemptLimits = USUAL


def passing(name: str, kind: FailureKind, tries: int, answer: Answer, status: int | None = None) -> Fault:
    """A fault that may pass by itself."""
    return Fault(name=name, kind=kind, tries=tries, retryable=True, answer=answer, status=status)


def lasting(name: str, kind: FailureKind, answer: Answer, status: int | None = None) -> Fault:
    """A fault that no further request can mend."""
    return Fault(name=name, kind=kind, tries=1, retryable=False, answer=answer, status=status)
