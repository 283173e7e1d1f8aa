"""The recorded floors: what a metric must keep, and the table that says whether it does."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.quality.measure import Kind, Measured

_FILE = Path(__file__).with_name("floors.toml")
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Line:
    """A metric beside its floor."""

    measured: Measured
    floor: float
    at_most: bool
    """Whether less is better."""

    @property
    def ok(self) -> bool:
        """Whether the floor is kept."""
        value = self.measured.value
        return value <= self.floor + _TOLERANCE if self.at_most else value >= self.floor - _TOLERANCE


def compared(metrics: Iterable[Measured]) -> list[Line]:
    """Every metric with its floor. Raises ValueError if the two do not name the same metrics."""
    floors = tomllib.loads(_FILE.read_text("utf-8"))
    known = {**floors["at_least"], **floors["at_most"]}
    measured = list(metrics)
    if stray := set(known) ^ {metric.name for metric in measured}:
        raise ValueError(f"{_FILE.name} and the suite do not name the same metrics: {', '.join(sorted(stray))}.")
    return [Line(metric, known[metric.name], metric.name in floors["at_most"]) for metric in measured]


def table(lines: Iterable[Line]) -> str:
    """One line a metric: its name, its value, its floor, and ok or below."""
    rows: list[tuple[str, ...]] = [("metric", "value", "floor", "")]
    for line in lines:
        bound = ("≤ " if line.at_most else "≥ ") + _shown(line.measured.name, line.floor)
        value = _shown(line.measured.name, line.measured.value)
        rows.append((line.measured.name, value, bound, "ok" if line.ok else "below"))
    return _columns(rows)


def kinds_table(kinds: Iterable[Kind]) -> str:
    """One line a kind of generated pair: recall and explanation of conflicts, false conflicts of the others."""
    rows: list[tuple[str, ...]] = [("half", "kind", "pairs", "recall", "explained", "false")]
    for kind in kinds:
        score = (f"{kind.score.recall:.0%}", f"{kind.score.explained:.0%}", "")
        told = score if kind.conflict else ("", "", f"{kind.score.false:.0%}")
        rows.append((kind.half, kind.kind if kind.conflict else f"({kind.kind})", str(kind.pairs), *told))
    return _columns(rows)


def _shown(name: str, value: float) -> str:
    if name.endswith("(count)"):
        return f"{value:.0f}"
    return f"{value:.3f}" if "nDCG" in name else f"{value:.1%}"


def _columns(rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
