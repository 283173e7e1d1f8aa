"""What is known to disagree: in libraries of written-out documents, and in the sample library.

`documents/GROUP/NAME.yaml` tells what disagrees in the documents of `documents/GROUP/NAME/`. Nobody who works on
the detector reads the group `held_out`.
"""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from sessions.findings import Conflict
from tests.quality.runs import Finished

Group = Literal["tuned", "second", "held_out"]

Value = tuple[str, str]
"""A source and its figure, as it is written there."""

_FOLDER = Path(__file__).parent / "documents"


@dataclass(frozen=True)
class Known:
    """A disagreement that was written into the documents."""

    kind: str
    first: Value
    second: Value

    def is_in(self, conflict: Conflict) -> bool:
        """Whether the conflict holds both values."""
        return all(
            any(value.source == source and digits(figure) in digits(value.value) for value in conflict.values)
            for source, figure in (self.first, self.second)
        )


class Library(BaseModel):
    """A folder of documents about one thing, the question asked of them, and what disagrees in them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    question: str
    known: tuple[Known, ...]
    also: tuple[Known, ...] = ()
    """What follows from the known disagreements: it may be reported and need not be."""


def libraries(group: Group) -> list[Library]:
    """The libraries of a group, by name."""
    files = sorted((_FOLDER / group).glob("*.yaml"))
    return [
        Library.model_validate({"folder": file.with_suffix(""), **yaml.safe_load(file.read_text("utf-8"))})
        for file in files
    ]


_ILLUSTRATORS = (
    ("illustrators-ai-income-survey-2025.md", "38%"),
    ("art-school-ai-use-study-2025.rst", "57%"),
    ("art-school-ai-use-study-2025.rst", "71%"),
)
_MUSICIANS = (
    ("musicians-ai-use-union-survey-2025.md", "45%"),
    ("musicians-daily-ai-use-panel-2025.md", "12%"),
    ("creative-industries-ai-survey-2025.md", "39%"),
)

SAMPLES = (
    *(Known("", one, two) for one, two in combinations(_ILLUSTRATORS, 2)),
    *(Known("", one, two) for one, two in combinations(_MUSICIANS, 2)),
    Known("", ("music-royalty-survey-2025.md", "9%"), ("streaming-log-count-ai-tracks-2025.md", "18%")),
    Known("", ("film-vfx-hours-report-2024.md", "23%"), ("film-vfx-hours-correction-2025.txt", "13%")),
    Known("", ("theatre-ai-use-venue-survey-2025.md", "34%"), ("theatre-technology-census-2025.md", "27%")),
    Known("", ("galleries-ai-works-corrin-coast-2025.md", "19%"), ("creative-industries-ai-survey-2025.md", "7%")),
    Known(
        "",
        ("image-licensing-pool-statement-2024.md", "4.2 million"),
        ("image-licensing-payouts-article-2025.md", "3.6 million"),
    ),
    Known("", ("rights-law-overview-2025.md", "1,310"), ("image-licensing-payouts-article-2025.md", "1,460")),
    Known("", ("authors-ai-use-survey-2023.md", "28%"), ("authors-ai-use-survey-2025.md", "51%")),
    Known("", ("authors-ai-use-survey-2023.md", "36%"), ("authors-ai-use-survey-2025.md", "60%")),
    Known("", ("authors-ai-use-survey-2023.md", "21%"), ("authors-ai-use-survey-2025.md", "43%")),
    Known("", ("authors-ai-use-survey-2025.md", "51%"), ("creative-industries-ai-survey-2025.md", "47%")),
)
"""The disagreements of the sample library, values of two years among them; the question decides which come up."""


def strays(run: Finished, known: tuple[Known, ...]) -> tuple[str, ...]:
    """The conflicts of a run that hold no known disagreement."""
    return tuple(
        f"{conflict.subject}: {', '.join(value.value for value in conflict.values)}"
        for conflict in run.state.conflicts.values()
        if not any(one.is_in(conflict) for one in known)
    )


@dataclass(frozen=True)
class WrittenOut:
    """What a run's report makes of a library: known conflicts shown and explained, and what else is reported."""

    known: int
    shown: int
    explained: int
    others: tuple[str, ...]
    missed: tuple[str, ...]


def judge(library: Library, run: Finished) -> WrittenOut:
    """Holds a run over a library against what is known of it."""
    conflicts = tuple(run.state.conflicts.values())
    disagreements = run.section("Disagreements")
    found = [
        (known, conflict)
        for known in library.known
        for conflict in conflicts
        if known.is_in(conflict) and all(value.value in disagreements for value in conflict.values)
    ]
    shown = {known for known, _ in found}
    return WrittenOut(
        known=len(library.known),
        shown=len(shown),
        explained=len({known for known, conflict in found if known.kind == conflict.kind}),
        others=strays(run, (*library.known, *library.also)),
        missed=tuple(f"{known.first} {known.second}" for known in library.known if known not in shown),
    )


def digits(text: str) -> str:
    """The digits of a figure."""
    return "".join(character for character in text if character.isdigit())
