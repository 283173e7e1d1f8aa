"""Verdicts: does a claim say what its own quotes say?"""

import re
from collections.abc import Sequence

from agents.embedded.conversation import Conversation
from agents.embedded.records import ClaimLine, read_claims
from agents.embedded.statements import statements
from agents.embedded.text import LIGHT, plain, stem, terms, words
from agents.replies import CheckedClaim, VerdictsReply
from sessions.findings import Verdict

BORNE_OUT = 0.75
"""The part of a claim's words that its quotes must hold."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(
    r"\b(?:not(?!\s+only)|no(?!\s+(?:more|less|fewer|later|longer|doubt|matter))|never|none|nobody|nothing|neither|nor|"
    r"cannot|without|hardly|\w+n['’]t)\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:may|might|could|possibly|probably|perhaps|likely|reportedly|apparently|estimated|roughly|approximately|"
    r"nearly|almost|about(?=\s+\d)|around(?=\s+\d)|up to|at least|at most|unless|except|provided that|preliminary|"
    r"provisional|partly|in some cases|suggests?|seems?|appears?)\b",
    re.IGNORECASE,
)
_NEAR = 4
"""How many words after a negation still belong to it."""


def verify(talk: Conversation) -> VerdictsReply:
    """One verdict for each claim of the prompt."""
    return VerdictsReply(verdicts=[_check(claim) for claim in read_claims(talk.section("claims"))])


def _check(claim: ClaimLine) -> CheckedClaim:
    verdict, note = judge(claim.claim, [quote.text for quote in claim.quotes])
    return CheckedClaim(claim=claim.id, verdict=verdict, note=note)


def judge(claim: str, quotes: Sequence[str]) -> tuple[Verdict, str]:
    """The verdict on a claim by its quotes, and why it is not simply borne out."""
    quoted = " ".join(plain(quote) for quote in quotes)
    if not quoted:
        return Verdict.INSUFFICIENT, "It has no quote."
    if plain(claim) in quoted:
        return Verdict.SUPPORTED, ""
    missing = [number for number in _numbers(claim) if number not in _numbers(quoted)]
    if missing:
        return Verdict.INSUFFICIENT, f"Its quotes do not give {missing[0]}."
    wanted = {term for term in terms(claim) if term not in LIGHT}
    there = set(terms(quoted))
    if wanted and len(wanted & there) < BORNE_OUT * len(wanted):
        return Verdict.INSUFFICIENT, f"Its quotes say nothing of {_absent_word(claim, there)}."
    passage = _closest(claim, quotes)
    if _negates(passage, claim) or _negates(claim, passage):
        return Verdict.CONTRADICTED, f"Its quote says: {passage[:240]}"
    hedges = [hedge for hedge in _HEDGE.findall(passage) if hedge.lower() not in claim.lower()]
    if hedges:
        return Verdict.QUALIFIED, f"Its quote says “{hedges[0]}”, which the claim leaves out."
    return Verdict.SUPPORTED, ""


def _numbers(text: str) -> list[str]:
    return [number.replace(",", "").rstrip(".") for number in _NUMBER.findall(text)]


def _absent_word(claim: str, there: set[str]) -> str:
    return next(
        word for word in words(claim) if stem(word) in set(terms(word)) - LIGHT and stem(word) not in there
    )


def _closest(claim: str, quotes: Sequence[str]) -> str:
    """The sentence of the quotes that shares most with the claim."""
    wanted = set(terms(claim))
    sentences = [plain(s.text) for quote in quotes for s in statements(quote)] or [plain(q) for q in quotes]
    return max(sentences, key=lambda sentence: len(wanted & set(terms(sentence))))


def _negates(one: str, other: str) -> bool:
    """Whether one text denies what the other says plainly: a negation right before a word that both share."""
    if _NEGATION.search(other):
        return False
    shared = set(terms(other)) - LIGHT
    after = [one[match.end() :] for match in _NEGATION.finditer(one)]
    return any(shared & set(terms(" ".join(rest.split()[:_NEAR]))) for rest in after)
