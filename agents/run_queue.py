"""The queue of runs: so many are live at once, the others wait their turn, first come, first served."""

from pathlib import Path

from agents.calls.tickets import Line
from sessions.events import RunQueued

LOOK_S = 0.25
"""How often a run that waits looks whether its turn has come."""


class RunTicket:
    """A run's place in the line of all live runs. Whoever has `most` or more of them before it waits."""

    def __init__(self, directory: Path, most: int, run: str = "") -> None:
        """Takes the last place; `run` is the id by which those that wait behind it know it. Raises OSError."""
        self._most = most
        self._line = Line(directory)
        self._ticket = self._line.draw(f"{most} {run}".encode())

    def standing(self) -> RunQueued | None:
        """What the run waits for; None when its turn has come. Raises OSError."""
        ahead = [_read(said, self._most) for said in self._line.ahead(self._ticket)]
        if len(ahead) < self._most:
            return None
        # Each has a limit of its own, and may be at work though one before it waits.
        live = [run for before, (most, run) in enumerate(ahead) if before < most]
        waiting = [run for before, (most, run) in enumerate(ahead) if before >= most]
        runs = (*live, *waiting)
        return RunQueued(
            live=len(live),
            before=len(waiting),
            ends=len(live) - self._most + 1,
            ahead=runs if all(runs) else (),
        )

    def close(self) -> None:
        """Leaves the queue."""
        self._ticket.close()


def _read(said: bytes, unless: int) -> tuple[int, str]:
    """The limit and the id of another run, as far as its ticket says them."""
    most, _, run = said.decode(errors="replace").partition(" ")
    return (int(most), run) if most.isdecimal() else (unless, "")
