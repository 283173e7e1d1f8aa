"""Plain output: what happens in a run, one line after another, on standard error."""

from datetime import datetime

from rich.console import Console
from rich.live import Live
from rich.text import Text

from agents.calls.live_text import LiveText
from agents.policy import RETRIES
from agents.run import SAMPLES
from sessions.estimate import Estimate
from sessions.events import (
    AnyEvent,
    AttemptDropped,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    CheckpointOpened,
    ClaimsChecked,
    CoverageReviewed,
    DisagreementsFound,
    DraftGated,
    DraftWritten,
    EngineStarted,
    GoneOnUnsaved,
    LedgerBuilt,
    Noticed,
    PlanApproved,
    PlanMade,
    ReportFinished,
    RunCreated,
    RunQueued,
    SavingMended,
    SavingStopped,
    SpokeCancelled,
    SpokeRetried,
    ToolCalled,
    TryFailed,
    TurnHeld,
)
from sessions.failures import Failure, FailureKind
from sessions.spoke_state import SpokeState
from sessions.state import RunState
from sessions.words import NO_PLACE
from tui.looks import BROKEN_OFF, PARKED_S, clock, counted, cut_off
from tui.money import usd
from tui.safe import safe_line

_WIDTH = 200
_REQUEST = 64
"""Characters of a line, and of a request id in it: the server's words push out no command."""

_STYLES = {"✓": "green", "!": "yellow", "✗": "bold red", "⏸": "yellow", "▶": "cyan", "⊘": "dim"}
_RUN_GLYPHS = {"done": "✓", "gaps": "!", "failed": "✗"}
_ENDS = {"done": "The report is complete.", "gaps": "The report is there, with gaps."}

_MENDS = {
    FailureKind.AUTH: "Set ANTHROPIC_API_KEY to another key, then go on with: {resume}",
    FailureKind.BILLING: "Top up the account or raise its spend limit, then go on with: {resume}",
    FailureKind.PERMISSION: "Use a key that may use this model, or choose another model: {resume} --model ID",
    FailureKind.NOT_FOUND: "Choose another model: {resume} --model ID",
}
"""What a person does about what stopped the whole run."""


class PlainProgress:
    """Tells a run's events as lines; on a terminal, with a last line that shows what streams just now."""

    def __init__(self, console: Console, *, live: bool) -> None:
        self._console = console
        self._last: Live | None = Live(console=console, transient=True) if live else None
        self._clock = 0.0
        self.estimate: Estimate | None = None
        """What the plan that waits is going to take."""
        self.max_usd: float | None = None
        """The run's cap on money."""

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

    def end(self, state: RunState, run: str) -> None:
        """Sums a run up: what failed and how to retry it, what it all took, and how to go on."""
        stopped = state.stopped_by.kind if state.stopped_by else None
        for number, spoke in enumerate(state.spokes.values(), start=1):
            if spoke.status in ("failed", "cancelled"):
                # Nothing can be retried before what stopped all of it is mended.
                retry = "" if stopped in _MENDS else f" · hubspoke retry {run} --spoke {number}"
                glyph = "✗" if spoke.status == "failed" else "⊘"
                self.line(glyph, f"{number} {spoke.title}", f"{_lost(spoke)}{retry}")
        ended = state.message or _ENDS.get(state.status, "The run is not finished.")
        self.line(_RUN_GLYPHS.get(state.status, "⏸"), state.status, ended)
        self.line(" ", "", _totals(state))
        if state.unsaved:
            self.line(" ", "", f"Not all of it is saved: {state.unsaved}")
        elif state.status in ("waiting", "interrupted", "failed"):
            mend = (_MENDS.get(stopped) if stopped else None) or "Go on with: {resume}"
            self.line(" ", "", f"Saved. {mend.format(resume=f'hubspoke resume {run}')}")

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
            case EngineStarted():
                self.max_usd = event.limits.max_usd
                if event.resumed:
                    self.line("▶", "resume", f"{event.provider} · {event.docs}")
            case CheckpointOpened():
                self.estimate = event.estimate
            case Noticed():
                self.line("·", "notice", event.message)
            case RunQueued():
                self.line("·" if event.live else "▶", "run", event.said)
            case SavingStopped():
                self.line("✗", "disk", event.why)
            case GoneOnUnsaved():
                who = f"{event.by}: " if event.by else ""
                self.line("·", "disk", f"{who}The run goes on in memory; export it when it ends.")
            case SavingMended():
                self.line("✓", "disk", "All is saved again.")
            case PlanMade():
                titles = " · ".join(subtask.title for subtask in event.plan.subtasks)
                self.line("✓", "plan", f"{counted(len(event.plan.subtasks), 'sub-domain')}: {titles}")
            case CoverageReviewed():
                self.line("✓", "review", _review(event))
            case PlanApproved():
                who = f" by {event.by}" if event.by else ""
                self.line("✓", "approved", f"{counted(len(event.plan.subtasks), 'spoke')}{who}")
            case AttemptStarted(brief=brief) if brief is not None:
                self.line("▶", event.spoke, f"{brief.title}{_again(event, brief.advice)}")
            case TurnHeld():
                self.line("⏸" if event.wait_s > 0 else "▶", event.spoke, _held(event))
            case ToolCalled():
                given = ", ".join(map(str, event.input.values())) if isinstance(event.input, dict) else ""
                self._now(event.spoke, f"{event.name} {given}")
            case TryFailed():
                self.line("⏸", event.spoke, f"{_failure(event.failure)} · {_next_try(event)}")
            case AttemptFinished():
                sources = {quote.source for finding in event.findings for quote in finding.resolved}
                told = f"{counted(len(event.findings), 'finding')} from {counted(len(sources), 'source')}"
                self.line("✓", event.spoke, told)
            case AttemptFailed():
                partial = event.failure.partial
                kept = f" · {counted(len(partial), 'partial finding')} kept" if partial else ""
                if event.failure.kind is FailureKind.CANCELLED:
                    # That it was cancelled was said when a person did it.
                    if partial:
                        self.line("⊘", event.spoke, kept.removeprefix(" · "))
                    return
                self.line("✗", event.spoke, f"{_failure(event.failure)}{kept}")
            case AttemptDropped():
                kept = f" · {counted(len(event.partial), 'partial finding')} kept" if event.partial else ""
                self.line(BROKEN_OFF.glyph, event.spoke, f"attempt {event.attempt} was {BROKEN_OFF.word}{kept}")
            case SpokeRetried():
                brief = f"another brief: {event.subtask.objective}" if event.subtask else "its brief"
                self.line("▶", event.spoke, f"{event.by or 'you'} asked for another attempt on {brief}")
            case SpokeCancelled():
                self.line("⊘", event.spoke, f"{event.by or 'you'} cancelled it")
            case LedgerBuilt():
                told = f"{counted(len(event.claims), 'claim')} · {counted(len(event.conflicts), 'disagreement')}"
                self.line("✓", "ledger", told)
            case DisagreementsFound():
                self.line("✓", "compare", _compared(event))
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


