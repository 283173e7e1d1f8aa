"""The program in processes of its own that cost no start: they are forked from one that has imported it.

A start imports the SDK, which takes seconds. `tests.running.started` pays for it, to see that a start works.
"""

import functools
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent

_COMMANDS = ("run_commands", "saved_commands", "live_commands", "retry_command", "eval_command", "demo")
_STREAMS = {1: "out", 2: "err"}
"""The files that take what a program writes, by the numbers of its descriptors; there is nothing to read."""


class Parent:
    """The process that the others are forked from, one after the other; it ends with this one."""

    def __init__(self) -> None:
        self._sock, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._lines = self._sock.makefile("rw", encoding="utf-8")

    def run(
        self, arguments: Sequence[str], env: Mapping[str, str], timeout_s: float
    ) -> subprocess.CompletedProcess[str]:
        """Runs the program in this directory to its end, without an input. Raises TimeoutError."""
        streams = Path(tempfile.mkdtemp())
        try:
            call = _Call(arguments, dict(env), str(Path.cwd()), str(streams))
            self._sock.settimeout(timeout_s)
            self._lines.write(f"{json.dumps(asdict(call))}\n")
            self._lines.flush()
            code = int(self._lines.readline())
            out, err = ((streams / name).read_text(encoding="utf-8") for name in _STREAMS.values())
        except TimeoutError:
            os.killpg(self._process.pid, signal.SIGKILL)
            parent.cache_clear()
            raise
        finally:
            shutil.rmtree(streams)
        return subprocess.CompletedProcess(arguments, code, out, err)

    def end(self) -> None:
        """Lets it go."""
        self._lines.close()
        self._sock.close()
        self._process.wait()


@functools.cache
def parent() -> Parent:
    """The one that belongs to this process."""
    return Parent()


@dataclass(frozen=True)
class _Call:
    arguments: Sequence[str]
    env: Mapping[str, str]
    cwd: str
    streams: str


def _serve(sock: socket.socket) -> Sequence[str]:
    """Forks for every call. Returns in the children alone, with the arguments; ends when nobody calls any more."""
    with sock, sock.makefile("rw", encoding="utf-8") as lines:
        for line in lines:
            call = _Call(**json.loads(line))
            if (child := os.fork()) == 0:
                _become(call)
                return call.arguments
            _, status = os.waitpid(child, 0)
            lines.write(f"{os.waitstatus_to_exitcode(status)}\n")
            lines.flush()
    raise SystemExit


def _become(call: _Call) -> None:
    """Takes on what a process that is started is given: a directory, an environment, outputs."""
    os.chdir(call.cwd)
    for number, name in _STREAMS.items():
        with (Path(call.streams) / name).open("wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(call.env)


def main() -> None:
    """`python -m tests.forked FD`."""
    for command in _COMMANDS:
        importlib.import_module(f"tui.{command}")
    from tui.cli import main as program

    gc.freeze()
    sys.exit(program(_serve(socket.socket(fileno=int(sys.argv[1])))))


if __name__ == "__main__":
    main()
