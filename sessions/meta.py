"""meta.json: what a list of saved runs shows of one, in less than a kilobyte."""

import contextlib
from pathlib import Path
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from sessions.atomic_file import write_atomic
from sessions.journal_reader import SessionDamagedError, saved_bytes
from sessions.labels import read_labels
from sessions.load import load
from sessions.model import Elapsed, Moment
from sessions.paths import UnwritableError, reason
from sessions.regular_file import read_regular
from sessions.rerun import Begins, Reasons, rerun
from sessions.run_lock import is_held
from sessions.state import UNDER_WAY, RunState, RunStatus

META = "meta.json"
_QUESTION_BYTES = 440
_NAME_BYTES = 60
_MAX_BYTES = 1_024


class SessionMeta(BaseModel):
    """A saved run in a list. One that cannot be read is `unreadable`, and `error` says why in one sentence."""

    model_config = ConfigDict(frozen=True)

    run: str
    title: str = ""
    """What a person calls it, where they do; like `tags` it is kept by itself (`sessions.labels`)."""
    tags: tuple[str, ...] = ()
    question: str = ""
    status: RunStatus | Literal["unreadable"]
    exit: int | None = None
    provider: str = ""
    started: Moment = 0.0
    updated: Moment = 0.0
    seconds: Elapsed = 0.0
    spokes_done: int = 0
    spokes_failed: int = 0
    spokes_cancelled: int = 0
    spokes_total: int = 0
    tokens: int = 0
    usd: float | None = None
    """None where a price was not known."""
    journal_bytes: int = 0
    """The size of the journal that this was made of: with another size it is out of date."""
    forked_from: str = ""
    """The run that it is a fork of; empty for one that is none."""
    resume: Begins = ""
    """The step that a resume begins with (`sessions.rerun`); empty where it has nothing to do."""
    again: Reasons = ()
    """The spokes that it runs again, by their reasons."""
    error: str = ""
    live: bool = False
    """Whether an engine works on it at this moment; never saved, for it holds only now."""

    @property
    def name(self) -> str:
        """What it is called in a list: its title, else its question."""
        return self.title or self.question


_SAVED = SessionMeta.model_fields.keys() - {"live", "title", "tags"}
"""What meta.json has; one of another version, that lacks some, is made anew."""


def meta_of(run: str, state: RunState, size: int = 0) -> SessionMeta:
    """A run in this state as a list shows it; `size` is that of the journal it was made of."""
    again = rerun(state)
    spokes = [spoke.status for spoke in state.spokes.values()]
    return SessionMeta(
        run=run,
        question=_short(state.question, _QUESTION_BYTES),
        status=state.status,
        exit=state.exit,
        provider=_short(state.created.provider if state.created else "", _NAME_BYTES),
        started=state.started_at,
        updated=state.updated_at,
        seconds=state.seconds,
        spokes_done=spokes.count("done"),
        spokes_failed=spokes.count("failed"),
        spokes_cancelled=spokes.count("cancelled"),
        spokes_total=len(spokes),
        tokens=state.usage.tokens,
        usd=state.usage.cost,
        journal_bytes=size,
        resume=again.begins,
        again=again.reasons,
        forked_from=_short(state.created.forked_from if state.created else "", _NAME_BYTES),
    )


def write_meta(directory: Path, state: RunState, size: int) -> None:
    """Replaces the run's meta.json at once, made of so many bytes of its journal. Raises UnwritableError."""
    _write(directory, meta_of(directory.name, state, size))


def read_meta(directory: Path) -> SessionMeta:
    """The run as a list shows it, made anew from its journal where meta.json is missing, damaged or out of date.

    Never raises: what cannot be read is a row that says why.
    """
    return as_it_stands(read_saved_meta(directory), live=is_held(directory))


def read_saved_meta(directory: Path) -> SessionMeta:
    """As `read_meta`, but as the journal left it: whether an engine still works on it was not asked."""
    labels = read_labels(directory)
    return _read(directory).model_copy(update={"title": labels.title, "tags": labels.tags})


def as_it_stands(meta: SessionMeta, *, live: bool) -> SessionMeta:
    """The run at this moment: an engine that was killed could not say so."""
    killed = meta.status in UNDER_WAY and not live
    if live == meta.live and not killed:
        return meta
    return meta.model_copy(update={"live": live, "status": "interrupted" if killed else meta.status})


def _read(directory: Path) -> SessionMeta:
    try:
        size = saved_bytes(directory)
        return _saved(directory, size) or _rebuilt(directory, size)
    except FileNotFoundError:
        return _unreadable(directory, f"The session {directory.name} cannot be opened: nothing was saved of it.")
    except OSError as error:
        return _unreadable(directory, f"The session {directory.name} cannot be read: {reason(error)}.")
    except SessionDamagedError as error:
        return _unreadable(directory, str(error))


def _saved(directory: Path, size: int) -> SessionMeta | None:
    try:
        meta = SessionMeta.model_validate_json(read_regular(directory / META, _MAX_BYTES))
    except (OSError, ValidationError):
        return None
    current = (meta.run, meta.journal_bytes) == (directory.name, size) and meta.model_fields_set >= _SAVED
    return meta if current else None


def _rebuilt(directory: Path, size: int) -> SessionMeta:
    meta = meta_of(directory.name, load(directory), size)
    # Where it cannot be kept, the next list makes it again.
    with contextlib.suppress(UnwritableError):
        _write(directory, meta)
    return meta


def _write(directory: Path, meta: SessionMeta) -> None:
    write_atomic(directory / META, meta.model_dump_json(include=_SAVED).encode())


def _unreadable(directory: Path, why: str) -> SessionMeta:
    return SessionMeta(run=directory.name, status="unreadable", error=why)


def _short(text: str, limit: int) -> str:
    """On one line, and cut so that it takes at most so many bytes as JSON."""
    line = short = " ".join(text.split())
    while len(orjson.dumps(short)) > limit:
        line = line[: min(limit, len(line)) - 1]
        short = f"{line}…"
    return short
