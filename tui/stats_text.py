"""The numbers of a run, or of all saved runs, as one aligned block of plain text."""

from collections.abc import Callable, Mapping, Sequence

from rich.cells import cell_len

from sessions.stats import Share, Spread, Stats, Summary, Work
from sessions.sub_domains import Fate, SubDomain
from tui.looks import clock, counted
from tui.money import usd
from tui.safe import safe_line

_GAP = "  "
_NAME = 48
"""Characters of a name out of the run, at most."""

_FATES = {
    Fate.IN_REPORT: ("✓", "in the report"),
    Fate.NOT_WRITTEN: ("✗", "found and not written"),
    Fate.NOT_CITABLE: ("✗", "found nothing that can be cited"),
    Fate.FAILED: ("✗", "planned and failed"),
    Fate.CANCELLED: ("⊘", "cancelled"),
    Fate.NEVER_PLANNED: ("·", "never planned"),
    Fate.RESEARCHED: ("✓", "researched, no report yet"),
    Fate.CUT_OFF: ("⏸", "cut off"),
    Fate.RUNNING: ("▶", "running"),
    Fate.QUEUED: ("·", "queued"),
}


def stats_text(stats: Stats) -> str:
    """The numbers of one run."""
    first = stats.first_token_s
    failures = " · ".join(f"{safe_line(kind, _NAME)} {count}" for kind, count in stats.failures.items())
    facts = [
        ("run", f"{stats.run} · {stats.status}"),
        ("spokes", f"{stats.spokes} · {counted(stats.attempts, 'attempt')}, at most {stats.parallel} at once"),
        ("retries", _share(stats.retries, "attempts")),
        ("failed tries", _share(stats.tries, "requests")),
        ("partial data", _share(stats.partial, "failed attempts left findings")),
        ("timeouts taken for empty results", str(stats.timeouts_as_empty)),
        ("queued", _time(stats.queued_s)),
        ("held at gates", _time(stats.held_s)),
        ("first token", f"p50 {_time(first.p50)} · p95 {_time(first.p95)}" if first else "none came"),
        ("failures", failures or "none"),
    ]
    phases = {**stats.phases, "the whole run": stats.total}
    blocks = [
        _aligned([[name, safe_line(told)] for name, told in facts]),
        _aligned([["phase", "time", "turns", "tokens", "cost"], *_works(phases)], numbers=4),
        _aligned([["role", "time", "turns", "tokens", "cost"], *_works(stats.roles)], numbers=4),
    ]
    if stats.sub_domains:
        blocks.append(_aligned([["sub-domain", "what became of it"], *map(_sub_domain, stats.sub_domains)]))
    return "\n\n".join(blocks)


def summary_text(summary: Summary) -> str:
    """The p50 and p95 of every number over the saved runs."""
    read = f"{counted(summary.read, 'run')} read"
    head = f"{read}, {summary.unread} could not be read" if summary.unread else f"{read}, every saved one"
    rows = [
        _row("spokes", summary.spokes, _plain),
        _row("attempts of spokes", summary.attempts, _plain),
        _row("attempts at once", summary.parallel, _plain),
        _row("retries", summary.retry_rate, _percent),
        _row("failed tries", summary.try_rate, _percent),
        _row("partial data", summary.partial_rate, _percent),
        _row("queued", summary.queued_s, _time),
        _row("held at gates", summary.held_s, _time),
        _row("first token, p50 of a run", summary.first_token_p50_s, _time),
        _row("first token, p95 of a run", summary.first_token_p95_s, _time),
        _row("tokens", summary.tokens, _plain),
        _row("time", summary.seconds, _time),
        *(_row(f"time: {phase}", spread, _time) for phase, spread in summary.phase_seconds.items()),
        _row("cost", summary.usd, _cost, unknown="unknown"),
        *(_row(f"cost: {phase}", spread, _cost) for phase, spread in summary.phase_usd.items()),
    ]
    empty = f"timeouts taken for empty results: {summary.timeouts_as_empty}"
    return "\n\n".join([f"{head} · {empty}", _aligned([["", "p50", "p95", "runs"], *rows], numbers=3)])


def _row(name: str, spread: Spread | None, told: Callable[[float], str], unknown: str = "–") -> list[str]:
    shown = safe_line(name, _NAME)
    return (
        [shown, told(spread.p50), told(spread.p95), str(spread.of)] if spread else [shown, unknown, unknown, "0"]
    )


def _works(works: Mapping[str, Work]) -> list[list[str]]:
    return [
        [
            safe_line(name, _NAME),
            _time(work.seconds),
            f"{work.turns:,}" if work.turns else "–",
            f"{work.tokens:,}" if work.turns else "–",
            _cost(work.usd) if work.turns else "–",
        ]
        for name, work in works.items()
    ]


def _sub_domain(part: SubDomain) -> list[str]:
    glyph, told = _FATES[part.fate]
    failed = f" ({part.failure})" if part.failure else ""
    why = f": {part.why}" if part.why else ""
    return [f"{glyph} {safe_line(part.title, _NAME)}", safe_line(f"{told}{failed}{why}", 2 * _NAME)]


def _share(share: Share, what: str) -> str:
    return f"{share.count:,} of {share.of:,} {what}" + (
        f" ({_percent(share.rate)})" if share.rate is not None else ""
    )


def _percent(rate: float) -> str:
    return f"{rate:.0%}"


def _plain(number: float) -> str:
    return f"{number:,.0f}"


def _time(seconds: float) -> str:
    return clock(seconds) if seconds >= 100 else f"{seconds:.1f} s"


def _cost(amount: float | None) -> str:
    """Money; a price that is not known is never taken for nothing."""
    if amount is None:
        return "unknown"
    return usd(amount) if amount else "free"


def _aligned(rows: Sequence[Sequence[str]], numbers: int = 0) -> str:
    """The rows with their cells below each other, the last `numbers` of each to the right; cells hold one line."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    lines: list[str] = []
    for row in rows:
        cells: list[str] = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - cell_len(cell))
            cells.append(f"{space}{cell}" if place >= len(row) - numbers else f"{cell}{space}")
        lines.append(_GAP.join(cells).rstrip())
    return "\n".join(lines)
