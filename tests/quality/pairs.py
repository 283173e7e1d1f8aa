"""Pairs of statements by two sources, and how well conflicts in them are found and explained."""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.conflicts.detector import explain, find_conflicts
from sessions.evidence import text_sha256
from sessions.findings import Claim, Conflict, Finding, Quote, Span, Verdict


@dataclass(frozen=True)
class Statement:
    """What one source says, as a researcher hands it in: `text` is the claim, `lines` are quoted for it.

    `value` is the figure that matters, as it is written; `definition`, `scope` and `date` are what the finding
    says besides its words.
    """

    text: str
    value: str
    lines: tuple[str, ...] = ()
    source: str = ""
    definition: str = ""
    scope: str = ""
    date: str = ""


@dataclass(frozen=True)
class Pair:
    """Two statements, and the kind of conflict between them, or the sort of agreement."""

    kind: str
    conflict: bool
    first: Statement
    second: Statement


@dataclass(frozen=True)
class Outcome:
    """What became of a pair: whether a conflict was reported (for a true one: with both values), and its kind."""

    pair: Pair
    reported: bool
    kind: str = ""


@dataclass(frozen=True)
class Score:
    """Shares of outcomes, 0 to 1; `explained` is of the conflicts that were found."""

    recall: float
    false: float
    explained: float


def claims(pair: Pair) -> tuple[Claim, Claim]:
    """The pair as a ledger of two claims, each with quotes that stand in its own source."""
    return _claim("c1", pair.first, "first.md"), _claim("c2", pair.second, "second.md")


def _claim(id: str, said: Statement, file: str) -> Claim:
    source = said.source or file
    lines = said.lines or (said.text,)
    whole = "\n".join(lines)
    quotes: list[Quote] = []
    start = 0
    for line in lines:
        span = Span(source=source, source_sha256=text_sha256(whole), start=start, end=start + len(line))
        quotes.append(Quote(text=line, source=source, span=span))
        start += len(line) + 1
    finding = Finding(
        claim=said.text, quotes=tuple(quotes), date=said.date, scope=said.scope, definition=said.definition
    )
    return Claim(id=id, spokes=(id,), finding=finding, verdict=Verdict.SUPPORTED)


def try_pair(pair: Pair) -> Outcome:
    """Has the conflicts of a pair found."""
    ledger = claims(pair)
    found = find_conflicts(ledger)
    if not pair.conflict:
        return Outcome(pair, bool(found), found[0].kind if found else "")
    for conflict in found:
        if _holds(conflict, "c1", pair.first.value) and _holds(conflict, "c2", pair.second.value):
            return Outcome(pair, True, explain(conflict, ledger)[0])
    return Outcome(pair, False)


def _holds(conflict: Conflict, claim: str, value: str) -> bool:
    wanted = _digits(value)
    return any(v.claim == claim and (not wanted or wanted in _digits(v.value)) for v in conflict.values)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def score(outcomes: Iterable[Outcome]) -> Score:
    """Recall, false-conflict rate and explanation accuracy. What there is none of counts as perfect."""
    tried = list(outcomes)
    true = [outcome for outcome in tried if outcome.pair.conflict]
    found = [outcome for outcome in true if outcome.reported]
    none = [outcome for outcome in tried if not outcome.pair.conflict]
    return Score(
        recall=len(found) / len(true) if true else 1.0,
        false=sum(outcome.reported for outcome in none) / len(none) if none else 0.0,
        explained=sum(outcome.kind == outcome.pair.kind for outcome in found) / len(found) if found else 1.0,
    )
