"""The run as one JSON document for other programs: a versioned model of its own."""

from pydantic import Field

from sessions.events import Limits, Usage
from sessions.failures import Failure
from sessions.findings import Citation, Claim, Conflict, Gap
from sessions.model import Record
from sessions.plan import LeftOut, Plan
from sessions.state import RunState, RunStatus

DOCUMENT_SCHEMA = 1


class RunDocument(Record):
    """What `--json` prints: documented in the README, changed only with its schema number."""

    schema_: int = Field(default=DOCUMENT_SCHEMA, alias="schema")
    run: str
    status: RunStatus
    exit: int | None
    message: str
    question: str
    provider: str
    model: str
    team: str
    limits: Limits
    plan: Plan | None
    findings: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...]
    gaps: tuple[Gap, ...]
    left_out: tuple[LeftOut, ...]
    failures: tuple[Failure, ...]
    notices: tuple[str, ...]
    citations: tuple[Citation, ...]
    report_md: str
    usage: Usage
    started: float
    """Seconds since 1970."""
    seconds: float
    """Of work, from the monotonic clock, over all engines that had the run."""


def document(state: RunState) -> RunDocument:
    """The document of a run as it stands. Raises ValueError for a run whose question is lost."""
    created, report = state.created, state.report
    if created is None:
        raise ValueError("The run's question is lost.")
    return RunDocument(
        run=created.run,
        status=state.status,
        exit=state.exit,
        message=state.message,
        question=created.question,
        provider=created.provider,
        model=created.model,
        team=created.team,
        limits=created.limits,
        plan=state.plan,
        findings=tuple(state.claims.values()),
        conflicts=tuple(state.conflicts.values()),
        gaps=report.gaps if report else (),
        left_out=report.left_out if report else state.plan.left_out if state.plan else (),
        failures=tuple(state.failures),
        notices=tuple(state.notices),
        citations=report.citations if report else (),
        report_md=report.markdown if report else "",
        usage=state.usage,
        started=state.started_at,
        seconds=state.seconds,
    )
