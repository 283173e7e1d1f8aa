"""Where hubspoke keeps its data, its cache and its settings, and that only their owner can read them."""

import os
import stat
import tempfile
from pathlib import Path

import platformdirs

from sessions.errors import BadInputError

APP = "hubspoke"


class UnwritableError(BadInputError, OSError):
    """Something could not be saved; the message is one sentence that says what, where and why."""


def home() -> Path:
    """The data directory: `HUBSPOKE_HOME`, or the platform's directory for a person's data."""
    return _override() or platformdirs.user_data_path(APP, appauthor=False)


def cache() -> Path:
    """The directory of what can be built again: `HUBSPOKE_HOME/cache`, or the platform's cache directory."""
    override = _override()
    return override / "cache" if override else platformdirs.user_cache_path(APP, appauthor=False)


def config_dir() -> Path:
    """The directory of a person's settings: `HUBSPOKE_HOME/config`, or the platform's config directory."""
    override = _override()
    return override / "config" if override else platformdirs.user_config_path(APP, appauthor=False)


def _override() -> Path | None:
    named = os.environ.get("HUBSPOKE_HOME", "")
    return Path(named).expanduser().absolute() if named else None


def private_directory(path: Path) -> Path:
    """The directory, made if it is missing, readable by its owner alone (0700).

    Parents are made alike; those that exist stay as they are. Raises UnwritableError when it cannot be
    made, is not a directory, or takes no file.
    """
    try:
        _make(path)
        if stat.S_IMODE(path.stat().st_mode) != 0o700:
            path.chmod(0o700)
        # Only a file that was really made proves it: a full or read-only disk has permissions that look right.
        tempfile.TemporaryFile(dir=path).close()
    except FileExistsError as error:
        # Something else has the name of one of the directories, perhaps of the data directory itself.
        raise UnwritableError(f"The directory {path} cannot be made: {error.filename} is a file.") from error
    except OSError as error:
        raise UnwritableError(f"The directory {path} cannot be written: {reason(error)}.") from error
    return path


def _make(path: Path) -> None:
    if path.is_dir():
        return
    if path.parent != path:
        _make(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    # A new directory outlasts a power cut only when the directory that names it has been synced too.
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Makes the names in a directory durable (fsync). Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason(error: OSError) -> str:
    """Why the system refused, in lower case and without a path, such as `no space left on device`."""
    if isinstance(error.__cause__, OSError):
        error = error.__cause__
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]
