"""What a killed import leaves is swept away in time, and nothing else."""

import os
import subprocess
import sys
import time
from pathlib import Path

from sessions.snapshot import SNAPSHOT
from sessions.store import Store
from tests.test_store import RUN, save

_KILLED = """
import os, signal, sys
from pathlib import Path
replace = Path.replace
def killed(self, target):
    if target.name == "session.json":
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = killed
from sessions.store import Store
Store(Path(sys.argv[1])).import_file(Path(sys.argv[2]))
"""


def test_what_a_killed_import_left_goes_when_it_is_old(tmp_path: Path) -> None:
    there, here = Store(tmp_path / "there"), Store(tmp_path / "here")
    file = save(there) / SNAPSHOT
    done = subprocess.run([sys.executable, "-c", _KILLED, tmp_path / "here", file], check=False)
    assert done.returncode == -9
    (left,) = (tmp_path / "here" / "sessions").iterdir()
    assert here.names() == ()
    here.purge(0)
    assert left.exists(), "it may be in the making"
    here.import_file(file)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (left.parent / ".import-link").symlink_to(elsewhere)
    hours_ago = time.time() - 7_200
    for path in (left, elsewhere, left.parent / RUN):
        os.utime(path, (hours_ago, hours_ago))
    os.utime(left.parent / ".import-link", (hours_ago, hours_ago), follow_symlinks=False)
    here.purge(0)
    assert not left.exists()
    assert elsewhere.is_dir() and here.names() == (RUN,)
