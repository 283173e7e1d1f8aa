"""The lock of a run, also where something else lies in its place."""

import os
import threading
from pathlib import Path

import pytest

from sessions.paths import UnwritableError
from sessions.run_lock import is_held, take_lock

NAME = "lock"


def test_a_pipe_in_its_place_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    told: list[bool] = []
    asking = threading.Thread(target=lambda: told.append(is_held(tmp_path)), daemon=True)
    asking.start()
    asking.join(5)
    assert told == [False]
    with pytest.raises(UnwritableError, match="not a file"):
        take_lock(tmp_path)


def test_it_is_held_until_its_descriptor_is_closed(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    descriptor = take_lock(tmp_path)
    assert is_held(tmp_path) and (tmp_path / NAME).read_text() == str(os.getpid())
    os.close(descriptor)
    assert not is_held(tmp_path)
