"""Findings, the claims made of them, and what verification says of each."""

from enum import StrEnum
from typing import Literal

from sessions.model import Record

Confidence = Literal["high", "medium", "low"]


class Span(Record):
    """A stretch of a source's stored text: code points [start, end) of the text with that hash."""

    source: str
    source_sha256: str
    start: int
    end: int


class Quote(Record):
    """Words a finding rests on; `span` is None when they do not stand in anything a tool returned."""

    text: str
    source: str
    span: Span | None = None


class Finding(Record):
    """A claim with its quotes and the context that decides whether two values really disagree."""

    claim: str
    quotes: tuple[Quote, ...] = ()
    date: str = ""
    scope: str = ""
    definition: str = ""
    confidence: Confidence = "medium"

    @property
    def resolved(self) -> tuple[Quote, ...]:
        """The quotes that stand in evidence."""
        return tuple(quote for quote in self.quotes if quote.span is not None)


class Verdict(StrEnum):
    """What verification says of a claim. Not checked is not refuted."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    QUALIFIED = "qualified"
    INSUFFICIENT = "insufficient"
    NOT_CHECKED = "not_checked"


class Claim(Record):
    """A finding in the ledger: numbered for life, with every spoke that found it and its verdict."""

    id: str
    spokes: tuple[str, ...]
    finding: Finding
    partial: bool = False
    """It comes from an attempt that failed afterwards."""
    verdict: Verdict = Verdict.NOT_CHECKED
    confidence: Confidence = "medium"
    """How sure verification is of its verdict."""
    note: str = ""

    @property
    def citable(self) -> bool:
        """Whether the report may cite it: it rests on a quote that stands in evidence, and is not refuted."""
        return bool(self.finding.resolved) and self.verdict is not Verdict.CONTRADICTED


ConflictKind = Literal[
    "different_period",
    "different_definition",
    "different_population",
    "different_scope",
    "different_method",
    "rescaled",
    "restated",
    "unexplained",
]


class ConflictValue(Record):
    """One of the values that disagree, with the words and the context it stands in.

    `value` is as written, a figure or words ("is banned"), `unit` its base unit ("%", a currency, "gram", the stem
    of what is counted …), "" for words. What qualifies it, as its finding or the words around it say, is "" where
    they say nothing.
    """

    claim: str
    value: str
    unit: str
    quote: str
    source: str
    date: str = ""
    scope: str = ""
    definition: str = ""
    population: str = ""
    period: str = ""


class Conflict(Record):
    """Two or more values for one thing, all kept, with what explains them."""

    id: str
    subject: str
    values: tuple[ConflictValue, ...]
    explanation: str = ""
    kind: ConflictKind = "unexplained"

    def joined(self, other: "Conflict") -> "Conflict":
        """The conflict, with the values of another reading of it that it does not have."""
        known = {(value.claim, value.value, value.source) for value in self.values}
        more = tuple(v for v in other.values if (v.claim, v.value, v.source) not in known)
        return self.model_copy(update={"values": (*self.values, *more)})


class Gap(Record):
    """What the run knows that it did not find out, and why."""

    spoke: str
    what: str
    why: str


class Citation(Record):
    """A `[n]` of the report: one distinct span, and the claim it carries."""

    n: int
    claim: str
    quote: str
    source: str
    source_sha256: str
    start: int
    end: int
    title: str = ""
    date: str = ""
    spoke: str = ""
    verdict: Verdict = Verdict.NOT_CHECKED
