"""The library of saved runs: one directory a run, named by its id."""

import contextlib
import os
import random
import re
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sessions.atomic_file import write_atomic
from sessions.bin import Bin
from sessions.errors import BadInputError
from sessions.events import AnyEvent, RunCreated
from sessions.evidence_store import EvidenceStore
from sessions.from_elsewhere import mark
from sessions.ids import RUN_ID, new_run_id
from sessions.journal_reader import JOURNAL, journal_of, read_journal
from sessions.labels import Labels, read_labels, tags_of, title_of, write_labels
from sessions.load import fold_all
from sessions.meta import SessionMeta, read_meta
from sessions.meta import write_meta as write_meta
from sessions.paths import UnwritableError, private_directory, reason, sync_directory
from sessions.snapshot import BadSessionFileError, Imported, read_snapshot, snapshot, write_snapshot

LAST = "last"
"""Names the session that was used last."""

_MAKING = ".import-"
"""Begins the name of a session that is being made."""

_ABANDONED_S = 3_600.0
"""What has been in the making for so long never will be a session."""

_SHAPE = "00000000-0000-0000"
_ASK_FOR_LIST = "`hubspoke sessions` lists them"


class UnknownSessionError(BadInputError):
    """No session, or more than one, has that id; the message is one sentence that says so."""


class Brought(NamedTuple):
    """What became of a session file: its session's id here, the id in the file, whether it was here already."""

    run: str
    named: str
    known: bool

    @property
    def notice(self) -> str:
        """What a person may not expect of it, in one sentence; mostly empty."""
        if self.known:
            return f"The run {self.run} is here already; nothing was changed."
        if self.run != self.named:
            return f"Another run {self.named} is here already; this one is kept as {self.run}."
        return ""


