"""`python -m tests.crash_points DIR [STEP]`: SIGKILL at every step that a run's life takes on the disk.

Each in a process of its own. A write is cut before it begins, and after none, half and all but the last of its
bytes; a sync, a rename and a cut of the file before they begin. Prints one JSON line a case.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter

from tests.told_run import problems, tell

PARTS = (None, 0.0, 0.5, 0.999)
"""Of a write's bytes; None is before the call, and all there is of other calls."""


_SAID: TypeAdapter[tuple[int, list[str]]] = TypeAdapter(tuple[int, list[str]])
"""What a child says after each event: the last that is on disk, and its calls so far."""


class _Disk:
    """Counts this process's calls that change a directory, and is killed in the one with a given number."""

    def __init__(self, under: Path, at: int, part: float | None) -> None:
        self.calls: list[str] = []
        self._under, self._at, self._part = under, at, part
        self._write, self._replace = os.write, os.replace
        os.write = self.write
        os.replace = self.replace
        os.fsync = self._guarded(os.fsync)
        os.fdatasync = self._guarded(os.fdatasync)

    def write(self, descriptor: int, data: bytes) -> int:
        """In place of os.write."""
        if self._counts("write", Path(f"/proc/self/fd/{descriptor}").readlink()) and self._part is not None:
            # At 0.0 the call was made, and nothing of it arrived.
            self._write(descriptor, bytes(data)[: int(len(data) * self._part)])
        self._die_if_due()
        return self._write(descriptor, data)

    def replace(self, source: str | Path, target: str | Path) -> None:
        """In place of os.replace."""
        self._counts("replace", Path(source))
        self._die_if_due()
        self._replace(source, target)

    def _guarded(self, call: Callable[[int], None]) -> Callable[[int], None]:
        def guarded(descriptor: int) -> None:
            self._counts(call.__name__, Path(f"/proc/self/fd/{descriptor}").readlink())
            self._die_if_due()
            call(descriptor)

        return guarded

    def _counts(self, name: str, path: Path) -> bool:
        """Counts a call, where it concerns the directory; whether it is the last one."""
        if path.is_relative_to(self._under):
            self.calls.append(name)
        return len(self.calls) == self._at

    def _die_if_due(self) -> None:
        if len(self.calls) == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


def _case(home: Path, at: int, part: float | None) -> tuple[int, bool, list[str]]:
    """Tells a run in a child that is killed at its call `at`: events acknowledged, whether it was, its calls."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "w") as told:
            disk = _Disk(home, at, part)

            def acknowledged(seq: int) -> None:
                told.write(json.dumps([seq, disk.calls]) + "\n")
                told.flush()

            tell(home, acknowledged)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        lines = [line for line in said.read().split("\n") if line]
    _, status = os.waitpid(child, 0)
    seq, calls = _SAID.validate_json(lines[-1]) if lines else (0, [])
    return seq, os.WIFSIGNALED(status), calls


def main(under: Path, step: int) -> None:
    """Cuts every call, or every so many of them."""
    _, _, calls = _case(under / "whole", -1, None)
    cases = [(at, part) for at, name in enumerate(calls, 1) for part in (PARTS if name == "write" else PARTS[:1])][
        ::step
    ]
    for number, (at, part) in enumerate(cases):
        home = under / str(number)
        seq, killed, _ = _case(home, at, part)
        told = {"call": calls[at - 1], "at": at, "part": part, "killed": killed, "seq": seq}
        print(json.dumps({**told, "bad": problems(home, seq)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
