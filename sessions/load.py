"""A saved run, read back into its state."""

from collections.abc import Iterable
from pathlib import Path

from sessions.events import AnyEvent, RunEnded
from sessions.journal_reader import Replay, SessionDamagedError, check_opens, read_journal
from sessions.paths import reason
from sessions.run_lock import is_held
from sessions.state import UNDER_WAY, RunState, fold


def fold_all(events: Iterable[AnyEvent]) -> RunState:
    """The state after all these events."""
    state = RunState()
    for event in events:
        fold(state, event)
    return state


def opening_notices(replay: Replay) -> tuple[str, ...]:
    """What a person should know of a journal that was not whole, one sentence each."""
    notices: list[str] = []
    if replay.damaged:
        events = "event was" if replay.damaged == 1 else "events were"
        notices.append(f"{replay.damaged} damaged {events} skipped.")
    if replay.torn:
        notices.append("The last line was torn off by a crash and set aside.")
    if replay.newer:
        notices.append("A newer version of hubspoke saved this session: it can be read, but not gone on with.")
    return tuple(notices)


def read_run(directory: Path) -> Replay:
    """The events of a saved run. Changes nothing on disk.

    Raises SessionDamagedError when too little is left to show.
    """
    try:
        replay = read_journal(directory)
    except OSError as error:
        raise SessionDamagedError(f"The session {directory.name} cannot be read: {reason(error)}.") from error
    check_opens(directory, replay)
    return replay


def state_of(replay: Replay) -> RunState:
    """The state of a run that was read, with notices of what could not be."""
    state = fold_all(replay.events)
    # A resume may have recorded the same before.
    state.notices.extend(notice for notice in opening_notices(replay) if notice not in state.notices)
    return state


def load(directory: Path) -> RunState:
    """The state of a saved run (`read_run`). Raises SessionDamagedError."""
    return state_of(read_run(directory))


def load_standing(directory: Path) -> RunState:
    """The state of a saved run as it stands now: one whose engine was killed, and could not say so, is cut off."""
    return standing_of(directory, read_run(directory))


def standing_of(directory: Path, replay: Replay) -> RunState:
    """As `load_standing`, of a run that was read already."""
    state = state_of(replay)
    if state.status in UNDER_WAY and not is_held(directory):
        ended = RunEnded(status="interrupted", exit=130, message="Its engine is gone.")
        stamp = {"seq": state.seq, "at": state.updated_at, "t": state.seconds}
        fold(state, ended.model_copy(update=stamp))
    return state
