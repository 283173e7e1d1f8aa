"""The report as Markdown: as it was written, then everything it stands on."""

import re
from collections.abc import Iterator, Sequence

from sessions.errors import BadInputError
from sessions.events import ReportFinished
from sessions.export.conflict_columns import columns
from sessions.export.report_text import section_headings, without_sources
from sessions.export.saved import Saved
from sessions.findings import Citation, Conflict
from sessions.safe import safe, safe_line
from sessions.words import VERDICTS, cost, counted, took


class NothingToExportError(BadInputError):
    """The run has no report yet."""

    def __init__(self, run: str) -> None:
        super().__init__(
            f"The run {run} has no report yet; go on with it by `hubspoke resume {run}`, "
            "or export how far it came with --format html."
        )


def markdown(saved: Saved) -> str:
    """The report, each source with the words that it is cited for, the disagreements, what is missing.

    Raises NothingToExportError while there is no report.
    """
    report = saved.report
    if report is None:
        raise NothingToExportError(saved.run)
    blocks = [safe(without_sources(report.markdown) if report.citations else report.markdown).rstrip()]
    if report.citations:
        blocks += ["## Sources", *(_source(saved, citation) for citation in report.citations)]
    if saved.standing.conflicts:
        blocks.append("## Disagreements, value by value")
        for conflict in saved.standing.conflicts.values():
            blocks += _conflict(conflict)
    blocks += _missing(saved, report)
    blocks += ["---", _provenance(saved)]
    return "\n\n".join(blocks) + "\n"


def _source(saved: Saved, citation: Citation) -> str:
    claim, look = saved.claim(citation), VERDICTS[citation.verdict]
    where = [citation.title, citation.source, citation.date]
    note = f": {_plain(claim.note)}" if claim and claim.note else ""
    facts = [f"{look.glyph} {look.word}{note}"]
    facts += ["partial result"] if claim and claim.partial else []
    facts += [f"found by {_listed(saved.found_by(citation))}"] if saved.found_by(citation) else []
    facts += [f"characters {citation.start:,}–{citation.end:,}"]
    return "\n".join(
        [
            f"**[{citation.n}]** {_listed(where)}",
            "",
            f"> “{_plain(citation.quote)}”",
            "",
            " · ".join(facts),
        ]
    )


def _conflict(conflict: Conflict) -> Iterator[str]:
    yield f"### {_plain(conflict.subject)}"
    told = columns(conflict)
    lines = [["value", *told, "source", "quote"], ["---"] * (len(told) + 3)]
    for value in conflict.values:
        qualified = [str(getattr(value, name)) for name in told]
        cells = [_said(value.value, value.unit), *qualified, value.source, f"“{value.quote}”"]
        lines.append([_plain(cell).replace("|", "\\|") for cell in cells])
    yield "\n".join(f"| {' | '.join(line)} |" for line in lines)
    yield f"{_plain(conflict.explanation) or 'Nothing explains it.'} ({conflict.kind.replace('_', ' ')})"


def _missing(saved: Saved, report: ReportFinished) -> Iterator[str]:
    """Gaps and what was left out, where the report has no section of its own for them."""
    there = section_headings(report.markdown)
    gaps = [
        f"- **{_plain(gap.what)}**{f' ({_plain(saved.title(gap.spoke))})' if gap.spoke else ''}: {_plain(gap.why)}"
        for gap in report.gaps
    ]
    left = [f"- **{_plain(item.title)}**: {_plain(item.why)}" for item in report.left_out]
    for heading, lines in (("Gaps", gaps), ("Left out", left)):
        if lines and heading.lower() not in there:
            yield f"## {heading}"
            yield "\n".join(lines)


def _provenance(saved: Saved) -> str:
    state = saved.standing
    numbers = [counted(state.usage.tokens, "token"), cost(state.usage), took(state.seconds)]
    told = " · ".join(filter(None, (f"Run {saved.run}", saved.asked, _plain(saved.engine), *numbers)))
    return f"{told}. Made with hubspoke."


def _said(value: str, unit: str) -> str:
    return value if unit in value else f"{value} ({unit})"


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(_plain(part) for part in dict.fromkeys(parts) if part)


def _plain(text: str) -> str:
    """A text on one line that Markdown shows as it stands."""
    line = re.sub(r"([\\`*\[\]<>~]|&(?=#|\w+;))", r"\\\1", safe_line(text))
    line = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", line)
    return re.sub(r"^(?:([#+-])|(\d{1,9})([.)]))", lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line)
