"""What is done with the highlighted run of the session browser."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual import getters, on
from textual.message import Message
from textual.screen import Screen

from tui.export_choice import choose_and_write
from tui.safe import safe_line
from tui.session_edits import SessionEdits
from tui.session_rows import SessionList, resumes
from tui.typed_app import app_type

if TYPE_CHECKING:
    from sessions.meta import SessionMeta


@dataclass(frozen=True)
class SessionChoice:
    """A run, and what to do with it."""

    run: str
    action: Literal["open", "resume", "attach"]


class SessionActions(Screen[SessionChoice | None]):
    """The actions; the screen itself knows what there is and what is shown of it."""

    class Wanted(Message):
        """A run's replay, or a fork of it, was asked for."""

        def __init__(self, run: str, what: Literal["replay", "fork"]) -> None:
            super().__init__()
            self.run = run
            self.what: Literal["replay", "fork"] = what

    app = getters.app(app_type)

    def __init__(self) -> None:
        super().__init__()
        self.edits = SessionEdits(self)
        self.armed = ""
        """The run that another `d` deletes."""

    @property
    @abstractmethod
    def runs(self) -> SessionList:
        """The list."""

    @abstractmethod
    def tell(self) -> None:
        """Says what can be done with the highlighted run."""

    @abstractmethod
    def changed(self, run: str = "") -> None:
        """Something was done to a run: it is read again, and highlighted if it is named."""

    def say(self, sentence: str) -> None:
        """Says what could not be done."""
        self.notify(safe_line(sentence), severity="warning", markup=False)

    @on(SessionList.Chosen)
    def _open(self, event: SessionList.Chosen) -> None:
        meta = event.meta
        if meta.status == "unreadable" and not meta.live:
            self.say(meta.error)
            return
        self.dismiss(SessionChoice(meta.run, "attach" if meta.live else "open"))

    def action_resume(self) -> None:
        """Goes on with the highlighted run, where there is anything to go on with."""
        meta = self.runs.highlighted
        if meta is None:
            return
        if meta.live:
            self.say("This run is live; enter attaches to it.")
        elif meta.status == "unreadable":
            self.say(meta.error)
        elif not resumes(meta):
            self.say("This run is finished; nothing to resume.")
        else:
            self.dismiss(SessionChoice(meta.run, "resume"))

    def action_delete(self) -> None:
        """Deletes the highlighted run, when it is asked for twice."""
        meta = self.runs.highlighted
        if meta is None:
            return
        if meta.live:
            self.say(f"This run is live; stop it before you delete it: X in the run, or hubspoke stop {meta.run}")
        elif self.armed == meta.run:
            self.armed = ""
            self.edits.delete(meta.run)
        else:
            self.armed = meta.run
            self.tell()

    def action_undo(self) -> None:
        """Brings back what was deleted last."""
        self.edits.undo()

    def action_rename(self) -> None:
        """Asks for a title of the highlighted run."""
        if (meta := self.runs.highlighted) is not None:
            self.edits.rename(meta)

    def action_tag(self) -> None:
        """Asks for tags of the highlighted run."""
        if (meta := self.runs.highlighted) is not None:
            self.edits.tag(meta)

    def action_import(self) -> None:
        """Asks for a session file."""
        self.edits.import_file()

    def action_replay(self) -> None:
        """Plays the highlighted run."""
        if (meta := self._readable()) is not None:
            self.post_message(self.Wanted(meta.run, "replay"))

    def action_fork(self) -> None:
        """Begins a run of its own with the highlighted one's plan."""
        if (meta := self._readable()) is not None:
            self.post_message(self.Wanted(meta.run, "fork"))

    def action_export(self) -> None:
        """Writes the highlighted run to a file, in a form that is asked for."""
        if (meta := self._readable()) is not None:
            choose_and_write(self.app, meta.run)

    def _readable(self) -> SessionMeta | None:
        """The highlighted run, if it can be read; else it is said why not."""
        meta = self.runs.highlighted
        if meta is not None and meta.status == "unreadable":
            self.say(meta.error)
            return None
        return meta
