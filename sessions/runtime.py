"""Where the sockets of live runs are: a short private directory, for a socket's path may have about 100 bytes."""

import os
import stat
import tempfile
import zlib
from pathlib import Path

from sessions.paths import APP, UnwritableError, home, reason

LONGEST = 100
"""Bytes of a socket's path that every system takes (sun_path: 104 on macOS, 108 on Linux)."""


def runtime_dir() -> Path:
    """The directory of this user's sockets, made if need be: 0700, and nobody else's. Raises UnwritableError."""
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    inside = Path(named) / APP if named and Path(named).is_dir() else None
    path = inside or Path(tempfile.gettempdir()) / f"{APP}-{os.getuid()}"
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise UnwritableError(f"{path} is not a directory of yours.")
        if stat.S_IMODE(found.st_mode) != 0o700:
            path.chmod(0o700)
    except UnwritableError:
        raise
    except OSError as error:
        raise UnwritableError(f"The directory {path} cannot be used: {reason(error)}.") from error
    return path


def new_socket() -> Path:
    """A path for the socket of an engine that has no run yet. Raises UnwritableError."""
    return _fits(runtime_dir() / f"{_home()}-new-{os.urandom(6).hex()}.sock")


def run_socket(run: str) -> Path:
    """The path of the socket of a live run of this data directory. Raises UnwritableError."""
    return _fits(runtime_dir() / f"{_home()}-{run}.sock")


def run_directory(run: str) -> Path:
    """Where a run of this data directory is saved, as `sessions.store` has it, which is slow to import."""
    return home() / "sessions" / run


def sockets() -> list[Path]:
    """Every socket of this data directory, also those that a kill left behind. Raises UnwritableError."""
    return sorted(runtime_dir().glob(f"{_home()}-*.sock"))


def _home() -> str:
    """Runs of different data directories may have one id."""
    # Not hashlib: this is on the way to the first frame.
    return f"{zlib.crc32(os.fsencode(home().absolute())):08x}"


def _fits(path: Path) -> Path:
    if len(os.fsencode(path)) > LONGEST:
        raise UnwritableError(f"The path {path} is too long for a socket; set XDG_RUNTIME_DIR to a shorter one.")
    return path
