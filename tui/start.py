"""Opening the dashboard: the engine first, then the screen, so that neither waits for the other."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agents.port.link import attach, launch
from sessions.errors import BadInputError

if TYPE_CHECKING:
    from agents.port.messages import Begin
    from sessions.plan import Plan, Subtask


class RefusedError(BadInputError):
    """The engine would not begin the run; the message is its own."""


STARTING = "the engine starts, and reads the documents first …"
"""What is said until a run has begun: with many documents that are new, for some seconds."""

LIVE_PACE_S = 0.01
"""Between two pieces of the embedded engine's text, where somebody watches them."""


@dataclass(frozen=True)
class Start:
    """What a dashboard begins with: nothing, a question, or a run: to go on with, fork, attach to, or replay."""

    question: str | None = None
    resume: str | None = None
    file: bool = False
    """Whether `resume` is a path."""
    fork: str | None = None
    """A run to fork; `question` and `plan` are the fork's own, where it has others."""
    plan: Plan | None = None
    attach: str | None = None
    replay: str | None = None
    """A run whose replay is shown; where it is live, it is attached to as well."""
    approved: bool = False
    retry: Mapping[str, Subtask | None] | None = None
    """Of a run that is resumed, the spokes to attempt again; None for all that failed."""
    settings: dict[str, object] = field(default_factory=dict[str, object])
    """What was given on the command line, by the names of `agents.run_settings.Settings`."""

    def begin(self) -> Begin:
        """What an engine is told of it."""
        from agents.port.messages import Begin  # not before the first frame
        from agents.run_settings import Settings

        return Begin(
            id=0,
            question=self.question,
            resume=self.resume,
            file=self.file,
            fork=self.fork,
            plan=self.plan,
            settings=Settings.model_validate(self.settings),
            approved=self.approved,
            retry=dict(self.retry) if self.retry is not None else None,
        )


def open_dashboard(start: Start) -> int:
    """Runs the dashboard to its end and answers the exit code. Raises NotRunningError."""
    link = attach(start.attach) if start.attach else launch()
    # What is imported is there to stay; `Dashboard` switches collection on again when all of it is.
    gc.disable()
    # Textual reads it when it is imported; without it, what a key does is drawn up to a sixtieth of a second late.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    from tui import pastes
    from tui.app import Dashboard

    pastes.guard()
    dashboard = Dashboard(start, link)
    code = dashboard.run()
    if dashboard.refusal:
        raise RefusedError(dashboard.refusal)
    if dashboard.parting:
        print(dashboard.parting)  # noqa: T201
    return code or 0
