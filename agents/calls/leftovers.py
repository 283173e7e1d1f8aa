"""What killed processes left in a shared directory: temporary files that nobody is going to rename any more."""

import contextlib
import time
from pathlib import Path

_OLD_S = 3_600.0
"""Far longer than one is written for; a younger one may be another process's, at work."""


def clear(directory: Path, pattern: str) -> None:
    """Removes the old ones of that name; what cannot be removed stays."""
    for path in directory.glob(pattern):
        with contextlib.suppress(OSError):  # another may have removed it meanwhile
            if time.time() - path.lstat().st_mtime > _OLD_S:
                path.unlink()