def _compared(event: DisagreementsFound) -> str:
    found = counted(len(event.conflicts), "disagreement")
    return f"{found} more, or with further values" if event.conflicts else "no further disagreement"


def _failure(failure: Failure) -> str:
    return f"{_facts(failure)}: {failure.message}"


def _facts(failure: Failure) -> str:
    status = f" HTTP {failure.http_status}" if failure.http_status else ""
    request = f" {safe_line(failure.request_id, _REQUEST)}" if failure.request_id else ""
    return f"{failure.kind}{status}{request}"


def _again(event: AttemptStarted, advice: str) -> str:
    """Which attempt it is, if not the first, and how its brief differs."""
    if event.attempt == 1:
        return ""
    retry = f", retry {event.retry}/{RETRIES}" if event.retry else ""
    changed = f", {advice[0].lower()}{advice[1:]}" if advice else ""
    return f" (attempt {event.attempt}{retry}{changed})"


def _held(event: TurnHeld) -> str:
    if event.wait_s <= 0:
        return "goes on: the wait is over"
    return f"waits {event.wait_s:.0f} s: another call met {event.why}" if event.why else NO_PLACE


def _next_try(event: TryFailed) -> str:
    """When the next try is; far away, at which time of the day."""
    if event.wait_s <= PARKED_S:
        return f"again in {event.wait_s:.1f} s"
    asked = event.failure.retry_after_s
    why = f" (retry-after {asked:.0f} s)" if asked is not None else ""
    try:
        now, then = (datetime.fromtimestamp(at).astimezone() for at in (event.at, event.at + event.wait_s))
    except (OverflowError, ValueError, OSError):  # a server may name a time that no calendar has
        return f"parked{why}"
    return f"parked until {then:{'%H:%M:%S' if then.date() == now.date() else '%Y-%m-%d %H:%M:%S'}}{why}"


def _lost(spoke: SpokeState) -> str:
    """Why a spoke has no answer, what was kept of it, and after how many attempts."""
    failure = spoke.last.failure if spoke.last else None
    kept = len(spoke.partial)
    return " · ".join(
        [
            _facts(failure) if failure else spoke.status,
            f"{counted(kept, 'finding')} kept" if kept else "nothing kept",
            counted(len(spoke.attempts), "attempt"),
        ]
    )


def _totals(state: RunState) -> str:
    """What the run came to. Who costs nothing says nothing of money."""
    status = [spoke.status for spoke in state.spokes.values()]
    others = [f"{status.count('cancelled')} cancelled"] if "cancelled" in status else []
    if broken_off := sum(map(cut_off, state.spokes.values())):
        others.append(f"{broken_off} {BROKEN_OFF.word}")
    spokes = [f"{status.count('done')} of {counted(len(status), 'spoke')} ok", f"{status.count('failed')} failed"]
    findings = sum(len(spoke.found) for spoke in state.spokes.values())
    cost = state.usage.cost
    money = ["cost unknown"] if cost is None else [usd(cost)] if cost else []
    return " · ".join(
        [
            *([*spokes, *others] if any(spoke.attempts for spoke in state.spokes.values()) else []),
            counted(findings, "finding"),
            f"{counted(state.usage.tokens, 'token')} in {counted(state.usage.turns, 'turn')}",
            *money,
            clock(state.seconds),
        ]
    )
