"""Plain output: what happens in a run, one line after another, on standard error."""

from rich.console import Console
from rich.live import Live
from rich.text import Text

from agents.live_text import LiveText
from agents.run import SAMPLES
from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    ClaimsChecked,
    CoverageReviewed,
    DraftGated,
    DraftWritten,
    EngineStarted,
    LedgerBuilt,
    Noticed,
    PlanApproved,
    PlanMade,
    ReportFinished,
    RunCreated,
    ToolCalled,
    TryFailed,
)
from sessions.failures import Failure
from tui.looks import counted
from tui.safe import safe_line

_WIDTH = 200
_STYLES = {"✓": "green", "✗": "bold red", "⏸": "yellow", "▶": "cyan"}


class PlainProgress:
    """Tells a run's events as lines; on a terminal, with a last line that shows what streams just now."""

    def __init__(self, console: Console, *, live: bool) -> None:
        self._console = console
        self._last: Live | None = Live(console=console, transient=True) if live else None
        self._clock = 0.0

    def __call__(self, item: AnyEvent | LiveText) -> None:
        """Tells one event, or shows a piece of live text."""
        if isinstance(item, LiveText):
            self._show(item)
            return
        self._clock = item.t
        self._tell(item)

    def start(self) -> None:
        """Begins to show what streams."""
        if self._last is not None:
            self._last.start()

    def stop(self) -> None:
        """Clears the last line, before something else writes or asks."""
        if self._last is not None:
            self._last.stop()

    def line(self, glyph: str, who: str, what: str) -> None:
        """One line: the run's clock, a glyph, who, and what happened."""
        minutes, seconds = divmod(int(self._clock), 60)
        text = Text()
        text.append(f"{minutes:02}:{seconds:02} ", style="dim")
        text.append(f"{glyph} {safe_line(who, 24):<16} ", style=_STYLES.get(glyph, ""))
        text.append(safe_line(what, _WIDTH))
        self._console.print(text, soft_wrap=True)

    def _show(self, live: LiveText) -> None:
        self._now(live.spoke, live.text)

    def _now(self, who: str, what: str) -> None:
        """The last line: what is said or done this moment, where there is one."""
        if self._last is not None:
            told = f"{safe_line(who, 24)}: {safe_line(what)[-120:]}"
            self._last.update(Text(told, style="dim", overflow="ellipsis", no_wrap=True))

    def _tell(self, event: AnyEvent) -> None:
        match event:
            case RunCreated():
                folder = "the sample library" if event.docs == str(SAMPLES) else event.docs
                self.line("·", "run", f"{event.run} · {event.provider} · {folder}")
            case EngineStarted(resumed=True):
                self.line("▶", "resume", f"{event.provider} · {event.docs}")
            case Noticed():
                self.line("·", "notice", event.message)
            case PlanMade():
                titles = " · ".join(subtask.title for subtask in event.plan.subtasks)
                self.line("✓", "plan", f"{counted(len(event.plan.subtasks), 'sub-domain')}: {titles}")
            case CoverageReviewed():
                self.line("✓", "review", _review(event))
            case PlanApproved():
                self.line("✓", "approved", counted(len(event.plan.subtasks), "spoke"))
            case AttemptStarted(brief=brief) if brief is not None:
                again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
                self.line("▶", event.spoke, f"{brief.title}{again}")
            case ToolCalled():
                given = ", ".join(map(str, event.input.values())) if isinstance(event.input, dict) else ""
                self._now(event.spoke, f"{event.name} {given}")
            case TryFailed():
                self.line("⏸", event.spoke, f"{_failure(event.failure)} · again in {event.wait_s:.1f} s")
            case AttemptFinished():
                sources = {quote.source for finding in event.findings for quote in finding.resolved}
                told = f"{counted(len(event.findings), 'finding')} from {counted(len(sources), 'source')}"
                self.line("✓", event.spoke, told)
            case AttemptFailed():
                partial = event.failure.partial
                kept = f" · {counted(len(partial), 'partial finding')} kept" if partial else ""
                self.line("✗", event.spoke, f"{_failure(event.failure)}{kept}")
            case LedgerBuilt():
                told = f"{counted(len(event.claims), 'claim')} · {counted(len(event.conflicts), 'disagreement')}"
                self.line("✓", "ledger", told)
            case ClaimsChecked():
                self.line("✓", "verify", f"{counted(len(event.verdicts), 'claim')} checked")
            case DraftWritten():
                self.line("✓", "draft", counted(len(event.markdown.split()), "word"))
            case DraftGated():
                self.line("✗", "gates", " ".join(event.problems))
            case ReportFinished():
                found = f"{counted(len(event.citations), 'citation')} · {counted(len(event.gaps), 'gap')}"
                told = f"{counted(len(event.markdown.split()), 'word')} · {found}"
                self.line("✓", "report", told)
            case _:
                pass


def _review(event: CoverageReviewed) -> str:
    if not event.missing and not event.no_room:
        return "the plan covers the question"
    added = f"added {' · '.join(subtask.title for subtask in event.missing)}" if event.missing else "nothing added"
    return f"{added}; no room for {' · '.join(event.no_room)}" if event.no_room else added


def _failure(failure: Failure) -> str:
    status = f" HTTP {failure.http_status}" if failure.http_status else ""
    request = f" {failure.request_id}" if failure.request_id else ""
    return f"{failure.kind}{status}{request}: {failure.message}"
