"""The run as a whole: how it begins, who works on it, what it waits for, whether it is saved, how it ends."""

from typing import Literal

from sessions.events.base import Event, SteeredEvent
from sessions.events.spending import Limits
from sessions.failures import Failure


class RunCreated(Event):
    """The question and how it is to be worked on."""

    kind: Literal["run_created"] = "run_created"
    run: str
    question: str
    docs: str
    """The absolute path of the folder of documents."""
    provider: str
    model: str = ""
    """Overrides the model of every role when it is not empty."""
    team: str = "research"
    limits: Limits = Limits()
    version: str = ""
    forked_from: str = ""
    """The run whose plan and results it took over at its beginning; empty for one that began from nothing."""


class EngineStarted(Event):
    """A process took the run up: the first time, or again on resume, with the settings now in force."""

    kind: Literal["engine_started"] = "engine_started"
    pid: int
    version: str
    docs: str
    provider: str
    model: str = ""
    limits: Limits = Limits()
    resumed: bool = False


class RunQueued(Event):
    """The run waits until fewer runs are live, before it plans; with `live` 0 its turn has come."""

    kind: Literal["run_queued"] = "run_queued"
    live: int = 0
    """How many of the runs before it are live."""
    before: int = 0
    """How many of them wait."""
    ends: int = 1
    """How many of the live have to end before it has a place; not 1 where their limits are other than its own."""
    ahead: tuple[str, ...] = ()
    """The ids of the runs that are live, and then of those that wait before it; empty where they are not known."""

    @property
    def most(self) -> int:
        """How many runs may be live when it begins, with it."""
        return self.live - self.ends + 1

    @property
    def said(self) -> str:
        """The same in words."""
        if not self.live:
            return "its turn has come"
        runs = "1 run is" if self.live == 1 else f"{self.live} runs are"
        others = f", {self.before} before it wait{'s' if self.before == 1 else ''}" if self.before else ""
        ends = f"{self.ends} of them have ended" if self.ends > 1 else "one ends"
        return f"queued: {runs} live{others}; it begins when {ends}"


class Noticed(Event):
    """Something a person should know that is no failure of a spoke."""

    kind: Literal["noticed"] = "noticed"
    message: str


class SavingStopped(Event):
    """The disk takes no more: no spoke begins until that is mended, or somebody says to go on all the same."""

    kind: Literal["saving_stopped"] = "saving_stopped"
    why: str


class GoneOnUnsaved(SteeredEvent):
    """The run goes on in memory: a person said so, or there is nobody to wait for."""

    kind: Literal["gone_on_unsaved"] = "gone_on_unsaved"


class SavingMended(Event):
    """All that could not be saved is saved."""

    kind: Literal["saving_mended"] = "saving_mended"


class RunEnded(SteeredEvent):
    """The engine let the run go: with a report, at a checkpoint, interrupted (`by` says by whom) or failed."""

    kind: Literal["run_ended"] = "run_ended"
    status: Literal["done", "gaps", "waiting", "interrupted", "failed"]
    exit: int
    message: str = ""
    failure: Failure | None = None
    """What stopped it, where a failure did."""
