"""Claims of several sources about one thing, and the written-out pairs of conflict_pairs.txt."""

from pathlib import Path

from agents.conflicts.detector import find_conflicts
from sessions.findings import Claim, Conflict, Finding, Quote, Span

Pair = tuple[str, str]


def claim(number: int, text: str, source: str, *, quote: str = "", start: int = 0, date: str = "") -> Claim:
    words = quote or text
    span = Span(source=source, source_sha256=source, start=start, end=start + len(words))
    finding = Finding(claim=text, date=date, quotes=(Quote(text=words, source=source, span=span),))
    return Claim(id=f"c{number}", spokes=("a",), finding=finding)


def of_two_sources(*texts: str) -> tuple[Conflict, ...]:
    return find_conflicts(claim(n, text, f"{n}.md") for n, text in enumerate(texts, start=1))


def values(conflict: Conflict) -> list[str]:
    return [value.value for value in conflict.values]


def read_pairs() -> dict[str, dict[str, list[Pair]]]:
    """The pairs of conflict_pairs.txt by set and kind."""
    sets: dict[str, dict[str, list[Pair]]] = {}
    kind = name = ""
    for line in (Path(__file__).parent / "conflict_pairs.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            name = line.removeprefix("== ")
            sets[name] = {}
        elif line.endswith(":") and " <> " not in line:
            kind = line.removesuffix(":")
            sets[name][kind] = []
        elif " <> " in line:
            a, b = line.replace("\\n", "\n").split(" <> ")
            sets[name][kind].append((a, b))
    return sets