class Store:
    """The saved runs under a data directory, each in `sessions/<run>`."""

    def __init__(self, root: Path) -> None:
        """For a data directory (`paths.home()`); nothing is made before the first run."""
        self._sessions = root / "sessions"
        self._bin = Bin(self._sessions)

    def create(self, run: str) -> Path:
        """The directory of a new run, made. Raises UnwritableError, also when the id is taken."""
        directory = self._sessions / _checked(run)
        private_directory(self._sessions)
        if directory.exists():
            raise UnwritableError(f"A session {run} is there already.")
        return private_directory(directory)

    def find(self, id_or_prefix: str) -> Path:
        """The directory of the one session whose id begins so, or of the `last`. Raises UnknownSessionError."""
        if id_or_prefix == LAST:
            return self._last()
        wanted = id_or_prefix.lower()
        # Nothing that is not the beginning of an id ever becomes a part of a path.
        if not wanted or not re.fullmatch(RUN_ID, wanted + _SHAPE[len(wanted) :]):
            raise UnknownSessionError(f"{id_or_prefix[:40]!r} is not the id of a session; {_ASK_FOR_LIST}.")
        found = [name for name in self.names() if name.startswith(wanted)]
        if not found:
            raise UnknownSessionError(f"There is no session {wanted}; {_ASK_FOR_LIST}.")
        if len(found) > 1:
            raise UnknownSessionError(f"{len(found)} sessions begin with {wanted}; {_ASK_FOR_LIST}.")
        return self._sessions / found[0]

    def list(self) -> list[SessionMeta]:
        """Every session, the one used last first; those that cannot be read come at the end and say why."""
        metas = [read_meta(self._sessions / name) for name in self.names()]
        return sorted(metas, key=lambda meta: (meta.updated, meta.run), reverse=True)

    def path(self, run: str) -> Path:
        """The directory of the session with exactly that id, which need not be there."""
        return self._sessions / _checked(run)

    def rename(self, run: str, title: str) -> None:
        """Gives the session a title, or with an empty one takes it away; a live one too.

        Raises UnknownSessionError, BadLabelError, UnwritableError.
        """
        directory = self._existing(run)
        kept = read_labels(directory)
        write_labels(directory, Labels(title=title_of(title), tags=kept.tags))

    def tag(self, run: str, tags: str) -> None:
        """Gives the session these tags, with spaces or commas between them, in place of those it had.

        Raises UnknownSessionError, BadLabelError, UnwritableError.
        """
        directory = self._existing(run)
        kept = read_labels(directory)
        write_labels(directory, Labels(title=kept.title, tags=tags_of(tags)))

    def delete(self, run: str) -> None:
        """Moves the session with that id to the bin, from where `restore` brings it back until it is purged.

        Raises UnknownSessionError, SessionBusyError while an engine works on it, UnwritableError.
        """
        self._bin.put(self._existing(run))

    def restore(self, run: str) -> None:
        """Brings back the session that was last deleted under that id.

        Raises UnknownSessionError when it is not in the bin, UnwritableError, also when the id is taken again.
        """
        deleted = self._bin.newest(run)
        if deleted is None:
            raise UnknownSessionError(f"There is no deleted session {_shown(run)} to bring back.")
        self._bin.take(deleted, run)

    def purge(self, older_than_s: float) -> int:
        """Removes for good what was deleted longer ago than that; how many there were. Never raises.

        So goes what imports and forks left behind that were killed.
        """
        with contextlib.suppress(OSError, RecursionError):
            for path in self._sessions.glob(f"{_MAKING}*"):
                if time.time() - path.lstat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(path, ignore_errors=True)
        return self._bin.purge(time.time() - older_than_s)

    def import_file(self, path: Path) -> str:
        """As `bring`; the session's id."""
        return self.bring(path).run

    def bring(self, path: Path) -> Brought:
        """Makes a session of an exported file (`json` or `jsonl`).

        It keeps its own id. If that is taken by a session that begins with the same events, that one is meant
        and left as it is; if by another, the new one gets a new id. Raises BadSessionFileError, UnwritableError.
        """
        imported = read_snapshot(path)
        try:
            events, _ = journal_of(imported.events)
        except ValueError:
            raise BadSessionFileError(f"{path} holds an event that cannot be saved.") from None
        created = next((event for event in events if isinstance(event, RunCreated)), None)
        if created is None or not re.fullmatch(RUN_ID, created.run):
            raise BadSessionFileError(f"{path} does not say which question it is about.")
        if self._begins_with(created.run, events):
            return Brought(created.run, created.run, known=True)
        run = self.add(created.run, Imported(events, imported.evidence), from_elsewhere=True)
        return Brought(run, created.run, known=False)

    def add(self, run: str, imported: Imported, *, from_elsewhere: bool = False) -> str:
        """Makes a session of these events, whole or not at all; its id, a new one where `run` is taken.

        One `from_elsewhere` goes on when a person has said which folder it may read (`sessions.from_elsewhere`).
        Raises UnwritableError, and ValueError for an event that cannot be saved.
        """
        private_directory(self._sessions)
        with contextlib.ExitStack() as undo:
            try:
                # Made beside the others and then renamed: a session is there whole or not at all.
                making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=self._sessions))
                undo.callback(shutil.rmtree, making, ignore_errors=True)
                while (self._sessions / run).exists():
                    run = new_run_id(datetime.now(UTC), random.SystemRandom())
                _fill(making, run, imported)
                if from_elsewhere:
                    mark(making)
                making.rename(self._sessions / run)
                undo.pop_all()
                sync_directory(self._sessions)
            except UnwritableError:
                raise
            except OSError as error:
                raise UnwritableError(f"No session can be saved in {self._sessions}: {reason(error)}.") from error
        return run

    def _begins_with(self, run: str, events: tuple[AnyEvent, ...]) -> bool:
        try:
            first = read_journal(self._sessions / run).events[: len(events)]
        except OSError:
            return False
        # Numbered anew as those of the file are: a damaged line has left out a number.
        return journal_of(first)[0] == events

    def _existing(self, run: str) -> Path:
        if run not in self.names():
            raise UnknownSessionError(f"There is no session {_shown(run)}; {_ASK_FOR_LIST}.")
        return self._sessions / run

    def _last(self) -> Path:
        for meta in self.list():
            if meta.status != "unreadable":
                return self._sessions / meta.run
        raise UnknownSessionError("There is no session yet.")

    def names(self) -> tuple[str, ...]:
        """The ids of all sessions, in no order. Raises UnwritableError."""
        try:
            with os.scandir(self._sessions) as entries:
                return tuple(entry.name for entry in entries if _is_session(entry))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise UnwritableError(f"{self._sessions} cannot be read: {reason(error)}.") from error


def _is_session(entry: "os.DirEntry[str]") -> bool:
    return entry.is_dir(follow_symlinks=False) and re.fullmatch(RUN_ID, entry.name) is not None


def _shown(run: str) -> str:
    return run if re.fullmatch(RUN_ID, run) else repr(run[:40])


def _checked(run: str) -> str:
    if not re.fullmatch(RUN_ID, run):
        raise ValueError(f"{run!r} is not a run's id")
    return run


def _fill(directory: Path, run: str, imported: Imported) -> None:
    """Writes all of a session's files. Raises OSError."""
    events, journal = journal_of(
        tuple(
            event.model_copy(update={"run": run}) if isinstance(event, RunCreated) else event
            for event in imported.events
        )
    )
    evidence = EvidenceStore(directory)
    for text in imported.evidence.values():
        evidence.put(text)
    if evidence.fault:
        raise UnwritableError(evidence.fault)
    write_atomic(directory / JOURNAL, journal)
    state = fold_all(events)
    write_snapshot(directory, snapshot(state, events, evidence))
    write_meta(directory, state, len(journal))
