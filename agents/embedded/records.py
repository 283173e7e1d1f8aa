"""The records in the sections of a prompt: claims, conflicts, gaps, what was left out; one JSON object a line."""

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.embedded.wire import BadRequestError
from sessions.findings import Claim, Conflict, Finding, Quote, Span, Verdict

Line = TypeVar("Line", bound=BaseModel)


class QuoteLine(BaseModel):
    """A quote that stands in evidence."""

    source: str
    text: str


class ClaimLine(BaseModel):
    """A claim of the ledger (`agents.prompts.claim_record`)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    spokes: tuple[str, ...] = ()
    claim: str
    quotes: tuple[QuoteLine, ...] = ()
    date: str = ""
    scope: str = ""
    definition: str = ""
    verdict: Verdict = Verdict.NOT_CHECKED
    note: str = ""
    partial: bool = False

    def ledger_claim(self) -> Claim:
        """The claim as the ledger has it; its spans cover the quotes, since the wire tells no offsets."""
        quotes = tuple(
            Quote(
                text=quote.text,
                source=quote.source,
                span=Span(source=quote.source, source_sha256=quote.source, start=0, end=len(quote.text)),
            )
            for quote in self.quotes
        )
        finding = Finding(
            claim=self.claim, quotes=quotes, date=self.date, scope=self.scope, definition=self.definition
        )
        return Claim(
            id=self.id,
            spokes=self.spokes,
            finding=finding,
            partial=self.partial,
            verdict=self.verdict,
            note=self.note,
        )


class GapLine(BaseModel):
    """What was not found out."""

    spoke: str = ""
    what: str
    why: str = ""


class LeftOutLine(BaseModel):
    """What the plan left out."""

    title: str
    why: str = ""


class SubtaskLine(BaseModel):
    """A subtask of the plan, as a reviewer reads it."""

    id: str
    title: str
    objective: str = ""
    key_questions: tuple[str, ...] = ()


def read_claims(section: str) -> list[ClaimLine]:
    """The claims of a section. Raises BadRequestError."""
    return list(_lines(section, ClaimLine, "claim"))


def read_conflicts(section: str) -> list[Conflict]:
    """The conflicts of a section. Raises BadRequestError."""
    return list(_lines(section, Conflict, "conflict"))


def read_gaps(section: str) -> list[GapLine]:
    """The gaps of a section. Raises BadRequestError."""
    return list(_lines(section, GapLine, "gap"))


def read_left_out(section: str) -> list[LeftOutLine]:
    """What was left out. Raises BadRequestError."""
    return list(_lines(section, LeftOutLine, "topic left out"))


def read_subtasks(section: str) -> list[SubtaskLine]:
    """The subtasks of a plan. Raises BadRequestError."""
    return list(_lines(section, SubtaskLine, "subtask"))


def _lines(section: str, kind: type[Line], name: str) -> Iterator[Line]:
    # Not splitlines: the strings may hold other line separators than the one that ends a record.
    for number, line in enumerate(section.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield kind.model_validate_json(line)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]["msg"]
            raise BadRequestError(f"Line {number} of its section is no {name}: {problem}") from None
