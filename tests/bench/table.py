"""What a benchmark found: a ratio to a floor that was measured in the same run, and the table of them all."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, in its own units, and over which floor."""

    what: str
    figure: str
    """As it was measured, and the floor: `0.41 s over 0.39 s`."""
    ratio: float
    aim: float | None
    """The most that the ratio is to be; None where there is no aim."""
    command: str
    """What prints it."""

    @property
    def met(self) -> str:
        """Whether the aim is met, in a word."""
        return "" if self.aim is None else "yes" if self.ratio <= self.aim else "NO"


def machine() -> str:
    """The processor, how many of them, the system and the Python that ran it."""
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if "model name" in line] if info.exists() else []
    name = names[0].partition(":")[2].strip() if names else platform.machine()
    return (
        f"{os.cpu_count()} x {name}, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def show(rows: Iterable[Row]) -> None:
    """Prints the rows as they are measured, as a table of Markdown, and the machine and its load."""
    print("| what | measured | ratio | aim | met | command |\n|---|---|---|---|---|---|")
    for row in rows:
        aim = "" if row.aim is None else f"≤ {row.aim:g}"
        cells = (row.what, row.figure, f"{row.ratio:.2f}", aim, row.met, f"`{row.command}`")
        print(f"| {' | '.join(cells)} |", flush=True)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\nMeasured on {machine()}; load averages at the end {load}.")
