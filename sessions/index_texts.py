"""What of a run its words are searched in: its report, and what its spokes found."""

from pathlib import Path

from sessions.events import AttemptDropped, AttemptFailed, AttemptFinished, ReportFinished
from sessions.index import Texts
from sessions.journal_lines import decode_line
from sessions.journal_reader import JOURNAL
from sessions.regular_file import read_regular

_KINDS = tuple(
    f'"kind":"{kind}"'.encode()
    for kind in ("report_finished", "attempt_finished", "attempt_failed", "attempt_dropped")
)
_MAX_CHARACTERS = 400_000
"""Of each text; what lies beyond is not found."""


def read_texts(directory: Path) -> Texts:
    """The texts of a saved run; empty as far as they cannot be read. Never raises.

    Of a long journal only a few lines matter, so only those are decoded.
    """
    report, claims = "", dict[str, None]()
    try:
        lines = read_regular(directory / JOURNAL).split(b"\n")
    except OSError:
        return Texts()
    for line in lines:
        if not any(kind in line for kind in _KINDS):
            continue
        match decode_line(line).event:
            case ReportFinished(markdown=markdown):
                report = markdown
            case AttemptFinished(findings=found) | AttemptDropped(partial=found):
                claims.update((finding.claim, None) for finding in found)
            case AttemptFailed(failure=failure):
                claims.update((finding.claim, None) for finding in failure.partial)
            case _:
                pass
    return Texts(report[:_MAX_CHARACTERS], "\n".join(claims)[:_MAX_CHARACTERS])
