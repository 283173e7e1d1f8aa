"""The form of the first screen: a question, a folder, who answers; and the runs there were."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Label, Static
from typing_extensions import override

from tui.folders import folder as folder_of
from tui.safe import safe, safe_line
from tui.screens.ask import AskScreen
from tui.session_rows import SessionList
from tui.widgets.fields import Area, Line
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from sessions.meta import SessionMeta

LONGEST_QUESTION = 4_000
"""Characters."""

_PROVIDERS = {
    "auto": "Claude where a key is found, else the embedded engine",
    "claude": "Claude; needs a key in ANTHROPIC_API_KEY",
    "embedded": "extracts from the documents, without a model or a network",
}


class Submitted(Message):
    """Enter was pressed in one of the fields."""


class QuestionArea(Area):
    """The question: wraps, grows, and is asked by enter."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "ask", id="ask.start")]

    def action_submit(self) -> None:
        """Asks."""
        self.post_message(Submitted())

    @override
    def action_cursor_down(self, select: bool = False) -> None:
        """Down from the last line goes to the next field."""
        if self.cursor_at_last_line and self.get_cursor_down_location() == self.get_cursor_line_end_location():
            self.screen.focus_next()
        else:
            super().action_cursor_down(select)


class _Folders(Suggester):
    """Completes the name of a folder."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    @override
    async def get_suggestion(self, value: str) -> str | None:
        """The path typed so far, completed by the first folder that begins so."""
        return await asyncio.to_thread(_completed, value)


def _completed(value: str) -> str | None:
    parent, slash, begun = value.rpartition("/")
    try:
        with os.scandir(Path(parent + slash or ".").expanduser()) as entries:
            names = sorted(entry.name for entry in entries if entry.name.startswith(begun) and entry.is_dir())
    except (OSError, ValueError, RuntimeError):
        return None
    shown = (name for name in names if safe_line(name) == name and (begun or not name.startswith(".")))
    name = next(shown, None)
    return f"{parent}{slash}{name}/" if name and value else None


class FolderInput(Line):
    """The folder of documents."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "ask", id="ask.start"),
        Binding("up", "app.focus_previous", "previous field", show=False, id="ask.up"),
        Binding("down", "app.focus_next", "next field", show=False, id="ask.down"),
    ]


class ProviderField(Widget, can_focus=True):
    """Who answers: one of a few, changed by left and right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "ask", id="ask.start"),
        Binding("right,space", "cycle(1)", "change", key_display="←/→", id="ask.next_provider"),
        Binding("left", "cycle(-1)", "change", show=False, id="ask.previous_provider"),
        Binding("up", "app.focus_previous", "previous field", show=False, id="ask.up"),
        Binding("down", "app.focus_next", "next field", show=False, id="ask.down"),
    ]

    value: reactive[str] = reactive("auto")

    @override
    def render(self) -> Content:
        """The choice between its arrows, and what it means."""
        return Content.assemble((f"‹ {self.value} ›", "bold"), f"  {_PROVIDERS[self.value]}")

    def action_cycle(self, steps: int) -> None:
        """The next choice, or the one before."""
        names = list(_PROVIDERS)
        self.value = names[(names.index(self.value) + steps) % len(names)]

    def action_submit(self) -> None:
        """Asks."""
        self.post_message(Submitted())


class _Recent(SessionList):
    """Recent runs; up from the first one leads back to the fields."""

    @override
    def action_move(self, lines: int) -> None:
        if self.cursor + lines < 0:
            self.screen.focus_previous()
        else:
            super().action_move(lines)


class AskForm(Vertical):
    """The fields and the runs. What was typed stays, whatever happens."""

    DEFAULT_CSS = """
    AskForm {
        #fields { height: auto; max-height: 80%; padding: 0 2; }
        QuestionArea { height: auto; min-height: 3; max-height: 7; border: round $border-blurred; padding: 0 1; }
        QuestionArea:focus { border: round $border; }
        .field { height: 1; }
        .field Label { width: 10; color: $text-muted; }
        FolderInput { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        FolderInput:focus { border: none; background: $boost; }
        ProviderField { width: 1fr; height: 1; }
        ProviderField:focus { background: $boost; }
        .problem { display: none; height: auto; color: $text-error; }
        #recent { height: 1; margin: 1 2 0 2; color: $text-muted; text-style: bold; }
        SessionList { height: 1fr; margin: 0 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "next field", id="ask.next"),
        Binding("f3,ctrl+o", "sessions", "sessions", key_display="F3", id="ask.sessions"),
        Binding("f1", "app.help", "help", key_display="F1", id="ask.help"),
        Binding("escape", "leave_field", "then letters: s ? q", key_display="esc", id="ask.leave_field"),
        Binding("s", "sessions", "sessions", show=False, id="ask.sessions_letter"),
        Binding("question_mark", "app.help", "help", show=False, id="ask.help_letter"),
        Binding("q", "app.quit", "quit", id="ask.quit"),
    ]

    @override
    def compose(self) -> ComposeResult:
        with Vertical(id="fields"):
            yield QuestionArea(placeholder="What do you want to know?", id="question")
            yield Static(id="question-problem", classes="problem", markup=False)
            with Horizontal(classes="field"):
                yield Label("folder")
                yield FolderInput(placeholder="empty: the sample library", suggester=_Folders(), id="folder")
            yield Static(id="folder-problem", classes="problem", markup=False)
            with Horizontal(classes="field"):
                yield Label("answers")
                yield ProviderField()
        yield Static("Recent runs", id="recent", markup=False)
        yield _Recent(empty="No runs yet: type a question above and press enter.")
        yield KeyLine()

    def on_mount(self) -> None:
        """The question takes the keys at once."""
        self.query_one(QuestionArea).focus()

    def show_recent(self, metas: Sequence[SessionMeta]) -> None:
        """Fills the list of recent runs."""
        self.query_one(_Recent).show(metas)

    @on(Submitted)
    @on(Input.Submitted)
    def _ask(self) -> None:
        area, folder = self.query_one(QuestionArea), self.query_one(FolderInput)
        question = safe(area.text).strip()
        docs, folder_problem = folder_of(folder.value.strip())
        problems = (
            (area, "#question-problem", _question_problem(question)),
            (folder, "#folder-problem", folder_problem),
        )
        for _, line, problem in problems:
            shown = self.query_one(line, Static)
            shown.update(Content(problem))
            shown.display = bool(problem)
        wrong = next((field for field, _, problem in problems if problem), None)
        if wrong is not None:
            wrong.focus()
        else:
            self.post_message(AskScreen.Asked(question, docs, self.query_one(ProviderField).value))

    @on(SessionList.Chosen)
    def _open(self, event: SessionList.Chosen) -> None:
        if event.meta.status == "unreadable":
            self.notify(safe_line(event.meta.error), severity="warning", markup=False)
        else:
            self.post_message(AskScreen.Opened(event.meta.run, event.meta.live))

    def action_sessions(self) -> None:
        """Asks for the session browser."""
        self.post_message(AskScreen.SessionsWanted())

    def action_leave_field(self) -> None:
        """From a field to the recent runs, where letters are keys; and back to the question."""
        recent = self.query_one(_Recent)
        (self.query_one(QuestionArea) if recent.has_focus else recent).focus()


def _question_problem(question: str) -> str:
    if not question:
        return "The question is empty; type one."
    if len(question) > LONGEST_QUESTION:
        return f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} can be asked."
    return ""
