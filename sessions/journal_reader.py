"""Reading the journal of a run: what can be read of it, whatever was done to the file."""

from dataclasses import dataclass
from pathlib import Path

from sessions.errors import BadInputError
from sessions.events import AnyEvent, RunCreated
from sessions.journal_lines import decode_line, encode_event
from sessions.regular_file import read_regular

JOURNAL = "journal.jsonl"


class SessionDamagedError(BadInputError):
    """A session that cannot be opened, or not be gone on with; the message is one sentence that says why."""


@dataclass(frozen=True)
class Replay:
    """What could be read of a journal.

    `damaged` counts the lines that were skipped, `torn` says that the end of the last one is missing, `newer`
    that a later version of hubspoke wrote some of it.
    """

    events: tuple[AnyEvent, ...]
    damaged: int = 0
    torn: bool = False
    newer: bool = False


@dataclass(frozen=True)
class Scan:
    """A journal as it lies on the disk."""

    replay: Replay
    last: int
    """The number of the last event, also when it is damaged."""
    end: int
    """Bytes up to the end of the last whole line."""
    damaged: bytes
    """The whole lines that hold no event."""


def read_journal(directory: Path) -> Replay:
    """Reads a run's events without a lock, so also while it is being worked on.

    Never raises for damage: a missing file is an empty journal. Raises OSError if the file may not be read.
    """
    try:
        return scan(read_regular(directory / JOURNAL)).replay
    except FileNotFoundError:
        return Replay(())


def scan(data: bytes) -> Scan:
    """Reads all there is of a journal's bytes; never raises."""
    *lines, tail = data.split(b"\n")
    events: list[AnyEvent] = []
    damaged: list[bytes] = []
    last, newer = 0, False
    for line in lines:
        read = decode_line(line)
        # A damaged line held the next number, as far as anyone can tell.
        last = max(last, read.seq) if read.seq else last + 1
        newer = newer or read.newer
        if read.event is not None:
            events.append(read.event)
        else:
            damaged.append(line + b"\n")
    replay = Replay(tuple(events), len(damaged), bool(tail), newer)
    return Scan(replay, last, len(data) - len(tail), b"".join(damaged))


def check_opens(directory: Path, replay: Replay) -> None:
    """Raises SessionDamagedError when the run's question cannot be read, without which nothing can."""
    if any(isinstance(event, RunCreated) for event in replay.events):
        return
    why = "the event that holds its question is damaged" if replay.damaged else "nothing was saved of it"
    if replay.newer:
        why = "it was saved by a newer version of hubspoke"
    raise SessionDamagedError(f"The session {directory.name} cannot be opened: {why}.")


def saved_bytes(directory: Path) -> int:
    """The size of the run's journal. Raises OSError."""
    return (directory / JOURNAL).stat().st_size


def journal_of(events: tuple[AnyEvent, ...]) -> tuple[tuple[AnyEvent, ...], bytes]:
    """A whole journal of these events, numbered anew, and the events as a reader will see them.

    Raises ValueError for an event that cannot be saved.
    """
    encoded = [encode_event(event.model_copy(update={"seq": seq})) for seq, event in enumerate(events, 1)]
    return tuple(event for event, _ in encoded), b"".join(line for _, line in encoded)
