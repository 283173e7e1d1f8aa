"""nDCG@10 of the search over a small judged set: which documents a question should find, and how much."""

import asyncio
from collections.abc import Sequence
from math import log2
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agents.documents.tools import Documents
from agents.run import SAMPLES

AT = 10
_PASSAGES = 20
"""The most that the tool returns; a document may hold two of them."""

_SET = Path(__file__).parent / "judgements.yaml"
FOLDERS = {"samples": SAMPLES, "coverage": Path(__file__).parent.parent / "data" / "coverage"}


class Judged(BaseModel):
    """A query, and the documents that answer it (2) or bear on it (1); all others are worth nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str
    relevant: dict[str, int]


def read_judgements() -> dict[str, list[Judged]]:
    """The judged queries by folder. Raises FileNotFoundError for a document that is not there."""
    raw = yaml.safe_load(_SET.read_text("utf-8"))
    judged = {name: [Judged.model_validate(item) for item in raw[name]] for name in FOLDERS}
    for name, items in judged.items():
        for path in (path for item in items for path in item.relevant):
            if not (FOLDERS[name] / path).is_file():
                raise FileNotFoundError(f"{FOLDERS[name]} has no {path}.")
    return judged


def ndcg(ranked: Sequence[str], relevant: dict[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten, 0 to 1, with gains of 2^grade - 1."""
    got = _gain([relevant.get(path, 0) for path in ranked[:AT]])
    return got / _gain(sorted(relevant.values(), reverse=True)[:AT])


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))


def measure(cache: Path) -> list[tuple[Judged, float]]:
    """Every query with its nDCG@10."""

    async def main() -> list[tuple[Judged, float]]:
        scores: list[tuple[Judged, float]] = []
        for name, items in read_judgements().items():
            documents = await Documents.open(FOLDERS[name], cache)
            try:
                for item in items:
                    answer = await documents.search_documents(item.query, limit=_PASSAGES)
                    ranked = list(dict.fromkeys(segment.source for segment in answer.segments))
                    scores.append((item, ndcg(ranked, item.relevant)))
            finally:
                documents.close()
        return scores

    return asyncio.run(main())
