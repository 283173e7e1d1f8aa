"""What is done to saved runs in the browser: they are named, tagged, deleted, brought back, imported."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sessions import paths
from sessions.errors import BadInputError
from tui.safe import safe_line
from tui.screens.prompt import PromptScreen
from tui.session_rows import hidden_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions.meta import SessionMeta
    from sessions.store import Store
    from tui.screens.session_actions import SessionActions


class SessionEdits:
    """Each does its work in a thread, and tells the screen what changed, or in one sentence why nothing did."""

    def __init__(self, screen: SessionActions) -> None:
        self._screen = screen
        self.deleted: list[str] = []
        """What was deleted here, the newest last."""

    def rename(self, meta: SessionMeta, typed: str | None = None) -> None:
        """Asks for a run's title."""
        self._ask(
            f"Title of {meta.run} (empty: its question)",
            meta.title if typed is None else typed,
            lambda title: lambda store: store.rename(meta.run, title) or meta.run,
        )

    def tag(self, meta: SessionMeta) -> None:
        """Asks for a run's tags."""
        self._ask(
            f"Tags of {meta.run}, with spaces between them",
            " ".join(meta.tags),
            lambda tags: lambda store: store.tag(meta.run, tags) or meta.run,
            lambda tags: self._without_room(meta, tags),
        )

    def _without_room(self, meta: SessionMeta, typed: str) -> str:
        """What is said of tags that the run's row has no room for; empty where it shows them all."""
        from sessions.labels import tags_of

        tagged = meta.model_copy(update={"tags": tags_of(typed)})
        hidden = hidden_tags(tagged, self._screen.runs.size.width, time.time())
        told = f"The row has no room for {hidden} of {len(tagged.tags)} tags; p shows all of them."
        return told if hidden else ""

    def import_file(self) -> None:
        """Asks for a session file and adds it."""

        def work(typed: str, store: Store) -> str:
            brought = store.bring(Path(typed.strip()).expanduser())
            if brought.notice:
                self._screen.notify(brought.notice, markup=False)
            return brought.run

        self._ask("A session file to import", "", lambda typed: partial(work, typed))

    def delete(self, run: str) -> None:
        """Moves a run to the bin."""

        def work(store: Store) -> str:
            store.delete(run)
            return run

        def done(run: str) -> None:
            self.deleted.append(run)
            self._screen.notify(f"Deleted {run}; u brings it back.", markup=False)
            self._screen.changed()

        self._do(work, done)

    def undo(self) -> None:
        """Brings back what was deleted last."""
        if not self.deleted:
            self._screen.say("Nothing was deleted here; there is nothing to undo.")
            return
        run = self.deleted.pop()
        self._screen.app.clear_notifications()  # one of them says that `u` brings it back
        self._do(lambda store: store.restore(run) or run, self._screen.changed)

    def _ask(
        self,
        question: str,
        value: str,
        work: Callable[[str], Callable[[Store], str]],
        told: Callable[[str], str] = lambda typed: "",
    ) -> None:
        """Asks for a line until it can be used, or was left with escape; nothing that was typed is lost.

        `told` answers what a person should know of a line that was used.
        """

        def answered(typed: str | None) -> None:
            if typed is not None:
                used = partial(done, typed)
                self._do(work(typed), used, refused=lambda: self._ask(question, typed, work, told))

        def done(typed: str, run: str) -> None:
            if run in self.deleted:
                self.deleted.remove(run)
            self._screen.changed(run)
            if said := told(typed):
                self._screen.notify(said, markup=False)

        self._screen.app.push_screen(PromptScreen(question, safe_line(value)), answered)

    def _do(
        self, work: Callable[[Store], str], done: Callable[[str], None], refused: Callable[[], None] | None = None
    ) -> None:
        """Has something done that answers the run it concerns."""

        async def doing() -> None:
            try:
                run = await asyncio.to_thread(lambda: work(_store()))
            except (BadInputError, ValueError, RuntimeError) as error:
                self._screen.say(str(error))
                if refused is not None:
                    refused()
                else:
                    self._screen.changed()
            else:
                done(run)

        self._screen.run_worker(doing(), exit_on_error=False)


def _store() -> Store:
    # pydantic takes longer to import than the first paint may.
    from sessions.store import Store

    return Store(paths.home())
