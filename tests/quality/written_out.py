"""What is known to disagree: in six written-out documents about one ferry company, and in the sample library."""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from sessions.findings import Conflict
from tests.quality.runs import Finished

FOLDER = Path(__file__).parent / "documents"
QUESTION = "What is known about the Velby ferries: passengers, punctuality, satisfaction, fuel, staff and subsidy?"

Value = tuple[str, str]
"""A source and its figure, as it is written there."""


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


KNOWN = (
    Known(
        "different_definition", ("company-report.md", "1.84 million"), ("harbour-statistics.md", "1.32 million")
    ),
    Known("different_definition", ("company-report.md", "91%"), ("passenger-survey.md", "74%")),
    Known("different_population", ("company-report.md", "81%"), ("passenger-survey.md", "62%")),
    Known("rescaled", ("company-report.md", "3,150"), ("newspaper-article.md", "3,150")),
    Known("restated", ("council-minutes.md", "6.2 million"), ("council-correction.md", "7.9 million")),
    Known("unexplained", ("company-report.md", "214"), ("newspaper-article.md", "187")),
)


ALSO = (
    Known(
        "different_definition", ("newspaper-article.md", "1,840,000"), ("harbour-statistics.md", "1.32 million")
    ),
)
"""A disagreement that follows from the others; it may be reported and need not be."""

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
    """How many of the known conflicts a run's report shows, how many it explains, and what else it reports."""

    found: int
    explained: int
    others: tuple[str, ...]
    missed: tuple[str, ...]


def judge(run: Finished) -> WrittenOut:
    """Holds a run over the documents against what is known."""
    conflicts = tuple(run.state.conflicts.values())
    disagreements = run.section("Disagreements")
    found = [
        (known, conflict)
        for known in KNOWN
        for conflict in conflicts
        if known.is_in(conflict) and all(value.value in disagreements for value in conflict.values)
    ]
    return WrittenOut(
        found=len({known for known, _ in found}),
        explained=len({known for known, conflict in found if known.kind == conflict.kind}),
        others=strays(run, (*KNOWN, *ALSO)),
        missed=tuple(f"{known.first} {known.second}" for known in KNOWN if known not in {one for one, _ in found}),
    )


def digits(text: str) -> str:
    """The digits of a figure."""
    return "".join(character for character in text if character.isdigit())
