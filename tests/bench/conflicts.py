"""How soon the disagreements among 1,000 claims are found, over the time that reading their figures takes."""

import time
from collections.abc import Iterator

from agents.conflicts.detector import find_conflicts
from agents.conflicts.measures import measures
from sessions.findings import Claim
from tests.bench.table import Row
from tests.disputed import claim

TEXTS = (
    "Plant {0} of the group made {1} tonnes of cement.",
    "{1} of the {0} growers sold fruit.",
    "In district {2}, {3} % of the schools in the survey have solar panels.",
)
CLAIMS = 1_000


def _claims(text: str) -> list[Claim]:
    said = [text.format(n, 1_000 + 7 * n, f"North{n}", 5 + n % 90) for n in range(CLAIMS)]
    return [claim(n, words, f"{n % 300}.md") for n, words in enumerate(said)]


def rows() -> Iterator[Row]:
    """Seconds of the processor for each form of text, over those of reading alone."""
    for text in TEXTS:
        claims = _claims(text)
        begun = time.process_time()
        for each in claims:
            measures(each.finding.claim)
        read = time.process_time() - begun
        begun = time.process_time()
        find_conflicts(claims)
        found = time.process_time() - begun
        what = f"disagreements among {CLAIMS:,} claims: {text}"
        figure = f"{found:.2f} s over {read:.2f} s for reading their figures"
        yield Row(what, figure, found / read, None, "python -m tests.bench conflicts")
