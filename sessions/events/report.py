"""The report: its drafts, what the gates say of them, and the final one."""

from typing import Literal

from sessions.events.base import Event, StepEvent
from sessions.findings import Citation, Gap
from sessions.plan import LeftOut


class DraftWritten(StepEvent):
    """A draft of the report, citing claims by their ids."""

    kind: Literal["draft_written"] = "draft_written"
    round: int
    markdown: str


class DraftGated(Event):
    """What the gates found wrong with a draft."""

    kind: Literal["draft_gated"] = "draft_gated"
    round: int
    problems: tuple[str, ...]


class ReportFinished(StepEvent):
    """The final report; every `[n]` is a citation."""

    kind: Literal["report_finished"] = "report_finished"
    markdown: str
    citations: tuple[Citation, ...] = ()
    gaps: tuple[Gap, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
