"""The port's messages. To a viewer: what happened, the text that streams, answers. To the engine: commands."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, PlainSerializer, SecretStr, TypeAdapter

from agents.calls.live_text import LiveText
from agents.port.version import PORT
from agents.run_settings import Settings
from sessions.events import AnyEvent
from sessions.meta import SessionMeta
from sessions.model import Record
from sessions.plan import SPOKE_ID, Plan, Subtask

MAX_TO_ENGINE = 4_000_000
MAX_TO_VIEWER = 256_000_000
"""Bytes of one message; a longer one ends the connection."""


def _told(key: SecretStr | None) -> str | None:
    """A key as the engine needs it: anywhere but on the port it is masked."""
    return key.get_secret_value() if key is not None else None


class Message(Record):
    """A message of the port. What another version's engine says beyond it is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Hello(Message):
    """The engine's first word."""

    kind: Literal["hello"] = "hello"
    port: int = PORT
    version: str = ""
    """Of hubspoke."""
    pid: int
    outlives: bool
    """Whether a run goes on when its last window is gone."""


class Events(Message):
    """Events in order, without a gap; a new viewer gets all there are first."""

    kind: Literal["events"] = "events"
    events: tuple[AnyEvent, ...]


class Text(Message):
    """Pieces of text that streams, up to `t` on the run's clock; a new viewer gets the open blocks whole."""

    kind: Literal["text"] = "text"
    t: float
    pieces: tuple[LiveText, ...]


class Synced(Message):
    """What came before is the run as it is at event `seq`; from here on it is live."""

    kind: Literal["synced"] = "synced"
    run: str
    seq: int
    t: float
    window: int = 0
    """Which window this is, by the order in which they came: what it does is done by `window 2`."""


class Tick(Message):
    """The engine is alive, and this is the run's clock; each second."""

    kind: Literal["tick"] = "tick"
    t: float


class Answer(Message):
    """What became of a command; `message` is one sentence where it could not be done."""

    kind: Literal["answer"] = "answer"
    id: int
    ok: bool
    message: str = ""
    run: str = ""


class Standing(Message):
    """The answer to `Peek`: how the run stands, as a list of runs shows it."""

    kind: Literal["standing"] = "standing"
    id: int
    meta: SessionMeta


class Bye(Message):
    """The engine leaves; `message` says why, where that is not the run's end."""

    kind: Literal["bye"] = "bye"
    message: str = ""


CommandId = Annotated[int, Field(ge=0, le=2**53)]


class Envelope(Message):
    """What a command of any version has."""

    kind: str
    id: CommandId
    port: int = 1


class Command(Message):
    """Something a person wants; answered under its id."""

    model_config = ConfigDict(extra="forbid")

    id: CommandId
    port: int = PORT


class Begin(Command):
    """Begins the engine's one run: a question, a saved run (its id, or a session file), or a fork (of its id)."""

    kind: Literal["begin"] = "begin"
    question: str | None = None
    """Of a fork: its own, where it has another than the run that it is forked from."""
    resume: str | None = None
    file: bool = False
    """Whether `resume` is a path."""
    fork: str | None = None
    plan: Plan | None = None
    """Of a fork: its own, likewise."""
    settings: Settings = Settings()
    approved: bool = False
    """Whether the plan is approved unseen."""
    retry: dict[str, Subtask | None] | None = None
    key: Annotated[SecretStr | None, PlainSerializer(_told, when_used="json")] = None
    """Another API key for the rest of this run; it stays in the engine's memory."""


class Watch(Command):
    """From now on this connection gets the run's events and text, and counts as a window."""

    kind: Literal["watch"] = "watch"


class Peek(Command):
    """How does the run stand? Answered with `Standing`; whoever asks is no window."""

    kind: Literal["peek"] = "peek"


class AnswerPlan(Command):
    """A person's word on the plan that waits."""

    checkpoint: int
    """The number (`seq`) of the event with which that plan began to wait."""


class Approve(AnswerPlan):
    """The plan stands, as it comes with this."""

    kind: Literal["approve"] = "approve"
    plan: Plan


class SendBack(AnswerPlan):
    """Another plan, please; the note says why."""

    kind: Literal["send_back"] = "send_back"
    note: Annotated[str, Field(min_length=1, max_length=4_000)]


Spoke = Annotated[str, Field(pattern=SPOKE_ID)]


class Retry(Command):
    """Another attempt on a spoke whose attempt (0: none) failed or was cancelled, perhaps on an edited brief."""

    kind: Literal["retry"] = "retry"
    spoke: Spoke
    attempt: int
    subtask: Subtask | None = None


class TryNow(Command):
    """Whatever waits for its next try, the coordinator's own conversations too, tries at once."""

    kind: Literal["try_now"] = "try_now"


class SaveAgain(Command):
    """There may be room on the disk again: what could not be saved is saved now."""

    kind: Literal["save_again"] = "save_again"


class GoOnUnsaved(Command):
    """The run goes on in memory, though nothing of it is saved."""

    kind: Literal["go_on_unsaved"] = "go_on_unsaved"


class Cancel(Command):
    """Gives up a spoke in that attempt (0: none yet)."""

    kind: Literal["cancel"] = "cancel"
    spoke: Spoke
    attempt: int


class Stop(Command):
    """Stops the run, saved."""

    kind: Literal["stop"] = "stop"


class Quit(Command):
    """The window closes. Said, because a connection may stay open after its window is gone."""

    kind: Literal["quit"] = "quit"


ToViewer = Annotated[
    Hello | Events | Text | Synced | Tick | Answer | Standing | Bye,
    Field(discriminator="kind"),
]
ToEngine = Annotated[
    Begin | Watch | Peek | Approve | SendBack | Retry | TryNow | SaveAgain | GoOnUnsaved | Cancel | Stop | Quit,
    Field(discriminator="kind"),
]
TO_VIEWER: TypeAdapter[ToViewer] = TypeAdapter(ToViewer)
TO_ENGINE: TypeAdapter[ToEngine] = TypeAdapter(ToEngine)
