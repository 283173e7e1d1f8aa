"""What the citations of a report are worth, read from the report and the evidence alone.

Nothing here is shared with the gates: a fault of theirs must show.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sessions.evidence_store import EvidenceStore
from sessions.findings import Citation, ConflictValue, Verdict
from tests.quality.runs import MARK, Finished

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]+")
_NOTE = re.compile(r"\([^()]*\)\s*$")
"""What a report says of a finding after its citation: date, scope and definition."""


@dataclass
class Citations:
    """Counts over reports; a sentence is a bullet or a paragraph."""

    marks: int = 0
    resolved: int = 0
    cited: int = 0
    contained: int = 0
    factual: int = 0
    factual_cited: int = 0
    uncited_figures: int = 0
    values: int = 0
    dropped: int = 0
    spokes: int = 0
    spokes_missing: int = 0
    faults: list[str] = field(default_factory=list[str])

    def add(self, run: Finished) -> None:
        """Reads one more report."""
        self._spans(run)
        by_number = {citation.n: citation for citation in run.citations}
        for line in run.statements():
            self._sentence(line, by_number)
        for conflict in run.detected:
            for value in conflict.values:
                self.values += 1
                if not _stands(value, run, by_number):
                    self.dropped += 1
                    self.faults.append(f"dropped: {value.value} of {conflict.subject}")
        self._spokes(run)

    def _spans(self, run: Finished) -> None:
        evidence = run.evidence()
        by_number = {citation.n: citation for citation in run.citations}
        for mark in MARK.findall("\n".join(run.statements())):
            self.marks += 1
            citation = by_number.get(int(mark))
            if citation and _opens(citation, evidence):
                self.resolved += 1
            else:
                self.faults.append(f"[{mark}] opens nothing")

    def _sentence(self, line: str, by_number: dict[int, Citation]) -> None:
        used = [by_number[int(n)] for n in MARK.findall(line) if int(n) in by_number]
        said = MARK.sub("", _NOTE.sub("", line))
        figures = _NUMBER.findall(said)
        if figures or "“" in said:
            self.factual += 1
            self.factual_cited += bool(used)
            if figures and not used:
                self.uncited_figures += 1
                self.faults.append(f"uncited: {line[:90]}")
        if used:
            self.cited += 1
            words = _words(used)
            absent = [item for item in (*figures, *_NAME.findall(said)) if item not in words]
            self.contained += not absent
            if absent:
                self.faults.append(f"not in its quotes: {absent} of {line[:90]}")

    def _spokes(self, run: Finished) -> None:
        cited = {citation.claim for citation in run.citations}
        found: dict[str, set[str]] = {}
        for claim in run.state.claims.values():
            if claim.citable and claim.verdict is not Verdict.NOT_CHECKED:
                for spoke in claim.spokes:
                    found.setdefault(spoke, set()).add(claim.id)
        missing = [spoke for spoke, claims in found.items() if not claims & cited]
        self.spokes += len(found)
        self.spokes_missing += len(missing)
        self.faults += [f"the spoke {spoke} is not in the report" for spoke in missing]


def _opens(citation: Citation, evidence: EvidenceStore) -> bool:
    text = evidence.get(citation.source_sha256)
    # A slice forgives offsets outside the text; a citation is not to be forgiven.
    if text is None or not 0 <= citation.start < citation.end <= len(text):
        return False
    return text[citation.start : citation.end] == citation.quote


def _words(citations: Iterable[Citation]) -> str:
    return " ".join(f"{citation.quote} {citation.title} {citation.date}" for citation in citations)


def _stands(value: ConflictValue, run: Finished, by_number: dict[int, Citation]) -> bool:
    """Whether a statement of the report shows the value and cites the value's own source."""
    for line in run.statements():
        sources = {by_number[int(n)].source for n in MARK.findall(line) if int(n) in by_number}
        if value.source in sources and value.value in " ".join(line.split()):
            return True
    return False
