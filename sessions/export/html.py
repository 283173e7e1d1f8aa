"""A run as one HTML page that stands alone: no script, nothing from elsewhere, nothing of the run is markup."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sessions import words
from sessions.export import looks
from sessions.export.conflict_columns import columns
from sessions.export.report_text import report_html, without_sources
from sessions.export.saved import Saved
from sessions.export.timeline import timeline
from sessions.export.trace import trace
from sessions.findings import Citation, Claim
from sessions.safe import safe
from sessions.stats import stats
from sessions.words import RUNS, VERDICTS, Look

_AROUND = 320
"""Characters of the source that stand before and after a quote."""


@dataclass(frozen=True)
class _Source:
    """A citation with all that is known of it."""

    citation: Citation
    claim: Claim | None
    said: str
    """The claim, where it does not just repeat the quote."""
    look: Look
    before: str
    after: str
    found_by: str


def html(saved: Saved) -> str:
    """The page: report, sources, disagreements, what is missing, plan, timeline, trace; what there is of it."""
    state, report = saved.standing, saved.report
    sources = {it.n: _source(saved, it) for it in (report.citations if report else ())}
    whole, groups = trace(saved)
    page = (
        _templates()
        .get_template("page.html")
        .render(
            words=words,
            looks=looks,
            saved=saved,
            state=state,
            status=RUNS[state.status],
            numbers=stats(saved.events),
            body=Markup(_report(saved, sources)),  # made by the Markdown renderer, which escapes
            sources=tuple(sources.values()),
            columns=columns,
            timeline=timeline(state),
            whole=whole,
            groups=groups,
        )
    )
    return page.rstrip() + "\n"


def _report(saved: Saved, sources: dict[int, _Source]) -> str:
    if saved.report is None:
        return ""
    text = saved.report.markdown
    mark = _templates().get_template("citation.html")

    def cite(n: int, mention: int) -> str:
        return mark.render(source=sources[n], mention=mention).strip()

    return report_html(without_sources(text) if sources else text, saved.standing.question, sources, cite)


def _source(saved: Saved, citation: Citation) -> _Source:
    claim = saved.claim(citation)
    said = claim.finding.claim if claim else ""
    before, after = _around(saved.evidence.get(citation.source_sha256) or "", citation)
    return _Source(
        citation=citation,
        claim=claim,
        said="" if said.split() == citation.quote.split() else said,
        look=VERDICTS[citation.verdict],
        before=before,
        after=after,
        found_by=", ".join(saved.found_by(citation)),
    )


def _around(text: str, citation: Citation) -> tuple[str, str]:
    """What stands before and after a quote, from word to word; nothing where the quote is not there."""
    start, end = citation.start, citation.end
    if not 0 <= start <= end <= len(text) or text[start:end] != citation.quote:
        return "", ""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if start > _AROUND:
        before = f"… {before.partition(' ')[2]}"
    if end + _AROUND < len(text):
        after = f"{after.rpartition(' ')[0]} …"
    return _flowing(before).lstrip(), _flowing(after).rstrip()


def _flowing(text: str) -> str:
    """Text without the line breaks that only fill lines: paragraphs, rows and items still begin on their own."""
    return re.sub(r"\n{2,}", "\n", re.sub(r"(?<!\n)\n(?![\n|#*+>-]|\d+\.)", " ", text))


@cache
def _templates() -> Environment:
    """The templates; whatever they show passes the one gate for untrusted text, and is escaped after it."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=_gated,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _gated(value: object) -> object:
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value
