"""The report: rendered, with every citation one key away from the words it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from sessions.findings import Verdict
from tui.looks import counted
from tui.safe import safe_line
from tui.screens.citation import CitationScreen
from tui.timely import NOTHING_LEFT, resumes
from tui.typed_app import app_type
from tui.widgets.key_line import KeyLine
from tui.widgets.markdown_view import MarkdownView
from tui.wish import Wish

if TYPE_CHECKING:
    from pathlib import Path

    from textual import events

    from sessions.events import ReportFinished
    from sessions.state import RunState


class ReportScreen(Screen[None]):
    """A finished report."""

    CSS = """
    ReportScreen #head { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,o", "app.pop_screen", "back", id="report.back"),
        Binding("c", "weak", "weak claim", id="report.weak"),
        Binding("d", "disagreements", "disagreements", id="report.disagreements"),
        Binding("G", "gaps", "gaps", id="report.gaps"),
        Binding("slash", "find", "find", id="report.find"),
        Binding("R", "rerun", "rerun gaps", id="report.rerun"),
        Binding("t", "trace", "trace", id="report.trace"),
        Binding("y", "copy", "copy", id="report.copy"),
        Binding("w", "write", "write to a file", id="report.write"),
        Binding("s", "app.sessions", "sessions", show=False, id="report.sessions"),
    ]

    app = getters.app(app_type)

    def __init__(self, state: RunState, report: ReportFinished, directory: Path) -> None:
        super().__init__()
        self._state = state
        self._report = report
        self._directory = directory
        self._citations = {citation.n: citation for citation in report.citations}

    def compose(self) -> ComposeResult:
        """A line of header, the report, the footer."""
        yield Static(self._head(), id="head")
        yield MarkdownView()
        yield KeyLine()

    def on_mount(self) -> None:
        """Shows the report from its beginning."""
        view = self.query_one(MarkdownView)
        view.show(self._report.markdown)
        view.scroll_home(animate=False)
        view.focus()

    def _head(self) -> Content:
        report, state = self._report, self._state
        weak = sum(citation.verdict is not Verdict.SUPPORTED for citation in report.citations)
        missing = [
            safe_line(spoke.title, 28)
            for spoke in state.spokes.values()
            if spoke.status in ("failed", "cancelled")
        ]
        # What is missing first: a narrow line ends before the rest.
        told = [f"missing: {', '.join(missing)}"] if missing else []
        told += [f"{counted(len(report.gaps), 'gap')} (G)"] if report.gaps else []
        told += [f"{counted(len(state.conflicts), 'disagreement')} (d)"] if state.conflicts else []
        told += [f"{weak} weak (c)"] if weak else []
        told += [counted(len(report.citations), "citation"), counted(len(report.markdown.split()), "word")]
        return Content.assemble(("report  ", "bold"), safe_line(" · ".join(told)))

    def on_markdown_view_citation_chosen(self, event: MarkdownView.CitationChosen) -> None:
        """Shows what a citation stands on."""
        citation = self._citations.get(event.n)
        if citation is None:
            self.notify(f"There is no citation {event.n}.", markup=False, severity="warning")
            return
        self.app.push_screen(CitationScreen(citation, self._state, self._directory))

    def action_weak(self) -> None:
        """To the next citation whose claim is not fully supported."""
        view = self.query_one(MarkdownView)
        marks = view.citations
        at = view.cursor if view.cursor is not None else -1
        for step in range(1, len(marks) + 1):
            mark = marks[(at + step) % len(marks)]
            citation = self._citations.get(mark.n)
            if citation is not None and citation.verdict is not Verdict.SUPPORTED:
                view.cursor = (at + step) % len(marks)
                return
        self.notify("Every cited claim is supported.", markup=False)

    def action_disagreements(self) -> None:
        """Every disagreement, its values side by side."""
        from tui.screens.disagreements import DisagreementsScreen

        if self._state.conflicts:
            self.app.push_screen(DisagreementsScreen(self._state, self._report, self._directory))
        else:
            told = f"No disagreement was recognised among {counted(len(self._state.claims), 'claim')}."
            self.notify(told, markup=False)

    def action_gaps(self) -> None:
        """Everything that was not found out, and why."""
        from tui.screens.gaps import GapsScreen, gaps

        if found := gaps(self._state, self._report):
            self.app.push_screen(GapsScreen(found))
        else:
            self.notify("Nothing is missing: every question was answered and every claim checked.", markup=False)

    def action_find(self) -> None:
        """Asks for words to find."""
        from tui.screens.prompt import PromptScreen

        def found(words: str | None) -> None:
            if words and not self.query_one(MarkdownView).find(words):
                self.notify(f"“{words}” is not in the report.", markup=False, severity="warning")

        self.app.push_screen(PromptScreen("Find in the report"), found)

    def action_trace(self) -> None:
        """The replay, from its end."""
        self.post_message(Wish("trace"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What has nothing to do is not in the footer."""
        return None if action == "rerun" and not resumes(self._state) else True

    def on_key(self, event: events.Key) -> None:
        """A word on the key that has nothing to do."""
        if event.key == "R" and not resumes(self._state):
            event.stop()
            self.notify(f"{NOTHING_LEFT.capitalize()}.", markup=False, severity="warning")

    def action_rerun(self) -> None:
        """Has what failed attempted again."""
        self.post_message(Wish("rerun"))

    def action_copy(self) -> None:
        """The report as Markdown, to the clipboard."""
        self.app.copy_to_clipboard(self._report.markdown)
        self.notify("Sent to the clipboard; w writes it to a file.", markup=False)

    def action_write(self) -> None:
        """The run, to a file: as its report, one page, a session or its events."""
        self.post_message(Wish("write"))
