"""What became of every part of the question: in the report, found and not written, failed, or never planned."""

from collections.abc import Sequence
from enum import StrEnum

from sessions.failures import FailureKind
from sessions.model import Record
from sessions.spoke_state import SpokeState
from sessions.state import RunState
from sessions.words import cut_off


class Fate(StrEnum):
    """What became of a sub-domain."""

    IN_REPORT = "in_report"
    NOT_WRITTEN = "not_written"
    """Something citable was found, and the report cites none of it."""
    NOT_CITABLE = "not_citable"
    """It ended well, and nothing that it found can be cited."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    NEVER_PLANNED = "never_planned"
    """It was named, and there was no room for it or it was left out on purpose."""
    RESEARCHED = "researched"
    """It ended well, and there is no report yet."""
    CUT_OFF = "cut_off"
    """Its engine went away in the middle of it."""
    RUNNING = "running"
    QUEUED = "queued"


class SubDomain(Record):
    """A part of the question and what became of it."""

    title: str
    fate: Fate
    spoke: str = ""
    failure: FailureKind | None = None
    """How its newest attempt failed, also where what it left is in the report."""
    why: str = ""
    """Why it was left out."""


def sub_domains(state: RunState, no_room: Sequence[str]) -> tuple[SubDomain, ...]:
    """Every sub-domain that was planned, then those that were named and not; `no_room` as the reviews said."""
    return (*_planned(state), *_never_planned(state, no_room))


def _planned(state: RunState) -> list[SubDomain]:
    cited = _cited(state)
    citable = {spoke for claim in state.claims.values() if claim.citable for spoke in claim.spokes}
    return [
        SubDomain(
            title=spoke.title,
            spoke=spoke.id,
            fate=_fate(state, spoke, cited=spoke.id in cited, citable=spoke.id in citable),
            failure=spoke.failed_of,
        )
        for spoke in state.spokes.values()
    ]


def _cited(state: RunState) -> set[str]:
    """The spokes that the report rests on: everyone who found a claim that it cites."""
    cited: set[str] = set()
    for citation in state.report.citations if state.report else ():
        claim = state.claims.get(citation.claim)
        cited.update(claim.spokes if claim else (citation.spoke,))
    return cited


def _fate(state: RunState, spoke: SpokeState, *, cited: bool, citable: bool) -> Fate:
    if cited:
        return Fate.IN_REPORT
    if state.report is not None and citable:
        return Fate.NOT_WRITTEN
    match spoke.status:
        case "failed":
            return Fate.FAILED
        case "cancelled":
            return Fate.CANCELLED
        case "done":
            return Fate.NOT_CITABLE if state.report is not None else Fate.RESEARCHED
        case "running":
            return Fate.RUNNING
        case "queued":
            return Fate.CUT_OFF if cut_off(spoke) else Fate.QUEUED


def _never_planned(state: RunState, no_room: Sequence[str]) -> list[SubDomain]:
    left_out = (*(state.plan.left_out if state.plan else ()), *(state.report.left_out if state.report else ()))
    why = dict.fromkeys(no_room, "") | {item.title: item.why for item in left_out}
    planned = {spoke.title for spoke in state.spokes.values()}
    return [
        SubDomain(title=title, fate=Fate.NEVER_PLANNED, why=reason)
        for title, reason in why.items()
        if title not in planned
    ]
