"""The report: an evidence brief, in which every statement is a claim of the ledger with its citation.

Nothing is worded beyond the claims; what the brief adds are headings, and counts in words, which cite nothing.
"""

import re
from collections.abc import Iterable, Sequence

from agents.embedded.conversation import Ask, Call, Conversation
from agents.embedded.question import read_question
from agents.embedded.records import (
    ClaimLine,
    GapLine,
    LeftOutLine,
    read_claims,
    read_conflicts,
    read_gaps,
    read_left_out,
)
from agents.embedded.text import counted, share, terms
from agents.reporting.draft import NO_SOURCE, plain
from agents.tool_names import READ_EVIDENCE
from sessions.findings import Conflict, ConflictKind, Verdict

_READ_AT_ONCE = 20
_ANSWERING, _PART = 3, 3
"""How many claims the brief opens with, and that they are a third of all at most."""

_NARRATIVE = re.compile(
    r"- (?P<spoke>[a-z0-9][a-z0-9_-]*): (?P<title>.*): (?:\d+ findings? from .*|no findings.*)"
)
_KINDS: dict[ConflictKind, str] = {
    "different_period": "They are of different periods",
    "different_definition": "They count by different definitions",
    "different_population": "They are of different groups",
    "different_scope": "They are of different scope",
    "different_method": "They were arrived at by different methods",
    "rescaled": "They are of different scale",
    "restated": "One replaces the other",
    "unexplained": "Nothing in the documents explains the difference",
}
_VERDICTS = {
    Verdict.QUALIFIED: "with a limit",
    Verdict.INSUFFICIENT: "its quote does not say all of this",
    Verdict.NOT_CHECKED: "not checked",
}


def write(talk: Conversation) -> Ask | str:
    """The brief in Markdown; before that, once, the reading of the evidence it rests on."""
    claims = [claim for claim in read_claims(talk.section("claims")) if claim.verdict is not Verdict.CONTRADICTED]
    conflicts = read_conflicts(talk.section("conflicts"))
    disputed = [value.claim for conflict in conflicts for value in conflict.values]
    first = sorted(claims, key=lambda claim: claim.id not in disputed)[:_READ_AT_ONCE]
    reading = talk.offered([Call(READ_EVIDENCE, {"claims": [claim.id for claim in first]})])
    if claims and reading and not talk.turns:
        return Ask("Reading the passages that the claims rest on, those that disagree first.", reading)
    closest = _closest(talk.section("question"), claims)
    narrative = talk.section("narrative")
    titles = _titles(narrative, claims)
    parts = [
        _opening(claims, closest, "".join(line for line in narrative.splitlines() if not line.startswith("- "))),
        *(_section(title, spoke, claims, closest) for spoke, title in titles.items()),
        _disagreements(conflicts, claims),
        _gaps(read_gaps(talk.section("gaps"))),
        _left_out(read_left_out(talk.section("left_out"))),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _titles(narrative: str, claims: Sequence[ClaimLine]) -> dict[str, str]:
    """The spokes that have claims and their titles, in the order of the coordinator's narrative."""
    told = {match["spoke"]: match["title"] for match in map(_NARRATIVE.match, narrative.splitlines()) if match}
    found = {spoke for claim in claims for spoke in claim.spokes}
    ordered = [spoke for spoke in told if spoke in found] + sorted(found - told.keys())
    return {spoke: told.get(spoke, spoke) for spoke in ordered}


def _closest(question: str, claims: Sequence[ClaimLine]) -> list[ClaimLine]:
    asked = read_question(question).terms
    ranked = sorted(claims, key=lambda claim: -share(asked, terms(claim.claim)))
    return ranked[: max(1, min(_ANSWERING, len(claims) // _PART))]


def _opening(claims: Sequence[ClaimLine], closest: Sequence[ClaimLine], nothing: str) -> str:
    """What is closest to the question; without any claim `nothing`, which is the coordinator's word for that."""
    if not claims:
        return plain(nothing) or "Nothing that was found answers the question."
    sources = {quote.source for claim in claims for quote in claim.quotes}
    looked_at = (
        f"These are the documents' own statements: {counted(len(claims), 'claim')} "
        f"from {counted(len(sources), 'document')}. Closest to the question:"
    )
    return "\n".join([looked_at, "", *map(_bullet, closest)])


def _section(title: str, spoke: str, claims: Sequence[ClaimLine], told: Sequence[ClaimLine]) -> str:
    """A spoke's claims that were not told yet; one that several found is told in the section of the first."""
    own = [claim for claim in claims if claim.spokes[:1] == (spoke,) and claim not in told]
    shared = [claim for claim in claims if spoke in claim.spokes]
    if not own and any(claim in told for claim in shared):
        return ""
    return "\n".join([f"## {plain(title)}", "", *map(_bullet, own or shared)])


def _bullet(claim: ClaimLine) -> str:
    context = [claim.date, claim.scope, claim.definition, _VERDICTS.get(claim.verdict, "")]
    if claim.verdict is Verdict.QUALIFIED and claim.note:
        context[-1] = claim.note
    if claim.partial:
        context.append("from an attempt that did not finish")
    told = "; ".join(plain(part).rstrip(".") for part in context if part)
    return f"- “{plain(claim.claim)}” [{claim.id}]{f' ({told})' if told else ''}"


def _disagreements(conflicts: Sequence[Conflict], claims: Sequence[ClaimLine]) -> str:
    """Each conflict with all its values side by side, and what explains them."""
    if not conflicts:
        return ""
    citable = {claim.id for claim in claims}
    parts = ["## Disagreements"]
    for conflict in conflicts:
        lines = [f"**{plain(conflict.subject)}**", ""]
        for value in conflict.values:
            context = "; ".join(plain(part) for part in (value.date, value.scope) if part)
            mark = f"[{value.claim}]" if value.claim in citable else NO_SOURCE
            told = f" ({context})" if context else ""
            lines.append(f"- **{plain(value.value)}** {mark}{told}: “{plain(value.quote)}”")
        cited = _cited(value.claim for value in conflict.values if value.claim in citable)
        explained = plain(conflict.explanation).rstrip(".") or _KINDS[conflict.kind]
        parts += ["\n".join(lines), f"{explained} {cited or NO_SOURCE}."]
    return "\n\n".join(parts)


def _cited(claims: Iterable[str]) -> str:
    return "".join(f"[{claim}]" for claim in dict.fromkeys(claims))


def _gaps(gaps: Sequence[GapLine]) -> str:
    lines = [f"- {plain(gap.what)}{f': {plain(gap.why)}' if gap.why else ''}" for gap in gaps]
    return "\n".join(["## Gaps", "", *lines]) if lines else ""


def _left_out(topics: Sequence[LeftOutLine]) -> str:
    lines = [f"- {plain(topic.title)}{f': {plain(topic.why)}' if topic.why else ''}" for topic in topics]
    return "\n".join(["## Left out", "", *lines]) if lines else ""
