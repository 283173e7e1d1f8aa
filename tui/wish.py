"""What a person wants of the run, from whichever screen; the app sees to it."""

from typing import Literal

from textual.message import Message

What = Literal[
    "zoom",
    "retry",
    "edit",
    "cancel",
    "report",
    "plan",
    "resume",
    "fork",
    "rerun",
    "retry_all",
    "stop",
    "key",
    "save",
    "go_unsaved",
    "look",
    "trace",
    "live",
    "write",
]


class Wish(Message):
    """A key was pressed that concerns one spoke, or the whole run."""

    def __init__(self, what: What, spoke: str = "", attempt: int = 0, seq: int = 0) -> None:
        """`attempt` is the number of the one that is meant, 0 the newest; `seq` that of an event, 0 none."""
        super().__init__()
        self.what: What = what
        self.spoke = spoke
        self.attempt = attempt
        self.seq = seq
