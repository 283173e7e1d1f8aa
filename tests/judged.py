"""Ten questions to a folder nobody prepared: `python -m tests.judged QUESTIONS.yaml FOLDER`.

Each question has one right file. The check passes when the embedded engine cites it in at least eight reports, and
every `[n]` of every report opens a quote that stands at its recorded span. Exit 0 if so, 1 if not, 2 for bad use.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from agents.run import Settings, ask
from sessions import paths
from sessions.errors import BadInputError
from sessions.evidence_store import EvidenceStore
from sessions.findings import Citation
from sessions.store import Store

ENOUGH = 8
_MARK = re.compile(r"(?<!\\)\[(\d+)\]")


class Question(BaseModel):
    """A question, and the one file of the folder that answers it (a path relative to the folder)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    file: str


class Questions(BaseModel):
    """A file of questions: the folder they are about, how to get it, and which of its files are its documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    about: str
    glob: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Answer:
    """What one run cited: its sources by first appearance, and the marks that open no quote."""

    sources: tuple[str, ...]
    citations: int
    wrong: tuple[str, ...]
    status: str
    seconds: float

    def rank(self, file: str) -> int | None:
        """The place of a file among the cited sources, from 1; None when it is not cited."""
        return self.sources.index(file) + 1 if file in self.sources else None


def read_questions(path: Path, folder: Path) -> Questions:
    """The questions in a file, each of whose right files is in the folder. Raises BadInputError."""
    try:
        asked = Questions.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise BadInputError(f"{path} is no file of questions: {' '.join(str(error).split())}") from error
    missing = [item.file for item in asked.questions if not (folder / item.file).is_file()]
    if missing:
        raise BadInputError(f"{folder} is not the folder of {path}: it has no {missing[0]}. {asked.about}")
    return asked


async def answer(question: str, folder: Path) -> Answer:
    """Runs one question with the embedded engine, and reads every quote of the report back from the evidence."""
    began = time.monotonic()
    run = ask(question, Settings(docs=folder, provider="embedded"))
    state = await run.work()
    seconds = time.monotonic() - began
    citations = state.report.citations if state.report else ()
    markdown = state.report.markdown if state.report else ""
    evidence = EvidenceStore(Store(paths.home()).find(run.id))
    numbers = {citation.n for citation in citations}
    dangling = [f"[{n}] opens nothing" for n in sorted(set(map(int, _MARK.findall(markdown))) - numbers)]
    misplaced = [
        f"[{citation.n}] is not at {citation.source} {citation.start}-{citation.end}"
        for citation in citations
        if not _stands(citation, evidence)
    ]
    return Answer(
        sources=tuple(dict.fromkeys(citation.source for citation in sorted(citations, key=lambda c: c.n))),
        citations=len(citations),
        wrong=(*dangling, *misplaced),
        status=state.status,
        seconds=seconds,
    )


def _stands(citation: Citation, evidence: EvidenceStore) -> bool:
    text = evidence.get(citation.source_sha256)
    if text is None:
        return False
    # A slice forgives offsets outside the text; a citation is not to be forgiven.
    inside = 0 <= citation.start < citation.end <= len(text)
    return inside and text[citation.start : citation.end] == citation.quote


async def judge(asked: Questions, folder: Path) -> bool:
    """Asks every question, prints a line for each and one for all; whether the folder passes."""
    hits = spans = wrong = 0
    for item in asked.questions:
        got = await answer(item.question, folder)
        rank = got.rank(item.file)
        hits += rank is not None
        spans += got.citations
        wrong += len(got.wrong)
        place = f"hit   {rank:>2} of {len(got.sources):>2}" if rank else f"miss   - of {len(got.sources):>2}"
        print(f"{place} files  {got.citations:>3} citations  {got.seconds:6.1f} s  {item.question}", flush=True)
        if rank is None:
            print(f"      {got.status}; wanted {item.file}, cited {', '.join(got.sources) or 'nothing'}")
        for fault in got.wrong:
            print(f"      WRONG: {fault}")
    documents = sum(path.is_file() for path in folder.glob(asked.glob))
    total = len(asked.questions)
    print(f"{asked.name}: {hits} of {total} hit, {spans} spans checked, {wrong} wrong, {documents} documents")
    return hits >= ENOUGH and wrong == 0


def main(arguments: list[str]) -> int:
    """The command; its exit code."""
    if len(arguments) != 2:
        print("Use: python -m tests.judged QUESTIONS.yaml FOLDER", file=sys.stderr)
        return 2
    questions, folder = (Path(argument).resolve() for argument in arguments)
    with tempfile.TemporaryDirectory(prefix="hubspoke-judged-") as home:
        os.environ["HUBSPOKE_HOME"] = home
        try:
            return 0 if asyncio.run(judge(read_questions(questions, folder), folder)) else 1
        except BadInputError as error:
            print(error, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
